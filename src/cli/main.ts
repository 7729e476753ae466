import { CommandArguments, HELP, readArguments } from './arguments';
import { checkApps } from './check-apps';
import { checkOptions } from './check-options';
import { diffOf, failuresIn } from './diff';
import { diffJson, diffMarkdown } from './diff-output';
import { explanationJson, explanationOf, explanationText } from './explain';
import { graphInput } from './graph-of-apps';
import { readApps } from './inputs';
import { jsonOutput, printable, summaryOf, textOutput } from './print';
import { topologyOfApp } from './topology-of-app';
import { UnusableInput } from './unusable-input';
import { writeOutput } from './write-output';
import { FindingId } from '../checks/finding-id';
import { GraphInput, deliveryGraph } from '../delivery-graph/build-graph';
import { flowchart } from '../delivery-graph/flowchart';
import { topologyPage } from '../page/topology-page';

/** Where the command writes. */
export interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** The exit status of a program with an internal error in `sysexits.h`. It must not look like one of an app. */
const INTERNAL_ERROR = 70;

/**
 * Runs the command. Returns its exit status: 0 without errors, 1 with errors, 2 if the input cannot be used, and 70 if
 * the command itself has an error.
 */
export function run(args: string[], output: Output): number {
  try {
    return runCommand(args, output);
  } catch (error) {
    if (error instanceof UnusableInput) {
      output.err(`${printable(error.message.trim())}\n`);
      return 2;
    }
    const { stack = String(error) } = error as { readonly stack?: string };
    output.err(`internal error, report it to the maintainers of cdk-cross-account-eventbridge: ${stack}\n`);
    return INTERNAL_ERROR;
  }
}

function runCommand(args: string[], output: Output): number {
  const { out } = output;
  const given = readArguments(args);
  if (given.help) {
    out(HELP);
    return 0;
  }
  switch (given.command) {
    case 'check':
      return check(given, out);
    case 'diff':
      return diff(given, output);
    case 'explain':
      return explainApps(given, out);
    case 'mermaid':
      return printFlowchart(given, out);
    case 'page':
      return writePage(given, out);
    case 'topology':
      return printTopology(given, out);
    default:
      throw new UnusableInput(
        `arguments: the command is 'check', 'diff', 'explain', 'mermaid', 'page' or 'topology', got ` +
          `${given.command === undefined ? 'no command' : `'${given.command}'`}: see --help`,
      );
  }
}

function check(given: CommandArguments, out: Output['out']): number {
  requirePath('check', given);
  const options = checkOptions(given);
  const apps = checkApps(readApps(given.paths), options);
  out(given.json ? jsonOutput(apps) : textOutput(apps));
  // A check that failed has no findings, which must not look like success.
  const failed = apps.some(({ findings }) => findings.some(({ id }) => id === FindingId.CHECK_FAILED));
  return failed || summaryOf(apps).errors > 0 ? 1 : 0;
}

function diff(given: CommandArguments, { err, out }: Output): number {
  const found = diffOf(given);
  out(given.json ? diffJson(found) : diffMarkdown(found));
  const failures = failuresIn(found, given.failOn);
  if (failures.length > 0) err(`diff fails with ${failures.map((change) => `--fail-on ${change}`).join(' and ')}\n`);
  return failures.length > 0 ? 1 : 0;
}

function explainApps(given: CommandArguments, out: Output['out']): number {
  const explanation = explanationOf(graphOf('explain', given), given.question);
  out(given.json ? explanationJson(explanation) : explanationText(explanation));
  return explanation.decision === 'allowed' ? 0 : 1;
}

function printFlowchart(given: CommandArguments, out: Output['out']): number {
  out(flowchart(deliveryGraph(graphOf('mermaid', given))));
  return 0;
}

function graphOf(command: string, given: CommandArguments): GraphInput {
  requirePath(command, given);
  return graphInput(readApps(given.paths), checkOptions(given));
}

function requirePath(command: string, { paths }: CommandArguments): void {
  if (paths.length === 0) throw new UnusableInput(`arguments: ${command} needs at least one PATH: see --help`);
}

function printTopology(given: CommandArguments, out: Output['out']): number {
  if (given.paths.length !== 1) throw new UnusableInput('arguments: topology needs one PATH: see --help');
  const [app] = readApps(given.paths);
  out(topologyOfApp(app));
  return 0;
}

function writePage(given: CommandArguments, out: Output['out']): number {
  const page = topologyPage(deliveryGraph(graphOf('page', given)));
  if (given.output === undefined) out(page);
  else writeOutput(given.output, page);
  return 0;
}
