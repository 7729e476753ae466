import { CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { Json } from '../../src/iam/statement';
import { validateTopology } from '../../src/topology/validate-topology';
import { HUB, testFunction, testStack } from '../support/apps';
import { errorOf, expectMessage } from '../support/messages';
import { cfnEventBus, cfnPermission, ruleArn } from '../support/three-accounts';
import { topologyOfApp, written } from '../support/topologies';

interface Policy {
  readonly type: string;
  readonly statements: { statement: any; shortForm?: any }[];
}

/** The file of an app with a permission, and with a bus policy in the short form. */
function file(): { resourcePolicies: Policy[] } {
  const stack = testStack('Hub', HUB);
  testFunction(stack, 'Handler', { functionName: 'handler' });
  cfnPermission(stack, 'handler', ruleArn('orders/rule'));
  cfnEventBus(stack);
  new CfnEventBusPolicy(stack, 'Policy', { eventBusName: 'orders', statementId: 'S', principal: '222222222222' });
  return written(topologyOfApp(stack.node.root as never)) as never;
}

/** The message of the error for a file in which a statement of a policy is changed. */
function errorFor(type: string, change: (entry: Policy['statements'][0]) => void): string {
  const topology = file();
  change(topology.resourcePolicies.find((policy) => policy.type === type)!.statements[0]);
  return errorOf(() => validateTopology(topology as unknown as Json));
}

test('the statements of a file that was written are those of its resources', () => {
  expect(() => validateTopology(file() as unknown as Json)).not.toThrow();
});

test.each<[string, (statement: any) => void]>([
  ['Deny', (statement) => (statement.Effect = 'Deny')],
  ['no effect', (statement) => delete statement.Effect],
  ['another resource', (statement) => (statement.Resource = '*')],
  ['NotAction', (statement) => (statement.NotAction = 'lambda:Get*')],
  ['NotPrincipal', (statement) => (statement.NotPrincipal = { AWS: '222222222222' })],
  ['several principals', (statement) => (statement.Principal = { Service: ['a.amazonaws.com', 'b.amazonaws.com'] })],
  ['another kind of principal', (statement) => (statement.Principal = { Federated: 'a', AWS: '222222222222' })],
  ['another operator', (statement) => (statement.Condition = { StringLike: { 'AWS:SourceArn': 'arn:*' } })],
  ['another key', (statement) => (statement.Condition.StringEquals = { 'aws:PrincipalTag/team': 'shop' })],
  ['the same key in lower case', (statement) => (statement.Condition.ArnLike = { 'aws:sourcearn': 'arn:x' })],
])('fails for a permission with %s', (_, change) => {
  expectMessage(errorFor('AWS::Lambda::Permission', ({ statement }) => change(statement)));
});

test('fails for a permission whose statement is text', () => {
  expectMessage(errorFor('AWS::Lambda::Permission', (entry) => (entry.statement = 'Allow')));
});

test.each<[string, (entry: Policy['statements'][0]) => void]>([
  ['Deny', ({ statement }) => (statement.Effect = 'Deny')],
  ['another principal', ({ statement }) => (statement.Principal = '*')],
  ['another principal in the properties', ({ shortForm }) => (shortForm.principal = '*')],
])('fails for a statement by properties with %s', (_, change) => {
  expectMessage(errorFor('AWS::Events::EventBusPolicy', change));
});
