import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { CfnEventBus, EventBus } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, CfnRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { CrossAccountEventBus, CrossAccountEventBusPolicy, EventPublisher } from '../../../../src';
import { AppIndex } from '../../../../src/app-model/app-index';
import { Identity } from '../../../../src/app-model/app-model';
import { OtherApp } from '../../../../src/app-model/other-apps';
import { assumedIdentity } from '../../../../src/checks/delivery/lib/assumed-identity';
import {
  allowAccountsOnBus,
  allowOnBus,
  allowOnOtherBus,
  ifUnnamed,
  isForOtherRules,
  onPolicyOf,
} from '../../../../src/checks/delivery/lib/bus-grants';
import { HUB, SHOP, testApp, testFunction, testStack } from '../../../support/apps';
import { busArn, cfnEventBus, roleArn, rootArn, ruleArn } from '../../../support/three-accounts';

const ROLE = roleArn('publisher');
const RULE = ruleArn('rule', SHOP);
const BUS = busArn();

let app: App;
let hub: Stack;
beforeEach(() => {
  app = testApp();
  hub = testStack('Hub', HUB, app);
});

function identity(arn = ROLE, name = 'publisher', construct = { node: { path: 'Shop/Role/Resource' } }): Identity {
  return assumedIdentity({ arn, account: SHOP.account, name }, construct as CfnResource);
}
const unnamed = () => identity(roleArn('‹RoleName of Shop/Role/Resource›'), '‹RoleName of Shop/Role/Resource›');
const user = () => identity(`arn:aws:iam::${SHOP.account}:user/u`, 'u');
const HOW_TO_NAME =
  "; the name of role 'Shop/Role' is known only at deployment: to allow only this role, set its 'roleName', and use " +
  'EventPublisher.role()';

describe('the fix for a bus', () => {
  const fix = (...rest: [Identity, string, object[]?, string?]) =>
    allowOnBus(AppIndex.of(app), ...(rest as [Identity, string]));

  test.each<[string, Identity, object[] | undefined, string | undefined, string]>([
    ['a role', identity(), undefined, undefined, `EventPublisher.role('${ROLE}')`],
    ['a user', user(), [], undefined, "EventPublisher.accounts('222222222222')"],
    [
      'events with a source, each once',
      identity(),
      [{ source: 'a' }, { source: 'b' }, { source: 'a' }],
      undefined,
      `EventPublisher.role('${ROLE}'), { sources: ['a', 'b'] }`,
    ],
    [
      'events with a detail type',
      user(),
      [{ 'detail-type': 'A' }],
      undefined,
      "EventPublisher.accounts('222222222222'), { detailTypes: ['A'] }",
    ],
    [
      'events of a rule',
      user(),
      [{ source: 'a', 'detail-type': 'A' }],
      RULE,
      `EventPublisher.accounts('222222222222'), { sources: ['a'], detailTypes: ['A'], ruleArns: ['${RULE}'] }`,
    ],
    [
      'events of which one has no source',
      user(),
      [{ source: 'a', 'detail-type': 'A' }, { 'detail-type': 'B' }],
      undefined,
      "EventPublisher.accounts('222222222222'), { detailTypes: ['A', 'B'] }",
    ],
    [
      'events and rules that only deployment tells',
      user(),
      [{ source: '‹Source›' }],
      ruleArn('‹Name›'),
      "EventPublisher.accounts('222222222222')",
    ],
  ])('is a call for %s', (_, publisher, events, rule, call) => {
    cfnEventBus(hub);
    const place = "on a CrossAccountEventBusPolicy for 'Hub/Bus'";
    expect(fix(publisher, BUS, events, rule)).toBe(`call allowPublisher(${call}) ${place}`);
  });

  test('is a call for the account of a role whose name is known only at deployment, and says why', () => {
    const call = "call allowPublisher(EventPublisher.accounts('222222222222')) ";
    expect(fix(unnamed(), BUS)).toBe(`${call}on a CrossAccountEventBusPolicy for bus ${BUS}${HOW_TO_NAME}`);
  });

  const ofRole = { Effect: 'Allow', Principal: { AWS: ROLE }, Action: 'events:PutEvents', Resource: BUS };
  const ofAccount = { ...ofRole, Principal: { AWS: SHOP.account } };
  const forRule = { Condition: { ArnLike: { 'aws:SourceArn': RULE } } };
  test.each<[string, () => Identity, string | undefined, object, string]>([
    ['a role', identity, undefined, { Principal: { AWS: rootArn(SHOP) } }, ''],
    ['a user', user, undefined, ofAccount, ''],
    ['a user, by a rule', user, RULE, { ...ofAccount, ...forRule }, ''],
    ['a user, by a rule that only deployment tells', user, ruleArn('‹Name›'), ofAccount, ''],
    ['a role whose name only deployment tells', unnamed, undefined, ofAccount, HOW_TO_NAME],
  ])('with its own policy is a statement to add there: %s', (_, publisher, rule, statement, end) => {
    cfnEventBus(hub, 'Bus', 'orders', { policy: { Statement: [{ ...ofRole, Principal: '*' }] } });
    const text = fix(publisher(), BUS, [], rule);
    const [, json, rest] = /^add this statement to the 'policy' property of 'Hub\/Bus': (\{.*\})(;.*)?$/.exec(text)!;
    expect(JSON.parse(json)).toMatchObject(statement);
    expect(rest ?? '').toBe(end);
    expect('Condition' in JSON.parse(json)).toBe('Condition' in statement || publisher === identity);
  });

  test('is for several accounts, or says where to allow them', () => {
    cfnEventBus(hub);
    const accounts = [SHOP.account, '333333333333'];
    expect(allowAccountsOnBus(AppIndex.of(app), accounts, BUS, [{ source: 'a' }])).toBe(
      "call allowPublisher(EventPublisher.accounts('222222222222', '333333333333'), { sources: ['a'] }) on a " +
        "CrossAccountEventBusPolicy for 'Hub/Bus'",
    );
    (hub.node.findChild('Bus') as CfnEventBus).policy = { Statement: [{ ...ofRole, Principal: '*' }] };
    expect(allowAccountsOnBus(AppIndex.of(app), accounts, BUS, [])).toBe(
      "allow 222222222222, 333333333333 to put these events in the 'policy' property of 'Hub/Bus'",
    );
  });

  test.each([
    [BUS, 'in account 111111111111'],
    [busArn('orders', { ...HUB, account: '‹Account›' }), 'in the account of the bus'],
    ['‹Arn›', 'in the account of the bus'],
  ])('of another app is a call there: %s', (arn, place) => {
    const call = `call allowPublisher(EventPublisher.role('${ROLE}')) for the bus, then acknowledge this warning`;
    expect(allowOnOtherBus(identity(), arn)).toBe(`${place}, ${call}`);
    expect(allowOnOtherBus(unnamed(), arn)).toContain(HOW_TO_NAME);
  });
});

describe('the construct that has the grants of a bus', () => {
  const place = (bus: Construct | undefined, others: OtherApp[] = []) => onPolicyOf(AppIndex.of(app, others), bus, BUS);

  test('is the CrossAccountEventBus', () => {
    const bus = new CrossAccountEventBus(hub, 'Bus', { publishers: [EventPublisher.accounts(SHOP.account)] });
    expect(place(bus.node.findChild('Resource') as Construct)).toBe("on 'Hub/Bus'");
  });

  test('is the CrossAccountEventBusPolicy', () => {
    const eventBus = new EventBus(hub, 'Bus');
    new CrossAccountEventBusPolicy(hub, 'Grants', { eventBus, publishers: [EventPublisher.accounts(SHOP.account)] });
    expect(place(eventBus.node.defaultChild as Construct)).toBe("on 'Hub/Grants'");
  });

  test('is one to create for another bus, also if it has a grant of the CDK', () => {
    const bus = new EventBus(hub, 'Bus');
    bus.addToResourcePolicy(
      new PolicyStatement({
        sid: 'S',
        principals: [new AccountPrincipal(SHOP.account)],
        actions: ['events:PutEvents'],
      }),
    );
    expect(place(bus.node.defaultChild as Construct)).toBe("on a CrossAccountEventBusPolicy for 'Hub/Bus'");
    expect(place(undefined)).toBe(`on a CrossAccountEventBusPolicy for bus ${BUS}`);
  });

  test.each([
    [false, "for bus 'Hub/Bus' in app 'hub'"],
    [true, "on a CrossAccountEventBusPolicy for 'Hub/Bus'"],
  ])('is in the other app that has the bus, unless it is a stage: %s', (isStage, expected) => {
    const root = testApp();
    const bus = cfnEventBus(testStack('Hub', HUB, root));
    expect(place(bus, [new OtherApp("app 'hub'", root, isStage)])).toBe(expected);
  });
});

test('a role that a function made for itself is replaced by one with a name', () => {
  const { role } = testFunction(testStack('Shop', SHOP, app), 'Handler');
  const publisher = { ...unnamed(), construct: role!.node.defaultChild as CfnRole };
  expect(ifUnnamed(publisher)).toMatch(
    /: to allow only this role, pass a PublisherRole as the 'role' of 'Shop\/Handler'$/,
  );
  expect(ifUnnamed(unnamed(), 'do this')).toMatch(/: to allow only this role, set its 'roleName', and do this$/);
  expect([ifUnnamed(identity()), ifUnnamed(user())]).toEqual(['', '']);
});

test.each([
  ['aws:SourceArn', 'resource', true],
  ['AWS:sourcearn', 'resource', true],
  ['aws:SourceArn', 'identity', false],
  ['events:source', 'resource', false],
  [undefined, 'resource', false],
] as const)(
  'a statement with a condition on %p in the %s policy is for other rules: %s',
  (key, policyType, expected) => {
    expect(isForOtherRules({ decision: 'denied', reason: '', policyType, unmatchedKey: key })).toBe(expected);
  },
);
