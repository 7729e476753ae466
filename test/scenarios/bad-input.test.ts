import { Aws, CfnParameter, Duration, Lazy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  CrossAccountEventBus,
  CrossAccountInvokePermission,
  CrossAccountPrincipal,
  EventPublisher,
  LambdaEventTarget,
  PublisherRole,
} from '../../src';
import { BILLING, HUB, testApp, testFunction, testStack } from '../support/apps';
import { BAD_INPUTS, Fixture } from '../support/bad-inputs';
import { errorOf, expectMessage } from '../support/messages';

/** The constructs that the rows of the table use, created anew for each row. */
function fixture(): Fixture {
  const app = testApp();
  const stack = testStack('Hub', HUB, app);
  const bus = new CrossAccountEventBus(stack, 'Bus');
  const rule = new Rule(stack, 'Rule', { eventBus: bus, eventPattern: { source: ['com.example'] } });
  const handler = testFunction(stack, 'Handler');
  // Created only if a row uses it, because a template without resources is an error.
  return {
    stack,
    bus,
    rule,
    handler,
    get consumer() {
      return testStack('Consumer', BILLING, app);
    },
  };
}

describe('input that AWS would reject is rejected at the call', () => {
  test('by a table of at least 60 inputs', () => {
    expect(BAD_INPUTS.length).toBeGreaterThanOrEqual(60);
  });

  test.each(BAD_INPUTS)('fails for %s', (_, use, property) => {
    const constructs = fixture();
    const message = errorOf(() => use(constructs));

    // Where, which property, what is allowed, what was passed, and what to do.
    expect(message).toMatch(new RegExp(`^[\\w/]+(\\.\\w+\\(\\))?: '${property}' must [^]+, got [^]*; [^]+[^.]$`));
    expectMessage(message);
  });
});

describe('what is known only at deployment passes', () => {
  const parameter = ({ stack }: Fixture) => new CfnParameter(stack, 'Parameter').valueAsString;

  const PASSES: [string, (constructs: Fixture) => unknown][] = [
    ['a bus name', (m) => new CrossAccountEventBus(m.stack, 'Named', { eventBusName: parameter(m) })],
    ['an account', (m) => m.bus.allowPublisher(EventPublisher.accounts(parameter(m)))],
    ['an organization', (m) => m.bus.allowPublisher(EventPublisher.organization(parameter(m)))],
    [
      'the ARN of a role',
      (m) => m.bus.allowPublisher(EventPublisher.role(`arn:aws:iam::222222222222:role/${parameter(m)}`)),
    ],
    ['a source', (m) => m.bus.allowPublisher(EventPublisher.accounts('222222222222'), { sources: [parameter(m)] })],
    [
      'a list of detail types',
      (m) =>
        m.bus.allowPublisher(EventPublisher.accounts('222222222222'), {
          detailTypes: Lazy.list({ produce: () => ['a'] }),
        }),
    ],
    [
      'the ARN of a bus',
      (m) =>
        new PublisherRole(m.stack, 'Publisher', {
          assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
          eventBuses: [
            EventBus.fromEventBusArn(
              m.stack,
              'Imported',
              `arn:aws:events:eu-west-1:111111111111:event-bus/${parameter(m)}`,
            ),
          ],
        }),
    ],
    [
      'a number of retries',
      (m) => m.rule.addTarget(new LambdaEventTarget(m.handler, { retryAttempts: Lazy.number({ produce: () => 3 }) })),
    ],
    [
      'an event age',
      (m) =>
        m.rule.addTarget(
          new LambdaEventTarget(m.handler, { maxEventAge: Duration.seconds(Lazy.number({ produce: () => 300 })) }),
        ),
    ],
    [
      'an account, organization and external ID of those who assume a role',
      (m) => [
        CrossAccountPrincipal.withExternalId(parameter(m), Lazy.string({ produce: () => 'x' })),
        CrossAccountPrincipal.inOrganization(Aws.ACCOUNT_ID, Lazy.string({ produce: () => 'o' })),
      ],
    ],
    [
      'an account for a permission',
      (m) =>
        new CrossAccountInvokePermission(m.stack, 'Permission', { handler: m.handler, eventBusAccount: parameter(m) }),
    ],
  ];

  test.each(PASSES)('%s', (_, use) => {
    const constructs = fixture();
    use(constructs);

    expect(() => Template.fromStack(constructs.stack)).not.toThrow();
  });
});
