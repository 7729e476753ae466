import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { CfnEventBus } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { readApp } from '../../src/app-model/read-app';
import { FindingId } from '../../src/checks/finding-id';
import { stacksInAssembly } from '../../src/cloud-assembly/read-assembly';
import { addStacks, rootOfStacks } from '../../src/cloud-assembly/stack-constructs';
import { HUB, testApp } from '../support/apps';
import { faults } from '../support/faults';
import { cfnRule, executionRole, ruleArn } from '../support/three-accounts';

const OTHER_REGION = { ...HUB, region: 'us-east-1' };

interface Scopes {
  readonly first?: (stack: Stack) => Construct;
  readonly second?: (stack: Stack) => Stack;
}

/**
 * A bus in one Region, and a rule in another one that refers to it.
 *
 * @param allowed the bus that the role of the rule may put events on
 */
function twoRegions(allowed: (bus: CfnEventBus) => string, { first, second }: Scopes = {}): App {
  const app = testApp({ context: { '@aws-cdk/core:defaultCrossStackReferences': 'strong' } });
  const [busStack, ruleStack] = [OTHER_REGION, HUB].map(
    (env, i) => new Stack(app, ['First', 'Second'][i], { env, crossRegionReferences: true }),
  );
  const bus = new CfnEventBus(first?.(busStack) ?? busStack, 'Bus', { name: 'orders' });
  const scope = second?.(ruleStack) ?? ruleStack;
  const role = executionRole(scope, ruleArn('rule'), allowed(bus));
  cfnRule(scope, { arn: bus.attrArn, roleArn: role.roleArn });
  return app;
}

const nested = {
  first: (stack: Stack) => new NestedStack(stack, 'Nested'),
  second: (stack: Stack) => new NestedStack(stack, 'Nested'),
};
const own = (bus: CfnEventBus) => bus.attrArn;
const other = (bus: CfnEventBus) => `${bus.attrArn}s`;

faults('a role without permission for a bus in another Region, to which its stack refers', {
  finds: FindingId.TARGET_ROLE_INVALID,
  level: 'error',
  healthy: {
    'a bus of the other stack': () => twoRegions(own),
    'a bus of a nested stack, for a rule of a nested stack': () => twoRegions(own, nested),
  },
  faulty: {
    'a bus of the other stack': { app: () => twoRegions(other), at: '/Second' },
    'a bus of a nested stack, for a rule of a nested stack': { app: () => twoRegions(other, nested), at: '/Second' },
  },
});

test.each([
  ['stacks', {}],
  ['nested stacks', nested],
])('the references of %s in a cloud assembly are those of the app', (_, scopes) => {
  const app = twoRegions(own, scopes);
  const root = rootOfStacks();
  addStacks(root, stacksInAssembly(app.synth().directory));
  const targetsIn = (scope: Construct) => readApp(scope).rules.flatMap(({ targets }) => targets.map(({ arn }) => arn));
  expect(targetsIn(root)).toEqual(targetsIn(app));
  expect(targetsIn(root)).toEqual(['arn:aws:events:us-east-1:111111111111:event-bus/orders']);
});

test('a value that no stack of the assembly writes is known only at deployment', () => {
  const stacks = stacksInAssembly(twoRegions(own).synth().directory).filter(({ name }) => name === 'Second');
  const root = rootOfStacks();
  addStacks(root, stacks);
  expect(readApp(root).rules[0].targets[0].arn).toMatch(/^‹.*›$/);
});

test('a custom resource of any form is no value', () => {
  const writer = (properties: unknown) => ({ Type: 'Custom::CrossRegionExportWriter', Properties: properties });
  const reader = (properties: unknown) => ({ Type: 'Custom::CrossRegionExportReader', Properties: properties });
  const forms = [null, 'x', {}, { WriterProps: 1, ReaderProps: 1 }, { WriterProps: {}, ReaderProps: { imports: [] } }];
  const Resources = Object.fromEntries(
    forms.flatMap((form, i) => [
      [`W${i}`, writer(form)],
      [`R${i}`, reader(form)],
    ]),
  );
  const root = rootOfStacks();
  const stack = {
    path: 'S',
    name: 'S',
    ...HUB,
    constructPaths: new Map(),
    dependencies: [],
    nestedTemplates: new Map(),
  };
  addStacks(root, [{ ...stack, template: { Resources } as never }]);
  expect(readApp(root).rules).toEqual([]);
});
