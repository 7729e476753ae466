import { Annotations, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { warningFinding } from '../../../src/checks/engine/finding';
import { constructWarnings, isAlreadyReported, reportManualStep } from '../../../src/checks/engine/manual-step-warning';
import { FindingId } from '../../../src/checks/finding-id';
import { testApp, testStack } from '../../support/apps';

const ID = FindingId.MANUALLY_ADD_QUEUE_POLICY;

let hub: Stack;
let parent: Construct;
let child: Construct;
beforeEach(() => {
  hub = testStack('Hub', undefined, testApp());
  parent = new Construct(hub, 'Parent');
  child = new Construct(parent, 'Child');
});

const report = (construct: Construct, problem: string, ...names: string[]) => {
  const finding = warningFinding(ID, construct, { problem, fix: 'f' });
  reportManualStep(finding, new Set(names));
  return finding;
};

test('a step is reported for the resources that it names, on its construct and what is in it', () => {
  report(parent, 'p', 'a', 'b');
  expect(['a', 'b', 'c'].map((arn) => isAlreadyReported(parent, arn))).toEqual([true, true, false]);
  expect([child, hub, new Construct(hub, 'Other')].map((construct) => isAlreadyReported(construct, 'a'))).toEqual([
    ...[true, false, false],
  ]);
});

test('a step of a stack is not one of its constructs', () => {
  report(hub, 'p', 'a');
  expect([hub, parent].map((construct) => isAlreadyReported(construct, 'a'))).toEqual([false, false]);
});

test('a step is not reported for a resource if it is acknowledged', () => {
  Annotations.of(parent).acknowledgeWarning(ID, 'done');
  const finding = report(parent, 'p', 'a');
  expect(isAlreadyReported(parent, 'a')).toBe(false);
  expect(constructWarnings(hub.node.root)).toEqual([{ ...finding, acknowledged: true }]);
});

test('steps with other problems are kept, and the same problem is reported once', () => {
  const first = report(parent, 'p', 'a');
  const second = report(parent, 'q', 'b');
  expect(constructWarnings(hub.node.root)).toEqual([first, second].map((one) => ({ ...one, acknowledged: false })));
  const again = report(parent, 'p', 'c');
  expect(constructWarnings(hub.node.root)).toEqual([second, again].map((one) => ({ ...one, acknowledged: false })));
  expect(['a', 'b', 'c'].map((arn) => isAlreadyReported(parent, arn))).toEqual([false, true, true]);
});
