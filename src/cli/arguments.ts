import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { UnusableInput, whileReading } from './unusable-input';
import { Question } from '../delivery-graph/question';

/** The account and Region of stacks that do not have them. */
export interface StackEnvironment {
  readonly account?: string;
  readonly region?: string;
}

/** A path, and the environment of its stacks. */
export interface InputPath extends StackEnvironment {
  readonly path: string;
}

/** A change with which `diff` has the exit status 1. */
export type FailOn = (typeof FAIL_ON)[number];

const FAIL_ON = ['open-access', 'removed-delivery', 'replacement'] as const;

/** The arguments of the command. */
export interface CommandArguments {
  readonly help: boolean;
  readonly command?: string;
  readonly paths: readonly InputPath[];
  readonly json: boolean;
  /** The file to write to. */
  readonly output?: string;
  readonly config?: string;
  readonly trustedAccounts?: string[];
  readonly trustedOrganizations?: string[];
  /** The other apps of both sides of `diff`. */
  readonly with: readonly InputPath[];
  /** The changes with which `diff` has the exit status 1. */
  readonly failOn: readonly FailOn[];
  /** What `explain` is asked. */
  readonly question: Question;
  /** Limits by their name in `PolicySizeAspectProps`. */
  readonly limits: { readonly [name: string]: number };
  /** Reasons by the IDs of findings. */
  readonly disabledFindings: readonly { readonly id: string; readonly reason: string }[];
}

export const HELP = `Usage: cdk-cross-account-eventbridge check [options] PATH…
       cdk-cross-account-eventbridge diff [options] [--with PATH]… OLD NEW
       cdk-cross-account-eventbridge explain [options] [--from WHO] [--bus BUS] [--source SOURCE]
                                             [--detail-type TYPE] [--to TARGET] PATH…
       cdk-cross-account-eventbridge mermaid [options] PATH…
       cdk-cross-account-eventbridge page [options] PATH… -o FILE
       cdk-cross-account-eventbridge topology [options] PATH

check     checks that Amazon EventBridge events are delivered, and which principals can publish them, in all apps
          together
diff      prints as Markdown which deliveries, publishers, findings and accesses a change adds or removes, and what is
          replaced at deployment
explain   explains who may put events on a bus, where events go, and why they do not arrive, with the statement that
          allows each step or is missing
mermaid   prints a flowchart of who publishes where, and what goes where, for Markdown
page      writes an HTML page that shows who publishes where, and what goes where
topology  prints event-topology.json of one app: what it deploys as far as events are concerned, and what it needs

PATH is one of
  a directory with a cloud assembly, such as cdk.out
  an event-topology.json
  a CloudFormation template (.json, .yaml, .yml or .template), after its transforms

OLD and NEW are each such a path, or a directory with several apps: files NAME.event-topology.json, and directories
NAME or NAME/cdk.out with a cloud assembly. An app has the same NAME in both.

A template needs an account and a Region. So does an environment-agnostic stack if there are several paths. Give them
for one path as PATH@ACCOUNT/REGION, such as template.yaml@111111111111/eu-west-1, or for all of them as options.

Options:
  --account ACCOUNT               the account of stacks without one
  --region REGION                 the Region of stacks without one
  --config FILE                   a JSON file with the options of CrossAccountEventChecks, such as trustedAccounts,
                                  trustedOrganizations, policySize and disabledFindings
  --trusted-account ACCOUNT       an account that may have access (repeatable)
  --trusted-organization ID       an organization that may have access (repeatable)
  --limit NAME=NUMBER             a limit or threshold of policySize, such as eventBusPolicyLimit=20480 (repeatable)
  --disable ID=REASON             a finding that is disabled (repeatable)
  --from WHO                      for explain: an account ID, or the name, ARN or construct path of a role, user,
                                  function, schedule or other publisher
  --bus BUS                       for explain: the name, ARN or construct path of a bus
  --source SOURCE                 for explain: the source of the events
  --detail-type TYPE              for explain: the detail type of the events
  --to TARGET                     for explain: the name, ARN or construct path of a function, queue or other target
  --output FILE, -o FILE          for page: the file to write; without it, the page is printed
  --with PATH                     for diff: another app, which is the same before and after the change (repeatable)
  --fail-on CHANGE                for diff: exit status 1 if there is such a change (repeatable): open-access, if any
                                  AWS account, an organization or the like gets access; removed-delivery, if events
                                  are not delivered any more; replacement, if a resource that deliveries use is
                                  replaced, is deleted or cannot be created
  --json                          for check, diff and explain: print JSON instead of text
  --help                          print this help

Exit status: 0 if there is no error, or if everything is delivered that explain was asked for; 1 if not, or if diff
found a change of --fail-on; 2 if the input cannot be used; 70 if the command itself has an error.
`;

/** Reads the arguments of the command. */
export function readArguments(args: string[]): CommandArguments {
  const { values, positionals } = whileReading('arguments', () =>
    parseArgs({ args, options: OPTIONS, allowPositionals: true, strict: true }),
  );
  const { account, region } = values;
  const [command, ...paths] = positionals;
  validateEnvironment({ account, region });
  const { bus, 'detail-type': detailType, from, source, to } = values;
  const question = definedIn({ from, bus, source, detailType, to });
  if (command !== 'explain' && Object.keys(question).length > 0) {
    throw new UnusableInput("arguments: '--from', '--bus', '--source', '--detail-type' and '--to' are for explain");
  }
  if (command !== 'page' && values.output !== undefined) {
    throw new UnusableInput("arguments: '--output' is for page; redirect the output of other commands to a file");
  }
  if (values.json && ONE_FORMAT.includes(command ?? '')) {
    throw new UnusableInput(`arguments: '--json' is for check, diff and explain, and ${command} has one format`);
  }
  if (command !== 'diff' && (values.with ?? values['fail-on']) !== undefined) {
    throw new UnusableInput("arguments: '--with' and '--fail-on' are for diff");
  }
  return {
    help: values.help ?? false,
    command,
    paths: paths.map((path) => inputPath(path, { account, region })),
    json: values.json ?? false,
    with: (values.with ?? []).map((path) => inputPath(path, { account, region })),
    failOn: (values['fail-on'] ?? []).map(failOn),
    question,
    output: values.output,
    config: values.config,
    trustedAccounts: values['trusted-account'],
    trustedOrganizations: values['trusted-organization'],
    limits: Object.fromEntries(
      (values.limit ?? []).map((limit) => pairOf('--limit', limit)).map(([name, value]) => [name, Number(value)]),
    ),
    disabledFindings: (values.disable ?? [])
      .map((finding) => pairOf('--disable', finding))
      .map(([id, reason]) => ({ id, reason })),
  };
}

/** The commands that print one format. That of `topology` is JSON. */
const ONE_FORMAT: readonly string[] = ['mermaid', 'page', 'topology'];

function failOn(text: string): FailOn {
  const known = FAIL_ON.find((change) => change === text);
  if (known !== undefined) return known;
  const choices = FAIL_ON.map((change) => `'${change}'`).join(', ');
  throw new UnusableInput(`arguments: '--fail-on' is one of ${choices}, got '${text}'`);
}

function definedIn(question: Question): Question {
  return Object.fromEntries(Object.entries(question).filter(([, value]) => value !== undefined));
}

const OPTIONS = {
  account: { type: 'string' },
  region: { type: 'string' },
  config: { type: 'string' },
  from: { type: 'string' },
  bus: { type: 'string' },
  source: { type: 'string' },
  'detail-type': { type: 'string' },
  to: { type: 'string' },
  'trusted-account': { type: 'string', multiple: true },
  'trusted-organization': { type: 'string', multiple: true },
  with: { type: 'string', multiple: true },
  'fail-on': { type: 'string', multiple: true },
  limit: { type: 'string', multiple: true },
  disable: { type: 'string', multiple: true },
  json: { type: 'boolean' },
  output: { type: 'string', short: 'o' },
  help: { type: 'boolean', short: 'h' },
} as const;

const ENVIRONMENT_OF_PATH = /^(.+)@([^@/\\]*)\/([^@/\\]*)$/;

function inputPath(argument: string, defaults: StackEnvironment): InputPath {
  const [, path, account, region] = ENVIRONMENT_OF_PATH.exec(argument) ?? [];
  // A directory may have the mark in its name, such as @scope/package or app@2/cdk.out.
  if (path === undefined || !/^\d+$/.test(account) || existsSync(argument)) return { path: argument, ...defaults };
  validateEnvironment({ account, region });
  return { path, account, region };
}

function validateEnvironment({ account, region }: StackEnvironment): void {
  if (account !== undefined && !/^\d{12}$/.test(account)) {
    throw new UnusableInput(`arguments: an account has 12 digits, got '${account}'`);
  }
  if (region !== undefined && !/^[a-z]{2}(-[a-z]+)+-\d+$/.test(region)) {
    throw new UnusableInput(`arguments: a Region has a name such as eu-west-1, got '${region}'`);
  }
}

function pairOf(option: string, text: string): [name: string, value: string] {
  const [, name, value] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (name === undefined) throw new UnusableInput(`arguments: '${option}' has the form NAME=VALUE, got '${text}'`);
  return [name, value];
}
