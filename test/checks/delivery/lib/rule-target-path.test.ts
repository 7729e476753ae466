import { App, Stack } from 'aws-cdk-lib';
import { CfnRuleProps } from 'aws-cdk-lib/aws-events';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { AppIndex } from '../../../../src/app-model/app-index';
import { checkLogGroupTarget } from '../../../../src/checks/delivery/lib/log-groups';
import { KnownTargetPath, RuleTargetPath } from '../../../../src/checks/delivery/lib/rule-target-path';
import { checkRoleTrust } from '../../../../src/checks/delivery/lib/target-roles';
import { FindingId } from '../../../../src/checks/finding-id';
import { HUB, SHOP, testApp, testStack } from '../../../support/apps';
import { busArn, cfnRule, functionArn, queueArn, roleArn, ruleArn } from '../../../support/three-accounts';

let app: App;
let hub: Stack;
beforeEach(() => {
  app = testApp();
  hub = testStack('Hub', HUB, app);
});

const SENDER = roleArn('sender', HUB);
const STATE_MACHINE = 'arn:aws:states:eu-west-1:111111111111:stateMachine:m';
const INSTANCE = 'arn:aws:events:eu-west-1:111111111111:target/reboot-instance';

function pathTo(arn: string, ofTarget?: string, props: CfnRuleProps = {}): RuleTargetPath {
  cfnRule(hub, { arn, roleArn: ofTarget }, props);
  const index = AppIndex.of(app);
  const [rule] = index.model.rules;
  return new RuleTargetPath(index, rule, rule.targets[0]);
}
const role = (trust: object = { Service: 'events.amazonaws.com' }, more: object = {}) =>
  new CfnRole(hub, 'Role', {
    roleName: 'sender',
    assumeRolePolicyDocument: {
      Statement: [{ Effect: 'Allow', Principal: trust, Action: 'sts:AssumeRole', ...more }],
    },
  });

describe('a rule and its target', () => {
  test.each<[string, string, string]>([
    ['bus', busArn(), `events:PutEvents on ${busArn()}`],
    ['function', functionArn('f'), `lambda:InvokeFunction on ${functionArn('f')}`],
    ['target', 'arn:aws:x:eu-west-1:111111111111:y', 'the action of the target'],
    ['state machine', STATE_MACHINE, `states:StartExecution on ${STATE_MACHINE}`],
  ])('have names in messages: %s', (noun, arn, call) => {
    const path = pathTo(arn);
    expect(path.targetName).toBe(`${noun} ${arn}`);
    expect(path.ruleName).toBe("rule 'rule'");
    expect(path.targetOfRule).toBe("target 'T' of rule 'rule'");
    expect(path.call).toBe(call);
  });

  test.each<[string, string, boolean | undefined]>([
    ['not in one account', queueArn('q'), false],
    ['in two accounts', queueArn('q', SHOP), true],
    ['perhaps if the account is known only at deployment', queueArn('q', { ...SHOP, account: '‹Account›' }), undefined],
  ])('are across accounts: %s', (_, arn, expected) => {
    expect(pathTo(arn).isCrossAccount).toBe(expected);
  });

  test.each<[string, string, string | undefined, boolean]>([
    ['a state machine', STATE_MACHINE, undefined, true],
    ['a state machine with a role', STATE_MACHINE, roleArn('own', HUB), false],
    ['a queue', queueArn('q'), undefined, false],
    ['a bus', busArn(), undefined, false],
  ])('use the role of the rule, where it is needed: %s', (_, arn, ofTarget, expected) => {
    role();
    const path = pathTo(arn, ofTarget, { roleArn: SENDER });
    expect(path.usesRoleOfRule).toBe(expected);
    expect(path.target.roleArn).toBe(expected ? SENDER : ofTarget);
    expect(path.role?.name).toBe(expected ? 'sender' : undefined);
  });

  test('have the events of the pattern, or one event', () => {
    const path = pathTo(busArn());
    expect([path.events, path.isSingleEvent]).toEqual([[{ source: 'com.shop' }], false]);
    const one = new RuleTargetPath(path.app, path.rule, path.target, { source: 'x' });
    expect([one.events, one.isSingleEvent]).toEqual([[{ source: 'x' }], true]);
  });

  test('have errors on the rule, or on another construct because of it', () => {
    const path = pathTo(busArn());
    const text = { problem: 'p', fix: 'f' };
    const error = { ...text, id: FindingId.TARGET_ACCESS_DENIED, level: 'error', resource: busArn() };
    expect(path.error(FindingId.TARGET_ACCESS_DENIED, text)).toEqual([{ ...error, construct: path.rule.construct }]);
    expect(path.error(FindingId.TARGET_ACCESS_DENIED, text, hub as never)).toEqual([
      { ...error, construct: hub, affected: [path.rule.construct] },
    ]);
  });
});

describe('the role of a target', () => {
  const found = (path: RuleTargetPath) =>
    checkRoleTrust(path).map(({ id, level, construct }) => `${level} ${id.split(':')[1]} ${construct.node.path}`);

  test.each<[string, () => unknown, string[]]>([
    ['EventBridge may assume', () => role(), []],
    [
      'EventBridge may assume for the rule',
      () => role(undefined, { Condition: { ArnEquals: { 'aws:SourceArn': ruleArn('rule') } } }),
      [],
    ],
    [
      'EventBridge may assume for another rule',
      () => role(undefined, { Condition: { ArnEquals: { 'aws:SourceArn': ruleArn('other') } } }),
      ['error targetRoleInvalid Hub/Role'],
    ],
    ['only others may assume', () => role({ Service: 'lambda.amazonaws.com' }), ['error targetRoleInvalid Hub/Role']],
    [
      'needs a key that EventBridge does not send',
      () => role(undefined, { Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } }),
      ['error targetRoleInvalid Hub/Role'],
    ],
    [
      'EventBridge may assume for a rule that only deployment tells',
      () => role(undefined, { Condition: { ArnEquals: { 'aws:SourceArn': '‹Arn›' } } }),
      ['warning deliveryUnverified Hub/Rule'],
    ],
    ['is not in the app', () => undefined, ['warning manuallyAddRolePolicy Hub/Rule']],
  ])('which %s', (_, make, expected) => {
    make();
    expect(found(pathTo(queueArn('q'), SENDER))).toEqual(expected);
  });

  test('is of no account but that of the rule', () => {
    role();
    const path = pathTo(queueArn('q'), SENDER);
    const elsewhere = new RuleTargetPath(path.app, { ...path.rule, account: SHOP.account }, path.target);
    expect(found(elsewhere)).toEqual(['error targetRoleInvalid Hub/Rule']);
    expect(checkRoleTrust(elsewhere)[0].problem).toBe(
      "target 'T' of rule 'rule' has role 'Hub/Role' in another account",
    );
  });

  test('is known only at deployment', () => {
    expect(found(pathTo(queueArn('q'), '‹RoleArn›'))).toEqual(['warning deliveryUnverified Hub/Rule']);
  });

  test.each([
    [undefined, []],
    [SENDER, []],
  ])('is not needed, or that of the rule for a built-in target: %s', (roleArnOfRule, expected) => {
    expect(found(pathTo(INSTANCE, undefined, { roleArn: roleArnOfRule }))).toEqual(expected);
  });
});

test('a log group is a target by its own ARN', () => {
  const group = 'arn:aws:logs:eu-west-1:111111111111:log-group:g';
  const [finding] = checkLogGroupTarget(pathTo(`${group}:*`) as KnownTargetPath);
  expect(finding).toMatchObject({
    ...{ id: FindingId.TARGET_ARN_INVALID, level: 'warning', resource: `${group}:*` },
    problem: `target 'T' of rule 'rule' has an ARN that ends in ':*', ${group}:*`,
    fix: `use the ARN of the log group, ${group}`,
  });
});
