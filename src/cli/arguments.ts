import { parseArgs } from 'node:util';
import { UnusableInput, whileReading } from './unusable-input';

/** The account and Region of stacks that do not have them. */
export interface StackEnvironment {
  readonly account?: string;
  readonly region?: string;
}

/** A path, and the environment of its stacks. */
export interface InputPath extends StackEnvironment {
  readonly path: string;
}

/** The arguments of the command. */
export interface CommandArguments {
  readonly help: boolean;
  readonly command?: string;
  readonly paths: readonly InputPath[];
  readonly json: boolean;
  readonly config?: string;
  readonly trustedAccounts?: string[];
  readonly trustedOrganizations?: string[];
  /** Limits by their name in `PolicySizeAspectProps`. */
  readonly limits: { readonly [name: string]: number };
  /** Reasons by the ids of findings. */
  readonly disabledFindings: readonly { readonly id: string; readonly reason: string }[];
}

export const HELP = `Usage: cdk-cross-account-eventbridge check [options] PATH…
       cdk-cross-account-eventbridge topology [options] PATH

check     checks that Amazon EventBridge events are delivered, and which principals can publish them, in all apps
          together
topology  prints event-topology.json of one app: what it deploys as far as events are concerned, and what it needs

PATH is one of
  a directory with a cloud assembly, such as cdk.out
  an event-topology.json
  a CloudFormation template (.json, .yaml, .yml or .template), after its transforms

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
  --json                          print JSON instead of text
  --help                          print this help

Exit status: 0 if there is no error, 1 if there are errors, 2 if the input cannot be used.
`;

/** Reads the arguments of the command. */
export function readArguments(args: string[]): CommandArguments {
  const { values, positionals } = whileReading('arguments', () =>
    parseArgs({ args, options: OPTIONS, allowPositionals: true, strict: true }),
  );
  const { account, region } = values;
  const [command, ...paths] = positionals;
  validateEnvironment({ account, region });
  return {
    help: values.help ?? false,
    command,
    paths: paths.map((path) => inputPath(path, { account, region })),
    json: values.json ?? false,
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

const OPTIONS = {
  account: { type: 'string' },
  region: { type: 'string' },
  config: { type: 'string' },
  'trusted-account': { type: 'string', multiple: true },
  'trusted-organization': { type: 'string', multiple: true },
  limit: { type: 'string', multiple: true },
  disable: { type: 'string', multiple: true },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const ENVIRONMENT_OF_PATH = /^(.+)@([^@/\\]*)\/([^@/\\]*)$/;

function inputPath(argument: string, defaults: StackEnvironment): InputPath {
  const [, path, account, region] = ENVIRONMENT_OF_PATH.exec(argument) ?? [];
  // A directory may have the mark in its name, such as @scope/package.
  if (path === undefined || !/^\d+$/.test(account)) return { path: argument, ...defaults };
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
