import { CfnParameter, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { ACCOUNTS, Mode, REGIONS, mostly } from '../values';

/** A stack, of which the account and Region may be known only at deployment. */
export interface StackDescription {
  readonly account?: string;
  readonly region?: string;
  /** Where it is; a nested stack is in the stack before it. */
  readonly within: 'app' | 'stage' | 'nested stack';
}

export function stacks(mode: Mode): fc.Arbitrary<readonly StackDescription[]> {
  const known = {
    account: fc.constantFrom(...ACCOUNTS),
    region: mostly(fc.constant(REGIONS[0]), fc.constant(REGIONS[1])),
  };
  const within = fc.constantFrom<StackDescription['within']>('app', 'app', 'app', 'app', 'stage', 'nested stack');
  const inApp = fc.constant<StackDescription['within']>('app');
  const fixed = fc.record({ ...known, within: mode === 'known' ? inApp : within });
  const list = fc.array(fixed, { minLength: 1, maxLength: 4 });
  if (mode === 'known') return list;
  // An app with environment-agnostic stacks has no others as a rule.
  const agnostic = fc.array(fc.record({ within }), { minLength: 1, maxLength: 3 });
  const mixed = fc.array(fc.oneof(fixed, fc.record({ within }), fc.record({ within, account: known.account })), {
    minLength: 1,
    maxLength: 4,
  });
  return fc.oneof({ weight: 6, arbitrary: list }, { weight: 1, arbitrary: agnostic }, { weight: 1, arbitrary: mixed });
}

/** Creates the stacks. Each has a parameter, because a template without any element is an error. */
export function buildStacks(app: App, described: readonly StackDescription[]): Stack[] {
  const created: Stack[] = [];
  described.forEach(({ account, region, within }, i) => {
    const id = `Stack${i}`;
    const [previous] = created.slice(-1);
    const isNested = within === 'nested stack' && previous !== undefined;
    const scope = within === 'stage' ? stageOf(app) : app;
    const stack = isNested ? new NestedStack(previous, id) : new Stack(scope, id, { env: { account, region } });
    new CfnParameter(stack, 'Unused', { default: '' });
    created.push(stack);
  });
  return created;
}

function stageOf(app: App): Stage {
  return (app.node.tryFindChild('Prod') as Stage | undefined) ?? new Stage(app, 'Prod');
}
