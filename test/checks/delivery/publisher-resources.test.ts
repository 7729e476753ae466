import { CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { AwsIntegration, CfnMethod, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnIntegration } from 'aws-cdk-lib/aws-apigatewayv2';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, Policy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnEventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import { EventBridgeDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import {
  CfnSchedule,
  Schedule,
  ScheduleExpression,
  ScheduleGroup,
  ScheduleTargetInput,
} from 'aws-cdk-lib/aws-scheduler';
import { EventBridgePutEvents } from 'aws-cdk-lib/aws-scheduler-targets';
import { CfnStateMachine, DefinitionBody, Parallel, StateMachine, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import { EventBridgePutEvents as PutEventsState } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { FindingId } from '../../../src/checks/finding-id';
import { BILLING, HUB, SHOP, testApp, testFunction } from '../../support/apps';
import { MakeApp, faults } from '../../support/faults';
import {
  ThreeAccounts,
  busArn,
  cfnEventBus,
  cfnEventBusPolicy,
  functionArn,
  importedBus,
  inThreeAccounts,
  policyDocument,
  roleArn,
  rootArn,
  trustForRule,
} from '../../support/three-accounts';

const SCHEDULER = 'scheduler.amazonaws.com';
const MACHINES = `arn:aws:states:${SHOP.region}:${SHOP.account}:stateMachine:*`;
const PIPE = `arn:aws:pipes:${SHOP.region}:${SHOP.account}:pipe/pipe`;
const GROUP = `arn:aws:scheduler:${SHOP.region}:${SHOP.account}:schedule-group/default`;

/** The bus `orders` in one account, and the resource that puts events on it in another. */
function withHub(make: (shop: Stack, three: ThreeAccounts) => unknown, statement: object = {}): MakeApp {
  return inThreeAccounts((three) => {
    cfnEventBus(three.hub);
    cfnEventBusPolicy(three.hub, statement);
    make(three.shop, three);
  });
}

/** A role that a service can assume, and that can put events on a bus. */
function serviceRole(stack: Stack, service: string | ServicePrincipal, resource: string | null = busArn()): Role {
  return new Role(stack, 'Role', {
    roleName: 'service',
    assumedBy: typeof service === 'string' ? new ServicePrincipal(service) : service,
    inlinePolicies: resource === null ? {} : { put: policyDocument('events:PutEvents', resource) },
  });
}

function schedule(stack: Stack, role: Role, props: object = {}, target: object = {}): CfnSchedule {
  return new CfnSchedule(stack, 'Schedule', {
    flexibleTimeWindow: { mode: 'OFF' },
    scheduleExpression: 'rate(1 hour)',
    target: {
      arn: busArn(),
      roleArn: role.roleArn,
      eventBridgeParameters: { source: 'com.shop', detailType: 'Tick' },
      input: '{}',
      ...target,
    },
    ...props,
  });
}

/** A universal target. */
function putEventsTarget(entry: object): object {
  return {
    arn: 'arn:aws:scheduler:::aws-sdk:eventbridge:putEvents',
    eventBridgeParameters: undefined,
    input: JSON.stringify({ Entries: [{ Source: 'com.shop', DetailType: 'Tick', Detail: '{}', ...entry }] }),
  };
}

function pipe(stack: Stack, role: Role, target = busArn()): CfnPipe {
  return new CfnPipe(stack, 'Pipe', {
    name: 'pipe',
    roleArn: role.roleArn,
    source: `arn:aws:sqs:${SHOP.region}:${SHOP.account}:source`,
    target,
    targetParameters: { eventBridgeEventBusParameters: { source: 'com.shop', detailType: '$.body.type' } },
  });
}

function stateMachine(stack: Stack, role: Role, entries: unknown = [{ EventBusName: busArn() }]): CfnStateMachine {
  const Resource = 'arn:aws:states:::events:putEvents';
  const put = { Type: 'Task', Resource, Parameters: { Entries: entries }, End: true };
  const inner = { StartAt: 'Put', States: { Put: put } };
  return new CfnStateMachine(stack, 'Machine', {
    stateMachineName: 'machine',
    roleArn: role.roleArn,
    definitionString: JSON.stringify({
      StartAt: 'Each',
      States: { Each: { Type: 'Map', ItemProcessor: inner, End: true } },
    }),
  });
}

function method(stack: Stack, role: Role, template?: string): CfnMethod {
  return new CfnMethod(stack, 'Method', {
    httpMethod: 'POST',
    resourceId: 'resource',
    restApiId: 'api',
    integration: {
      type: 'AWS',
      uri: `arn:aws:apigateway:${SHOP.region}:events:action/PutEvents`,
      credentials: role.roleArn,
      requestTemplates: template === undefined ? undefined : { 'application/json': template },
    },
  });
}

function httpIntegration(stack: Stack, role: Role, parameters: object = {}): CfnIntegration {
  return new CfnIntegration(stack, 'Integration', {
    apiId: 'api',
    integrationType: 'AWS_PROXY',
    integrationSubtype: 'EventBridge-PutEvents',
    credentialsArn: role.roleArn,
    payloadFormatVersion: '1.0',
    requestParameters: {
      Source: 'com.shop',
      DetailType: '$request.body.type',
      Detail: '$request.body',
      EventBusName: busArn(),
      ...parameters,
    },
  });
}

function destination(stack: Stack, role: Role): void {
  const handler = testFunction(stack, 'Handler', { functionName: 'handler', role });
  new CfnEventInvokeConfig(stack, 'Config', {
    functionName: handler.functionName,
    qualifier: '$LATEST',
    destinationConfig: { onFailure: { destination: busArn() } },
  });
}

const ROLES = {
  'a schedule': { service: SCHEDULER, make: schedule },
  'a schedule with a universal target': {
    service: SCHEDULER,
    make: (stack: Stack, role: Role) => schedule(stack, role, {}, putEventsTarget({ EventBusName: busArn() })),
  },
  'a pipe': { service: 'pipes.amazonaws.com', make: pipe },
  'a state machine': { service: 'states.amazonaws.com', make: stateMachine },
  'a state machine whose entries are chosen when it runs': {
    service: 'states.amazonaws.com',
    make: (stack: Stack, role: Role) => stateMachine(stack, role, '{% $states.input %}'),
  },
  'an integration of a REST API': {
    service: 'apigateway.amazonaws.com',
    make: (stack: Stack, role: Role) => method(stack, role, `{"Entries":[{"EventBusName":"${busArn()}"}]}`),
  },
  'an integration whose bus is chosen by a mapping template': {
    service: 'apigateway.amazonaws.com',
    make: (stack: Stack, role: Role) => method(stack, role, '{"Entries":[{"EventBusName":"$context.stage"}]}'),
  },
  'an integration of an HTTP API': { service: 'apigateway.amazonaws.com', make: httpIntegration },
  'a destination of a function': { service: 'lambda.amazonaws.com', make: destination },
};

const entriesOf = <T>(make: (one: (typeof ROLES)['a schedule']) => T) =>
  Object.fromEntries(Object.entries(ROLES).map(([what, one]) => [what, make(one as (typeof ROLES)['a schedule'])]));

const withSource = (service: string, arn: string, account = SHOP.account) => trustForRule(arn, account, service);

faults('a role that the service of a publisher cannot assume', {
  finds: FindingId.TARGET_ROLE_INVALID,
  level: 'error',
  healthy: {
    ...entriesOf(({ service, make }) => withHub((shop) => make(shop, serviceRole(shop, service)))),
    'a condition on the schedule group': withHub((shop) =>
      schedule(shop, serviceRole(shop, withSource(SCHEDULER, GROUP))),
    ),
    'a condition on a schedule group of the app': withHub((shop) => {
      const group = new ScheduleGroup(shop, 'Group', { scheduleGroupName: 'nightly' });
      const role = serviceRole(shop, withSource(SCHEDULER, group.scheduleGroupArn, SHOP.account));
      schedule(shop, role, { groupName: group.scheduleGroupName });
    }),
    'a condition on the pipe': withHub((shop) =>
      pipe(shop, serviceRole(shop, withSource('pipes.amazonaws.com', PIPE))),
    ),
    'a condition on any state machine of the account': withHub((shop) =>
      stateMachine(shop, serviceRole(shop, withSource('states.amazonaws.com', MACHINES))),
    ),
    'the name of a service with its Region': withHub((shop) =>
      stateMachine(shop, serviceRole(shop, `states.${SHOP.region}.amazonaws.com`)),
    ),
    'a schedule of aws-cdk-lib': withHub((shop) => {
      const entry = { eventBus: importedBus(shop), detail: ScheduleTargetInput.fromText('{}') };
      new Schedule(shop, 'Schedule', {
        schedule: ScheduleExpression.rate(Duration.hours(1)),
        target: new EventBridgePutEvents({ ...entry, detailType: 'Tick', source: 'com.shop' }),
      });
    }),
    'a state machine of aws-cdk-lib': withHub((shop) => {
      const entry = { eventBus: importedBus(shop), source: 'com.shop', detailType: 'Done' };
      const state = new PutEventsState(shop, 'Put', { entries: [{ ...entry, detail: TaskInput.fromObject({}) }] });
      const definition = new Parallel(shop, 'Parallel').branch(state);
      new StateMachine(shop, 'Machine', { definitionBody: DefinitionBody.fromChainable(definition) });
    }),
    'a destination of aws-cdk-lib': withHub((shop) => {
      testFunction(shop, 'Handler', { onSuccess: new EventBridgeDestination(importedBus(shop)) });
    }),
    'a REST API of aws-cdk-lib': withHub((shop) => {
      const credentialsRole = serviceRole(shop, 'apigateway.amazonaws.com');
      const integration = new AwsIntegration({ service: 'events', action: 'PutEvents', options: { credentialsRole } });
      new RestApi(shop, 'Api', { cloudWatchRole: false }).root.addMethod('POST', integration);
    }),
    'resources of aws-cdk-lib without environments': () => {
      const app = testApp();
      const stack = new Stack(app, 'Shop');
      const eventBus = new EventBus(stack, 'Bus');
      const detail = TaskInput.fromObject({});
      const state = new PutEventsState(stack, 'Put', { entries: [{ eventBus, source: 's', detailType: 'd', detail }] });
      new StateMachine(stack, 'Machine', { definitionBody: DefinitionBody.fromChainable(state) });
      testFunction(stack, 'Handler', { onFailure: new EventBridgeDestination(eventBus) });
      new Schedule(stack, 'Schedule', {
        schedule: ScheduleExpression.rate(Duration.hours(1)),
        target: new EventBridgePutEvents({
          eventBus,
          detail: ScheduleTargetInput.fromText('{}'),
          detailType: 'd',
          source: 's',
        }),
      });
      return app;
    },
    'another kind of target': withHub((shop) =>
      schedule(
        shop,
        serviceRole(shop, 'events.amazonaws.com', null),
        {},
        { arn: functionArn('handler', SHOP), eventBridgeParameters: undefined },
      ),
    ),
  },
  faulty: {
    ...entriesOf(({ make }) => ({
      at: '/Shop/Role',
      app: withHub((shop) => make(shop, serviceRole(shop, 'events.amazonaws.com'))),
    })),
    'a condition on the schedule instead of its group': {
      at: '/Shop/Role',
      app: withHub((shop) =>
        schedule(shop, serviceRole(shop, withSource(SCHEDULER, GROUP.replace('-group', '') + '/tick')), {
          name: 'tick',
        }),
      ),
    },
    'a condition on another account': {
      at: '/Shop/Role',
      app: withHub((shop) => pipe(shop, serviceRole(shop, withSource('pipes.amazonaws.com', '*', '444444444444')))),
    },
  },
});

const denied = (make: (shop: Stack, role: Role) => unknown, service: string, resource: string | null = null) => ({
  at: '/Shop/Role',
  app: withHub((shop) => make(shop, serviceRole(shop, service, resource))),
});

faults('a role without permission for the events of a publisher', {
  finds: FindingId.PUBLISHER_IDENTITY_POLICY_MISSING,
  level: 'error',
  healthy: {
    'a bus that is known only at deployment': withHub((shop) => {
      const bus = new CfnParameter(shop, 'BusArn').valueAsString;
      stateMachine(shop, serviceRole(shop, 'states.amazonaws.com'), [{ EventBusName: bus }]);
    }),
    'a bus that is chosen when the state machine runs': withHub((shop) =>
      stateMachine(shop, serviceRole(shop, 'states.amazonaws.com'), [{ 'EventBusName.$': '$.bus' }]),
    ),
    'a variable in the definition': withHub((shop) => {
      const role = serviceRole(shop, 'states.amazonaws.com');
      const machine = stateMachine(shop, role, [{ EventBusName: '${Bus}' }]);
      machine.definitionSubstitutions = { Bus: busArn() };
    }),
    'a task with a role of another account': withHub(
      (shop) => {
        const role = serviceRole(shop, 'states.amazonaws.com', null);
        stateMachine(shop, role).definitionString = JSON.stringify({
          StartAt: 'Put',
          States: {
            Put: {
              Type: 'Task',
              Resource: 'arn:aws:states:::aws-sdk:eventbridge:putEvents',
              Credentials: { RoleArn: roleArn('hub', HUB) },
              Arguments: { Entries: [{ EventBusName: busArn() }] },
              End: true,
            },
          },
        });
      },
      { Principal: { AWS: roleArn('hub', HUB) } },
    ),
    'a policy of AWS': withHub((shop) => {
      const role = serviceRole(shop, SCHEDULER, null);
      role.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('PowerUserAccess'));
      schedule(shop, role);
    }),
    'the source that the bus allows': withHub((shop) => schedule(shop, serviceRole(shop, SCHEDULER)), {
      Condition: { StringEquals: { 'events:source': 'com.shop' } },
    }),
    'the default bus of the account': withHub((shop) =>
      schedule(shop, serviceRole(shop, SCHEDULER, busArn('default', SHOP)), {}, { ...putEventsTarget({}) }),
    ),
    'a policy that the bus in its account has for the role': inThreeAccounts(({ hub }) => {
      const role = serviceRole(hub, SCHEDULER, null);
      cfnEventBus(hub);
      cfnEventBusPolicy(hub, { Principal: { AWS: roleArn('service', HUB) } });
      schedule(hub, role);
    }),
  },
  faulty: {
    ...Object.fromEntries(Object.entries(ROLES).map(([what, { make, service }]) => [what, denied(make, service)])),
    'a policy for another bus': denied(schedule, SCHEDULER, busArn('default', SHOP)),
    'the default bus': {
      at: '/Shop/Role',
      app: inThreeAccounts(({ shop }) => schedule(shop, serviceRole(shop, SCHEDULER, null), {}, putEventsTarget({}))),
    },
    'the name of a bus in the own account': {
      ...denied(
        (shop, role) => stateMachine(shop, role, [{ EventBusName: 'audit' }]),
        'states.amazonaws.com',
        busArn(),
      ),
    },
    'a statement of the bus policy for the role': {
      at: '/Shop/Role',
      app: withHub((shop) => schedule(shop, serviceRole(shop, SCHEDULER, null)), {
        Principal: { AWS: roleArn('service') },
      }),
    },
    'another source than the policies of the role allow': {
      at: '/Shop/Role',
      app: withHub((shop) => {
        const role = serviceRole(shop, SCHEDULER, null);
        const conditions = { StringEquals: { 'events:source': 'com.other' } };
        new Policy(shop, 'Policy', {
          document: policyDocument('events:PutEvents', busArn(), conditions),
          roles: [role],
        });
        schedule(shop, role);
      }),
    },
    'a bus whose name is misspelled': {
      finds: FindingId.EVENT_BUS_NOT_FOUND,
      level: 'warning',
      at: '/Shop/Schedule',
      app: withHub((shop) => schedule(shop, serviceRole(shop, SCHEDULER), {}, { arn: busArn('ordres') })),
    },
    'a bus that does not allow the source': {
      finds: FindingId.PUBLISHER_ACCESS_DENIED,
      at: '/Shop/Role',
      app: withHub((shop) => schedule(shop, serviceRole(shop, SCHEDULER)), {
        Condition: { StringEquals: { 'events:source': 'com.other' } },
      }),
    },
    'a bus that does not allow the account': {
      finds: FindingId.PUBLISHER_ACCESS_DENIED,
      at: '/Shop/Role',
      app: withHub((shop) => pipe(shop, serviceRole(shop, 'pipes.amazonaws.com')), {
        Principal: { AWS: rootArn(BILLING) },
      }),
    },
  },
});
