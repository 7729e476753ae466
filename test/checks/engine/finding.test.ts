import { App, Annotations, CfnResource, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { checkNames, isWithin } from '../../../src/checks/engine/check-request';
import {
  Finding,
  annotatableScope,
  annotate,
  annotationId,
  createFinding,
  errorFinding,
  isAcknowledged,
  isShown,
  logicalIdOf,
  messageOf,
  needsOf,
  stackOf,
  warningFinding,
  withAffected,
  withNeed,
} from '../../../src/checks/engine/finding';
import { FindingId } from '../../../src/checks/finding-id';
import { testApp, testStack } from '../../support/apps';

const ID = FindingId.WILDCARD_PRINCIPAL;
const TEXT = { problem: 'p', reason: 'r', fix: 'f' };

let app: App;
let stack: Stack;
let resource: CfnResource;
beforeEach(() => {
  app = testApp();
  stack = testStack('Hub', undefined, app);
  resource = new CfnResource(stack, 'Resource', { type: 'X::Y::Z' });
});

/** The annotations of a construct: their level and text. */
const annotationsOf = ({ node }: Construct) =>
  node.metadata
    .filter(({ type }) => ['aws:cdk:error', 'aws:cdk:warning'].includes(type))
    .map(({ type, data }) => [type.replace('aws:cdk:', ''), data]);

test.each<[Pick<Finding, 'level' | 'fingerprint'>, string]>([
  [{ level: 'warning' }, ID],
  [{ level: 'warning', fingerprint: '4f2a91' }, `${ID}:4f2a91`],
  [{ level: 'error', fingerprint: '4f2a91' }, ID],
])('the ID of a warning ends with its fingerprint: %j', (finding, expected) => {
  expect(annotationId({ id: ID, ...finding })).toBe(expected);
});

describe('a finding', () => {
  test('has the properties that are given', () => {
    const [error, warning] = [errorFinding, warningFinding].map((create) => create(ID, resource, TEXT, 'arn'));
    expect(error).toEqual({ id: ID, level: 'error', construct: resource, ...TEXT, resource: 'arn' });
    expect(warning).toEqual({ ...error, level: 'warning' });
    expect(createFinding('error', ID, resource, { problem: 'p', fix: 'f' })).toStrictEqual({
      ...{ id: ID, level: 'error', construct: resource, problem: 'p', fix: 'f' },
    });
  });

  test('names constructs in all texts', () => {
    const text = 'role arn:aws:iam::111111111111:role/<Hub/Role>';
    const { problem, reason, fix } = createFinding('error', ID, resource, { problem: text, reason: text, fix: text });
    expect([problem, reason, fix]).toEqual(Array(3).fill("role 'Hub/Role'"));
  });

  test('has the resources whose events are lost', () => {
    const [first, second] = [new Construct(stack, 'First'), new Construct(stack, 'Second')];
    const finding = warningFinding(ID, resource, TEXT);
    expect(withAffected(withAffected(finding, first), second).affected).toEqual([first, second]);
  });

  test('has what it needs, with a fingerprint of it', () => {
    const finding = warningFinding(ID, resource, TEXT);
    const need = { principal: '222222222222', action: 'sqs:SendMessage', resource: 'arn' };
    const needing = withNeed(finding, need);
    expect(needing).toEqual({ ...finding, need, fingerprint: expect.stringMatching(/^[0-9a-f]{6}$/) });
    expect(needsOf([finding, needing])).toEqual([need]);
  });

  test('has a message with or without a reason', () => {
    expect(messageOf(TEXT)).toBe('p: r\nFix: f');
    expect(messageOf({ problem: 'p', fix: 'f' })).toBe('p\nFix: f');
  });
});

describe('an annotation', () => {
  test('is added for an error and a warning', () => {
    const [error, warning] = [errorFinding(ID, resource, TEXT), warningFinding(ID, resource, TEXT)];
    expect([isShown(error), isShown(warning)]).toEqual([false, false]);
    expect([annotate(error), annotate(warning)]).toEqual([true, true]);
    expect([isShown(error), isShown(warning)]).toEqual([true, true]);
    expect(annotationsOf(resource)).toEqual([
      ['error', `p: r\nFix: f [${ID}]`],
      ['warning', `p: r\nFix: f [ack: ${ID}]`],
    ]);
  });

  test.each<[string, () => Construct]>([
    ['its construct', () => resource],
    ['its stack', () => stack],
  ])('is not added for a warning that is acknowledged on %s', (_, scope) => {
    Annotations.of(scope()).acknowledgeWarning(ID, 'a demo');
    expect(annotate(warningFinding(ID, resource, TEXT))).toBe(false);
    expect(annotationsOf(resource).filter(([level]) => level === 'warning')).toEqual([]);
    expect(annotate(errorFinding(ID, resource, TEXT))).toBe(true);
  });

  test('on an app is acknowledged only by its ID', () => {
    Annotations.of(app).acknowledgeWarning(ID, 'a demo');
    expect(isAcknowledged(app, ID)).toBe(true);
    expect(isAcknowledged(app, FindingId.WILDCARD_ACTION)).toBe(false);
    expect(isAcknowledged(testApp(), ID)).toBe(false);
  });
});

describe('the scope of a finding', () => {
  test('is the first stack of an app or stage, or the construct', () => {
    const stage = new Stage(app, 'Stage');
    expect(annotatableScope(stage)).toBe(stage);
    const inStage = new Stack(stage, 'Stack');
    expect([app, stage, stack, resource].map((scope) => annotatableScope(scope))).toEqual([
      ...[stack, inStage, stack, resource],
    ]);
  });

  test('is in a stack, unless it is an app or stage', () => {
    const nested = new NestedStack(stack, 'Nested');
    expect(stackOf(new Construct(nested, 'Any'))).toBe(nested);
    expect(stackOf(resource)).toBe(stack);
    expect(stackOf(app)).toBeUndefined();
    expect(logicalIdOf(resource)).toBe('Resource');
  });

  test('contains itself and what is defined in it', () => {
    expect([stack, resource, app].map((construct) => isWithin(construct, stack))).toEqual([true, true, false]);
  });
});

test('checks have names', () => {
  const checks = ['a', 'b'].map((name) => ({ name, findings: () => [] }));
  expect(checkNames({ scope: app, checks, reporting: { disabled: new Map(), report: false } })).toEqual(['a', 'b']);
});
