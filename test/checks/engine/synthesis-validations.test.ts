import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { CfnEventBus, CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnPermission, CfnPermissionProps } from 'aws-cdk-lib/aws-lambda';
import { CheckRunner } from '../../../src/checks/engine/check-runner';
import {
  validateInvokePrincipal,
  validateOnlyPrincipal,
  validatePermissionScope,
  validatePublishers,
  warnUnverifiedTrust,
} from '../../../src/checks/engine/synthesis-validations';
import { HUB, ORGANIZATION, SHOP, messagesOf, testApp, testStack } from '../../support/apps';
import { brief } from '../../support/messages';
import { cfnEventBus, cfnEventBusPolicy, cfnPermission, functionArn, rootArn } from '../../support/three-accounts';

let app: App;
let hub: Stack;
beforeEach(() => {
  app = testApp();
  hub = testStack('Hub', HUB, app);
});

const SENDER = `arn:aws:iam::${SHOP.account}:role/sender`;
const HANDLER = functionArn('handler');
const permission = (props: Partial<CfnPermissionProps>, id = 'Other') =>
  new CfnPermission(hub, id, { functionName: HANDLER, action: 'lambda:InvokeFunction', principal: '*', ...props });
/** The checks of an app run, of which one has this name. */
const check = (name: string) => new CheckRunner([{ name, findings: () => [] }]).checkWithin(app);

describe('a permission for a role of another account', () => {
  const problemsBeside = (...others: Partial<CfnPermissionProps>[]) => {
    const own = permission({ principal: SENDER }, 'Role');
    others.forEach((props, i) => permission(props, `Other${i}`));
    validateOnlyPrincipal(own, SHOP.account);
    return app.node.validate();
  };

  test.each<[string, Partial<CfnPermissionProps>]>([
    ['its account', { principal: SHOP.account }],
    ['its account as an ARN', { principal: rootArn(SHOP) }],
    ['its account, to do anything', { principal: SHOP.account, action: 'lambda:*' }],
    ['any account', {}],
    ['any account, as an ARN', { principal: 'arn:aws:iam::*:root' }],
  ])('has no effect beside one for %s', (_, props) => {
    const [problem, ...others] = problemsBeside(props);
    expect(problem).toMatch(/^Hub\/Role: 'executionRole' must .* account 222222222222 .* got also 'Hub\/Other0', /);
    expect(problem).toMatch(/; remove that permission, or leave out 'executionRole' and 'restrictToExecutionRole'$/);
    expect(others).toEqual([]);
  });

  test.each<[string, Partial<CfnPermissionProps>]>([
    ['another role', { principal: `${SENDER}-2` }],
    ['the account of the function', { principal: HUB.account }],
    ['any rule of EventBridge', { principal: 'events.amazonaws.com' }],
    ['an organization', { principalOrgId: ORGANIZATION }],
    ['its account, to do something else', { principal: SHOP.account, action: 'lambda:GetFunction' }],
    ['its account, on another function', { principal: SHOP.account, functionName: `${HANDLER}-2` }],
  ])('has an effect beside one for %s', (_, props) => {
    expect(problemsBeside(props)).toEqual([]);
  });

  test('has one error for each permission without which it would have an effect', () => {
    const problems = problemsBeside({ principal: SHOP.account }, { principal: HUB.account }, { principal: '*' });
    expect(problems.map((problem) => /got also '([^']+)'/.exec(problem)![1])).toEqual(['Hub/Other0', 'Hub/Other2']);
  });

  test('may be for an account and a function that only deployment tells', () => {
    const name = new CfnParameter(hub, 'Name').valueAsString;
    const account = new CfnParameter(hub, 'Account', { allowedPattern: '^\\d{12}$' }).valueAsString;
    const own = permission({ functionName: name, principal: SENDER }, 'Role');
    permission({ functionName: name, principal: SHOP.account });
    permission({ functionName: name, principal: new CfnParameter(hub, 'Unknown').valueAsString }, 'Any');
    validateOnlyPrincipal(own, account);
    expect(app.node.validate()).toEqual([]);
    permission({ functionName: name, principal: account }, 'Whole');
    expect(app.node.validate()).toEqual([expect.stringContaining("got also 'Hub/Whole'")]);
  });
});

describe('a permission for all rules of a bus', () => {
  /** Two functions that all rules of the bus may invoke, where another account may create rules. */
  const validated = (management: object) => {
    cfnEventBus(hub);
    cfnEventBusPolicy(hub, { Action: 'events:PutTargets', Resource: '*', ...management });
    const [one] = ['one', 'two'].map((name) =>
      cfnPermission(hub, functionArn(name), 'arn:aws:events:eu-west-1:111111111111:rule/orders/*', {}, name),
    );
    validatePermissionScope(one);
    return app.node.validate();
  };
  const mayBe = (operator: string) => ({
    Condition: { [operator]: { 'events:TargetArn': new CfnParameter(hub, 'Target').valueAsString } },
  });

  test('fails if other accounts create rules on it, for the function alone', () => {
    const problems = validated({});
    expect(problems).toEqual([expect.stringMatching(/^Hub\/one: 'permissionScope' must be RULE .* 'Hub\/Policy' /)]);
    expect(problems[0]).toMatch(/, or use LambdaPermissionScope\.RULE$/);
  });

  test('is a warning if only deployment tells the targets of other accounts, for the function alone', () => {
    expect(validated(mayBe('ArnLike'))).toEqual([]);
    expect(messagesOf(hub).map(brief)).toEqual(['warning wildcardRule /Hub/one']);
  });

  test('is accepted if other accounts create rules with other targets', () => {
    const condition = { ArnLike: { 'events:TargetArn': functionArn('other') } };
    expect(validated({ Condition: condition })).toEqual([]);
    expect(messagesOf(hub)).toEqual([]);
  });
});

describe('the principals in the template', () => {
  const unknown = () => new CfnParameter(hub, 'Principal').valueAsString;
  const busProblems = (principal: string) => {
    const bus = new CfnEventBus(hub, 'Bus', { name: 'orders' });
    const policy = new CfnEventBusPolicy(hub, 'Policy', {
      eventBusName: bus.ref,
      statementId: 'Sid1',
      statement: { Effect: 'Allow', Principal: principal, Action: 'events:PutEvents', Resource: bus.attrArn },
    });
    return validatePublishers(policy, bus, [policy]);
  };
  const functionProblems = (principal: string) => {
    const added = permission({ principal });
    return validateInvokePrincipal(added, added);
  };

  test('of a bus must not be anybody', () => {
    expect(busProblems('*')).toEqual([
      "'publishers' must name principals, got statement 'Sid1', which allows any AWS account: the principal is '*', " +
        'and no condition restricts it; name account IDs or an organization ID',
    ]);
  });

  test('of a function must not be anybody', () => {
    expect(functionProblems('*')).toEqual([
      expect.stringMatching(
        /^'eventBusAccount' must name principals, got statement 'Hub\/Other', .* any AWS account: /,
      ),
    ]);
  });

  test.each<[string, (principal: string) => string[], string]>([
    ['a bus', (principal) => busProblems({ AWS: principal } as never), 'warning wildcardPrincipal /Hub/Policy'],
    ['a function', functionProblems, 'warning wildcardPrincipal /Hub/Other'],
  ])('of %s are a warning if only deployment tells them', (_, problems, warning) => {
    expect(problems(unknown())).toEqual([]);
    expect(messagesOf(hub).map(brief)).toEqual([warning]);
  });

  test.each([
    ['wildcardPrincipal', 0],
    ['another', 1],
  ])('are left to a check: %s', (name, warnings) => {
    check(name);
    functionProblems(unknown());
    expect(messagesOf(hub)).toHaveLength(warnings);
  });

  test('may be an account', () => {
    expect([...busProblems({ AWS: rootArn(SHOP) } as never), ...functionProblems(SHOP.account)]).toEqual([]);
    expect(messagesOf(hub)).toEqual([]);
  });
});

describe('a role that perhaps anybody can assume', () => {
  const role = () => new CfnRole(hub, 'Role', { assumeRolePolicyDocument: { Statement: [] } });
  const OPEN = { sure: false, reason: 'a reason' };

  test('is a warning', () => {
    warnUnverifiedTrust(role(), OPEN);
    const messages = messagesOf(hub);
    expect(messages.map(brief)).toEqual(['warning publisherRoleTrustTooBroad /Hub/Role']);
    expect(messages[0]).toMatch(/ the trust policy of this role allows to assume it and .* its buses: a reason\n/);
  });

  test.each([
    ['publisherRoleTrustTooBroad', 0],
    ['another', 1],
  ])('is left to a check: %s', (name, warnings) => {
    check(name);
    warnUnverifiedTrust(role(), OPEN);
    expect(messagesOf(hub)).toHaveLength(warnings);
  });
});
