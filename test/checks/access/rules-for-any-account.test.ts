import { Fn } from 'aws-cdk-lib';
import { checkRuleWithoutAccount } from '../../../src/checks/access/rule-without-account';
import { findingsOfCheck, placeOf } from '../../support/check-findings';
import { ThreeAccounts, cfnEventBusPolicy, cfnRule } from '../../support/three-accounts';

const ANY_ACCOUNT = { Principal: '*' };
const SHOP_EVENTS = { source: ['com.shop'] };
const REPORTED = ['warning ruleMatchesAnyAccount /Hub/Rule0'];

/** The findings on a bus with a statement for each of these, and a rule for each pattern. */
function findingsOf(statements: object[], patterns: object[] = [{ eventPattern: SHOP_EVENTS }]) {
  const three = new ThreeAccounts();
  statements.forEach((statement, i) =>
    cfnEventBusPolicy(three.hub, statement, { id: `Policy${i}`, sid: `Statement${i}` }),
  );
  patterns.forEach((props, i) => cfnRule(three.hub, undefined, { eventBusName: 'orders', ...props }, `Rule${i}`));
  return findingsOfCheck(three.app, checkRuleWithoutAccount);
}

const inCondition = (operator: string, key: string, value: unknown) => ({
  ...ANY_ACCOUNT,
  Condition: { [operator]: { [key]: value } },
});

describe('a rule without an account', () => {
  test.each<[string, object[]]>([
    ['any event', [ANY_ACCOUNT]],
    ['any event, in the second statement', [{ Principal: { AWS: '222222222222' } }, ANY_ACCOUNT]],
    ['any event, among other actions', [{ ...ANY_ACCOUNT, Action: ['events:PutRule', 'events:PutEvents'] }]],
    [
      'all actions but others',
      [{ ...ANY_ACCOUNT, Action: undefined, NotAction: ['events:PutRule', 'events:DescribeRule'] }],
    ],
    ['given sources, if there is a source', [inCondition('StringEqualsIfExists', 'events:source', 'x')]],
    ['given sources or any', [inCondition('StringLike', 'events:source', ['x', '*'])]],
    ['sources other than given ones', [inCondition('StringNotEquals', 'events:source', 'x')]],
    ['a given network', [inCondition('StringEquals', 'aws:SourceVpc', 'vpc-1')]],
    ['a given network, by another operator', [inCondition('IpAddress', 'aws:SourceIp', '192.0.2.0/24')]],
  ])('is reported if any AWS account can put %s', (_, statements) => {
    expect(findingsOf(statements).map(placeOf)).toEqual(REPORTED);
  });

  test.each<[string, object[]]>([
    ['is no statement', []],
    ['is a statement for an account', [{ Principal: { AWS: '222222222222' } }]],
    ['is a deny statement', [{ ...ANY_ACCOUNT, Effect: 'Deny' }]],
    ['is a statement for another action', [{ ...ANY_ACCOUNT, Action: 'events:PutRule' }]],
    ['is a statement for an action known only at deployment', [{ ...ANY_ACCOUNT, Action: Fn.importValue('Action') }]],
    [
      'is a statement for all actions but that one',
      [{ ...ANY_ACCOUNT, Action: undefined, NotAction: ['events:PutRule', 'events:PutEvents'] }],
    ],
    ['is a condition on the source', [inCondition('StringEquals', 'events:source', ['x', 'y'])]],
    ['is a condition on the detail type', [inCondition('StringLike', 'events:detail-type', 'x*')]],
    [
      'is a condition on the source that never matches',
      [
        {
          ...inCondition('StringEquals', 'events:source', '*'),
          Condition: { StringEquals: { 'events:source': '*' }, Null: { 'events:source': 'true' } },
        },
      ],
    ],
  ])('is not reported if there %s', (_, statements) => {
    expect(findingsOf(statements)).toEqual([]);
  });

  test('is reported with the names of at most three rules', () => {
    const problemOf = (count: number) => {
      const [{ problem }] = findingsOf([ANY_ACCOUNT], Array(count).fill({ eventPattern: SHOP_EVENTS }));
      return problem;
    };
    expect(problemOf(2)).not.toContain(' more');
    expect(problemOf(3)).toContain("'rule2'");
    expect(problemOf(3)).not.toContain(' more');
    expect(problemOf(5)).toContain(' 2 more');
    expect(problemOf(5)).not.toContain("'rule3'");
  });

  test('is reported with the fix for a statement without conditions', () => {
    const three = new ThreeAccounts();
    const policy = cfnEventBusPolicy(three.hub);
    Object.assign(policy, { statement: undefined, principal: '*', action: 'events:PutEvents' });
    cfnRule(three.hub, undefined, { eventBusName: 'orders' });
    const [{ fix }] = findingsOfCheck(three.app, checkRuleWithoutAccount);
    expect(fix).toContain("'Statement'");
    expect(findingsOf([ANY_ACCOUNT])[0].fix).not.toContain("'Statement'");
  });
});

describe('on a bus for any AWS account', () => {
  test.each<[string, object]>([
    ['any suffix', { account: [{ suffix: '' }] }],
    ['any text, by several wildcards', { account: [{ wildcard: '**' }] }],
    ['any account, among others', { account: ['222222222222', { exists: true }] }],
    ['no source', { source: [] }],
    ['a source in another form', { source: 'aws.s3' }],
    ['any of several sources', { source: [{ prefix: 'aws.' }, { suffix: 'aws.' }] }],
    ['text that is not a pattern', { 'Fn::Sub': '["x"]' }],
  ])('a rule is reported that matches %s', (_, eventPattern) => {
    expect(findingsOf([ANY_ACCOUNT], [{ eventPattern }]).map(placeOf)).toEqual(REPORTED);
  });

  test.each<[string, object]>([
    ['no event, because it is disabled', { eventPattern: SHOP_EVENTS, state: 'DISABLED' }],
    ['no event, because it is scheduled', { eventPattern: undefined, scheduleExpression: 'rate(1 day)' }],
    ['events on another bus', { eventPattern: SHOP_EVENTS, eventBusName: 'other' }],
    ['no account', { eventPattern: { account: [] } }],
    ['accounts with a prefix', { eventPattern: { account: [{ prefix: '2' }] } }],
    ['accounts with a suffix', { eventPattern: { account: [{ suffix: '2' }] } }],
    ['accounts by a wildcard before other characters', { eventPattern: { account: [{ wildcard: '*2' }] } }],
    ['accounts by a wildcard behind other characters', { eventPattern: { account: [{ wildcard: '2*' }] } }],
    ['events without an account', { eventPattern: { account: [{ exists: false }] } }],
    ['a wildcard as the account', { eventPattern: { account: ['*'] } }],
  ])('a rule is not reported that matches %s', (_, rule) => {
    expect(findingsOf([ANY_ACCOUNT], [rule])).toEqual([]);
  });

  test('each bus is reported with its own rules', () => {
    const three = new ThreeAccounts();
    for (const bus of ['orders', 'returns']) {
      cfnEventBusPolicy(three.hub, ANY_ACCOUNT, { id: `Policy-${bus}`, sid: bus, bus });
      cfnRule(three.hub, undefined, { eventBusName: bus }, `Rule-${bus}`);
    }
    expect(findingsOfCheck(three.app, checkRuleWithoutAccount).map(placeOf)).toEqual(
      ['orders', 'returns'].map((bus) => `warning ruleMatchesAnyAccount /Hub/Rule-${bus}`),
    );
  });

  test.each<[string, object]>([
    ['the pattern', { eventPattern: Fn.importValue('Pattern') as never }],
    ['branches', { eventPattern: { $or: Fn.importValue('Branches') } }],
    ['accounts', { eventPattern: { account: Fn.importValue('Accounts') } }],
  ])('it is unknown whether a rule matches any account if synthesis does not know %s', (_, rule) => {
    const [certain] = findingsOf([ANY_ACCOUNT]);
    const found = findingsOf([ANY_ACCOUNT], [rule]);
    expect(found.map(placeOf)).toEqual(REPORTED);
    expect(found[0].problem).not.toBe(certain.problem);
    expect(found[0].problem).toContain(certain.problem);
  });
});
