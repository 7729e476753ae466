import * as events from 'aws-cdk-lib/aws-events';
import { CfnResourcePolicy as CfnStreamPolicy } from 'aws-cdk-lib/aws-kinesis';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { CfnResourcePolicy as CfnLogsPolicy } from 'aws-cdk-lib/aws-logs';
import { CfnTopicPolicy, ITopic } from 'aws-cdk-lib/aws-sns';
import { CfnQueuePolicy, IQueue } from 'aws-cdk-lib/aws-sqs';
import * as fc from 'fast-check';
import { documents, statements } from './statements';
import { Place } from '../place';
import { ACCOUNTS, BUS_NAMES, Mode, ORGANIZATIONS, Value, arnOf, index, malformable, maybe, text } from '../values';

/** A resource-based policy, or a statement of it, as an L1. */
export interface PolicyDescription {
  readonly stack: number;
  readonly kind: Kind;
  /** The resource whose policy it is. */
  readonly at: number;
  readonly name?: Value;
  readonly statementId: Value;
  readonly statement: Value;
  readonly document: Value;
  readonly permission: { readonly principal: Value; readonly sourceArn?: Value; readonly sourceAccount?: Value };
  readonly organization?: Value;
}

const KNOWN_KINDS = ['bus', 'bus', 'bus', 'function'] as const;
const KINDS = ['bus', 'bus, short form', 'function', 'queue', 'topic', 'stream', 'logs'] as const;
type Kind = (typeof KINDS)[number];

/** The action and the resources of each kind. */
const OF = {
  bus: { actions: ['events:PutEvents', 'events:PutRule', 'events:PutTargets'], of: 'buses' },
  queue: { actions: ['sqs:SendMessage'], of: 'queues' },
  topic: { actions: ['sns:Publish'], of: 'topics' },
  stream: { actions: ['kinesis:PutRecord', 'kinesis:PutRecords'], of: 'streams' },
  logs: { actions: ['logs:PutLogEvents', 'logs:CreateLogStream'], of: 'logGroups' },
} as const;

export function policies(mode: Mode): fc.Arbitrary<PolicyDescription> {
  const isKnown = mode === 'known';
  const service = fc.constant<Value>({ Service: 'events.amazonaws.com' });
  return fc.constantFrom<Kind>(...(isKnown ? KNOWN_KINDS : KINDS)).chain((kind) => {
    const { actions, of } = OF[kind as keyof typeof OF] ?? OF.bus;
    const principal = kind.startsWith('bus') ? undefined : service;
    const about = {
      actions: isKnown ? actions.slice(0, 1) : actions,
      // The resource whose policy it is.
      resource: isKnown ? fc.constant<Value>({ $: 'own' }) : arnOf(of),
      hasPrincipal: true,
      principal,
    };
    return fc.record({
      stack: index,
      kind: fc.constant(kind),
      at: index,
      name: isKnown ? fc.constant(undefined) : maybe(text(mode, ...BUS_NAMES, 'default'), 4),
      statementId: isKnown
        ? text(mode, 'A', 'B', 'C', 'D')
        : malformable(mode, text(mode, 'A', 'B', 'not allowed'), 40),
      statement: malformable(mode, statements(mode, about)),
      document: documents(mode, about),
      permission: fc.record({
        principal: text(mode, 'events.amazonaws.com', ...ACCOUNTS, '*'),
        sourceArn: maybe(malformable(mode, arnOf('rules')), 4),
        sourceAccount: maybe(text(mode, ...ACCOUNTS), 3),
      }),
      organization: maybe(text(mode, ...ORGANIZATIONS), 3),
    });
  });
}

export function buildPolicy(place: Place, described: PolicyDescription): void {
  BUILDERS[described.kind](place, described);
}

type Build = (place: Place, description: PolicyDescription) => void;

/** The bus of a policy: one in the same stack if there is one, for a policy is in the account of its bus. */
function busName(place: Place, { at, name }: PolicyDescription): string {
  const bus = place.among<events.CfnEventBus>('buses', at, ({ node }) => node.scopes.includes(place.stack));
  return name === undefined && bus ? bus.construct.eventBusRef.eventBusName : (place.render(name) ?? 'orders');
}

function busArn(place: Place, { at }: PolicyDescription): string | undefined {
  return place.among<events.CfnEventBus>('buses', at, ({ node }) => node.scopes.includes(place.stack))?.arn;
}

const BUILDERS: { readonly [kind in Kind]: Build } = {
  bus: (place, description) =>
    new events.CfnEventBusPolicy(place.stack, place.id, {
      eventBusName: busName(place, description),
      statementId: place.name(place.render(description.statementId)),
      statement: place.render(description.statement, busArn(place, description)),
    }),
  'bus, short form': (place, description) =>
    new events.CfnEventBusPolicy(place.stack, place.id, {
      eventBusName: busName(place, description),
      statementId: place.render(description.statementId),
      action: 'events:PutEvents',
      principal: place.render(description.permission.principal),
      condition:
        description.organization === undefined
          ? undefined
          : { type: 'StringEquals', key: 'aws:PrincipalOrgID', value: place.render(description.organization) },
    }),
  function: (place, { at, organization, permission }) =>
    new CfnPermission(place.stack, place.id, {
      action: 'lambda:InvokeFunction',
      functionName: place.arnAt('functions', at),
      principalOrgId: permission.principal === '*' ? place.render(organization) : undefined,
      ...place.render(permission),
    }),
  queue: (place, { at, document }) => {
    const element = place.at<IQueue>('queues', at);
    const url = element?.stack === place.stack ? element.construct.queueUrl : 'https://sqs.eu-west-1.amazonaws.com/1/q';
    const own = place.arnAt('queues', at);
    new CfnQueuePolicy(place.stack, place.id, { queues: [url], policyDocument: place.render(document, own) ?? {} });
  },
  topic: (place, { at, document }) => {
    const element = place.at<ITopic>('topics', at);
    const arn = element?.stack === place.stack ? element.construct.topicArn : place.arnAt('topics', at);
    new CfnTopicPolicy(place.stack, place.id, { topics: [arn], policyDocument: place.render(document) ?? {} });
  },
  stream: (place, { at, document }) =>
    new CfnStreamPolicy(place.stack, place.id, {
      resourceArn: place.arnAt('streams', at),
      resourcePolicy: place.render(document) ?? {},
    }),
  logs: (place, { document }) =>
    new CfnLogsPolicy(place.stack, place.id, {
      policyName: place.id,
      policyDocument: place.stack.toJsonString(place.render(document)),
    }),
};
