import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { App, CfnWaitConditionHandle, Stack } from 'aws-cdk-lib';
import { HUB } from './apps';
import { appIn, command, emptyDirectory } from './command';
import { ROOT } from './repository';
import { DeliveryDiff } from '../../src/delivery-graph/delivery-diff';

export const NO_CHANGE = 'No change of EventBridge deliveries.\n';

const schema = JSON.parse(readFileSync(join(ROOT, 'docs/diff-command.schema.json'), 'utf8'));
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false }).compile(schema);

export function matchesSchema(document: unknown): boolean {
  if (!validate(document)) throw new Error(JSON.stringify(validate.errors));
  return true;
}

/** What the command `diff` prints with `--json`. */
export function diffJson(...args: string[]): DeliveryDiff {
  return JSON.parse(command('diff', '--json', ...args).out) as DeliveryDiff;
}

type Define = (stack: Stack) => void;

/** The cloud assemblies of an app with the stack `Hub` before and after a change. */
export function assembliesOf(before: Define, after: Define): string[] {
  const directory = emptyDirectory();
  return [before, after].map((define, index) => {
    const app: App = appIn(directory, `${index}`);
    const stack = new Stack(app, 'Hub', { env: HUB });
    // Newer releases of the CDK report a stack without resources.
    new CfnWaitConditionHandle(stack, 'Nothing');
    define(stack);
    return app.synth().directory;
  });
}

/** What changes in an app with the stack `Hub`. */
export function diffOf(before: Define, after: Define): DeliveryDiff {
  const found = diffJson(...assembliesOf(before, after));
  matchesSchema(found);
  return found;
}
