import { App, Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { EventAssertions } from '../../src';
import { deliveryGraph } from '../../src/delivery-graph/build-graph';
import { DeliveryGraph } from '../../src/delivery-graph/delivery-graph';
import { explain } from '../../src/delivery-graph/explain';
import { flowchart } from '../../src/delivery-graph/flowchart';
import { graphOf as graphOfPage, pageData } from '../../src/page/page-data';
import { command } from '../support/command';
import { diffJson } from '../support/diffs';
import { connectionLines, deliveryLines, graphInputOf, graphOf } from '../support/graphs';
import {
  busArn,
  cfnEventBus,
  cfnEventBusPolicy,
  cfnRule,
  cfnRuleToQueue,
  executionRole,
  inThreeAccounts,
  publisherRole,
  roleArn,
  ruleArn,
} from '../support/three-accounts';

const limitedTo = (value: string | string[], operator = 'StringEquals', key = 'events:source') => ({
  Condition: { [operator]: { [key]: value } },
});

const ROLE = { Principal: { AWS: roleArn('publisher') } };
const OTHER_ROLE = { Principal: { AWS: roleArn('other') } };

/** A role whose own policy allows any event, a bus in another account with a policy, and a rule for each source. */
function appWith(sources: readonly string[], ...statements: readonly object[]): App {
  return inThreeAccounts(({ hub, shop }) => {
    publisherRole(shop);
    hubWith(hub, sources, ...statements);
  })();
}

function hubWith(hub: Stack, sources: readonly string[], ...statements: readonly object[]): void {
  cfnEventBus(hub);
  for (const [index, statement] of statements.entries()) {
    cfnEventBusPolicy(hub, { ...ROLE, ...statement }, { id: `Policy${index}`, sid: `Statement${index}` });
  }
  for (const source of sources) ruleFor(hub, source);
}

function ruleFor(stack: Stack, source: string, eventBusName = 'orders'): CfnRule {
  const id = source.replace(/\./g, '-');
  return cfnRuleToQueue(stack, { eventBusName, eventPattern: { source: [source] } }, id);
}

/** What the role puts and delivers, without the names of targets: `com.shop/* allowed`. */
function ofRole(graph: DeliveryGraph): { puts: string[]; deliveries: string[] } {
  const own = (lines: string[], start: string) => lines.filter((line) => line.startsWith(start));
  const withoutNames = (line: string) => line.replace(/^.* > \S+ /, '');
  return {
    puts: own(connectionLines(graph), 'putEvents publisher').map(withoutNames),
    deliveries: own(deliveryLines(graph), 'publisher').map(withoutNames).sort(),
  };
}

describe('a role that may put any event by its own policy', () => {
  test.each([
    [
      'puts what the bus allows it',
      ['com.shop', 'com.web'],
      [limitedTo('com.shop'), OTHER_ROLE],
      ['com.shop/* allowed'],
      ['com.shop/* allowed'],
    ],
    [
      'puts what several statements allow it',
      ['com.shop', 'com.web'],
      [limitedTo(['com.shop', 'com.web'])],
      ['com.shop/*,com.web/* allowed'],
      ['com.shop/* allowed', 'com.web/* allowed'],
    ],
    [
      'puts sources that begin like those of the statement',
      ['com.shop.eu'],
      [limitedTo('com.shop.*', 'StringLike')],
      ['com.shop.*/* allowed'],
      ['com.shop.eu/* allowed'],
    ],
    [
      'puts detail types that the statement names',
      ['com.shop'],
      [limitedTo('Paid', 'StringEquals', 'events:detail-type')],
      ['*/Paid allowed'],
      ['com.shop/Paid allowed'],
    ],
    [
      'does not put what a rule waits for and nobody is allowed to put',
      ['com.shp'],
      [limitedTo('com.shop')],
      ['com.shp/* denied', 'com.shop/* allowed'],
      ['com.shp/* denied'],
    ],
    [
      'does not put what a rule waits for that only AWS services put',
      ['aws.health'],
      [limitedTo('com.shop')],
      ['com.shop/* allowed'],
      [],
    ],
    [
      'puts any event if the statement names none',
      ['com.shop', 'com.web'],
      [{}],
      ['*/* allowed'],
      ['com.shop/* allowed', 'com.web/* allowed'],
    ],
    [
      'puts any event but those that a statement denies',
      ['com.shop', 'com.web'],
      [{}, { Effect: 'Deny', ...limitedTo('com.web') }],
      ['*/* unknown', 'com.shop/* allowed', 'com.web/* denied'],
      ['com.shop/* allowed', 'com.web/* denied'],
    ],
    [
      'puts any event but those that a statement does not allow',
      ['com.shop', 'com.web'],
      [limitedTo('com.web', 'StringNotEquals')],
      ['*/* allowed', 'com.web/* denied'],
      ['com.shop/* allowed', 'com.web/* denied'],
    ],
    ['puts nothing if the bus allows nothing', ['com.shop'], [], ['*/* denied'], ['com.shop/* denied']],
    [
      'puts nothing if the bus allows another role only',
      ['com.shop'],
      [{ ...OTHER_ROLE, ...limitedTo('com.shop') }],
      ['*/* denied'],
      ['com.shop/* denied'],
    ],
  ])('%s', (_, sources, statements, puts, deliveries) => {
    const found = ofRole(graphOf(appWith(sources, ...statements)));
    expect({ ...found, puts: [...found.puts].sort() }).toEqual({ puts: [...puts].sort(), deliveries });
  });

  test('puts any event on a bus of its own account, whose policy it does not need', () => {
    const app = inThreeAccounts(({ hub }) => {
      publisherRole(hub);
      hubWith(hub, ['com.web'], { Principal: { AWS: roleArn('publisher', hub) }, ...limitedTo('com.shop') });
    })();
    expect(ofRole(graphOf(app))).toEqual({ puts: ['*/* allowed'], deliveries: ['com.web/* allowed'] });
  });

  test('does not put events of AWS services', () => {
    const app = inThreeAccounts(({ hub }) => {
      publisherRole(hub, busArn('default'));
      for (const source of ['aws.health', 'com.shop']) ruleFor(hub, source, 'default');
    })();
    expect(ofRole(graphOf(app)).deliveries).toEqual(['com.shop/* allowed']);
    expect(deliveryLines(graphOf(app)).filter((line) => line.startsWith('aws.health'))).toHaveLength(1);
  });

  test('does not put what rules forward from another bus', () => {
    const appForwarding = (source: string) =>
      inThreeAccounts(({ hub, shop }) => {
        publisherRole(shop);
        hubWith(hub, ['com.web'], limitedTo('com.shop'));
        cfnEventBus(hub, 'OtherBus', 'other');
        executionRole(hub, ruleArn('other/forward'), busArn());
        const target = { arn: busArn(), roleArn: roleArn('sender', hub) };
        cfnRule(hub, target, { eventBusName: 'other', eventPattern: { source: [source] } }, 'Forward');
      })();
    expect(ofRole(graphOf(appForwarding('com.web'))).deliveries).toEqual([]);
    expect(ofRole(graphOf(appForwarding('com.other'))).deliveries).toEqual(['com.web/* denied']);
  });
});

test('explain, the flowchart, the page and the assertions agree about an event that the bus denies', () => {
  const app = appWith(['com.shp'], limitedTo('com.shop'));
  const input = graphInputOf(app);
  const graph = deliveryGraph(input);

  expect(explain(input, {}).decision).toBe('denied');
  for (const question of [
    { source: 'com.shp' },
    { from: 'publisher', source: 'com.shp' },
    { to: 'Hub/com-shpQueue' },
  ]) {
    const { decision, deliveries } = explain(input, question);
    expect([decision, deliveries.map((one) => [one.decision, one.steps[0].missing?.policyOf])]).toEqual([
      'denied',
      [['denied', busArn()]],
    ]);
  }
  expect(graphOfPage(JSON.parse(JSON.stringify(pageData(graph)))).deliveries.map(({ decision }) => decision)).toEqual([
    'denied',
  ]);
  expect(flowchart(graph)).toContain('-.->|"denied<br>com.shp"|');
  const target = app.node.findChild('Hub').node.findChild('com-shpQueue') as Queue;
  const event = { source: 'com.shp', detailType: 'Paid' };
  EventAssertions.of(app).refused({ event, publisherArn: roleArn('publisher'), target });
});

test('explain is not concerned by events that others put', () => {
  const input = graphInputOf(appWith(['com.shop', 'com.web'], limitedTo('com.shop'), OTHER_ROLE));
  expect(explain(input, {}).decision).toBe('allowed');
  expect(explain(input, { source: 'com.web' }).decision).toBe('allowed');
  expect(explain(input, { from: 'publisher', source: 'com.web' }).decision).toBe('denied');
});

test('diff has a delivery removed if the bus does not allow its source any more', () => {
  const [before, after] = [['com.shop', 'com.web'], ['com.shop']].map(
    (allowed) => appWith(['com.shop', 'com.web'], limitedTo(allowed)).synth().directory,
  );
  const { deliveries, publishers } = diffJson(before, after);
  const removed = { change: 'removed', before: 'allowed', after: 'denied', event: { source: 'com.web' } };
  expect([deliveries, publishers]).toMatchObject([[removed], [removed]]);
  expect(command('diff', before, after, '--fail-on', 'removed-delivery').status).toBe(1);
  expect(command('diff', after, before, '--fail-on', 'removed-delivery').status).toBe(0);
});
