import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WAYS, capacity, characters } from '../../bench/capacity';
import { shorterPolicies } from '../../src/eventbridge/shorter-policies';
import { ORGANIZATION, count } from '../support/apps';
import { ROOT } from '../support/repository';

/** How many accounts or roles fit into 10,240 characters, as the documentation states it. */
const FITTING: { readonly [way: string]: number } = {
  'aws-cdk-lib, a statement for each account': 52,
  'AccountGrantForm.LISTED': 304,
  'AccountGrantForm.COMPACT': 665,
  'accounts, each with a source of its own': 32,
  'roles, each in an account of its own': 114,
  'roles, each in an account and with a source of its own': 25,
};

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8').replace(/\s+/g, ' ');

describe('a bus policy of 10,240 characters', () => {
  test.each(Object.entries(FITTING))('holds with %s %d accounts or roles', (way, fitting) => {
    expect(capacity(WAYS[way])).toBe(fitting);
  });

  test('has these numbers in the documentation', () => {
    const limits = read('docs/limits.md');
    const [each, listed, compact, scoped, roles, scopedRoles] = Object.values(FITTING);
    for (const row of [
      `| a statement for each account, as \`events.EventBus\` writes them | ${each} |`,
      `| listed accounts | ${listed} | ${scoped} |`,
      `| accounts with \`AccountGrantForm.COMPACT\` | ${compact} | ${scoped} |`,
      `| roles, each in an account of its own | ${roles} | ${scopedRoles} |`,
    ]) {
      expect(limits).toContain(row);
    }
    expect(read('README.md')).toContain(
      `A bus policy has a quota of 10,240 characters: ${listed} listed accounts or ${roles} roles, but only ` +
        `${scoped} accounts or ${scopedRoles} roles if each has allowed events of its own.`,
    );
  });
});

describe('the size of a shorter policy', () => {
  const BUS = 'arn:aws:events:eu-west-1:999999999999:event-bus/orders';
  const accounts = count(51, (i) => String(100_000_000_000 + i * 1_234_567));
  const each = accounts.map((account, i) => ({
    Sid: String(100_000_000_000 + i),
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: 'events:PutEvents',
    Resource: BUS,
  }));

  test('is that of the policy which this library writes', () => {
    const sizes = Object.fromEntries(shorterPolicies(each).map((shorter) => [shorter.form, shorter.characters]));
    expect(sizes).toEqual({
      merged: characters(WAYS['AccountGrantForm.LISTED'], 51),
      compact: characters(WAYS['AccountGrantForm.COMPACT'], 51),
      organization: organizationSize(),
    });
  });

  test.each([
    ['allows the rules of all statements', 'ArnLike', true],
    ['is not proposed if it would exclude the rules of all statements', 'ArnNotLike', false],
  ])('with shared events %s', (_, operator, isProposed) => {
    const forRegion = (account: string, region: string) => ({
      Sid: account,
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: 'events:PutEvents',
      Resource: 'arn:aws:events:eu-west-1:111111111111:event-bus/orders',
      Condition: { [operator]: { 'aws:SourceArn': `arn:aws:events:${region}:*:rule/*` } },
    });
    const forms = shorterPolicies([forRegion('222222222222', 'eu-west-1'), forRegion('333333333333', 'us-west-2')]).map(
      ({ form }) => form,
    );
    expect(forms.includes('sharedEvents')).toBe(isProposed);
  });

  test('with an organization is not proposed if a statement has a condition on one', () => {
    const Condition = { StringEquals: { 'AWS:PrincipalOrgId': 'o-bbbbbbbbbb' } };
    for (const condition of [Condition, { StringEquals: { 'aws:PrincipalOrgID': 'o-bbbbbbbbbb' } }]) {
      const inOrganization = each.slice(0, 3).map((statement) => ({ ...statement, Condition: condition }));
      const forms = shorterPolicies(inOrganization).map(({ form }) => form);
      expect(forms).toEqual(['merged', 'compact']);
    }
  });

  test('is proposed only if the policy gets shorter', () => {
    const [one] = each;
    expect(shorterPolicies([one])).toEqual([]);
    expect(shorterPolicies([{ ...one, Action: 'events:PutRule' }])).toEqual([]);
    expect(shorterPolicies([])).toEqual([]);
  });

  function organizationSize(): number {
    const statement = {
      Sid: `Organizations-${'0'.repeat(12)}`,
      Effect: 'Allow',
      Principal: '*',
      Action: 'events:PutEvents',
      Resource: BUS,
      Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } },
    };
    return JSON.stringify({ Version: '2012-10-17', Statement: [statement] }).length;
  }
});
