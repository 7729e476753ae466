import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Annotations,
  App,
  Aspects,
  CfnCondition,
  CfnOutput,
  CfnParameter,
  CfnResource,
  Fn,
  NestedStack,
  Stack,
} from 'aws-cdk-lib';
import { CfnEventBus, CfnEventBusPolicy, EventBus } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { CrossAccountEventBus, EventPublisher, PolicySizeAspect, PolicySizeAspectProps } from '../../src';
import { BILLING, HUB, SHOP, messagesOf, testApp, testStack } from '../support/apps';
import { errorOf, expectFindings, expectMessage } from '../support/messages';
import { formatted } from '../support/sizes';

const LIMIT = 10_240;
const BUS_ARN = 'arn:aws:events:eu-west-1:111111111111:event-bus/orders';
const SIZE = 'cdk-cross-account-eventbridge:eventBusPolicySize';

/**
 * A statement with a source of this number of characters. The account is an ID, which AWS stores as an ARN that has 19
 * characters more.
 */
const statement = (characters: number) => ({
  Effect: 'Allow',
  Principal: { AWS: SHOP.account },
  Action: 'events:PutEvents',
  Resource: BUS_ARN,
  Condition: { StringEquals: { 'events:source': 'x'.repeat(characters) } },
});

/** Characters of the whole document as AWS stores it, counted here without the code under test. */
function stored(...statements: [sid: string, characters: number][]): number {
  const Statement = statements.map(([Sid, characters]) => ({
    Sid,
    ...statement(characters),
    Principal: { AWS: `arn:aws:iam::${SHOP.account}:root` },
  }));
  return JSON.stringify({ Version: '2012-10-17', Statement }).length;
}

/** So many statements that a successor of each of them fits into a policy just below the warning threshold. */
const FILLERS = ['A', 'B', 'C', 'D', 'E'].map((sid): [string, number] => [sid, 1200]);
/** The length of the source in the last statement that results in a document of this number of characters. */
const toReach = (characters: number) => characters - stored(...FILLERS, ['Last', 0]);

let app: App;
let hub: Stack;
beforeEach(() => {
  app = testApp({ context: { '@aws-cdk/core:defaultCrossStackReferences': 'strong' } });
  hub = testStack('Hub', HUB, app);
});

const accountIds = (count: number) => Array.from({ length: count }, (_, i) => String(222_222_222_222 + i));
const checked = (props?: PolicySizeAspectProps) => Aspects.of(app).add(new PolicySizeAspect(props));

function add(scope: Stack, sid: string, characters: number, eventBusName: string): CfnEventBusPolicy {
  return new CfnEventBusPolicy(scope, sid, { statementId: sid, eventBusName, statement: statement(characters) });
}

describe('the size of a bus policy', () => {
  test.each<[number, string[]]>([
    [8192, []],
    [8193, ['warning eventBusPolicySize /Hub/Bus']],
    [LIMIT, ['warning eventBusPolicySize /Hub/Bus']],
    [LIMIT + 1, ['error eventBusPolicySize /Hub/Bus']],
  ])('is measured exactly: %d characters', (characters, expected) => {
    const bus = new CfnEventBus(hub, 'Bus', { name: 'orders' });
    for (const [sid, length] of FILLERS) add(hub, sid, length, bus.ref);
    add(hub, 'Last', toReach(characters), bus.ref);
    checked();
    const messages = messagesOf(hub);
    expectFindings(messages, expected);
    for (const message of messages) expect(message).toContain(` has ${formatted(characters)} of 10,240 `);
  });

  test('is reported with the bus, the largest statements and how to reduce it', () => {
    const bus = new CfnEventBus(hub, 'Bus', { name: 'orders' });
    add(hub, 'One', 5000, bus.ref);
    add(hub, 'Two', 4900, bus.ref);
    checked();
    const messages = messagesOf(hub);
    expectFindings(messages, ['error eventBusPolicySize /Hub/Bus']);
    expect(messages[0]).toContain(BUS_ARN);
    expect(messages[0]).toContain(`'One' has ${formatted(stored(['One', 5000]) - stored())} `);
  });

  test.each<[string, (bus: CrossAccountEventBus, accounts: string[]) => unknown]>([
    [
      'one statement each',
      (bus, accounts) =>
        accounts.forEach((account) => bus.grantPutEventsTo(new AccountPrincipal(account), `Account${account}`)),
    ],
    ['a list', (bus, accounts) => bus.allowPublisher(EventPublisher.accounts(...accounts))],
  ])(
    'is reported with the characters for accounts in %s, how many more are possible, and shorter forms',
    (_, allow) => {
      const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
      allow(bus, accountIds(50));
      checked({ warningThresholdPercent: 1 });

      const messages = messagesOf(hub);
      expectFindings(messages, ['warning eventBusPolicySize /Hub/Bus/Resource']);
      const numberBehind = (text: RegExp) => Number(text.exec(messages[0].replaceAll(',', ''))![1]);
      const [total, more, each] = [/ has (\d+) of/, / enough for (\d+) more/, /\((\d+) characters each/].map(
        numberBehind,
      );
      expect(total + more * each).toBeLessThanOrEqual(LIMIT);
      expect(total + (more + 1) * each).toBeGreaterThan(LIMIT);
    },
  );

  test('is reported with the number of characters above the limit', () => {
    new CrossAccountEventBus(hub, 'Bus', {
      eventBusName: 'orders',
      publishers: [EventPublisher.accounts(...accountIds(400))],
    });
    checked();
    expectFindings(messagesOf(hub), ['error eventBusPolicySize /Hub/Bus/Resource']);
  });

  test('is reported with the five largest statements, and the sum of the others', () => {
    const bus = new CfnEventBus(hub, 'Bus', { name: 'orders' });
    for (let i = 0; i < 7; i++) add(hub, `S${i}`, 1000 + i, bus.ref);
    checked({ warningThresholdPercent: 1 });
    const messages = messagesOf(hub);
    expectFindings(messages, ['warning eventBusPolicySize /Hub/Bus']);
    const size = stored(['S0', 1000]) - stored();
    expect(messages[0]).toContain(` 2 others ${formatted(2 * size + 1)}`);
  });

  test('fails cdk synth if it exceeds the limit', () => {
    add(hub, 'One', 10_240, new CfnEventBus(hub, 'Bus', { name: 'orders' }).ref);
    checked();

    expect(
      app
        .synth()
        .getStackArtifact('Hub')
        .messages.map(({ level }) => level),
    ).toEqual(['error']);
  });

  test('can be acknowledged if it is a warning', () => {
    const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
    add(hub, 'One', 9000, bus.eventBusName);
    checked();
    Annotations.of(bus).acknowledgeWarning(SIZE);

    expect(messagesOf(hub)).toEqual([]);
  });

  test('is compared with the limit and threshold of the options', () => {
    add(hub, 'One', 9_000, new CfnEventBus(hub, 'Bus', { name: 'orders' }).ref);
    checked({ eventBusPolicyLimit: 20_000, warningThresholdPercent: 50 });

    expect(messagesOf(hub)).toEqual([]);
  });

  test.each<[PolicySizeAspectProps, string]>([
    [{ eventBusPolicyLimit: 0 }, 'eventBusPolicyLimit'],
    [{ functionPolicyLimit: 1.5 }, 'functionPolicyLimit'],
    [{ functionPolicyLimit: NaN }, 'functionPolicyLimit'],
    [{ warningThresholdPercent: 101 }, 'warningThresholdPercent'],
  ])('fails for %j', (props, property) => {
    const error = errorOf(() => new PolicySizeAspect(props));
    expect(error).toMatch(new RegExp(`^PolicySizeAspect: '${property}' must `));
    expectMessage(error);
  });
});

describe('statements of one bus are added up', () => {
  const total = formatted(stored(['One', 5000], ['Two', 5000]));
  const expectTotal = (messages: string[]) => {
    expectFindings(messages, ['error eventBusPolicySize /Hub/Bus']);
    expect(messages[0]).toContain(`${BUS_ARN} has ${total} of 10,240 `);
  };

  function bus(): CfnEventBus {
    const orders = new CfnEventBus(hub, 'Bus', { name: 'orders' });
    add(hub, 'One', 5000, orders.ref);
    checked();
    return orders;
  }

  test.each<[string, (other: Stack, orders: CfnEventBus) => unknown]>([
    ['by reference from another stack', (other, orders) => add(other, 'Two', 5000, orders.ref)],
    ['by an attribute of the bus', (other, orders) => add(other, 'Two', 5000, orders.attrArn)],
    ['by name', (other) => add(other, 'Two', 5000, 'orders')],
    ['by ARN', (other) => add(other, 'Two', 5000, BUS_ARN)],
    [
      'by an ARN with pseudo parameters',
      (other) =>
        add(
          other,
          'Two',
          5000,
          Fn.sub('arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/orders'),
        ),
    ],
    [
      'by an imported L2',
      (other, orders) =>
        add(other, 'Two', 5000, EventBus.fromEventBusArn(other, 'Imported', orders.attrArn).eventBusName),
    ],
    [
      'by export of a name',
      (other, orders) => {
        new CfnOutput(hub, 'Export', { value: orders.ref, exportName: 'OrdersBus' });
        add(other, 'Two', 5000, Fn.importValue('OrdersBus'));
      },
    ],
    ['by export of an ARN', (other, orders) => add(other, 'Two', 5000, hub.exportValue(orders.attrArn))],
    [
      'by property override',
      (other) => add(other, 'Two', 5000, 'another').addPropertyOverride('EventBusName', 'orders'),
    ],
    [
      'by override of a nested property',
      (other) =>
        add(other, 'Two', 0, 'orders').addOverride('Properties.Statement.Condition.StringEquals', {
          'events:source': 'x'.repeat(5000),
        }),
    ],
    [
      'by resource type alone',
      (other) =>
        new CfnResource(other, 'Two', {
          type: 'AWS::Events::EventBusPolicy',
          properties: { EventBusName: 'orders', StatementId: 'Two', Statement: statement(5000) },
        }),
    ],
    [
      'by a type that is overridden',
      (other) => {
        new CfnResource(other, 'Two', {
          type: 'Custom::Policy',
          properties: { EventBusName: 'orders', StatementId: 'Two', Statement: statement(5000) },
        }).addOverride('Type', 'AWS::Events::EventBusPolicy');
      },
    ],
    [
      'by a statement written as text',
      (other) => add(other, 'Two', 0, 'orders').addPropertyOverride('Statement', JSON.stringify(statement(5000))),
    ],
    ['from a nested stack', (other, orders) => add(new NestedStack(other, 'Nested'), 'Two', 5000, orders.ref)],
    [
      'from an included template',
      (other) => {
        const file = join(mkdtempSync(join(tmpdir(), 'template-')), 'template.json');
        const properties = {
          EventBusName: { 'Fn::Join': ['', ['ord', 'ers']] },
          StatementId: 'Two',
          Statement: statement(5000),
        };
        writeFileSync(
          file,
          JSON.stringify({ Resources: { Two: { Type: 'AWS::Events::EventBusPolicy', Properties: properties } } }),
        );
        new CfnInclude(other, 'Include', { templateFile: file });
      },
    ],
  ])('%s', (_, attach) => {
    attach(testStack('Other', HUB, app), bus());

    expectTotal([...messagesOf(hub), ...messagesOf(app.node.findChild('Other') as Stack)]);
  });

  test('with the policy in the properties of the bus', () => {
    bus().policy = { Version: '2012-10-17', Statement: [{ Sid: 'Two', ...statement(5000) }] };

    expectTotal(messagesOf(hub));
  });

  test('with statements that an L2 bus adds', () => {
    const orders = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
    checked();
    for (let i = 0; i < 55; i++) {
      const account = String(300000000000 + i);
      const principals = [new AccountPrincipal(account)];
      orders.addToResourcePolicy(
        new PolicyStatement({
          sid: `Sid${i}`,
          actions: ['events:PutEvents'],
          resources: [orders.eventBusArn],
          principals,
        }),
      );
    }

    expectFindings(messagesOf(hub), ['error eventBusPolicySize /Hub/Bus/Resource']);
  });

  test('with statements as separate properties for principal, action and condition', () => {
    const classic = (StatementId: string, more: object) =>
      new CfnResource(hub, StatementId, {
        type: 'AWS::Events::EventBusPolicy',
        properties: { StatementId, EventBusName: 'orders', Action: 'events:PutEvents', ...more },
      });
    classic('One', {
      Principal: '*',
      Condition: { Type: 'StringEquals', Key: 'aws:PrincipalOrgID', Value: 'o-a1b2c3d4e5' },
    });
    classic('Two', { Principal: SHOP.account });
    checked({ eventBusPolicyLimit: 100 });

    const basics = { Effect: 'Allow', Action: 'events:PutEvents', Resource: BUS_ARN };
    const length = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'One',
          ...basics,
          Principal: '*',
          Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
        },
        { Sid: 'Two', ...basics, Principal: { AWS: `arn:aws:iam::${SHOP.account}:root` } },
      ],
    }).length;
    const messages = messagesOf(hub);
    expectFindings(messages, ['error eventBusPolicySize /Hub/One']);
    expect(messages[0]).toContain(`${BUS_ARN} has ${length} of 100 `);
  });
});

describe('statements of different buses are not added up', () => {
  const apart = (arrange: (other: Stack) => unknown, env = HUB) => {
    add(hub, 'One', 4600, new CfnEventBus(hub, 'Bus', { name: 'orders' }).ref);
    const other = testStack('Other', env, app);
    arrange(other);
    checked();
    return [...messagesOf(hub), ...messagesOf(other)];
  };

  test('by name in another account', () => {
    expect(apart((other) => add(other, 'Two', 4600, 'orders'), BILLING)).toEqual([]);
  });

  test('by exports of another app', () => {
    expect(
      apart((other) => {
        add(other, 'Two', 4600, Fn.importValue('OneBus'));
        add(other, 'Three', 4600, Fn.importValue('OtherBus'));
      }),
    ).toEqual([]);
  });

  test('if an override removes the condition of a statement', () => {
    expect(
      apart((other) => add(other, 'Two', 4600, 'orders').addPropertyDeletionOverride('Statement.Condition')),
    ).toEqual([]);
  });

  test('but estimated if a CloudFormation condition decides whether one of them is created', () => {
    const messages = apart((other) => {
      const expression = Fn.conditionEquals(new CfnParameter(other, 'Stage'), 'prod');
      add(other, 'Two', 4600, 'orders').cfnOptions.condition = new CfnCondition(other, 'Production', { expression });
    });
    expectFindings(messages, ['warning eventBusPolicySize /Hub/Bus']);
  });
});

describe('a policy with its longest statement twice, while a deployment replaces that statement,', () => {
  const REPLACED = 'warning eventBusPolicySize /Hub/Bus';
  /** The length of the source in statement 'Long', with which the policy during the replacement has this length. */
  const toReachTwice = (characters: number) => (characters - stored(['Long', 0], ['Long', 0], ['Other', 100])) / 2;

  test.each<[number, string[]]>([
    [LIMIT, []],
    [LIMIT + 2, [REPLACED]],
  ])('is measured exactly: %d characters', (characters, expected) => {
    const bus = new CfnEventBus(hub, 'Bus', { name: 'orders' });
    add(hub, 'Other', 100, bus.ref);
    add(hub, 'Long', toReachTwice(characters), bus.ref);
    checked();
    const messages = messagesOf(hub);
    expectFindings(messages, expected);
    for (const message of messages) expect(message).toContain(`then has ${formatted(characters)} characters`);
  });

  test('is not reported if it fits into the limit of the options', () => {
    add(hub, 'Long', 6_000, new CfnEventBus(hub, 'Bus', { name: 'orders' }).ref);
    checked({ eventBusPolicyLimit: 12_600 });
    expect(messagesOf(hub)).toEqual([]);
  });

  test('is reported for many accounts, with shorter forms', () => {
    new CrossAccountEventBus(hub, 'Bus', { publishers: [EventPublisher.accounts(...accountIds(160))] });
    checked();
    const messages = messagesOf(hub);
    expectFindings(messages, ['warning eventBusPolicySize /Hub/Bus/Resource']);
    expect(messages[0]).toContain('AccountGrantForm.COMPACT');
  });

  test('is part of the warning that the policy is nearly full', () => {
    const bus = new CfnEventBus(hub, 'Bus', { name: 'orders' });
    add(hub, 'Long', 8_500, bus.ref);
    checked();
    const messages = messagesOf(hub);
    expectFindings(messages, [REPLACED]);
    expect(messages[0]).toContain('in two deployments');
  });

  test('is not reported if the policy is a property of the bus, which is updated in place', () => {
    new CfnEventBus(hub, 'Bus', { name: 'orders', policy: { Statement: [{ Sid: 'Long', ...statement(6_000) }] } });
    checked();
    expect(messagesOf(hub)).toEqual([]);
  });

  test('can be acknowledged', () => {
    const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
    add(hub, 'Long', 6_000, bus.eventBusName);
    checked();
    Annotations.of(bus).acknowledgeWarning(SIZE);
    expect(messagesOf(hub)).toEqual([]);
  });
});

test('a bus with a hundred accounts has no findings', () => {
  const accounts = Array.from({ length: 100 }, (_, i) => String(400000000000 + i));
  new CrossAccountEventBus(hub, 'Bus', { publishers: [EventPublisher.accounts(...accounts)] });
  checked();
  expect(messagesOf(hub)).toEqual([]);
});

test('buses with the same name are not added up over stacks that may be deployed to different environments', () => {
  const agnostic = testApp();
  const ids = Array.from({ length: 140 }, (_, i) => String(200000000000 + i));
  const stacks = ['Dev', 'Prod'].map((id) => new Stack(agnostic, id));
  for (const stack of stacks) {
    new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'central', publishers: [EventPublisher.accounts(...ids)] });
  }
  Aspects.of(agnostic).add(new PolicySizeAspect());

  expect(messagesOf(...stacks)).toEqual([]);
});
