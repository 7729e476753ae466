import { readApp } from '../../src/app-model/read-app';
import { addStacks, rootOfStacks } from '../../src/cloud-assembly/stack-constructs';
import { BILLING, HUB, REGION } from '../support/apps';
import { busArn } from '../support/three-accounts';

const inUs = { ...HUB, region: 'us-east-1' };
/** The output `Arn` of a stack, by its name, account and Region. */
const stacks = [
  ['Central', HUB, 'first'],
  ['Central', inUs, 'second'],
  ['Central', BILLING, 'third'],
  ['Other', HUB, 'fourth'],
] as const;

/** The target of a rule in account 111111111111, by a reference to an output. */
function targetOf(reference: unknown, outputs: object = {}): string {
  const root = rootOfStacks();
  const made = stacks.map(([name, env, bus]) => ({
    ...{ path: `${name}-${bus}`, name, ...env },
    template: {
      Resources: { Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: bus } } },
      Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Bus', 'Arn'] } } },
    },
  }));
  const rule = {
    ...{ path: 'Reader', name: 'Reader', ...HUB },
    template: {
      Resources: {
        Rule: { Type: 'AWS::Events::Rule', Properties: { Targets: [{ Id: 'T', Arn: reference }] } },
      },
      Outputs: outputs,
    },
  };
  const rest = { constructPaths: new Map(), dependencies: [], nestedTemplates: new Map() };
  addStacks(root, [...made, rule].map((stack) => ({ ...stack, ...rest })) as never);
  return readApp(root).rules[0].targets[0].arn;
}

const output = (more: object = {}) => ({ 'Fn::GetStackOutput': { StackName: 'Central', OutputName: 'Arn', ...more } });
const role = (account: string) => ({
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${account}:role/reader`]],
});

test.each<[string, object, string]>([
  ['a stack of the same account and Region', {}, busArn('first')],
  ['another stack', { StackName: 'Other' }, busArn('fourth')],
  ['another Region', { Region: 'us-east-1' }, busArn('second', inUs)],
  ['another account', { Region: REGION, RoleArn: role(BILLING.account) }, busArn('third', BILLING)],
])('an output of %s has its value', (_, more, expected) => {
  expect(targetOf(output(more))).toBe(expected);
});

test.each<[string, unknown]>([
  ['of a stack that is not known', output({ StackName: 'Unknown' })],
  ['that the stack does not have', output({ OutputName: 'Name' })],
  ['of another account that is not known', output({ RoleArn: role('444444444444') })],
  ['of any form', { 'Fn::GetStackOutput': ['Central', 'Arn'] }],
])('an output %s is known only at deployment', (_, reference) => {
  expect(targetOf(reference)).toMatch(/^‹.*›$/);
});

test('an output that is its own value is known only at deployment', () => {
  const own = { 'Fn::GetStackOutput': { StackName: 'Reader', OutputName: 'Own' } };
  expect(targetOf(own, { Own: { Value: own } })).toMatch(/^‹.*›$/);
});
