import { App, CfnParameter, Lazy, Stack } from 'aws-cdk-lib';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import { CheckRunner } from '../../../src/checks/engine/check-runner';
import { constructWarnings, isAlreadyReported } from '../../../src/checks/engine/manual-step-warning';
import { ManualStep, reportNow, warnManualStep } from '../../../src/checks/engine/warn-manual-step';
import { FindingId } from '../../../src/checks/finding-id';
import { HUB, messagesOf, testApp, testStack } from '../../support/apps';
import { busArn, cfnEventBus, queueArn } from '../../support/three-accounts';

const THERE = queueArn('there', { account: '999999999999', region: 'eu-west-1' });
const CALL = { principal: 'events.amazonaws.com', action: 'sqs:SendMessage', resource: THERE };

let app: App;
let hub: Stack;
let topic: CfnTopic;
beforeEach(() => {
  app = testApp();
  hub = testStack('Hub', HUB, app);
  topic = new CfnTopic(hub, 'Topic', { topicName: 't' });
});

const step = (props: Partial<ManualStep> = {}): ManualStep => ({
  id: FindingId.MANUALLY_ADD_QUEUE_POLICY,
  resource: THERE,
  describe: () => ({ problem: 'p', fix: 'f' }),
  ...props,
});
/** The warning about a step, after synthesis. */
function warningOf(props?: Partial<ManualStep>) {
  warnManualStep(topic, step(props));
  app.node.validate();
  const warnings = constructWarnings(app);
  expect(warnings.length).toBeLessThanOrEqual(1);
  return warnings.at(0);
}
const check = (name: string) => new CheckRunner([{ name, findings: () => [] }]).checkWithin(app);

describe('a step in another app', () => {
  test('is a warning on its construct, about the resource', () => {
    const text = { problem: 'a problem', reason: 'a reason', fix: 'a fix' };
    expect(warningOf({ describe: () => text })).toMatchObject({ ...text, construct: topic, resource: THERE });
    expect(messagesOf(hub)[0]).toMatch(
      /^warning \/Hub\/Topic a problem: a reason\nFix: a fix \[ack: \S+:manuallyAddQueuePolicy:[0-9a-f]{6}\]$/,
    );
  });

  test('writes values that are known only at deployment as placeholders, text as it is, and others as JSON', () => {
    const name = new CfnParameter(hub, 'Name').valueAsString;
    const value = { texts: [Lazy.string({ produce: () => 'late' }), `x-${name}`], n: 1 };
    const warning = warningOf({
      resource: `${THERE}-${name}`,
      describe: (toText) => ({ problem: toText(`p ${name}`), fix: `f ${toText(value)}` }),
    })!;
    expect(warning.problem).toMatch(/^p ‹[^›]+›$/);
    expect(warning.fix).toMatch(/^f \{"texts":\["late","x-‹[^›]+›"\],"n":1\}$/);
    expect(warning.resource).toMatch(/^arn:aws:sqs:eu-west-1:999999999999:there-‹[^›]+›$/);
  });

  test('is known to the checks by the texts in its values', () => {
    warningOf({
      describe: (toText) => ({ problem: toText(THERE), fix: toText({ a: ['x', { b: 'y' }], n: 1, none: true }) }),
    });
    const known = (name: string) => isAlreadyReported(topic, name);
    expect([THERE, 'x', 'y'].map(known)).toEqual([true, true, true]);
    expect(['z', 'a', 'b', 'n', '1', 'true'].map(known)).toEqual(Array(6).fill(false));
  });

  test('has another ID if its values are others, unless what is needed is the same', () => {
    const ids = (...props: Partial<ManualStep>[]) => props.map((one) => warningIn(one).fingerprint);
    const warningIn = (props: Partial<ManualStep>) => {
      hub = testStack('Hub', HUB, (app = testApp()));
      topic = new CfnTopic(hub, 'Topic', { topicName: 't' });
      return warningOf(props)!;
    };
    const saying = (value: string, needed?: string): Partial<ManualStep> => ({
      describe: (toText) => ({ problem: `p ${toText(value)}`, fix: 'f' }),
      ...(needed && { need: () => ({ ...CALL, action: needed }) }),
    });
    const [x, again, y] = ids(saying('x'), saying('x'), saying('y'));
    expect([x === again, x === y]).toEqual([true, false]);
    const [one, same, other] = ids(saying('x', 'sqs:1'), saying('y', 'sqs:1'), saying('x', 'sqs:2'));
    expect([one === same, one === other, one === x]).toEqual([true, false, false]);
  });

  test('has what is needed, given the app and its resource', () => {
    const need = jest.fn(() => CALL);
    expect(warningOf({ need })).toMatchObject({ need: CALL });
    expect(need).toHaveBeenCalledWith(expect.objectContaining({ root: app }), THERE);
  });

  test.each([
    [true, 0],
    [false, 1],
  ])('is no warning if nothing is to be done: %s', (isMet, count) => {
    const given = jest.fn(() => isMet);
    warningOf({ isMet: given });
    expect(constructWarnings(app)).toHaveLength(count);
    expect(given).toHaveBeenCalledWith(expect.objectContaining({ root: app }), THERE);
  });

  test('is reported at once where the construct knows it only at synthesis', () => {
    reportNow(topic, step({ describe: (toText) => ({ problem: toText('p'), fix: 'f' }) }));
    expect(constructWarnings(app)).toMatchObject([{ problem: 'p', resource: THERE, construct: topic }]);
    expect(isAlreadyReported(topic, 'p')).toBe(true);
  });
});

describe('a step for a resource of the app', () => {
  const OWN = busArn();
  beforeEach(() => cfnEventBus(hub));

  test.each<[string, Partial<ManualStep>, boolean]>([
    ['that a construct was not given', { resource: OWN }, false],
    ['that a construct was given', { resource: OWN, isOwned: true }, true],
    ['that its key encrypts', { encryptedResource: OWN }, false],
    ['that its key encrypts, and that a construct was given', { encryptedResource: OWN, isOwned: true }, true],
    ['of another app', {}, true],
    ['of another app, which its key encrypts', { encryptedResource: THERE }, true],
  ])('is left to the checks: %s', (_, props, warns) => {
    check('targetAccessDenied');
    expect(warningOf(props) !== undefined).toBe(warns);
  });

  test.each([undefined, 'another'])('is a warning if they do not run: %s', (name) => {
    if (name) check(name);
    expect(warningOf({ resource: OWN })).toBeDefined();
  });

  test('is left to the checks in a stack whose account only deployment tells', () => {
    hub = new Stack(app, 'Anywhere');
    topic = new CfnTopic(hub, 'Topic', { topicName: 't' });
    check('targetAccessDenied');
    expect(warningOf({ resource: cfnEventBus(hub, 'Bus', 'own').attrArn, isOwned: true })).toBeUndefined();
  });
});
