/** Invokes the handler of a function once. What it logs goes to the standard error, its result to the output. */
const { Console } = require('node:console');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

globalThis.console = new Console(process.stderr, process.stderr);
const [file, name] = process.env._HANDLER.split('.');

async function invoke() {
  const { [name]: handler } = require(join(process.cwd(), file));
  const result = await handler(JSON.parse(readFileSync(0, 'utf8')));
  process.stdout.write(JSON.stringify(result ?? null));
}

invoke().catch((error) => {
  console.error(error);
  process.exit(1);
});
