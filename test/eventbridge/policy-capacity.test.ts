import { accountCapacity } from '../../src/eventbridge/policy-capacity';
import { documentSize, statementSize } from '../../src/iam/policy-size';
import { Json } from '../../src/iam/statement';

const ARN = 'arn:aws:events:eu-west-1:999999999999:event-bus/orders';
const ACCOUNTS = Array.from({ length: 10 }, (_, i) => String(111_111_111_111 + i));
const root = (account: string) => `arn:aws:iam::${account}:root`;
const allow = (Principal: Json, more: object = {}): Json => ({
  Sid: 'x',
  Effect: 'Allow',
  Principal,
  Action: 'events:PutEvents',
  Resource: ARN,
  ...more,
});
const listed = (accounts: string[], more?: object) =>
  allow({ AWS: accounts.length === 1 ? root(accounts[0]) : accounts.map(root) }, more);
const compact = (accounts: string[]) =>
  allow('*', { Condition: { StringEquals: { 'aws:PrincipalAccount': accounts } } });
const size = (...statements: Json[]) => statements.map((s) => statementSize(s).estimate).reduce((a, b) => a + b, 0);

describe('the size of accounts in a bus policy', () => {
  test('is measured for a list', () => {
    expect(accountCapacity([listed(ACCOUNTS)])).toEqual({
      accounts: 10,
      characters: size(listed(ACCOUNTS)),
      sizePerAccount: 33,
    });
  });

  test.each([
    ['aws-cn', 36],
    ['aws-us-gov', 40],
  ])('is measured for a list in partition %s', (partition, sizePerAccount) => {
    const inPartition = JSON.parse(JSON.stringify(listed(ACCOUNTS)).replace(/arn:aws:/g, `arn:${partition}:`));
    expect(accountCapacity([inPartition])).toMatchObject({ accounts: 10, sizePerAccount });
  });

  test('is measured for a condition', () => {
    expect(accountCapacity([compact(ACCOUNTS)])).toMatchObject({
      characters: size(compact(ACCOUNTS)),
      sizePerAccount: 15,
    });
  });

  test('is measured for a statement each', () => {
    const each = ACCOUNTS.map((account) => listed([account]));
    expect(accountCapacity(each)).toMatchObject({
      accounts: 10,
      characters: size(...each),
      sizePerAccount: size(each[0]) + 1,
    });
  });

  test('counts an account in several statements once', () => {
    expect(accountCapacity([listed(ACCOUNTS), listed(ACCOUNTS.slice(0, 3))])).toMatchObject({
      accounts: 10,
    });
  });

  test('does not count the own account, which has a statement of its own', () => {
    const [own, others] = [listed(['999999999999']), compact(ACCOUNTS)];
    expect(accountCapacity([own, others], '999999999999')).toEqual(accountCapacity([others]));
  });

  test('includes the size of another account that is allowed in the same way', () => {
    const scoped = (account: string) =>
      listed([account], { Condition: { StringEquals: { 'events:source': account } } });
    const own = ACCOUNTS.map(scoped);
    expect(accountCapacity(own)).toMatchObject({ sizePerAccount: size(own[0]) + 1 });
    expect(accountCapacity([listed(ACCOUNTS), ...own])).toMatchObject({
      sizePerAccount: 33 + size(own[0]) + 1,
    });
    expect(accountCapacity([own[0]]).sizePerAccount).toBe(33);
  });

  test('is separate for different conditions', () => {
    const scoped = (accounts: string[]) => listed(accounts, { Condition: { StringEquals: { 'events:source': 'x' } } });
    const statements = [listed(ACCOUNTS.slice(0, 4)), scoped(ACCOUNTS.slice(2, 6)), scoped(ACCOUNTS.slice(6))];
    expect(accountCapacity(statements)).toMatchObject({
      accounts: 10,
      characters: size(...statements),
    });
  });

  test.each<[string, Json]>([
    ['a denial', { ...(listed(ACCOUNTS) as object), Effect: 'Deny' }],
    ['an organization', allow('*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } })],
    [
      'roles',
      listed(ACCOUNTS, { Condition: { StringEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/r' } } }),
    ],
    [
      'roles by another operator',
      listed(ACCOUNTS, { Condition: { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/r' } } }),
    ],
    ['an account among users', allow({ AWS: [root(ACCOUNTS[0]), `arn:aws:iam::${ACCOUNTS[0]}:user/me`] })],
    ['a service', allow({ Service: 'ses.amazonaws.com' })],
    ['a wildcard', allow('*')],
    ['text', 'a statement'],
    ['nothing', null],
    ['a condition that is text', allow('*', { Condition: 'x' })],
  ])('is nothing for %s', (_, statement) => {
    expect(accountCapacity([statement])).toEqual({
      accounts: 0,
      characters: 0,
      sizePerAccount: 33,
    });
  });

  test.each<[string, (accounts: string[]) => Json]>([
    ['listed', listed],
    ['compact', compact],
  ])('another account has that size, %s', (_, form) => {
    const { sizePerAccount } = accountCapacity([form(ACCOUNTS)]);
    const before = documentSize([form(ACCOUNTS)]).estimate;
    expect(documentSize([form([...ACCOUNTS, '222222222222'])]).estimate - before).toBe(sizePerAccount);
  });
});
