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
import { CONSUMER, HUB, PUBLISHER, messagesOf, testApp, testStack } from '../support/apps';
import { pattern } from '../support/pattern';

const LIMIT = 10_240;
const BUS_ARN = 'arn:aws:events:eu-west-1:111111111111:event-bus/orders';
const SIZE = 'cdk-cross-account-eventbridge:eventBusPolicySize';

/**
 * A statement with a source of so many characters. The account is written as an id, which AWS stores as an ARN of 19
 * more.
 */
const statement = (characters: number) => ({
  Effect: 'Allow',
  Principal: { AWS: PUBLISHER.account },
  Action: 'events:PutEvents',
  Resource: BUS_ARN,
  Condition: { StringEquals: { 'events:source': 'x'.repeat(characters) } },
});

/** Characters of the whole document as AWS stores it, counted here without the code under test. */
function stored(...statements: [sid: string, characters: number][]): number {
  const Statement = statements.map(([Sid, characters]) => ({
    Sid,
    ...statement(characters),
    Principal: { AWS: `arn:aws:iam::${PUBLISHER.account}:root` },
  }));
  return JSON.stringify({ Version: '2012-10-17', Statement }).length;
}

/** How long the source in the second of two statements must be for a document of so many characters. */
const toReach = (characters: number) => characters - stored(['One', 5000], ['Two', 0]);

let app: App;
let hub: Stack;
beforeEach(() => {
  app = testApp({ context: { '@aws-cdk/core:defaultCrossStackReferences': 'strong' } });
  hub = testStack('Hub', HUB, app);
});

const checked = (props?: PolicySizeAspectProps) => Aspects.of(app).add(new PolicySizeAspect(props));

function add(scope: Stack, sid: string, characters: number, eventBusName: string): CfnEventBusPolicy {
  return new CfnEventBusPolicy(scope, sid, { statementId: sid, eventBusName, statement: statement(characters) });
}

describe('the length of a bus policy', () => {
  test.each<[number, string[]]>([
    [8192, []],
    [8193, ['warning /Hub/Bus']],
    [LIMIT, ['warning /Hub/Bus']],
    [LIMIT + 1, ['error /Hub/Bus']],
  ])('of %d characters is judged to the letter', (characters, expected) => {
    const bus = new CfnEventBus(hub, 'Bus', { name: 'orders' });
    add(hub, 'One', 5000, bus.ref);
    add(hub, 'Two', toReach(characters), bus.ref);
    checked();

    const messages = messagesOf(hub);
    expect(messages.map((m) => m.split(' ').slice(0, 2).join(' '))).toEqual(expected);
    for (const message of messages) {
      expect(message).toContain(`has ${characters} characters in 2 statements, of 10240 allowed`);
    }
  });

  test('is told with the bus, the longest statement, the remedy and the id', () => {
    const bus = new CfnEventBus(hub, 'Bus', { name: 'orders' });
    add(hub, 'One', 5000, bus.ref);
    add(hub, 'Two', 4900, bus.ref);
    checked();

    const [message] = messagesOf(hub);
    expect(message).toContain(BUS_ARN);
    expect(message).toContain(`; 'One' takes ${stored(['One', 5000]) - stored()}, 'Two' `);
    expect(message).toContain('let an organization in');
    expect(message).toContain('L-FC354966');
    expect(message).toContain(SIZE);
  });

  test.each<[string, (bus: CrossAccountEventBus, accounts: string[]) => unknown, RegExp]>([
    [
      'a statement each',
      (bus, accounts) =>
        accounts.forEach((account) => bus.grantPutEventsTo(new AccountPrincipal(account), `Account${account}`)),
      pattern(
        /50 accounts take (\d+), room for (\d+) more of (\d+) each; 50 statements /,
        /name one account each and are not merged; EventPublisher.accounts\(\) for /,
        /all of them, without a 'sid', would save (\d+); AccountGrantForm.COMPACT /,
        /would save (\d+); /,
      ),
    ],
    [
      'a list',
      (bus, accounts) => bus.allowPublisher(EventPublisher.accounts(...accounts)),
      /50 accounts take (\d+), room for (\d+) more of 33 each; AccountGrantForm.COMPACT would save (\d+); /,
    ],
  ])(
    'is told with what accounts take in %s, how many still fit, and what would save how much',
    (_, allowAll, details) => {
      const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
      allowAll(
        bus,
        Array.from({ length: 50 }, (_unused, i) => String(222_222_222_222 + i)),
      );
      checked({ warningThresholdPercent: 1 });

      const [message] = messagesOf(hub);
      expect(message).toMatch(details);
      const total = Number(/has (\d+) characters/.exec(message)![1]);
      const [, fit, each] = /room for (\d+) more of (\d+) each/.exec(message)!.map(Number);
      expect([total + fit * each <= LIMIT, total + (fit + 1) * each > LIMIT]).toEqual([true, true]);
    },
  );

  test('is told with how much it is too long by', () => {
    new CrossAccountEventBus(hub, 'Bus', {
      eventBusName: 'orders',
      publishers: [EventPublisher.accounts(...Array.from({ length: 400 }, (_, i) => String(222_222_222_222 + i)))],
    });
    checked();
    const [message] = messagesOf(hub);
    expect(message).toContain('; 400 accounts take ');
    expect(message).toContain(
      `, ${Number(/has (\d+) characters/.exec(message)![1]) - LIMIT} characters too many; ` +
        'AccountGrantForm.COMPACT would save ',
    );
  });

  test('is told with the five longest statements, and all others together', () => {
    const bus = new CfnEventBus(hub, 'Bus', { name: 'orders' });
    for (let i = 0; i < 7; i++) add(hub, `S${i}`, 1000 + i, bus.ref);
    checked({ warningThresholdPercent: 1 });
    const size = stored(['S0', 1000]) - stored();
    expect(messagesOf(hub)[0]).toContain(
      `; 'S6' takes ${size + 6}, 'S5' ${size + 5}, 'S4' ${size + 4}, 'S3' ${size + 3}, 'S2' ${size + 2}` +
        `, 2 others ${2 * size + 1}; `,
    );
  });

  test('fails cdk synth when it is over the limit', () => {
    add(hub, 'One', 10_240, new CfnEventBus(hub, 'Bus', { name: 'orders' }).ref);
    checked();

    expect(
      app
        .synth()
        .getStackArtifact('Hub')
        .messages.map(({ level }) => level),
    ).toEqual(['error']);
  });

  test('can be acknowledged where it is a warning', () => {
    const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
    add(hub, 'One', 9000, bus.eventBusName);
    checked();
    Annotations.of(bus).acknowledgeWarning(SIZE);

    expect(messagesOf(hub)).toEqual([]);
  });

  test('is judged by the limit and threshold that are given', () => {
    add(hub, 'One', 9_000, new CfnEventBus(hub, 'Bus', { name: 'orders' }).ref);
    checked({ eventBusPolicyLimit: 20_000, warningThresholdPercent: 50 });

    expect(messagesOf(hub)).toEqual([]);
  });

  test.each<[PolicySizeAspectProps, RegExp]>([
    [{ eventBusPolicyLimit: 0 }, /'eventBusPolicyLimit' must be a whole number of at least 1, got 0/],
    [{ functionPolicyLimit: 1.5 }, /'functionPolicyLimit' must be a whole number/],
    [{ functionPolicyLimit: NaN }, /'functionPolicyLimit' must be a whole number/],
    [{ warningThresholdPercent: 101 }, /'warningThresholdPercent' must be a whole number from 1 to 100, got 101/],
  ])('fails for %p', (props, message) => {
    expect(() => new PolicySizeAspect(props)).toThrow(message);
  });
});

describe('statements of one bus are added up', () => {
  const one = stored(['One', 5000], ['Two', 5000]);
  const expected = [
    expect.stringContaining(`error /Hub/Bus the policy of bus ${BUS_ARN} has ${one} characters in 2 statements`),
  ];

  function bus(): CfnEventBus {
    const made = new CfnEventBus(hub, 'Bus', { name: 'orders' });
    add(hub, 'One', 5000, made.ref);
    checked();
    return made;
  }

  test.each<[string, (other: Stack, made: CfnEventBus) => unknown]>([
    ['by reference from another stack', (other, made) => add(other, 'Two', 5000, made.ref)],
    ['by an attribute of the bus', (other, made) => add(other, 'Two', 5000, made.attrArn)],
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
      (other, made) => add(other, 'Two', 5000, EventBus.fromEventBusArn(other, 'Imported', made.attrArn).eventBusName),
    ],
    [
      'by export of a name',
      (other, made) => {
        new CfnOutput(hub, 'Export', { value: made.ref, exportName: 'OrdersBus' });
        add(other, 'Two', 5000, Fn.importValue('OrdersBus'));
      },
    ],
    ['by export of an ARN', (other, made) => add(other, 'Two', 5000, hub.exportValue(made.attrArn))],
    [
      'by property override',
      (other) => add(other, 'Two', 5000, 'elsewhere').addPropertyOverride('EventBusName', 'orders'),
    ],
    [
      'by raw override',
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
    ['from a nested stack', (other, made) => add(new NestedStack(other, 'Nested'), 'Two', 5000, made.ref)],
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

    expect([...messagesOf(hub), ...messagesOf(app.node.findChild('Other') as Stack)]).toEqual(expected);
  });

  test('with the policy that stands in the bus itself', () => {
    bus().policy = { Version: '2012-10-17', Statement: [{ Sid: 'Two', ...statement(5000) }] };

    expect(messagesOf(hub)).toEqual(expected);
  });

  test('with those that the L2 adds', () => {
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

    expect(messagesOf(hub)).toEqual([expect.stringMatching(/^error \/Hub\/Bus\/Resource .* in 55 statements/)]);
  });

  test('with the form of principal, action and condition', () => {
    const classic = (StatementId: string, more: object) =>
      new CfnResource(hub, StatementId, {
        type: 'AWS::Events::EventBusPolicy',
        properties: { StatementId, EventBusName: 'orders', Action: 'events:PutEvents', ...more },
      });
    classic('One', {
      Principal: '*',
      Condition: { Type: 'StringEquals', Key: 'aws:PrincipalOrgID', Value: 'o-a1b2c3d4e5' },
    });
    classic('Two', { Principal: PUBLISHER.account });
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
        { Sid: 'Two', ...basics, Principal: { AWS: `arn:aws:iam::${PUBLISHER.account}:root` } },
      ],
    }).length;
    expect(messagesOf(hub)).toEqual([
      expect.stringContaining(`error /Hub/One the policy of bus ${BUS_ARN} has ${length} characters`),
    ]);
  });
});

describe('statements that are not of one bus are not added up', () => {
  const apart = (arrange: (other: Stack) => unknown, env = HUB) => {
    add(hub, 'One', 5000, new CfnEventBus(hub, 'Bus', { name: 'orders' }).ref);
    const other = testStack('Other', env, app);
    arrange(other);
    checked();
    return [...messagesOf(hub), ...messagesOf(other)];
  };

  test('by name in another account', () => {
    expect(apart((other) => add(other, 'Two', 5000, 'orders'), CONSUMER)).toEqual([]);
  });

  test('by exports of another app', () => {
    expect(
      apart((other) => {
        add(other, 'Two', 5000, Fn.importValue('OneBus'));
        add(other, 'Three', 5000, Fn.importValue('OtherBus'));
      }),
    ).toEqual([]);
  });

  test('when the statement is removed again', () => {
    expect(
      apart((other) => add(other, 'Two', 5000, 'orders').addPropertyDeletionOverride('Statement.Condition')),
    ).toEqual([]);
  });

  test('for certain when a condition decides which of them is made', () => {
    const messages = apart((other) => {
      const expression = Fn.conditionEquals(new CfnParameter(other, 'Stage'), 'prod');
      add(other, 'Two', 5000, 'orders').cfnOptions.condition = new CfnCondition(other, 'Production', { expression });
    });
    expect(messages).toEqual([
      expect.stringMatching(/^warning \/Hub\/Bus .* has about \d+ characters \(at least 5\d{3},/),
    ]);
  });
});

test('a healthy bus with a hundred accounts says nothing', () => {
  const accounts = Array.from({ length: 100 }, (_, i) => String(400000000000 + i));
  new CrossAccountEventBus(hub, 'Bus', { publishers: [EventPublisher.accounts(...accounts)] });
  checked();
  expect(messagesOf(hub)).toEqual([]);
});

test('buses of one name in stacks that may go to different places are not added up', () => {
  const agnostic = testApp();
  const ids = Array.from({ length: 160 }, (_, i) => String(200000000000 + i));
  const stacks = ['Dev', 'Prod'].map((id) => new Stack(agnostic, id));
  for (const stack of stacks) {
    new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'central', publishers: [EventPublisher.accounts(...ids)] });
  }
  Aspects.of(agnostic).add(new PolicySizeAspect());

  expect(stacks.flatMap(messagesOf)).toEqual([]);
});
