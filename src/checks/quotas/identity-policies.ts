import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { QuotaLimits } from './quota-limits';
import {
  QuotaUsage,
  describeAlternatives,
  describeLargest,
  describeUsage,
  firstPerConstruct,
  formatNumber,
  severity,
  sumNumbers,
  sumOf,
} from './quota-usage';
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
import { displayText, hasUnresolved, isAttribute } from '../../iam/unresolved-text';
import { groupedBy } from '../../util/group-by';
import { Finding, createFinding } from '../engine/finding';
import { FindingId } from '../finding-id';

/** Policies of roles, users and groups that exceed a quota, or nearly do. IAM does not count white space. */
export function checkIdentityPolicies(app: AppIndex, limits: QuotaLimits): Finding[] {
  const { roles, users, groups } = app.ownIdentities;
  const threshold = limits.warningThresholdPercent;
  const rolesWithPolicies = withPolicies(roles);
  const check = (noun: string, identities: IdentityWithPolicies[], limit: number) =>
    identities.flatMap((identity) => checkInlinePolicies({ noun, limit, threshold }, identity));
  const inlineFindings = [
    ...check('role', rolesWithPolicies, INLINE_POLICIES_CHARACTERS),
    ...check('user', withPolicies(users), USER_INLINE_POLICIES_CHARACTERS),
    ...check('group', withPolicies(groups), GROUP_INLINE_POLICIES_CHARACTERS),
  ];
  const ownersOfRoles = new Set(roles.map(({ construct }) => ownerOf(construct)));
  return [
    ...firstPerConstruct(inlineFindings),
    ...app.evaluated.managedPolicies.flatMap((policy) => checkManagedPolicy(policy, ownersOfRoles, threshold)),
    ...rolesWithPolicies.flatMap((role) => checkManagedPolicyCount(role, app)),
    ...roles.flatMap((role) => checkTrustPolicy(role, limits.trustPolicy, threshold)),
  ];
}

interface InlinePolicyQuota {
  /** The kind of identity. */
  readonly noun: string;
  readonly limit: number;
  readonly threshold: number;
}

/**
 * All inline policies of one role, user or group. If one policy is too long on its own, the finding is reported on that
 * policy, which may be attached to several identities.
 */
function checkInlinePolicies(
  { noun, limit, threshold }: InlinePolicyQuota,
  { identity, policies }: IdentityWithPolicies,
): Finding[] {
  const parts = policies
    .filter(({ inline }) => inline)
    .map((policy) => ({ ...policy, size: sizeOf(policy.statements) }));
  const total = sumOf(parts);
  if (!severity(total, limit, threshold)) return [];
  const thresholdParts = parts.filter((part) => !isSplitByCdk(part, identity));
  const usage = { ...total, thresholdEstimate: sumNumbers(thresholdParts.map(({ size }) => size.estimate)) };
  const level = severity(usage, limit, threshold);
  if (!level) return [];
  const arn = displayText(identity.arn);
  const tooLong = parts.find(({ size, construct }) => size.minimum > limit && construct !== identity.construct);
  const partsByPath = groupedBy(parts, ({ construct }) => pathOf(construct));
  const largest = [...partsByPath].map(([name, group]) => ({
    name,
    size: sumNumbers(group.map(({ size }) => size.estimate)),
  }));
  const text = {
    problem: `inline policies of ${noun} ${arn} have ${describeUsage(usage, limit, 'characters')}`,
    reason: describeLargest(largest, 'construct', 'characters', 5),
    fix: `move statements to a managed policy, or create another ${noun} for some of them`,
  };
  const resource = tooLong && identity.arn;
  return [createFinding(level, FindingId.ROLE_POLICY_SIZE, (tooLong ?? identity).construct, text, resource)];
}

function checkManagedPolicy(
  { construct, arn, statements, conditional }: ManagedPolicy,
  ownersOfRoles: ReadonlySet<IConstruct | undefined>,
  threshold: number,
): Finding[] {
  const limit = MANAGED_POLICY_CHARACTERS;
  const size = sizeOf(statements);
  if (!severity({ minimum: 0, estimate: size.estimate }, limit, threshold)) return [];
  const owner = ownerOf(construct);
  const isOverflow = owner !== undefined && ownersOfRoles.has(owner);
  const usage = { ...usageOf(size, conditional), thresholdEstimate: isOverflow ? 0 : size.estimate };
  const level = severity(usage, limit, threshold);
  if (!level) return [];
  const text = {
    problem: `managed policy ${displayText(arn)} has ${describeUsage(usage, limit, 'characters')}`,
    reason: describeStatements(statements),
    fix: 'distribute its statements over several managed policies',
  };
  return [createFinding(level, FindingId.ROLE_POLICY_SIZE, construct, text)];
}

/** There is no warning threshold, because managed policies are only attached explicitly. */
function checkManagedPolicyCount({ identity, policies }: IdentityWithPolicies, app: AppIndex): Finding[] {
  const { construct, arn, managedPolicyArns } = identity;
  const limit = MANAGED_POLICIES_PER_ROLE;
  // An upper limit of what is counted below.
  if (policies.length + managedPolicyArns.length <= limit) return [];
  const managed = policies.filter(({ inline }) => !inline);
  const defined = [...groupedBy(managed, (policy) => policy.construct).values()].map(([policy]) => policy);
  const imported = [...new Set(managedPolicyArns)].filter((policyArn) => !app.managedPolicy(policyArn));
  const certain = [
    ...defined.filter(({ conditional }) => !conditional),
    ...imported.filter((policyArn) => !hasUnresolved(policyArn) || isAttribute(policyArn)),
  ];
  const usage = { minimum: certain.length, estimate: defined.length + imported.length };
  const level = severity(usage, limit);
  if (!level) return [];
  const text = {
    problem: `role ${displayText(arn)} has ${describeUsage(usage, limit, 'managed policies')}`,
    reason: `this app defines ${defined.length} of them`,
    fix: 'merge several policies into one, or create another role for some of them',
  };
  return [createFinding(level, FindingId.ROLE_POLICY_SIZE, construct, text)];
}

/** IAM may count an account ID as it is, or as the ARN of the account. */
function checkTrustPolicy({ construct, arn, trust, conditional }: Role, limit: number, threshold: number): Finding[] {
  const { estimate } = documentSize(trust, 'visible characters');
  // The minimum is never larger than the estimate, and is computed only if needed.
  if (!severity({ minimum: 0, estimate }, limit, threshold)) return [];
  const usage = usageOf({ minimum: sizeOf(trust).minimum, estimate }, conditional);
  const level = severity(usage, limit, threshold)!;
  const fixes = ['list several principals in one statement', 'grant access to an organization instead of its accounts'];
  if (limit < RAISED_TRUST_POLICY_CHARACTERS) {
    fixes.push(
      `request a quota increase to at most ${formatNumber(RAISED_TRUST_POLICY_CHARACTERS)} characters ` +
        "(Service Quotas L-C07B4B0D) and set 'trustPolicyLimit'",
    );
  }
  const text = {
    problem: `trust policy of role ${displayText(arn)} has ${describeUsage(usage, limit, 'characters')}`,
    reason: describeStatements(trust),
    fix: describeAlternatives(fixes),
  };
  return [createFinding(level, FindingId.TRUST_POLICY_SIZE, construct, text)];
}

interface IdentityWithPolicies {
  readonly identity: Identity;
  readonly policies: IdentityPolicy[];
}

/**
 * The identities with the policies that count for each. If stacks that may be deployed to different accounts define an
 * identity with the same name, each identity has only the policies in its own stack.
 */
function withPolicies(identities: readonly Identity[]): IdentityWithPolicies[] {
  const sameName = groupedBy([...identities], ({ account, name }) => `${account} ${name}`);
  return [...sameName.values()].flatMap((group) =>
    group.length === 1 ? [{ identity: group[0], policies: group[0].policies }] : withPoliciesByStack(group),
  );
}

function withPoliciesByStack(identities: Identity[]): IdentityWithPolicies[] {
  const constructs = new Set<IConstruct>(identities.map(({ construct }) => construct));
  const attached = identities.flatMap(({ policies }) => policies).filter(({ construct }) => !constructs.has(construct));
  const attachedByStack = groupedBy(attached, ({ construct }) => construct.stack);
  return identities.map((identity) => {
    const { construct, policies } = identity;
    const own = policies.filter((policy) => policy.construct === construct);
    return { identity, policies: [...own, ...(attachedByStack.get(construct.stack) ?? [])] };
  });
}

/** Whether the L2 construct of the role created a policy. The CDK splits a full one, so it may be nearly full. */
function isSplitByCdk({ construct }: IdentityPolicy, identity: Identity): boolean {
  const owner = ownerOf(construct);
  return construct !== identity.construct && owner !== undefined && owner === ownerOf(identity.construct);
}

/** The L2 construct of a role, or the one that created a policy below itself. */
function ownerOf(construct: IConstruct): IConstruct | undefined {
  const l2 = construct.node.id === 'Resource' ? construct.node.scope : undefined;
  if (!l2 || Stack.isStack(l2)) return undefined;
  const { cfnResourceType = '' } = construct as { cfnResourceType?: string };
  return cfnResourceType.endsWith('Policy') ? l2.node.scope : l2;
}

function sizeOf(statements: Json[]): PolicySize {
  return jsonSize({ Version: '2012-10-17', Statement: statements }, 'visible characters');
}

function usageOf({ minimum, estimate }: PolicySize, conditional: boolean): QuotaUsage {
  return { minimum: conditional ? 0 : minimum, estimate };
}

/** The largest statements. A statement without an ID is named by its number. */
function describeStatements(statements: Json[]): string | undefined {
  const parts = statements.map((statement, i) => ({
    name: idOf(statement) ?? `#${i + 1}`,
    size: jsonSize(statement, 'visible characters').estimate,
  }));
  return describeLargest(parts, 'statement', 'characters', 3);
}

function idOf(statement: Json): string | undefined {
  const id = (statement as { Sid?: Json } | null)?.Sid;
  return typeof id === 'string' ? id : undefined;
}

function pathOf({ node }: IConstruct): string {
  return node.path.replace(/\/Resource$/, '');
}
