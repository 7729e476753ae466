import { eventPart, isForEventBridge, isForService } from '../../../src/checks/access/event-statements';
import { parseStringMatch } from '../../../src/checks/access/string-operators';
import { BUS, FUNCTION, QUEUE, TOPIC, TargetKind } from '../../../src/checks/engine/target-kinds';
import { unresolved } from '../../../src/iam/unresolved-text';

const EVENTS = 'events.amazonaws.com';
const CHINA = 'events.amazonaws.com.cn';
const OTHER = 's3.amazonaws.com';
const forService = (Service: unknown, more: object = {}) => ({ Effect: 'Allow', Principal: { Service }, ...more });
const forAnyone = (operator: string, key: string, value: unknown) => ({
  Effect: 'Allow',
  Principal: '*',
  Condition: { [operator]: { [key]: value } },
});
const source = (value: unknown, operator = 'ArnLike') => forAnyone(operator, 'aws:SourceArn', value);
const principalName = (value: unknown, operator = 'StringEquals') =>
  forAnyone(operator, 'aws:PrincipalServiceName', value);
const BUCKET = 'arn:aws:s3:::uploads';
/** A condition that no request matches. */
const NEVER = { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } };

const partOf = (statement: unknown, kind: TargetKind) => {
  const whole = { kind, statement: statement as never };
  return { whole, part: eventPart(whole) };
};

describe('the part of a statement that concerns events', () => {
  test.each<[string, unknown, TargetKind?]>([
    ['text', 'x'],
    ['a deny statement for another service', { ...forService(OTHER), Effect: 'Deny' }],
    ['a deny statement that never matches', { ...forService(OTHER), Effect: 'Deny', Condition: NEVER }],
    ['another service on a bus', forService(OTHER), BUS],
    ['another source on a bus', source(BUCKET), BUS],
    ['any principal', { Effect: 'Allow', Principal: '*' }],
    ['no principal', { Effect: 'Allow' }],
    ['an account', { Effect: 'Allow', Principal: { AWS: '222222222222' } }],
    ['EventBridge', forService(EVENTS)],
    ['EventBridge in China', forService([CHINA, EVENTS])],
    ['a service known only at deployment', forService(unresolved('Service'))],
    ['a service in another form', forService({ x: 'y' })],
    ['services by a wildcard', forService('ev*.amazonaws.com')],
    ['the action that delivers, in any case', forService(EVENTS, { Action: 'SQS:sendmessage' })],
    ['the action that delivers, by a wildcard', forService(EVENTS, { Action: ['sqs:Get*', 'sqs:*'] })],
    ['an action known only at deployment', forService(EVENTS, { Action: unresolved('Action') })],
    ['all actions but another one', forService(EVENTS, { NotAction: ['sqs:DeleteQueue', 'sqs:Get*'] })],
    ['all actions but those known only at deployment', forService(EVENTS, { NotAction: unresolved('Action') })],
    ['another source or EventBridge', source([BUCKET, 'arn:aws:events:*:*:rule/*'])],
    ['no value of the source', source([])],
    ['a source of any service', source('arn:aws:*:::uploads')],
    ['a source whose service is known only at deployment', source(`arn:aws:${unresolved('Service')}:::uploads`)],
    ['a source known only at deployment', source(unresolved('Source'))],
    ['a source that is only a service', source('aws:x:s3')],
    ['a source without a service', source('arn:aws')],
    ['a source other than a bucket', source(BUCKET, 'ArnNotLike')],
    ['a source, if there is one', source(BUCKET, 'ArnLikeIfExists')],
    ['a source, for all values', source(BUCKET, 'ForAllValues:ArnLike')],
    ['a source by an operator for other types', source(BUCKET, 'NumericEquals')],
    ['no source', forAnyone('Null', 'aws:SourceArn', 'true')],
    ['another key', forAnyone('StringEquals', 'aws:SourceAccount', '222222222222')],
    ['EventBridge by its name in a condition', principalName([OTHER, EVENTS])],
  ])('is all of it: %s', (_, statement, kind = QUEUE) => {
    const { whole, part } = partOf(statement, kind);
    expect(part).toBe(whole);
  });

  test.each<[string, unknown, TargetKind?]>([
    ['another service', forService(OTHER)],
    ['other services', forService([OTHER, 'sns.amazonaws.com'])],
    ['a list of no services', forService([])],
    ['a service whose name begins like EventBridge', forService(`${EVENTS}.example`)],
    ['a condition that never matches', { Effect: 'Allow', Principal: '*', Condition: NEVER }],
    ['a condition that never matches, on a bus', { Effect: 'Allow', Principal: '*', Condition: NEVER }, BUS],
    ['another action', forService(EVENTS, { Action: ['sqs:GetQueueUrl', 'sqs:DeleteMessage'] })],
    ['the action of another kind of resource', forService(EVENTS, { Action: 'sqs:SendMessage' }), FUNCTION],
    ['no action', forService(EVENTS, { Action: [] })],
    ['all actions but the one that delivers', forService(EVENTS, { NotAction: ['sqs:Get*', 'sqs:Send*'] }), QUEUE],
    ['another source', source([BUCKET, 'arn:aws:sns:*:*:*'])],
    ['another source, by its text', source(BUCKET, 'StringLike')],
    ['another source, in any case of the key', forAnyone('ArnEquals', 'AWS:SOURCEARN', BUCKET)],
    ['another source, for any value', source(BUCKET, 'ForAnyValue:ArnLike')],
    ['another service by its name in a condition', principalName([OTHER, 'sns.amazonaws.com'])],
  ])('is nothing: %s', (_, statement, kind = QUEUE) => {
    expect(partOf(statement, kind).part).toBeUndefined();
  });

  test.each<[string, object, object, TargetKind?]>([
    ['EventBridge', { Service: [OTHER, EVENTS] }, { Service: [EVENTS] }],
    ['the accounts', { AWS: '*', Service: OTHER }, { AWS: '*' }],
    ['the accounts, without any service', { AWS: '*', Service: [] }, { AWS: '*' }],
    ['the accounts and EventBridge', { AWS: '*', Service: [EVENTS, OTHER] }, { AWS: '*', Service: [EVENTS] }, TOPIC],
  ])('is without other services: %s', (_, Principal, expected, kind = QUEUE) => {
    const statement = { Effect: 'Allow', Principal, Resource: '*' };
    const { whole, part } = partOf(statement, kind);
    expect(part).toEqual({ ...whole, statement: { ...statement, Principal: expected } });
  });
});

test.each<[unknown, { service: boolean; eventBridge: boolean }]>([
  [forService(EVENTS), { service: true, eventBridge: true }],
  [forService([EVENTS, CHINA]), { service: true, eventBridge: true }],
  [forService([EVENTS, OTHER]), { service: true, eventBridge: false }],
  [forService(OTHER), { service: true, eventBridge: false }],
  [forService([]), { service: true, eventBridge: false }],
  [{ Principal: { Service: EVENTS, AWS: '*' } }, { service: true, eventBridge: false }],
  [{ Principal: { AWS: EVENTS } }, { service: false, eventBridge: false }],
  [{ Principal: EVENTS }, { service: false, eventBridge: false }],
  [{ Principal: '*' }, { service: false, eventBridge: false }],
  [{}, { service: false, eventBridge: false }],
  ['text', { service: false, eventBridge: false }],
  [null, { service: false, eventBridge: false }],
])('a statement is for a service or for EventBridge alone: %j', (statement, expected) => {
  const json = statement as never;
  expect({ service: isForService(json), eventBridge: isForEventBridge(json) }).toEqual(expected);
});

test.each<[string, string | undefined]>([
  ['StringEquals', 'stringequals'],
  ['stringequalsignorecase', 'stringequalsignorecase'],
  ['ForAnyValue:StringLikeIfExists', 'stringlike'],
  ['StringNotEquals', undefined],
  ['ArnLike', undefined],
  ['Null', undefined],
])('an operator compares a key with the strings that are allowed: %s', (operator, base) => {
  expect(parseStringMatch(operator)?.base).toBe(base);
});
