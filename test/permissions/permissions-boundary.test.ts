import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { EventBus, IEventBusRef } from 'aws-cdk-lib/aws-events';
import {
  Effect,
  IManagedPolicy,
  ManagedPolicy,
  PolicyDocument,
  PolicyStatement,
  PolicyStatementProps,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventBus, PublisherRole, PublisherRoleProps } from '../../src';
import { HUB, SHOP, REGION, messagesOf, testApp, testStack } from '../support/apps';
import { expectFindings, expectMessage } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { propertiesOf } from '../support/templates';

const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');
const arnOf = (name: string, account = SHOP.account) => `arn:aws:events:${REGION}:${account}:event-bus/${name}`;
const PUT: PolicyStatementProps = { actions: ['events:PutEvents'], resources: ['*'] };
const SECURE = { Bool: { 'aws:SecureTransport': 'true' } };

let app: App;
let stack: Stack;
beforeEach(() => {
  app = testApp();
  stack = testStack('Publisher', SHOP, app);
});

const imported = (name: string, id = name) => EventBus.fromEventBusArn(stack, id, arnOf(name));
const boundaryOf = (...statements: PolicyStatementProps[]) =>
  new ManagedPolicy(stack, 'Boundary', { statements: statements.map((s) => new PolicyStatement(s)) });
const publisherOf = (
  permissionsBoundary: IManagedPolicy,
  eventBuses: IEventBusRef[] = [imported('orders')],
  props: Partial<PublisherRoleProps> = {},
) => new PublisherRole(stack, 'Role', { assumedBy: LAMBDA, eventBuses, permissionsBoundary, ...props });
const problem = (bus: string) =>
  expect.stringContaining(`[Publisher/Role] 'permissionsBoundary' must allow 'events:PutEvents' on ${bus}, `);
const problems = () => {
  try {
    app.synth();
    return [];
  } catch (e) {
    return (e as Error).message
      .split('\n')
      .slice(1)
      .map((line) => line.trim())
      .filter(Boolean);
  }
};
const expectProblems = (...expected: unknown[]) => {
  const found = problems();
  expect(found).toEqual(expected);
  expectMessage(found.join('\n'));
};

describe('a boundary of the app lets the role put events', () => {
  test.each<[string, PolicyStatementProps[]]>([
    ['on every bus', [PUT]],
    ['by all that EventBridge has', [{ actions: ['events:*'], resources: ['*'] }]],
    ['by all that there is', [{ actions: ['*'], resources: ['*'] }]],
    ['written in other letters', [{ actions: ['EVENTS:putevents'], resources: ['*'] }]],
    ['on this bus', [{ actions: ['events:PutEvents'], resources: [arnOf('orders')] }]],
    ['on buses called alike', [{ actions: ['events:PutEvents'], resources: [arnOf('or*')] }]],
    ['by whatever is not of another service', [{ notActions: ['iam:*', 'organizations:*'], resources: ['*'] }]],
    ['on whatever is no other bus', [{ actions: ['events:PutEvents'], notResources: [arnOf('secret')] }]],
    ['on a condition', [{ ...PUT, conditions: SECURE }]],
    ['unless a condition holds', [PUT, { ...PUT, effect: Effect.DENY, conditions: SECURE }]],
    ['though it denies another bus', [PUT, { ...PUT, effect: Effect.DENY, resources: [arnOf('secret')] }]],
    ['though it denies something else', [PUT, { effect: Effect.DENY, actions: ['events:PutRule'], resources: ['*'] }]],
    [
      'though it denies all but that',
      [PUT, { effect: Effect.DENY, notActions: ['events:PutEvents'], resources: ['*'] }],
    ],
    [
      'though it denies all but this bus',
      [PUT, { effect: Effect.DENY, actions: ['events:PutEvents'], notResources: [arnOf('orders')] }],
    ],
    ['by one of several statements', [{ actions: ['s3:*'], resources: ['*'] }, PUT]],
  ])('%s', (_, statements) => {
    publisherOf(boundaryOf(...statements));
    expect(problems()).toEqual([]);
    expect(messagesOf(stack)).toEqual([]);
  });

  test('for all that is known: a bus that only deployment tells', () => {
    publisherOf(
      boundaryOf({ actions: ['events:PutEvents'], resources: [new CfnParameter(stack, 'Arn').valueAsString] }),
    );
    expect(problems()).toEqual([]);
  });

  test('by a statement that is added later, and by a document that is given', () => {
    const boundary = boundaryOf({ actions: ['s3:*'], resources: ['*'] });
    publisherOf(boundary);
    boundary.addStatements(new PolicyStatement(PUT));
    new PublisherRole(stack, 'Second', {
      assumedBy: LAMBDA,
      eventBuses: [imported('orders', 'Again')],
      permissionsBoundary: new ManagedPolicy(stack, 'Document', {
        document: new PolicyDocument({ statements: [new PolicyStatement(PUT)] }),
      }),
    });
    expect(problems()).toEqual([]);
  });

  test('on buses of the app by what they will be called, also on one without a name', () => {
    const named = new CrossAccountEventBus(testStack('Hub', HUB, app), 'Bus', { eventBusName: 'theirs' });
    const unnamed = new EventBus(stack, 'Unnamed');
    publisherOf(
      boundaryOf({ actions: ['events:PutEvents'], resources: [unnamed.eventBusArn, arnOf('theirs', HUB.account)] }),
      [named, unnamed],
    );
    expect(problems()).toEqual([]);
  });
});

describe('a boundary of the app fails the synthesis', () => {
  test.each<[string, PolicyStatementProps[]]>([
    ['without such a statement', [{ actions: ['s3:*'], resources: ['*'] }]],
    ['without any statement for this bus', [{ actions: ['events:PutEvents'], resources: [arnOf('others')] }]],
    [
      'with a statement for such a bus of another account',
      [{ actions: ['events:PutEvents'], resources: [arnOf('orders', HUB.account)] }],
    ],
    ['that denies it', [PUT, { ...PUT, effect: Effect.DENY }]],
    ['that denies this bus', [PUT, { ...PUT, effect: Effect.DENY, resources: [arnOf('orders')] }]],
    ['that allows all but that', [{ notActions: ['events:*'], resources: ['*'] }]],
    ['that denies all but something else', [PUT, { effect: Effect.DENY, notActions: ['s3:*'], resources: ['*'] }]],
    ['that allows all but this bus', [{ actions: ['events:PutEvents'], notResources: [arnOf('orders')] }]],
    [
      'that denies it on a condition and allows something else',
      [
        { actions: ['s3:*'], resources: ['*'] },
        { ...PUT, effect: Effect.DENY, conditions: SECURE },
      ],
    ],
  ])('%s', (_, statements) => {
    publisherOf(boundaryOf(...statements));
    expectProblems(problem(arnOf('orders')));
  });

  test('for the one of two buses that it does not allow, and for each of those that it does not', () => {
    const boundary = boundaryOf({ actions: ['events:PutEvents'], resources: [arnOf('orders')] });
    const role = publisherOf(boundary, [imported('orders'), imported('second')]);
    role.addEventBus(imported('third'));
    expectProblems(problem(arnOf('second')), problem(arnOf('third')));
  });

  test('by a statement that is added later and denies it', () => {
    const boundary = boundaryOf(PUT);
    publisherOf(boundary);
    boundary.addStatements(new PolicyStatement({ ...PUT, effect: Effect.DENY }));
    expectProblems(problem(arnOf('orders')));
  });

  test('by what a bus without a name will be called', () => {
    publisherOf(boundaryOf({ actions: ['s3:*'], resources: ['*'] }), [new EventBus(stack, 'Unnamed')]);
    expectProblems(problem(arnOf('PublisherUnnamed73A5DDC0')));
  });
});

describe('a boundary that is made elsewhere', () => {
  const ARN = `arn:aws:iam::${SHOP.account}:policy/boundary`;
  const foreign = () => ManagedPolicy.fromManagedPolicyArn(stack, 'Foreign', ARN);

  test('gives one warning, with a statement for all buses', () => {
    publisherOf(foreign(), [imported('orders'), imported('second')]);
    expect(propertiesOf(stack, 'AWS::IAM::Role')).toMatchObject([{ PermissionsBoundary: ARN }]);
    expectFindings(messagesOf(stack), ['warning manuallyCheckPermissionsBoundary /Publisher/Role']);
  });

  test('gives one warning for all buses of the role, whenever they are added', () => {
    const bus = imported('orders');
    const role = publisherOf(foreign(), [bus]);
    [bus, imported('second')].forEach((later) => role.addEventBus(later));
    expectFindings(messagesOf(stack), ['warning manuallyCheckPermissionsBoundary /Publisher/Role']);
  });

  test('gives none without a boundary', () => {
    new PublisherRole(stack, 'Role', { assumedBy: LAMBDA, eventBuses: [imported('orders')] }).addEventBus(
      imported('second'),
    );
    expect(messagesOf(stack)).toEqual([]);
  });
});

describeWithOracle('what a boundary lets a role put', () => {
  const put = (role: string, name: string, expected: string) => ({
    putEvents: {
      as: { account: SHOP.account, role: `Publisher/${role}` },
      bus: { account: SHOP.account, name },
    },
    expect: expected,
  });
  /** Statements, and whether the role may put events on the first and the second bus. */
  const BOUNDARIES: [string, PolicyStatementProps[], boolean, boolean][] = [
    ['AllowsAll', [PUT], true, true],
    ['AllowsFirst', [{ ...PUT, resources: [arnOf('first')] }], true, false],
    ['DeniesSecond', [PUT, { ...PUT, effect: Effect.DENY, resources: [arnOf('second')] }], true, false],
    ['AllowsOthers', [{ notActions: ['events:*'], resources: ['*'] }], false, false],
    ['DeniesOthers', [PUT, { effect: Effect.DENY, notActions: ['events:PutEvents'], resources: ['*'] }], true, true],
    ['AllowsNotSecond', [{ actions: ['events:PutEvents'], notResources: [arnOf('second')] }], true, false],
    ['Empty', [{ actions: ['s3:*'], resources: ['*'] }], false, false],
  ];

  test('is what synthesis says of it', () => {
    // A world in which the boundaries that synthesis refuses can be asked about.
    const lenient = testStack('Publisher', SHOP, testApp());
    const buses = ['first', 'second'].map((name) => new EventBus(lenient, name, { eventBusName: name }));
    const documents = BOUNDARIES.map(
      ([id, statements]) =>
        new ManagedPolicy(lenient, `B${id}`, { statements: statements.map((s) => new PolicyStatement(s)) }),
    );
    const roles = BOUNDARIES.map(
      ([id], i) =>
        new PublisherRole(lenient, id, {
          assumedBy: LAMBDA,
          eventBuses: buses,
          permissionsBoundary: documents[i],
        }),
    );
    const said = BOUNDARIES.map(([, , first, second], i) => {
      const messages = roles[i].node.validate();
      expect(messages).toHaveLength(Number(!first) + Number(!second));
      return messages;
    });
    expect(said.flat()).toHaveLength(7);
    roles.forEach((role) => jest.spyOn(role.node, 'validate').mockReturnValue([]));
    expectAnswers(lenient.node.root as App, {
      questions: [
        { noProblems: true },
        ...BOUNDARIES.flatMap(([id, , first, second]) => [
          put(id, 'first', first ? 'allow' : 'deny'),
          put(id, 'second', second ? 'allow' : 'deny'),
        ]),
      ],
    });
  });
});
