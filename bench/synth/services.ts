import { Rule, CfnRule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import {
  CfnRole,
  Effect,
  ManagedPolicy,
  PolicyDocument,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { CfnFunction, CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { isOfEvents } from './event-types';
import { countResources } from './resources';
import { DETAIL_TYPES, TeamStack } from './team-stack';
import { LambdaEventTarget, PublisherRole } from 'cdk-cross-account-eventbridge';

/** Room for one more service, of whichever kind. */
const LARGEST = 9;

/**
 * Services, in all ways of making them by turns, up to a number of resources; what is left are roles for nothing but
 * logs.
 */
export function addServices(team: TeamStack, { hears, upTo }: { hears: TeamStack; upTo: number }): void {
  const room = () => upTo - countResources(team, isOfEvents);
  for (let n = 0; room() >= LARGEST; n++) {
    KINDS[n % KINDS.length]({
      team,
      n,
      source: `${team.source}.service${n}`,
      hears: `${hears.source}.service${n}`,
      detailType: DETAIL_TYPES[n % DETAIL_TYPES.length],
    });
  }
  for (let n = 0; room() > 0; n++) serviceRole(team, `Spare${n}`);
}

/** A service publishes events of its own source, and hears of those of another team's service. */
interface Service {
  readonly team: TeamStack;
  readonly n: number;
  readonly source: string;
  readonly hears: string;
  readonly detailType: string;
}

const KINDS: ((service: Service) => void)[] = [byThisLibrary, byL2s, byThisLibrary, byL1s, byL2sWithQueue];

function byThisLibrary({ team, n, source, hears, detailType }: Service): void {
  const [bus] = team.publishesOn;
  const role = new PublisherRole(team, `Publisher${n}`, {
    assumedBy: lambda(),
    managedPolicies: [logs()],
    eventBuses: [bus],
    allowedEvents: { sources: [source] },
  });
  team.function(`Publish${n}`, { role });
  const target = new LambdaEventTarget(team.function(`Consume${n}`), { deadLetterQueue: team.deadLetters });
  new Rule(team, `Rule${n}`, {
    eventBus: team.bus,
    eventPattern: { source: [hears], detailType: [detailType] },
    targets: [target],
  });
}

function byL2s({ team, n, hears, detailType }: Service): void {
  const role = serviceRole(team, `Publisher${n}`);
  role.addToPolicy(
    new PolicyStatement({ actions: ['events:PutEvents'], resources: team.publishesOn.map((bus) => bus.eventBusArn) }),
  );
  team.function(`Publish${n}`, { role });
  const target = new LambdaFunction(team.function(`Consume${n}`), { deadLetterQueue: team.queue(`DeadLetters${n}`) });
  new Rule(team, `Rule${n}`, {
    eventBus: team.bus,
    eventPattern: { source: [hears], detailType: [detailType] },
    targets: [target],
  });
}

function byL2sWithQueue({ team, n, hears, detailType }: Service): void {
  const role = serviceRole(team, `Publisher${n}`);
  const statements = [
    new PolicyStatement({ actions: ['events:PutEvents'], resources: [team.publishesOn[0].eventBusArn] }),
  ];
  new ManagedPolicy(team, `Policy${n}`, { roles: [role], statements });
  team.function(`Publish${n}`, { role });
  new Rule(team, `Rule${n}`, {
    eventBus: team.bus,
    eventPattern: { source: [hears], detailType: [detailType] },
    targets: [new SqsQueue(team.queue(`Queue${n}`))],
  });
}

function byL1s({ team, n, hears, detailType }: Service): void {
  const [{ eventBusArn }] = team.publishesOn;
  const publisher = l1Function(team, 'Publish', n, [
    new PolicyStatement({ effect: Effect.ALLOW, actions: ['events:PutEvents'], resources: [eventBusArn] }),
  ]);
  publisher.addPropertyOverride('Environment.Variables.BUS', eventBusArn);
  const consumer = l1Function(team, 'Consume', n, []);
  const rule = new CfnRule(team, `Rule${n}`, {
    eventBusName: team.bus.eventBusName,
    eventPattern: { source: [hears], 'detail-type': [detailType] },
    targets: [{ id: 'Consumer', arn: consumer.attrArn }],
  });
  new CfnPermission(team, `Permission${n}`, {
    action: 'lambda:InvokeFunction',
    functionName: consumer.ref,
    principal: 'events.amazonaws.com',
    sourceArn: rule.attrArn,
  });
}

function l1Function(team: TeamStack, what: string, n: number, statements: PolicyStatement[]): CfnFunction {
  const role = new CfnRole(team, `${what}Role${n}`, {
    assumeRolePolicyDocument: new PolicyDocument({
      statements: [new PolicyStatement({ actions: ['sts:AssumeRole'], principals: [lambda()] })],
    }),
    policies:
      statements.length > 0
        ? [{ policyName: 'Publish', policyDocument: new PolicyDocument({ statements }) }]
        : undefined,
  });
  return new CfnFunction(team, `${what}${n}`, {
    runtime: 'nodejs24.x',
    handler: 'index.handler',
    code: { zipFile: 'exports.handler = async () => {};' },
    role: role.attrArn,
  });
}

function serviceRole(team: TeamStack, id: string): Role {
  return new Role(team, id, { assumedBy: lambda(), managedPolicies: [logs()] });
}

const lambda = () => new ServicePrincipal('lambda.amazonaws.com');
const logs = () => ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaBasicExecutionRole');
