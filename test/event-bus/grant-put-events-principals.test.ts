import { App, Stack } from 'aws-cdk-lib';
import {
  AccountPrincipal,
  ArnPrincipal,
  CompositePrincipal,
  IPrincipal,
  PrincipalWithConditions,
  Role,
  ServicePrincipal,
  SessionTagsPrincipal,
  User,
} from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventBus } from '../../src';
import { BILLING, HUB, SHOP, messagesOf, root, testStack, ordersApp } from '../support/apps';
import { expectFindings } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { propertiesOf } from '../support/templates';

const [A, B] = [SHOP.account, BILLING.account];
const SECURE = { Bool: { 'aws:SecureTransport': 'true' } };
const THEIRS = `arn:aws:iam::${A}:role/same`;

let app: App;
let stack: Stack;
let bus: CrossAccountEventBus;
beforeEach(() => {
  ({ app, hub: stack, bus } = ordersApp());
});

const grant = (grantPrincipal: IPrincipal) => bus.grantPutEventsTo({ grantPrincipal });
const imported = (arn = THEIRS, scope = stack) => Role.fromRoleArn(scope, 'Imported', arn);
const statements = () => propertiesOf(stack, 'AWS::Events::EventBusPolicy').map(({ Statement }) => Statement);
const identityPolicies = () =>
  app.node
    .findAll()
    .filter((c): c is Stack => Stack.isStack(c))
    .flatMap((of) =>
      propertiesOf(of, 'AWS::IAM::Policy').map(({ Roles, Users, PolicyDocument: { Statement } }) => ({
        stack: of.node.id,
        names: Roles ?? Users,
        Statement,
      })),
    );
const expectWarnings = (count: number, of = stack) =>
  expectFindings(messagesOf(of), Array<string>(count).fill('warning manuallyAddRolePolicy /Hub/Bus'));
const byCondition = (account: string, arn: unknown, more: object = {}) => ({
  Principal: { AWS: root(account) },
  Condition: { ...more, StringEquals: { 'aws:PrincipalArn': arn } },
});

describe('a grant writes the half of the bus alone, and warns of the other half', () => {
  test.each<[string, () => IPrincipal, object, string[]]>([
    ['a role by ARN', () => new ArnPrincipal(THEIRS), byCondition(A, THEIRS), [THEIRS]],
    [
      'a role of the own account by ARN',
      () => new ArnPrincipal(`arn:aws:iam::${HUB.account}:role/mine`),
      byCondition(HUB.account, `arn:aws:iam::${HUB.account}:role/mine`),
      [`arn:aws:iam::${HUB.account}:role/mine`],
    ],
    [
      'a user by ARN',
      () => new ArnPrincipal(`arn:aws:iam::${A}:user/u`),
      { Principal: { AWS: `arn:aws:iam::${A}:user/u` } },
      [`arn:aws:iam::${A}:user/u`],
    ],
    [
      'a role by ARN on a condition',
      () => new ArnPrincipal(THEIRS).withConditions(SECURE),
      byCondition(A, THEIRS, SECURE),
      [THEIRS],
    ],
    [
      'a role by ARN with session tags',
      () => new ArnPrincipal(THEIRS).withSessionTags(),
      byCondition(A, THEIRS),
      [THEIRS],
    ],
    ['an imported role', () => imported(), byCondition(A, THEIRS), ['Hub/Imported']],
    [
      'an imported role on a condition',
      () => new PrincipalWithConditions(imported(), SECURE),
      byCondition(A, THEIRS, SECURE),
      ['Hub/Imported'],
    ],
    [
      'an imported role with session tags',
      () => new SessionTagsPrincipal(imported()),
      byCondition(A, THEIRS),
      ['Hub/Imported'],
    ],
    [
      'an imported role with session tags on a condition',
      () => new SessionTagsPrincipal(imported()).withConditions(SECURE),
      byCondition(A, THEIRS, SECURE),
      ['Hub/Imported'],
    ],
    [
      'an imported role in a stack of a third account',
      () => imported(THEIRS, testStack('Consumer', BILLING, app)),
      byCondition(A, THEIRS),
      ['Consumer/Imported'],
    ],
    [
      'several by ARN and an account',
      () =>
        new CompositePrincipal(
          new ArnPrincipal(THEIRS),
          new ArnPrincipal(`arn:aws:iam::${B}:user/u`),
          new AccountPrincipal('444444444444'),
        ),
      { Principal: { AWS: [THEIRS, `arn:aws:iam::${B}:user/u`, root('444444444444')] } },
      [THEIRS, `arn:aws:iam::${B}:user/u`],
    ],
    [
      'several accounts',
      () => new CompositePrincipal(new AccountPrincipal(A), new AccountPrincipal(B)),
      { Principal: { AWS: [root(A), root(B)] } },
      [],
    ],
  ])('%s', (_, principal, statement, names) => {
    const made = principal();
    expect(grant(made).success).toBe(true);
    if (app.node.tryFindChild('Consumer')) new CrossAccountEventBus(app.node.findChild('Consumer') as Stack, 'Bus');
    expect(statements()).toMatchObject([statement]);
    expect(identityPolicies()).toEqual([]);
    expectWarnings(names.length);
  });
});

describe('a grant never gives a policy to a role of that name in another account', () => {
  test('where such a role is made, imported, or named there', () => {
    new Role(stack, 'Made', { roleName: 'same', assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    Role.fromRoleName(stack, 'Named', 'same');
    Role.fromRoleArn(stack, 'Own', `arn:aws:iam::${HUB.account}:role/same`);
    grant(imported());
    expect(identityPolicies()).toEqual([]);
    expectWarnings(1);
    expect(statements()).toHaveLength(1);
  });

  test('but to a role by its name in a stack of its account', () => {
    const publisher = testStack('Publisher', SHOP, app);
    grant(Role.fromRoleName(publisher, 'Named', 'same'));
    expect(identityPolicies()).toMatchObject([
      { stack: 'Publisher', names: ['same'], Statement: [{ Action: 'events:PutEvents', Effect: 'Allow' }] },
    ]);
    expect(statements()).toHaveLength(1);
    expect(messagesOf(stack)).toEqual([]);
  });

  test('but to a role by its ARN in a stack of its account', () => {
    const publisher = testStack('Publisher', SHOP, app);
    grant(new PrincipalWithConditions(imported(THEIRS, publisher), SECURE));
    expect(identityPolicies()).toMatchObject([
      { stack: 'Publisher', names: ['same'], Statement: [{ Condition: SECURE }] },
    ]);
    expect(statements()).toMatchObject([byCondition(A, THEIRS, SECURE)]);
    expect(messagesOf(stack)).toEqual([]);
  });

  test('nor to a user', () => {
    grant(new PrincipalWithConditions(User.fromUserArn(stack, 'Imported', `arn:aws:iam::${A}:user/u`), SECURE));
    expect(identityPolicies()).toEqual([]);
    expectWarnings(1);
  });
});

describeWithOracle('those who were granted', () => {
  test('may put events once they have the statement of the warning, and namesakes may not', () => {
    const publisher = testStack('Publisher', SHOP, app);
    new Role(stack, 'Namesake', { roleName: 'same', assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    grant(imported());
    grant(Role.fromRoleName(publisher, 'ByName', 'named'));
    grant(
      new CompositePrincipal(
        new ArnPrincipal(`arn:aws:iam::${B}:role/one`),
        new ArnPrincipal(`arn:aws:iam::${B}:role/two`),
      ),
    );
    const policy = [
      {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'events:PutEvents',
            Resource: `arn:aws:events:eu-west-1:${HUB.account}:event-bus/orders`,
          },
        ],
      },
    ];
    const put = (as: object, expected: string) => ({ putEvents: { as, bus: 'Hub/Bus' }, expect: expected });
    const by = (account: string, name: string, policies: object[] = policy) => ({
      principalArn: `arn:aws:iam::${account}:role/${name}`,
      policies,
    });
    expectAnswers(app, {
      questions: [
        put(by(A, 'same'), 'allow'),
        put(by(A, 'same', [{ Version: '2012-10-17', Statement: [] }]), 'deny'),
        put({ account: A, role: 'named' }, 'allow'),
        put({ account: HUB.account, role: 'Hub/Namesake' }, 'deny'),
        put(by(B, 'one'), 'allow'),
        put(by(B, 'two'), 'allow'),
        put(by(B, 'three'), 'deny'),
        put(by('444444444444', 'same'), 'deny'),
        { strangers: true, bus: 'Hub/Bus' },
      ],
    });
  });
});
