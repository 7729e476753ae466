import { App, Aws, CfnCondition, CfnParameter, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy, CfnRule, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { CrossAccountEventBusTarget, PublisherRole } from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { faults } from '../../support/faults';
import { policyDocument } from '../../support/three-accounts';

const HUB = { account: '111111111111', region: 'eu-west-1' };
const ORGANIZATION = 'o-a1b2c3d4e5';
const HUB_ARN = 'arn:aws:events:eu-west-1:111111111111:event-bus/hub';
const eventPattern = { source: ['com.shop'] };

const agnostic = (make: (stack: Stack) => void) => () => {
  const app = new App();
  make(new Stack(app, 'Member'));
  return app;
};

/** A role of an environment-agnostic stack that may put events on a bus. */
const publisherOf = (busArn: (stack: Stack) => string) =>
  agnostic((stack) => {
    const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    role.addToPolicy(new PolicyStatement({ actions: ['events:PutEvents'], resources: [busArn(stack)] }));
  });

const busArnIn = (stack: Stack, region: string, account: string, name: string) =>
  stack.formatArn({ service: 'events', resource: 'event-bus', resourceName: name, region, account });

const ruleTo = (arn: (stack: Stack) => string) =>
  agnostic(
    (stack) =>
      new CfnRule(stack, 'Rule', { scheduleExpression: 'rate(1 day)', targets: [{ id: 'T', arn: arn(stack) }] }),
  );

faults('an environment-agnostic stack', {
  finds: FindingId.DELIVERY_UNVERIFIED,
  level: 'warning',
  healthy: {
    'the default bus of the stack': publisherOf((s) => busArnIn(s, Aws.REGION, Aws.ACCOUNT_ID, 'default')),
    'a bus by name': publisherOf((s) => EventBus.fromEventBusName(s, 'Bus', 'orders').eventBusArn),
    'a bus whose name is a parameter': publisherOf(
      (s) => EventBus.fromEventBusName(s, 'Bus', new CfnParameter(s, 'Name').valueAsString).eventBusArn,
    ),
    'a bus in another Region of its account': publisherOf((s) => busArnIn(s, 'us-west-2', Aws.ACCOUNT_ID, 'orders')),
    'a built-in target with a role of another app': agnostic((stack) => {
      const arn = stack.formatArn({ service: 'events', resource: 'target', resourceName: 'create-snapshot' });
      const roleArn = 'arn:aws:iam::111111111111:role/snapshots';
      new CfnRule(stack, 'Rule', { scheduleExpression: 'rate(1 day)', roleArn, targets: [{ id: 'T', arn }] });
    }),
    'a built-in target': agnostic((stack) => {
      const arn = stack.formatArn({ service: 'events', resource: 'target', resourceName: 'reboot-instance' });
      const { roleArn } = new Role(stack, 'Role', {
        assumedBy: new ServicePrincipal('events.amazonaws.com'),
        inlinePolicies: { reboot: policyDocument('ec2:RebootInstances', '*') },
      });
      new CfnRule(stack, 'Rule', { scheduleExpression: 'rate(1 day)', roleArn, targets: [{ id: 'T', arn }] });
    }),
  },
  faulty: {
    'a bus of an account that is a parameter': {
      app: publisherOf((s) => busArnIn(s, Aws.REGION, new CfnParameter(s, 'Account').valueAsString, 'orders')),
      at: '/Member/Role',
    },
    'a bus of another account in its Region': {
      app: publisherOf((s) => busArnIn(s, Aws.REGION, '222222222222', 'orders')),
      at: '/Member/Role',
      finds: FindingId.MANUALLY_ADD_EVENT_BUS_POLICY,
    },
    'a misspelled bus of the stack': {
      app: agnostic((stack) => {
        new EventBus(stack, 'Bus', { eventBusName: 'orders' });
        const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
        const resources = [busArnIn(stack, Aws.REGION, Aws.ACCOUNT_ID, 'order')];
        role.addToPolicy(new PolicyStatement({ actions: ['events:PutEvents'], resources }));
      }),
      at: '/Member/Role',
      finds: FindingId.EVENT_BUS_NOT_FOUND,
    },
    'a target whose service is a parameter': {
      app: ruleTo((s) => `arn:aws:${new CfnParameter(s, 'Service').valueAsString}:eu-west-1:111111111111:x/y`),
      at: '/Member/Rule',
    },
  },
});

/** A hub with one statement, and a stack for any account that sends to it. */
const members = (statement: object, send: (stack: Stack, bus: EventBus) => void) => () => {
  const app = new App();
  const hub = new Stack(app, 'Hub', { env: HUB });
  const member = new Stack(app, 'Member');
  const bus = new EventBus(hub, 'Bus', { eventBusName: 'hub' });
  // The sender comes first, since the order of calls does not matter.
  send(member, bus);
  new CfnEventBusPolicy(hub, 'Policy', {
    eventBusName: 'hub',
    statementId: 'Members',
    statement: { Effect: 'Allow', Action: 'events:PutEvents', Resource: HUB_ARN, ...statement },
  });
  member.addDependency(hub);
  return app;
};
const forOrganization = { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } } };
const forAccount = { Principal: { AWS: '222222222222' } };
const forOtherSource = {
  Principal: '*',
  Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION, 'events:source': 'com.other' } },
};
const forwards = (stack: Stack, bus: EventBus) =>
  new Rule(stack, 'Rule', { eventPattern, targets: [new CrossAccountEventBusTarget(bus)] });
const forwardsByArn = (stack: Stack) => {
  const bus = EventBus.fromEventBusArn(stack, 'Imported', HUB_ARN);
  new Rule(stack, 'Rule', { eventPattern, targets: [new CrossAccountEventBusTarget(bus)] });
};
const publishes = (stack: Stack, bus: EventBus) =>
  new PublisherRole(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), eventBuses: [bus] });

faults('the bus of an organization in a stack for any account', {
  finds: FindingId.DELIVERY_UNVERIFIED,
  level: 'warning',
  healthy: {
    'a CrossAccountEventBusTarget': members(forOrganization, forwards),
    'a CrossAccountEventBusTarget with a bus by ARN': members(forOrganization, forwardsByArn),
    'a PublisherRole': members(forOrganization, publishes),
  },
  faulty: {
    'a CrossAccountEventBusTarget, where the bus allows a list of accounts': {
      app: members(forAccount, forwards),
      at: '/Member/Rule',
    },
    'a CrossAccountEventBusTarget, where the bus allows other events': {
      app: members(forOtherSource, forwardsByArn),
      at: '/Member/Rule',
    },
    'a PublisherRole, where the bus allows a list of accounts': {
      app: members(forAccount, publishes),
      at: '/Member/Role',
    },
  },
});

/** A function whose name holds a parameter, as the target of a rule, and a permission. */
const namedByParameter =
  (functionName: (fn: CfnFunction, parameter: string) => string, alias = false) =>
  () => {
    const app = new App();
    const stack = new Stack(app, 'Shop', { env: HUB });
    const project = new CfnParameter(stack, 'Project').valueAsString;
    const fn = new CfnFunction(stack, 'Function', {
      functionName: Fn.sub('${Project}-handler'),
      role: 'arn:aws:iam::111111111111:role/handler',
      code: { zipFile: 'x' },
    });
    const live = alias
      ? new CfnResource(stack, 'Alias', {
          type: 'AWS::Lambda::Alias',
          properties: { FunctionName: fn.ref, FunctionVersion: '1', Name: 'live' },
        })
      : undefined;
    const rule = new CfnRule(stack, 'Rule', {
      name: Fn.sub('${Project}-rule'),
      scheduleExpression: 'rate(1 day)',
      targets: [{ id: 'T', arn: live?.ref ?? fn.attrArn }],
    });
    new CfnPermission(stack, 'Permission', {
      functionName: live?.ref ?? functionName(fn, project),
      action: 'lambda:InvokeFunction',
      principal: 'events.amazonaws.com',
      sourceArn: rule.attrArn,
    });
    return app;
  };

faults('a function whose name holds a parameter', {
  finds: FindingId.TARGET_ACCESS_DENIED,
  level: 'error',
  healthy: {
    'a permission by Ref': namedByParameter((fn) => fn.ref),
    'a permission by ARN': namedByParameter((fn) => fn.attrArn),
    'a permission by the same name': namedByParameter(() => Fn.sub('${Project}-handler')),
    'a permission by its partial ARN': namedByParameter(() => Fn.sub('${AWS::AccountId}:function:${Project}-handler')),
    'an alias of the function': namedByParameter((fn) => fn.ref, true),
  },
  faulty: {
    'a permission for another function': { app: namedByParameter(() => 'other'), at: '/Shop' },
  },
});

/** A rule and the permission of its function, each under a condition. */
const conditionally =
  (ruleCondition: string | undefined, permissionCondition: string | undefined, l1Target = false) =>
  () => {
    const app = new App();
    const stack = new Stack(app, 'Shop', { env: HUB });
    const stage = new CfnParameter(stack, 'Stage').valueAsString;
    const conditions = new Map(
      ['A', 'B'].map((id) => [id, new CfnCondition(stack, id, { expression: Fn.conditionEquals(stage, id) })]),
    );
    const fn = new CfnFunction(stack, 'Function', {
      role: 'arn:aws:iam::111111111111:role/handler',
      code: { zipFile: 'x' },
    });
    const target = { Id: 'T', Arn: fn.attrArn };
    const rule = new CfnRule(stack, 'Rule', {
      scheduleExpression: 'rate(1 day)',
      targets: l1Target ? [Fn.conditionIf('A', target, Fn.ref('AWS::NoValue'))] : [{ id: 'T', arn: fn.attrArn }],
    });
    const permission = new CfnPermission(stack, 'Permission', {
      functionName: fn.ref,
      action: 'lambda:InvokeFunction',
      principal: 'events.amazonaws.com',
      sourceArn: rule.attrArn,
    });
    rule.cfnOptions.condition = conditions.get(ruleCondition ?? '');
    permission.cfnOptions.condition = conditions.get(permissionCondition ?? '');
    return app;
  };

faults('a rule and the permission of its target under CloudFormation conditions', {
  finds: FindingId.DELIVERY_UNVERIFIED,
  level: 'warning',
  healthy: {
    'the same condition': conditionally('A', 'A'),
    'a permission without one': conditionally('A', undefined),
    'a target in a branch of the same condition': conditionally(undefined, 'A', true),
  },
  faulty: {
    'a permission under a condition alone': { app: conditionally(undefined, 'A'), at: '/Shop/Rule' },
    'another condition': { app: conditionally('A', 'B'), at: '/Shop/Rule' },
    'a target in a branch of another condition': { app: conditionally(undefined, 'B', true), at: '/Shop/Rule' },
  },
});

/** A bus with a statement for each value of a condition, and a role of another account. */
const branches = (ifTrue: object, ifFalse: object) => () => {
  const app = new App();
  const hub = new Stack(app, 'Hub', { env: HUB });
  const stage = new CfnParameter(hub, 'Stage').valueAsString;
  new CfnCondition(hub, 'IsLive', { expression: Fn.conditionEquals(stage, 'live') });
  new EventBus(hub, 'Bus', { eventBusName: 'hub' });
  new CfnEventBusPolicy(hub, 'Policy', {
    eventBusName: 'hub',
    statementId: 'Shop',
    statement: {
      Effect: 'Allow',
      Principal: '*',
      Action: 'events:PutEvents',
      Resource: HUB_ARN,
      Condition: { StringEquals: Fn.conditionIf('IsLive', ifTrue, ifFalse) },
    },
  });
  const shop = new Stack(app, 'Shop', { env: { ...HUB, account: '222222222222' } });
  const role = new Role(shop, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  role.addToPolicy(new PolicyStatement({ actions: ['events:PutEvents'], resources: [HUB_ARN] }));
  return app;
};
const organization = { 'aws:PrincipalOrgID': ORGANIZATION };
const shopAccount = { 'aws:PrincipalAccount': ['222222222222'] };
const otherAccount = { 'aws:PrincipalAccount': ['333333333333'] };

faults('a statement with branches', {
  finds: FindingId.DELIVERY_UNVERIFIED,
  level: 'warning',
  healthy: { 'both of which allow the role': branches(organization, shopAccount) },
  faulty: {
    'one of which allows another account': { app: branches(organization, otherAccount), at: '/Shop/Role' },
    'none of which allows the role': {
      app: branches({ 'aws:PrincipalAccount': ['444444444444'] }, otherAccount),
      at: '/Shop/Role',
      finds: FindingId.PUBLISHER_ACCESS_DENIED,
      level: 'error',
    },
  },
});

/** Two stacks for any account, each with a bus and a statement. */
const twoMembers = (secondName: string) => () => {
  const app = new App();
  const names = { First: 'orders', Second: secondName };
  for (const [id, eventBusName] of Object.entries(names)) {
    const stack = new Stack(app, id);
    const { eventBusArn } = new EventBus(stack, 'Bus', { eventBusName });
    new CfnEventBusPolicy(stack, 'Policy', {
      eventBusName,
      statementId: 'Shop',
      statement: { Effect: 'Allow', ...forAccount, Action: 'events:PutEvents', Resource: eventBusArn },
    });
  }
  return app;
};

faults('statement IDs in two environment-agnostic stacks', {
  finds: FindingId.DUPLICATE_STATEMENT_ID,
  level: 'warning',
  healthy: { 'with a bus of one name, which are two buses': twoMembers('orders') },
  faulty: { 'with buses of two names': { app: twoMembers('invoices'), at: '/Second/Policy' } },
});
