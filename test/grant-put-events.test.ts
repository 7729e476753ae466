import { Aws, CfnParameter, PhysicalName, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  AccountPrincipal, ArnPrincipal, CompositePrincipal, IGrantable, OrganizationPrincipal, Role, ServicePrincipal, StarPrincipal,
} from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventBus, EventPublisher } from '../src';
import { HUB, ORGANIZATION, PUBLISHER, messagesOf, root, testApp, testFunction, testStack } from './support/apps';
import { describeWithOracle, expectAnswers } from './support/oracle';

const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');

function hub() {
  const app = testApp();
  const stack = testStack('Hub', HUB, app);
  const bus = new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'orders' });
  return { app, stack, bus, publisher: () => testStack('Publisher', PUBLISHER, app) };
}

const busStatements = (stack: Stack) => Object.values(Template.fromStack(stack).findResources('AWS::Events::EventBusPolicy')).map((p) => p.Properties.Statement);
const identityStatements = (stack: Stack) => Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
  .flatMap((p) => p.Properties.PolicyDocument.Statement);

describe('grantPutEventsTo writes the identity half alone', () => {
  test('for a role of the same stack', () => {
    const { stack, bus } = hub();
    const grant = bus.grantPutEventsTo(new Role(stack, 'Role', { assumedBy: LAMBDA }));

    expect(grant.success).toBe(true);
    expect(identityStatements(stack)).toMatchObject([{ Action: 'events:PutEvents', Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Bus/), 'Arn'] } }]);
    expect(busStatements(stack)).toEqual([]);
  });

  test('for a function of another stack of the account, which does not come to depend on that of the bus', () => {
    const { app, stack, bus } = hub();
    const other = testStack('Other', HUB, app);
    bus.grantPutEventsTo(testFunction(other, 'Function'));

    expect(identityStatements(other)).toMatchObject([
      { Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:events:${HUB.region}:${HUB.account}:event-bus/orders`]] } },
    ]);
    expect(busStatements(stack)).toEqual([]);
    expect(other.dependencies).toEqual([]);
  });

  test('for an imported role of the account', () => {
    const { stack, bus } = hub();
    bus.grantPutEventsTo(Role.fromRoleArn(stack, 'Imported', `arn:aws:iam::${HUB.account}:role/mine`));

    expect(identityStatements(stack)).toHaveLength(1);
    expect(busStatements(stack)).toEqual([]);
    expect(messagesOf(stack)).toEqual([]);
  });
});

describe('grantPutEventsTo writes both halves', () => {
  test('for a role of another account', () => {
    const { stack, bus, publisher: make } = hub();
    const publisher = make();
    const grant = bus.grantPutEventsTo(new Role(publisher, 'Role', { assumedBy: LAMBDA, roleName: 'publisher' }));

    expect(grant.success).toBe(true);
    expect(identityStatements(publisher)).toHaveLength(1);
    expect(busStatements(stack)).toMatchObject([{
      Principal: { AWS: root(PUBLISHER.account) },
      Condition: { ArnEquals: { 'aws:PrincipalArn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${PUBLISHER.account}:role/publisher`]] } } },
    }]);
    expect([publisher.dependencies, stack.dependencies]).toEqual([[], []]);
  });

  test('so that what depends on the grant waits for the bus policy', () => {
    const { stack, bus } = hub();
    const waiting = testFunction(stack, 'Waiting');
    bus.grantPutEventsTo(new AccountPrincipal(PUBLISHER.account)).applyBefore(waiting);

    const functions = Template.fromStack(stack).findResources('AWS::Lambda::Function');
    expect(Object.values(functions)[0].DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^BusPolicyAccounts/)]));
  });
});

describe('grantPutEventsTo writes the half of the bus', () => {
  test.each<[string, (stack: Stack) => IGrantable, object]>([
    ['an account', () => new AccountPrincipal('222222222222'), { Principal: { AWS: root('222222222222') } }],
    ['an organization', () => new OrganizationPrincipal(ORGANIZATION), { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } } }],
    ['a role by ARN', () => new ArnPrincipal('arn:aws:iam::222222222222:role/r'), {
      Principal: { AWS: root('222222222222') }, Condition: { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::222222222222:role/r' } },
    }],
    ['a user by ARN', () => new ArnPrincipal('arn:aws:iam::222222222222:user/u'), { Principal: { AWS: 'arn:aws:iam::222222222222:user/u' } }],
    ['a service with a source', () => new ServicePrincipal('s3.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': '222222222222' } } }), {
      Principal: { Service: 's3.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': '222222222222' } },
    }],
    ['everybody with a tag of an account', () => new StarPrincipal().withConditions({ StringEquals: { 'aws:PrincipalAccount': '222222222222', 'aws:PrincipalTag/team': 'shop' } }), {
      Principal: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': '222222222222', 'aws:PrincipalTag/team': 'shop' } },
    }],
    ['several accounts', () => new CompositePrincipal(new AccountPrincipal('222222222222'), new AccountPrincipal('333333333333')), {
      Principal: { AWS: [root('222222222222'), root('333333333333')] },
    }],
    ['the account of the stack', () => new AccountPrincipal(Aws.ACCOUNT_ID), { Principal: { AWS: root(HUB.account) } }],
    ['an account of deployment', (stack) => new AccountPrincipal(new CfnParameter(stack, 'Account').valueAsString), {
      Principal: { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'Account' }, ':root']] } },
    }],
  ])('for %s', (_, grantee, statement) => {
    const { stack, bus } = hub();
    const grant = bus.grantPutEventsTo(grantee(stack));

    expect(grant.success).toBe(true);
    expect(busStatements(stack)).toMatchObject([statement]);
  });

  test('under the id that was asked for', () => {
    const { stack, bus } = hub();
    bus.grantPutEventsTo(new AccountPrincipal('222222222222'), 'Partner');
    bus.grantPutEventsTo(new AccountPrincipal('333333333333'));

    const ids = Object.values(Template.fromStack(stack).findResources('AWS::Events::EventBusPolicy')).map((p) => p.Properties.StatementId);
    expect(ids.sort()).toEqual([expect.stringMatching(/^Accounts-/), 'Partner']);
  });

  test('in the statement that other grants of the kind have', () => {
    const { stack, bus } = hub();
    bus.allowPublisher(EventPublisher.accounts('333333333333'));
    bus.grantPutEventsTo(new AccountPrincipal('222222222222'));

    expect(busStatements(stack)).toMatchObject([{ Principal: { AWS: [root('222222222222'), root('333333333333')] } }]);
  });
});

describe('grantPutEventsTo warns of the half that it cannot write', () => {
  test('for an imported role of another account, with the statement to add there', () => {
    const { stack, bus } = hub();
    bus.grantPutEventsTo(Role.fromRoleArn(stack, 'Imported', 'arn:aws:iam::222222222222:role/r'));

    expect(busStatements(stack)).toMatchObject([{ Condition: { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::222222222222:role/r' } } }]);
    expect(identityStatements(stack)).toEqual([]);
    expect(messagesOf(stack)).toEqual([
      expect.stringMatching(/^warning \/Hub\/Bus the imported role 'Hub\/Imported' cannot put events until .*"Action":"events:PutEvents","Resource":"arn:aws:events:eu-west-1:111111111111:event-bus\/orders"/),
    ]);
  });
});

describe('grantPutEventsTo in stacks that know their account only at deployment', () => {
  test('takes two such stacks for one account', () => {
    const app = testApp();
    const stack = new Stack(app, 'Hub');
    const bus = new CrossAccountEventBus(stack, 'Bus');
    bus.grantPutEventsTo(new Role(new Stack(app, 'Other'), 'Role', { assumedBy: LAMBDA }));

    expect(busStatements(stack)).toEqual([]);
  });

  test('lets in a role of a known account by both halves', () => {
    const app = testApp();
    const stack = new Stack(app, 'Hub');
    const bus = new CrossAccountEventBus(stack, 'Bus');
    bus.grantPutEventsTo(Role.fromRoleArn(stack, 'Imported', 'arn:aws:iam::222222222222:role/r'));

    expect(busStatements(stack)).toHaveLength(1);
  });
});

describeWithOracle('whom grants let in', () => {
  test('is each grantee, and nobody like it', () => {
    const { app, bus, publisher: make } = hub();
    const publisher = make();
    bus.grantPutEventsTo(new Role(publisher, 'Role', { assumedBy: LAMBDA, roleName: PhysicalName.GENERATE_IF_NEEDED }));
    bus.grantPutEventsTo(new ArnPrincipal('arn:aws:iam::333333333333:role/ingest'));
    new Role(publisher, 'Other', { assumedBy: LAMBDA });

    const put = (as: object, expect: string) => ({ putEvents: { as, bus: 'Hub/Bus' }, expect });
    expectAnswers(app, {
      questions: [
        { noProblems: true },
        put({ account: PUBLISHER.account, role: 'Publisher/Role' }, 'allow'),
        put({ account: PUBLISHER.account, role: 'Publisher/Other' }, 'deny'),
        put({ principalArn: 'arn:aws:iam::333333333333:role/ingest', policies: 'allowAll' }, 'allow'),
        put({ principalArn: 'arn:aws:iam::333333333333:role/ingest2', policies: 'allowAll' }, 'deny'),
        put({ principalArn: 'arn:aws:iam::444444444444:role/ingest', policies: 'allowAll' }, 'deny'),
        put({ account: '333333333333' }, 'deny'),
      ],
    });
  });
});
