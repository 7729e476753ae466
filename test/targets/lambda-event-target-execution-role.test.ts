import { App, NestedStack, PhysicalName, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { CrossAccountEventBus, LambdaEventTarget } from '../../src';
import { BILLING, HUB, messagesOf, testFunction, testStack, ordersApp, stackIn } from '../support/apps';
import { errorOf, expectMessage } from '../support/messages';
import { propertiesOf } from '../support/templates';

const REMOTE = 'arn:aws:lambda:eu-west-1:333333333333:function:handler';

let app: App;
let hub: Stack;
let bus: CrossAccountEventBus;
const eventPattern = { source: ['com.shop'] };

beforeEach(() => {
  ({ app, hub, bus } = ordersApp());
});

const consumer = () => stackIn(app, 'Consumer', BILLING);
const ruleTo = (target: LambdaEventTarget, id = 'Rule', scope: Stack = hub) =>
  new Rule(scope, id, { eventBus: bus, eventPattern, targets: [target] });

describe('the execution role of a function in another account', () => {
  const namedFunction = () => testFunction(consumer(), 'Handler', { functionName: 'handler' });

  test.each([
    [true, false],
    [false, true],
  ])('fails if only some rules are restricted to the execution role: restricted %p, then %p', (first, second) => {
    const handler = namedFunction();
    ruleTo(new LambdaEventTarget(handler, { restrictToExecutionRole: first }), 'One');
    const error = errorOf(() => ruleTo(new LambdaEventTarget(handler, { restrictToExecutionRole: second }), 'Two'));
    expect(error).toMatch(/^Consumer\/Handler: 'restrictToExecutionRole' must /);
    expectMessage(error);
  });

  test.each([[true], [false]])(
    'has a literal name, also in a nested stack, whether the first rule is restricted (%p) or not',
    (first) => {
      const nested = new NestedStack(hub, 'Nested');
      const imported = Function.fromFunctionArn(nested, 'Imported', REMOTE);
      [first, !first].forEach(
        (restrictToExecutionRole, i) =>
          new Rule(nested, `Rule${i}`, {
            eventPattern,
            targets: [new LambdaEventTarget(imported, { restrictToExecutionRole })],
          }),
      );
      const [{ RoleName }] = propertiesOf(nested, 'AWS::IAM::Role');
      expect(RoleName).toMatch(/^Hub-Nested-RuleRole-[0-9a-f]{8}-eu-west-1-[0-9a-f]{8}$/);
      expect(messagesOf(hub).join()).toMatch(
        new RegExp(
          '--region eu-west-1 .*--statement-id AllowEventBus-111111111111-[0-9a-f]{8} .*--principal ' +
            `arn:aws:iam::111111111111:role/${RoleName} `,
        ),
      );
    },
  );

  test('has a command with a statement ID of its own for each role', () => {
    const stacks = [hub, testStack('Second', HUB, app)];
    for (const stack of stacks) {
      ruleTo(
        new LambdaEventTarget(Function.fromFunctionArn(stack, 'Imported', REMOTE), { restrictToExecutionRole: true }),
        'Rule',
        stack,
      );
    }
    const ids = messagesOf(...stacks).flatMap((message) => /--statement-id (\S+)/.exec(message)?.[1] ?? []);
    expect([ids.length, new Set(ids).size]).toEqual([2, 2]);
  });

  test('fails if the CDK would generate its name in a nested stack', () => {
    const executionRole = new Role(new NestedStack(hub, 'Nested'), 'Role', {
      roleName: PhysicalName.GENERATE_IF_NEEDED,
      assumedBy: new ServicePrincipal('events.amazonaws.com'),
    });
    const target = new LambdaEventTarget(namedFunction(), { executionRole, restrictToExecutionRole: true });
    const error = errorOf(() => ruleTo(target));
    expect(error).toMatch(/: 'executionRole' must not /);
    expectMessage(error);
  });

  test('has a policy for each stack that imports it', () => {
    const stacks = [hub, testStack('Second', HUB, app)];
    for (const stack of stacks) {
      const executionRole = Role.fromRoleArn(stack, 'Exec', `arn:aws:iam::${HUB.account}:role/exec`);
      ruleTo(
        new LambdaEventTarget(Function.fromFunctionArn(stack, 'Imported', REMOTE), { executionRole }),
        'Rule',
        stack,
      );
    }
    const policies = stacks.flatMap((stack) => propertiesOf(stack, 'AWS::IAM::Policy'));
    expect(policies).toMatchObject([{ Roles: ['exec'] }, { Roles: ['exec'] }]);
    expect(new Set(policies.map(({ PolicyName }) => PolicyName)).size).toBe(2);
  });

  test('may be a precreated role', () => {
    const stack = testStack('Customized', HUB, app);
    Role.customizeRoles(stack);
    expect(() =>
      ruleTo(new LambdaEventTarget(Function.fromFunctionArn(stack, 'Imported', REMOTE)), 'Rule', stack),
    ).not.toThrow();
  });
});
