/**
 * Synthesizes examples, and asks the command of this library what is delivered.
 */
import { App, AppProps } from 'aws-cdk-lib';
import { eventBackbone } from './event-backbone/app';
import { orderToInvoice } from './order-to-invoice/app';
import { run } from '../../src/cli/main';

const EXAMPLES: { readonly [name: string]: (props: AppProps) => App } = {
  'order-to-invoice': orderToInvoice,
  'event-backbone': eventBackbone,
};

const COMMAND = 'cdk-cross-account-eventbridge';

function main([name]: string[]): number {
  const names = name === undefined ? Object.keys(EXAMPLES) : [name];
  const unknown = names.find((one) => !(one in EXAMPLES));
  if (unknown !== undefined) {
    console.error(`there is no example '${unknown}': choose one of ${Object.keys(EXAMPLES).join(', ')}`);
    return 2;
  }
  const directories = names.map(synthesized);
  const calls = directories.flatMap((directory) => [
    ['check', directory],
    ['explain', directory],
  ]);
  const page = 'cdk.out/topology.html';
  const status = Math.max(...[...calls, ['page', ...directories, '-o', page]].map(ask));
  console.log(`Open ${page} in a browser to see it.`);
  return status;
}

/** Synthesizes an example. Returns the directory of its cloud assembly. */
function synthesized(name: string): string {
  return EXAMPLES[name]({ outdir: `cdk.out/${name}`, analyticsReporting: false })
    .synth()
    .directory.replace(`${process.cwd()}/`, '');
}

/** Runs the command, and prints how it was called. Returns its exit status. */
function ask(args: string[]): number {
  console.log(`$ npx ${COMMAND} ${args.join(' ')}\n`);
  const print = (text: string) => console.log(text);
  return run(args, { out: print, err: print });
}

process.exitCode = main(process.argv.slice(2));
