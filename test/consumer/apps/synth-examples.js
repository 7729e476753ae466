// Synthesizes every compiled example below a directory, each into a directory of its own.
const { readdirSync } = require('node:fs');
const { join, resolve } = require('node:path');

const [examples, output] = process.argv.slice(2).map((path) => resolve(path));
for (const file of readdirSync(examples, { recursive: true }).sort()) {
  if (!/(^|\/)main[^/]*\.js$/.test(file)) continue;
  process.env.CDK_OUTDIR = join(output, file.replace(/\.js$/, ''));
  // The apps read the files of other apps from their directory.
  process.chdir(join(examples, file, '..'));
  require(join(examples, file));
}
