/**
 * How many accounts the policy of one bus holds, in characters of the policy as AWS stores it: with one statement for
 * each account, as the L2 writes them, and with each form of this library. Run it with `npm run bench:capacity`.
 */
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal } from 'aws-cdk-lib/aws-iam';
import { AccountGrantForm, CrossAccountEventBus, EventPublisher } from 'cdk-cross-account-eventbridge';

const LIMIT = 10_240;
const ENV = { account: '999999999999', region: 'eu-west-1' };
const SIDE_BY_SIDE = 51;

type Grants = (stack: Stack, accounts: string[]) => unknown;

export const WAYS: { readonly [name: string]: Grants } = {
  'aws-cdk-lib, a statement for each account': (stack, accounts) => {
    const bus = new EventBus(stack, 'Bus', { eventBusName: 'orders' });
    accounts.forEach((account) => bus.grantPutEventsTo(new AccountPrincipal(account), account));
  },
  'AccountGrantForm.LISTED': (stack, accounts) => ours(stack, accounts, AccountGrantForm.LISTED),
  'AccountGrantForm.COMPACT': (stack, accounts) => ours(stack, accounts, AccountGrantForm.COMPACT),
  'accounts, each with a source of its own': (stack, accounts) => {
    const bus = busIn(stack);
    accounts.forEach((account, i) => bus.allowPublisher(EventPublisher.accounts(account), sourceOf(i)));
  },
  'roles, each in an account of its own': (stack, accounts) => {
    const bus = busIn(stack);
    accounts.forEach((account, i) => bus.allowPublisher(EventPublisher.role(roleOf(account, i))));
  },
  'roles, each in an account and with a source of its own': (stack, accounts) => {
    const bus = busIn(stack);
    accounts.forEach((account, i) => bus.allowPublisher(EventPublisher.role(roleOf(account, i)), sourceOf(i)));
  },
};

const busIn = (stack: Stack) => new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'orders' });
/** A name and a source of 20 characters. */
const roleOf = (account: string, i: number) => `arn:aws:iam::${account}:role/publisher-${String(i).padStart(10, '0')}`;
const sourceOf = (i: number) => ({ sources: [`com.example.team-${String(i).padStart(3, '0')}`] });

function ours(stack: Stack, accounts: string[], accountGrantForm: AccountGrantForm): void {
  new CrossAccountEventBus(stack, 'Bus', {
    eventBusName: 'orders',
    publishers: [EventPublisher.accounts(...accounts)],
    accountGrantForm,
  });
}

/** Characters of the policy that the template of such a bus leads to. */
export function characters(grants: Grants, count: number): number {
  const context = { '@aws-cdk/aws-events:requireEventBusPolicySid': true };
  const stack = new Stack(new App({ analyticsReporting: false, context }), 'Hub', { env: ENV });
  grants(
    stack,
    Array.from({ length: count }, (_, i) => String(100_000_000_000 + i * 1_234_567)),
  );
  const resources = Object.values(Template.fromStack(stack).findResources('AWS::Events::EventBusPolicy'));
  const statements = resources.map(({ Properties: { StatementId, Statement } }) => ({
    Sid: StatementId,
    ...stored(Statement),
  }));
  return JSON.stringify({ Version: '2012-10-17', Statement: statements }).length;
}

/** What deployment makes of the functions of a template. */
function stored(value: any): any {
  if (Array.isArray(value)) return value.map(stored);
  if (typeof value !== 'object') return value;
  if (value.Ref === 'AWS::Partition') return 'aws';
  if (value['Fn::Join']) return value['Fn::Join'][1].map(stored).join('');
  if (value['Fn::GetAtt']) return `arn:aws:events:${ENV.region}:${ENV.account}:event-bus/orders`;
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, stored(v)]));
}

/** The most accounts that fit. */
export function capacity(grants: Grants): number {
  return mostThatFit((count) => characters(grants, count) <= LIMIT);
}

/** The greatest number up to `atMost` that fits: a bound is found by doubling, then halved. */
export function mostThatFit(fit: (count: number) => boolean, atMost = Infinity): number {
  let [fits, tooMany] = [1, 2];
  while (tooMany <= atMost && fit(tooMany)) [fits, tooMany] = [tooMany, tooMany * 2];
  tooMany = Math.min(tooMany, atMost + 1);
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (fit(middle)) fits = middle;
    else tooMany = middle;
  }
  return fits;
}

function main(): void {
  const rows = Object.entries(WAYS).map(([name, grants]) => {
    const accounts = capacity(grants);
    return [name, String(accounts), String(characters(grants, accounts)), String(characters(grants, SIDE_BY_SIDE))];
  });
  const header = ['grants', 'accounts that fit', 'characters of these', `characters of ${SIDE_BY_SIDE} accounts`];
  const widths = header.map((_, i) => Math.max(...[header, ...rows].map((row) => row[i].length)));
  console.log(`Policy of a bus 'orders', of ${LIMIT} characters at the most\n`);
  for (const row of [header, ...rows]) {
    console.log(row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('   '));
  }
}

if (require.main === module) main();
