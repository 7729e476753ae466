import { CfnCondition, Fn, Stack } from 'aws-cdk-lib';
import { CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import { AppIndex } from '../../../src/app-model/app-index';
import { EventBusQuotas } from '../../../src/checks/quotas/quota-limits';
import { checkResourcePolicies } from '../../../src/checks/quotas/resource-policies';
import { checkRulesAndPatterns } from '../../../src/checks/quotas/rules-and-patterns';
import { HUB } from '../../support/apps';
import { placeOf } from '../../support/check-findings';
import { AWS_LIMITS } from '../../support/quota-limits';
import { ThreeAccounts, cfnRule, queueArn } from '../../support/three-accounts';

describe('the policy of a queue', () => {
  const statements = (count: number, more: object = {}) =>
    Array.from({ length: count }, (_, i) => ({ Sid: `S${i}`, Effect: 'Allow', Action: 'sqs:SendMessage', ...more }));
  const policy = (hub: Stack, Statement: unknown[], id = 'Policy') =>
    new CfnQueuePolicy(hub, id, {
      queues: [`https://sqs.eu-west-1.amazonaws.com/${HUB.account}/q`],
      policyDocument: { Version: '2012-10-17', Statement },
    });
  const findingsOf = (create: (hub: Stack) => unknown) => {
    const three = new ThreeAccounts();
    create(three.hub);
    const app = AppIndex.of(three.app);
    return checkResourcePolicies(app, new EventBusQuotas(app, AWS_LIMITS), AWS_LIMITS);
  };
  const placesOf = (create: (hub: Stack) => unknown) => findingsOf(create).map(placeOf);
  const found = (level: string, id = 'Policy') => [`${level} queuePolicySize /Hub/${id}`];

  test.each<[number, string[]]>([
    [16, []],
    [17, found('warning')],
    [20, found('warning')],
    [21, found('error')],
  ])('with %i statements is reported or not', (count, expected) => {
    const all = findingsOf((hub) => policy(hub, statements(count)));
    expect(all.map(placeOf)).toEqual(expected);
    for (const { problem } of all) expect(problem).toContain(`in ${count} of 20 allowed statements`);
  });

  test('with too many principals is reported with that problem and fix', () => {
    const Principal = { AWS: Array.from({ length: 51 }, (_, i) => String(100_000_000_000 + i)) };
    const [{ problem, fix }] = findingsOf((hub) => policy(hub, statements(1, { Principal })));
    expect(problem).toContain(", and 51 of 50 allowed principals in statement 'S0'");
    expect(fix).toContain('aws:PrincipalAccount');
  });

  test('is a warning if a condition decides on it', () => {
    const conditional = (hub: Stack) => {
      policy(hub, statements(21)).cfnOptions.condition = new CfnCondition(hub, 'C', {
        expression: Fn.conditionEquals(Fn.importValue('X'), 'y'),
      });
    };
    expect(placesOf(conditional)).toEqual(found('warning'));
  });

  test('of several resources is checked for each, and then together', () => {
    const both = (first: number, second: number) => (hub: Stack) => {
      policy(hub, statements(first));
      policy(hub, statements(second), 'Other');
    };
    expect(placesOf(both(8, 8))).toEqual([]);
    const [together] = findingsOf(both(10, 11));
    expect(placeOf(together)).toBe(found('warning')[0]);
    expect(together.reason).toMatch(/^several resources /);
    const [alone, ...others] = findingsOf(both(5, 21));
    expect([placeOf(alone), others]).toEqual([found('error', 'Other')[0], []]);
    expect(alone.reason).not.toMatch(/several resources/);
  });

  test('has no warning threshold for statements that this library shortens', () => {
    const Resource = queueArn('x'.repeat(7_000));
    const long = (Sid: string) => [{ ...statements(1)[0], Sid, Resource }];
    expect(placesOf((hub) => policy(hub, long('Any')))).toEqual(found('warning'));
    for (const sid of ['EventBridgeEvents', 'EventBridgeDeadLetters']) {
      expect(placesOf((hub) => policy(hub, long(sid)))).toEqual([]);
    }
  });
});

describe('the targets of a rule', () => {
  const placesOf = (targets: unknown, isConditional = false) => {
    const three = new ThreeAccounts();
    const rule = cfnRule(three.hub, undefined, {});
    const condition = (id: string) =>
      new CfnCondition(three.hub, id, { expression: Fn.conditionEquals(Fn.importValue(id), 'x') });
    for (const id of ['A', 'B']) condition(id);
    if (isConditional) rule.cfnOptions.condition = condition('C');
    rule.addPropertyOverride('Targets', targets);
    const app = AppIndex.of(three.app);
    return checkRulesAndPatterns(app, new EventBusQuotas(app, AWS_LIMITS), AWS_LIMITS).map(placeOf);
  };
  const targets = (count: number, prefix = 'T') =>
    Array.from({ length: count }, (_, i) => ({ Id: `${prefix}${i}`, Arn: queueArn(`${prefix}${i}`) }));
  const branches = (name: string, yes: number, no: number) => ({
    'Fn::If': [name, targets(yes, `${name}Y`), targets(no, `${name}N`)],
  });
  const found = (level: string) => [`${level} targetsPerRule /Hub/Rule`];

  test.each<[string, unknown, string[]]>([
    ['five', targets(5), []],
    ['six', targets(6), found('error')],
    ['at most five in either branch', branches('A', 5, 4), []],
    ['six in one branch', branches('A', 6, 1), found('warning')],
  ])('are reported or not: %s', (_, list, expected) => {
    expect(placesOf(list)).toEqual(expected);
  });

  test('are a warning if a condition decides on the rule', () => {
    expect(placesOf(targets(6), true)).toEqual(found('warning'));
  });
});
