import { CfnResource } from 'aws-cdk-lib';
import { ResourcePolicyStatement } from '../../../src/app-model/app-model';
import {
  API,
  EVENT_BUS,
  EVENT_BUS_V2,
  FUNCTION,
  KEY,
  PolicyKind,
  QUEUE,
  STREAM,
  TOPIC,
} from '../../../src/checks/quotas/policy-quotas';
import { busArn } from '../../support/three-accounts';

const statement = (id: string, principals: string[]): ResourcePolicyStatement => ({
  ...{ construct: {} as CfnResource, resourceArn: busArn(), id, conditional: false, isWholePolicy: false },
  statement: {
    ...{ Sid: id, Effect: 'Allow', Action: 'events:PutEvents', Resource: busArn() },
    Principal: { AWS: principals },
  },
});
const accounts = (...digits: number[]) => digits.map((digit) => `arn:aws:iam::${String(digit).repeat(12)}:root`);
const role = (digit: number) => accounts(digit)[0].replace('root', 'role/publisher-of-events');
const ONE = [statement('A', accounts(2, 3))];

describe('the policy of a resource', () => {
  test.each<[string, PolicyKind, object, string[]]>([
    ['bus', EVENT_BUS, { unit: 'characters', isWholePolicy: false }, ['eventBusPolicyLimit']],
    ['bus', EVENT_BUS_V2, { unit: 'characters', isWholePolicy: true }, ['several buses']],
    [
      'function',
      FUNCTION,
      { noun: 'resource-based policy of function', unit: 'characters', isWholePolicy: false },
      ['LambdaPermissionScope.EVENT_BUS', 'aliases'],
    ],
    ['queue', QUEUE, { unit: 'characters', isWholePolicy: true }, ["'aws:SourceArn'", 'several queues']],
    ['topic', TOPIC, { unit: 'bytes', isWholePolicy: true }, ['organization', 'several topics']],
    [
      'stream',
      STREAM,
      { unit: 'bytes', isWholePolicy: true, isUndocumented: true },
      ['one statement', 'several streams'],
    ],
    ['API', API, { unit: 'characters', isWholePolicy: true }, ['organization', 'apiPolicyLimit']],
    ['key', KEY, { unit: 'bytes', isWholePolicy: true }, ["'aws:SourceAccount'", 'several keys']],
  ])('has a size and ways to shorten it: %s', (noun, kind, properties, fixes) => {
    expect(kind).toMatchObject({ noun: `policy of ${noun}`, ...properties });
    const { reason, fixes: found } = kind.describe(ONE, 100);
    expect(reason).toMatch(new RegExp(`^statement 'A' has \\d+ ${kind.unit} \\(2 accounts\\)`));
    for (const fix of fixes) expect(found.join('\n')).toContain(fix);
  });

  test.each<[string, string[], number, RegExp]>([
    ['remaining characters', accounts(2, 3), 100, /; 2 accounts use \d+ characters, and the remaining 100 .* \d+ more/],
    ['no remaining characters', accounts(2, 3), 0, /; 2 accounts use .* remaining 0 characters .* 0 more accounts/],
    ['too many characters', accounts(2, 3), -1, /; 2 accounts use .* 1 character too long$/],
    ['one account', accounts(2), 10, /; 1 account uses /],
    ['no account', ['arn:aws:iam::222222222222:role/r'], 10, /^statement 'A' has \d+ characters$/],
  ])('of a bus is described with %s', (_, principals, remaining, expected) => {
    expect(EVENT_BUS.describe([statement('A', principals)], remaining).reason).toMatch(expected);
  });

  test('of a bus can be shorter in several forms', () => {
    const many = [2, 3, 4, 5].map((digit) => statement(`S${digit}`, accounts(digit)));
    const roles = [2, 3, 4].map((digit) => statement(`R${digit}`, [role(digit)]));
    const fixesOf = (kind: PolicyKind, statements: ResourcePolicyStatement[]) =>
      kind.describe(statements, 0).fixes.join('\n');
    expect(fixesOf(EVENT_BUS, many)).toMatch(/allow 4 accounts with allowPublisher\(\) .*: \d+ characters/);
    expect(fixesOf(EVENT_BUS, many)).toContain('AccountGrantForm.COMPACT');
    expect(fixesOf(EVENT_BUS_V2, many)).toContain('allowPublisher()');
    expect(fixesOf(EVENT_BUS_V2, many)).not.toContain('AccountGrantForm.COMPACT');
    expect(fixesOf(EVENT_BUS, roles)).toContain('3 roles');
    expect(fixesOf(EVENT_BUS, [...many, ...roles])).toMatch(/4 accounts and 3 roles/);
  });
});
