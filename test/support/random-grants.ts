import * as fc from 'fast-check';
import { Grant } from '../../src/eventbridge/bus-statements';
import { AllowedEventValues } from '../../src/eventbridge/grant-conditions';
import { Publisher } from '../../src/eventbridge/publishers';
import { serviceCallContext } from '../../src/iam/condition-keys';
import { Request } from '../../src/iam/evaluate';

/** Grants on one bus, and calls of PutEvents on it. */

export const EVENT_BUS = {
  arn: 'arn:aws:events:eu-west-1:999999999999:event-bus/orders',
  ruleArns: 'arn:aws:events:eu-west-1:999999999999:rule/orders/*',
  account: '999999999999',
  partition: 'aws',
  compact: false,
};

const roleOf = (account: string, name: string) => `arn:aws:iam::${account}:role/${name}`;
const ruleOf = (account: string, name: string) => `arn:aws:events:eu-west-1:${account}:rule/orders/${name}`;

/** Few values, so that grants overlap. */
const ACCOUNTS = ['111111111111', '222222222222', EVENT_BUS.account];
const PATHS = [
  'o-aaaaaaaaaa/r-b/ou-c/',
  'o-aaaaaaaaaa/r-b/ou-c/*',
  'o-aaaaaaaaaa/r-b/ou-c/ou-d/*',
  'o-bbbbbbbbbb/r-b/ou-c/*',
];
const RULES = [ruleOf('*', 'a'), ruleOf('111111111111', '*'), ruleOf('222222222222', 'b')];
const anyRules = fc.uniqueArray(fc.constantFrom(...RULES), { minLength: 1, maxLength: 2 });
const anyAllowedEvents: fc.Arbitrary<AllowedEventValues> = fc.record({
  sources: fc.option(fc.uniqueArray(fc.constantFrom('x', 'y', 'z'), { minLength: 1 }), { nil: undefined }),
  detailTypes: fc.option(fc.uniqueArray(fc.constantFrom('t', 'u'), { minLength: 1 }), { nil: undefined }),
  byRule: fc.option(fc.boolean(), { nil: undefined, freq: 2 }),
  ruleArns: fc.option(anyRules, { nil: undefined, freq: 2 }),
  excludedRuleArns: fc.option(anyRules, { nil: undefined, freq: 2 }),
});
const anyAccounts = fc.array(fc.constantFrom(...ACCOUNTS), { minLength: 1, maxLength: 3 });
const anyPublisher: fc.Arbitrary<Publisher> = fc.oneof(
  anyAccounts.map((ids) => ({ kind: 'Accounts' as const, accounts: ids })),
  fc
    .array(fc.tuple(fc.constantFrom(...ACCOUNTS), fc.constantFrom('a', 'b')), { minLength: 1, maxLength: 3 })
    .map((list) => ({
      kind: 'Roles' as const,
      roles: list.map(([account, name]) => ({ account, arn: roleOf(account, name) })),
    })),
  fc
    .constantFrom('o-aaaaaaaaaa', 'o-bbbbbbbbbb')
    .map((id) => ({ kind: 'Organizations' as const, organizations: [id] })),
  fc.subarray(PATHS, { minLength: 1 }).map((paths) => ({ kind: 'OrganizationalUnits' as const, paths })),
  fc.record({ accounts: anyAccounts, bucket: fc.boolean() }).map(({ bucket, ...sources }) => ({
    kind: 'Service' as const,
    service: 'ses.amazonaws.com',
    sources: { ...sources, ...(bucket && { arns: ['arn:aws:s3:::a*'] }) },
  })),
  anyAccounts.map((ids) => ({
    kind: 'Principal' as const,
    principal: { AWS: ids.map((id) => `arn:aws:iam::${id}:root`) },
    conditions: { StringEquals: { 'aws:PrincipalTag/team': 'shop' } },
  })),
);
/** Services put events themselves, and never with a rule. */
export const anyGrant: fc.Arbitrary<Grant> = fc
  .tuple(anyPublisher, anyAllowedEvents)
  .map(([publisher, { ruleArns, excludedRuleArns, ...allowed }]) => ({
    publisher,
    allowed: publisher.kind === 'Service' ? allowed : { ...allowed, ruleArns, excludedRuleArns },
  }));
export const anyGrants = fc.array(anyGrant, { maxLength: 8 });
const anyEvents = {
  sources: fc.array(fc.constantFrom('x', 'y', 'z'), { maxLength: 3 }),
  detailTypes: fc.array(fc.constantFrom('t', 'u'), { maxLength: 3 }),
  byRule: fc.boolean(),
};
const eventKeys = ({
  sources,
  detailTypes,
  byRule,
}: {
  sources: string[];
  detailTypes: string[];
  byRule: boolean;
}) => ({ 'events:source': sources, 'events:detail-type': detailTypes, 'events:eventbusinvocation': [String(byRule)] });
const byRole = fc
  .record({
    ...anyEvents,
    account: fc.constantFrom(...ACCOUNTS, '444444444444'),
    name: fc.constantFrom('a', 'b', 'c'),
    path: fc.constantFrom(
      '',
      'o-aaaaaaaaaa/r-b/',
      'o-aaaaaaaaaa/r-b/ou-c/',
      'o-aaaaaaaaaa/r-b/ou-c/ou-d/',
      'o-bbbbbbbbbb/r-b/ou-c/',
      'o-cccccccccc/r-b/ou-c/',
    ),
    team: fc.constantFrom('shop', 'other'),
    rule: fc.constantFrom(...['111111111111', '222222222222'].flatMap((id) => ['a', 'b'].map((n) => ruleOf(id, n)))),
  })
  .map(({ account, name, path, team, rule, ...events }) => ({
    action: 'events:PutEvents',
    resource: EVENT_BUS.arn,
    principalArn: roleOf(account, name),
    account,
    context: [
      {
        ...eventKeys(events),
        'aws:principalarn': [roleOf(account, name)],
        'aws:principalaccount': [account],
        'aws:principalorgid': path ? [path.split('/')[0]] : [],
        'aws:principalorgpaths': path ? [path] : [],
        'aws:principaltag/team': [team],
        'aws:sourceaccount': [],
        'aws:sourcearn': events.byRule ? [rule] : [],
      },
    ],
  }));
const byService = fc
  .record({
    ...anyEvents,
    account: fc.constantFrom(...ACCOUNTS, '444444444444'),
    arn: fc.constantFrom('arn:aws:s3:::ab', 'arn:aws:s3:::b'),
  })
  .map(({ account, arn, ...events }) => ({
    action: 'events:PutEvents',
    resource: EVENT_BUS.arn,
    service: 'ses.amazonaws.com',
    context: [
      { ...eventKeys(events), 'aws:sourceaccount': [account], 'aws:sourcearn': [arn] },
      ...serviceCallContext('ses.amazonaws.com', arn),
    ],
  }));
export const anyCall: fc.Arbitrary<Request> = fc.oneof({ weight: 3, arbitrary: byRole }, byService);
