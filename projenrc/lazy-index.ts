import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const LOAD = /^(?:var|const) (\w+) = require\("([^"]+)"\);$/gm;
const EXPORT = /^Object\.defineProperty\(exports, "(\w+)", .* return (\w+)\.\1; \} \}\);$/gm;

/**
 * The compiled `index.js` of the library, with each file loaded when one of its classes is used for the first time, as
 * `aws-cdk-lib` does it: an app that has no checks does not wait for them.
 *
 * `import` in modules finds the names in the text of the file. So each is assigned once, and defined without its name.
 */
export function lazyIndex(compiled: string): string {
  const files = new Map([...compiled.matchAll(LOAD)].map(([, variable, file]) => [variable, file]));
  const exported = [...compiled.matchAll(EXPORT)].map(([, name, variable]) => [name, files.get(variable)!]);
  return [
    '"use strict";',
    'Object.defineProperty(exports, "__esModule", { value: true });',
    'const define = (name, load) =>',
    '  Object.defineProperty(exports, name, { enumerable: true, get: () => load()[name] });',
    ...exported.map(([name]) => `exports.${name} = void 0;`),
    ...exported.map(([name, file]) => `define("${name}", () => require("${file}"));`),
    '',
  ].join('\n');
}

if (require.main === module) {
  const file = join(resolve(__dirname, '..'), 'lib/index.js');
  const compiled = readFileSync(file, 'utf8');
  if (compiled.includes('defineProperty(exports, name')) process.exit();
  writeFileSync(file, lazyIndex(compiled));
}
