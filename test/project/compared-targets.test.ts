import { GAPS } from '../compared/gaps';
import { Outcome, outcomeOf, propertiesIn } from '../compared/outcome';
import { BILLING, HUB, REGION } from '../support/apps';
import { expectFindings } from '../support/messages';

/** The gaps of targets in other accounts, on the page that compares with aws-cdk-lib. */

const [toAQueue, toATopic, toAStream, toAnApi] = GAPS.slice(-4);
const identity = (outcome: Outcome) =>
  propertiesIn(outcome, 'AWS::IAM::Policy').flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
const targetArns = (outcome: Outcome, stack: string) =>
  propertiesIn(outcome, 'AWS::Events::Rule', stack).flatMap(({ Targets }) => Targets.map(({ Arn }: any) => Arn));
const silent = { error: undefined, messages: [] };

test('a rule to a queue of another account throws an error with aws-cdk-lib', () => {
  expect(outcomeOf(toAQueue.withAwsCdkLib).error).toMatch(/Cannot use resource 'Hub\/Rule' in a cross-environment/);
});

test('a rule to a topic allows EventBridge without a condition with aws-cdk-lib', () => {
  const outcome = outcomeOf(toATopic.withAwsCdkLib);
  expect(outcome).toMatchObject(silent);
  const [{ PolicyDocument }] = propertiesIn(outcome, 'AWS::SNS::TopicPolicy');
  expect(PolicyDocument.Statement[0].Principal).toEqual({ Service: 'events.amazonaws.com' });
  expect(PolicyDocument.Statement[0].Condition).toBeUndefined();
});

test('a rule to a stream of another account uses its default bus with aws-cdk-lib', () => {
  const outcome = outcomeOf(toAStream.withAwsCdkLib);
  expect(outcome).toMatchObject(silent);
  expect(targetArns(outcome, 'Hub')).toEqual([`arn:aws:events:${REGION}:${BILLING.account}:event-bus/default`]);
});

test('a rule to an API of another account invokes one of its own account with aws-cdk-lib', () => {
  const [arn] = targetArns(outcomeOf(toAnApi.withAwsCdkLib), 'Hub');
  expect(arn).toBe(`arn:aws:execute-api:${REGION}:${HUB.account}:a1b2c3d4e5/prod/POST/orders`);
});

test.each([
  ['queue', toAQueue, 'sqs:SendMessage', `sqs:${REGION}:${BILLING.account}:invoices`],
  ['topic', toATopic, 'sns:Publish', `sns:${REGION}:${BILLING.account}:alerts`],
  ['stream', toAStream, 'kinesis:PutRecord', `kinesis:${REGION}:${BILLING.account}:stream/clicks`],
])('a rule to a %s of another account sends to it directly with this library', (_, gap, action, arn) => {
  const outcome = outcomeOf(gap.withThisLibrary);
  expect(outcome).toMatchObject(silent);
  expect(targetArns(outcome, 'Hub')).toEqual([`arn:aws:${arn}`]);
  expect(identity(outcome)).toEqual([{ Effect: 'Allow', Action: action, Resource: `arn:aws:${arn}` }]);
});

test('a rule to an API of another account invokes it, and reports the statement that its app creates', () => {
  const outcome = outcomeOf(toAnApi.withThisLibrary);
  expectFindings(outcome.messages, ['warning manuallyAddApiPolicy /Hub/Rule']);
  const [arn] = targetArns(outcome, 'Hub');
  expect(arn).toBe(`arn:aws:execute-api:${REGION}:${BILLING.account}:a1b2c3d4e5/prod/POST/orders`);
  expect(identity(outcome)).toMatchObject([{ Action: 'execute-api:Invoke', Resource: arn }]);
});
