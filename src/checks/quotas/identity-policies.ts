import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { QuotaLimits } from './quota-limits';
import { QuotaUsage, describeUsage, describeLargest, severity, firstPerConstruct, sumOf } from './quota-usage';
import { AppIndex } from '../../app-model/app-index';
import { Identity, IdentityPolicy, ManagedPolicy, Role } from '../../app-model/app-model';
import {
  GROUP_INLINE_POLICIES_CHARACTERS,
  INLINE_POLICIES_CHARACTERS,
  MANAGED_POLICIES_PER_ROLE,
  MANAGED_POLICY_CHARACTERS,
  RAISED_TRUST_POLICY_CHARACTERS,
  USER_INLINE_POLICIES_CHARACTERS,
} from '../../eventbridge/quotas';
import { PolicySize, documentSize, jsonSize } from '../../iam/policy-size';
import { Json } from '../../iam/statement';
import { hasUnresolved, isAttribute, displayText } from '../../iam/unresolved-text';
import { groupedBy } from '../../util/group-by';
import { Finding } from '../engine/finding';
import { FindingId } from '../finding-id';

/** Policies of roles, users and groups that are too long or too many, or nearly. IAM does not count white space. */
export function checkIdentityPolicies(app: AppIndex, limits: QuotaLimits): Finding[] {
  const { roles, users, groups, managedPolicies } = app.model;
  const rolesApart = groupByOwner(roles);
  const threshold = limits.warningThresholdPercent;
  const inline = [
    ...rolesApart.flatMap(({ identity, policies }) =>
      checkInlinePolicies('role', identity, policies, INLINE_POLICIES_CHARACTERS, threshold),
    ),
    ...groupByOwner(users).flatMap(({ identity, policies }) =>
      checkInlinePolicies('user', identity, policies, USER_INLINE_POLICIES_CHARACTERS, threshold),
    ),
    ...groupByOwner(groups).flatMap(({ identity, policies }) =>
      checkInlinePolicies('group', identity, policies, GROUP_INLINE_POLICIES_CHARACTERS, threshold),
    ),
  ];
  return [
    ...firstPerConstruct(inline),
    ...managedPolicies.flatMap((policy) => checkManagedPolicy(policy, app, threshold)),
    ...rolesApart.flatMap(({ identity, policies }) => checkManagedPolicyCount(identity, policies, app)),
    ...roles.flatMap((role) => checkTrustPolicy(role, limits.trustPolicy, threshold)),
  ];
}

/**
 * All inline policies of one role, user or group. Where a single one is too long by itself, that one is to be changed,
 * whomever it is attached to.
 */
function checkInlinePolicies(
  what: 'role' | 'user' | 'group',
  identity: Identity,
  policies: IdentityPolicy[],
  limit: number,
  threshold: number,
): Finding[] {
  const parts = policies.filter((p) => p.inline).map((policy) => ({ ...policy, size: sizeOf(policy.statements) }));
  const all = sumOf(parts);
  if (!severity(all, limit, threshold)) return [];
  const amount = {
    ...all,
    thresholdEstimate: parts
      .filter((part) => !isSplit(part, identity))
      .reduce((sum, { size }) => sum + size.estimate, 0),
  };
  const level = severity(amount, limit, threshold);
  if (!level) return [];
  const culprit = parts.find(({ size, construct }) => size.minimum > limit && construct !== identity.construct);
  const byPath = groupedBy(parts, ({ construct }) => pathOf(construct));
  const problem = [
    `the inline policies of ${what} ${displayText(identity.arn)} have ` +
      `${describeUsage(amount, 'characters')}, of ${limit} allowed`,
    describeLargest(
      [...byPath].map(([name, group]) => ({ name, size: group.reduce((sum, { size }) => sum + size.estimate, 0) })),
      5,
    ),
  ].join('; ');
  const fix = `move statements to a managed policy, or make another ${what} for some of them`;
  return [{ id: FindingId.ROLE_POLICY_SIZE, level, construct: (culprit ?? identity).construct, problem, fix }];
}

function checkManagedPolicy(
  { construct, arn, statements, conditional }: ManagedPolicy,
  app: AppIndex,
  threshold: number,
): Finding[] {
  const size = sizeOf(statements);
  if (!severity({ minimum: 0, estimate: size.estimate }, MANAGED_POLICY_CHARACTERS, threshold)) return [];
  const owner = ownerOf(construct);
  const isSplitOff = owner !== undefined && app.model.roles.some((role) => ownerOf(role.construct) === owner);
  const amount = { ...bounded(size, conditional), thresholdEstimate: isSplitOff ? 0 : size.estimate };
  const level = severity(amount, MANAGED_POLICY_CHARACTERS, threshold);
  if (!level) return [];
  const problem =
    `the managed policy ${displayText(arn)} has ${describeUsage(amount, 'characters')}, of ` +
    `${MANAGED_POLICY_CHARACTERS} allowed; ${describeLongest(statements)}`;
  const fix = 'spread its statements over several managed policies';
  return [{ id: FindingId.ROLE_POLICY_SIZE, level, construct, problem, fix }];
}

/** As many as are allowed are fine: here nothing grows unseen. */
function checkManagedPolicyCount(
  { construct, arn, managedPolicyArns }: Identity,
  policies: IdentityPolicy[],
  app: AppIndex,
): Finding[] {
  // No more than these can count.
  if (policies.length + managedPolicyArns.length <= MANAGED_POLICIES_PER_ROLE) return [];
  const made = [
    ...groupedBy(
      policies.filter((p) => !p.inline),
      (p) => p.construct,
    ).values(),
  ].map(([policy]) => policy);
  const others = [...new Set(managedPolicyArns)].filter((one) => !app.managedPolicy(one));
  const amount = {
    minimum:
      made.filter((p) => !p.conditional).length +
      others.filter((one) => !hasUnresolved(one) || isAttribute(one)).length,
    estimate: made.length + others.length,
  };
  const level = severity(amount, MANAGED_POLICIES_PER_ROLE);
  if (!level) return [];
  const problem =
    `role ${displayText(arn)} has ${describeUsage(amount, 'managed policies')}, of ` +
    `${MANAGED_POLICIES_PER_ROLE} allowed; ${made.length} of them are made by the app`;
  const fix = 'write statements of several into one policy, or make another role for some of them';
  return [{ id: FindingId.ROLE_POLICY_SIZE, level, construct, problem, fix }];
}

/** An account id may count as it is written, or as the ARN that IAM makes of it. */
function checkTrustPolicy({ construct, arn, trust, conditional }: Role, limit: number, threshold: number): Finding[] {
  const { estimate } = documentSize(trust, 'visible characters');
  // What is certain is no more than the estimate.
  if (!severity({ minimum: 0, estimate }, limit, threshold)) return [];
  const amount = bounded({ minimum: sizeOf(trust).minimum, estimate }, conditional);
  const level = severity(amount, limit, threshold)!;
  const problem =
    `the trust policy of role ${displayText(arn)} has ${describeUsage(amount, 'characters')}, of ${limit} ` +
    `allowed; ${describeLongest(trust)}`;
  const raise =
    limit < RAISED_TRUST_POLICY_CHARACTERS
      ? `, or have the limit raised to at most ${RAISED_TRUST_POLICY_CHARACTERS} (Service Quotas ` +
        "L-C07B4B0D) and give it as 'trustPolicyLimit'"
      : '';
  const fix = `let one statement serve several principals, or an organization rather than its accounts${raise}`;
  return [{ id: FindingId.TRUST_POLICY_SIZE, level, construct, problem, fix }];
}

/**
 * What one identity has. Where stacks that may go to different accounts make it under one name, each has the policies
 * of its own stack.
 */
function groupByOwner<T extends Identity>(identities: T[]): { identity: T; policies: IdentityPolicy[] }[] {
  return [...groupedBy(identities, ({ account, name }) => `${account} ${name}`).values()].flatMap((same) => {
    if (same.length === 1) return [{ identity: same[0], policies: same[0].policies }];
    const own = new Set<IConstruct>(same.map(({ construct }) => construct));
    const others = same.flatMap(({ policies }) => policies).filter(({ construct }) => !own.has(construct));
    const attached = groupedBy(others, ({ construct }) => construct.stack);
    return same.map((identity) => {
      const { construct } = identity;
      return {
        identity,
        policies: [
          ...identity.policies.filter((p) => p.construct === construct),
          ...(attached.get(construct.stack) ?? []),
        ],
      };
    });
  });
}

/**
 * Whether a policy is one that the role's construct made below itself, and splits when it gets too long: it may be
 * nearly full.
 */
function isSplit({ construct }: IdentityPolicy, identity: Identity): boolean {
  return (
    construct !== identity.construct &&
    ownerOf(construct) !== undefined &&
    ownerOf(construct) === ownerOf(identity.construct)
  );
}

/** The L2 construct that a role is in, or that a policy was made below. */
function ownerOf(construct: IConstruct): IConstruct | undefined {
  const l2 = construct.node.id === 'Resource' ? construct.node.scope : undefined;
  if (!l2 || Stack.isStack(l2)) return undefined;
  return /Policy$/.test((construct as { cfnResourceType?: string }).cfnResourceType ?? '') ? l2.node.scope : l2;
}

function sizeOf(statements: Json[]): PolicySize {
  return jsonSize({ Version: '2012-10-17', Statement: statements }, 'visible characters');
}

function bounded({ minimum, estimate }: PolicySize, conditional: boolean): QuotaUsage {
  return { minimum: conditional ? 0 : minimum, estimate };
}

function describeLongest(statements: Json[]): string {
  return describeLargest(
    statements.map((statement, i) => ({
      name: idOf(statement) ?? `#${i + 1}`,
      size: jsonSize(statement, 'visible characters').estimate,
    })),
    3,
  );
}

function idOf(statement: Json): string | undefined {
  const id = (statement as { Sid?: Json } | null)?.Sid;
  return typeof id === 'string' ? id : undefined;
}

function pathOf({ node }: IConstruct): string {
  return node.path.replace(/\/Resource$/, '');
}
