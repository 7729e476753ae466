import { AppIndex } from '../../app-model/app-index';
import { AppResource, EncryptedResource, EventBus, Identity, Key } from '../../app-model/app-model';
import { accountOf } from '../../iam/arn';
import { ABSENT, RequestContext, UNKNOWN } from '../../iam/condition-keys';
import { ANYTHING, displayText } from '../../iam/unresolved-text';
import { groupedBy } from '../../util/group-by';
import { Finding, errorFinding, withAffected } from '../engine/finding';
import { FindingId } from '../finding-id';
import { KeyEvaluation, KeyPurpose, keyAccessFindings } from './key-findings';
import {
  Call,
  CrossAccountEvaluation,
  authorize,
  authorizeService,
  certainlyDiffer,
  statementsFor,
  withPolicyName,
} from './lib/authorize';
import { EncryptedTargetKind, KEY_ACTIONS, QUEUE, STREAM, TOPIC } from './lib/encrypted-target-kinds';
import { keyArnFor, roleName, roleOfOtherApp } from './lib/key-roles';
import { manualStepFinding } from './lib/manual-steps';
import { keyNeed } from './lib/needs';

/**
 * Finds KMS keys of buses, queues, topics and streams that EventBridge, or the role of a target, is not allowed to use,
 * or that are disabled. Events then cannot be put, delivered or kept.
 *
 * Blind spots: keys that are defined in other apps; KMS grants; the principals that put events or manage rules.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html
 */
export function checkKeys(app: AppIndex): Finding[] {
  const usages = targetKeyUsages(app);
  const allowed = usagesOfUnrestrictedKeys(app, usages);
  return [
    ...app.evaluated.eventBuses.flatMap((bus) => checkBusKey(app, bus)),
    ...usages.filter((usage) => !allowed.has(usage)).flatMap((usage) => checkTargetKey(app, usage)),
  ];
}

const KEY_POLICY = 'the key policy';

/** The encryption context contains nothing else. */
const NO_OTHER_ENCRYPTION_CONTEXT = { 'kms:encryptioncontext:*': ABSENT };

function checkBusKey(app: AppIndex, bus: EventBus): Finding[] {
  if (bus.key === undefined) return [];
  const description = `bus '${displayText(bus.name)}'`;
  const grant =
    'allow events.amazonaws.com to call kms:DescribeKey, kms:GenerateDataKey and kms:Decrypt with ' +
    `'aws:SourceArn' ${displayText(bus.arn)} in the key policy`;
  const key = app.key(bus.key, bus);
  if (!key) {
    const problem = `key ${displayText(bus.key)} of ${description} is not defined in this app`;
    const text = { problem, fix: `${grant}, then acknowledge this warning` };
    return manualStepFinding(
      FindingId.MANUALLY_ADD_KEY_POLICY,
      bus.construct,
      text,
      bus.key,
      keyNeed(bus.key, bus.arn),
    );
  }
  const context = {
    'kms:encryptioncontext:aws:events:event-bus:arn': [bus.arn],
    ...NO_OTHER_ENCRYPTION_CONTEXT,
    'kms:encryptioncontextkeys': ['aws:events:event-bus:arn'],
  };
  const evaluations = KEY_ACTIONS.map((action): KeyEvaluation => {
    const call = { action, resource: key.arn, context, assumeUnknownMatches: true, given: bus.conditions };
    return { action, ...withPolicyName(authorizeService(app, bus.arn, call), key.arn) };
  });
  const purpose: KeyPurpose = {
    resourceArn: bus.arn,
    description,
    principal: 'EventBridge',
    principalKind: 'service',
    grant,
  };
  return keyAccessFindings(key, purpose, evaluations);
}

/** A rule or bus that sends to an encrypted queue, topic or stream. */
interface KeyUsage {
  readonly kind: EncryptedTargetKind;
  readonly target: EncryptedResource;
  /** The rule or bus. */
  readonly source: AppResource;
  /** The role that a rule uses for the target. */
  readonly role?: Identity;
  /** The ID, ARN or alias of the key. */
  readonly keyName: string;
  /** Absent if the key is not defined in this app. */
  readonly key?: Key;
}

function targetKeyUsages(app: AppIndex): KeyUsage[] {
  const usages: KeyUsage[] = [];
  const addUsage = (source: AppResource, arn: string | undefined, role?: Identity) => {
    const usage = arn === undefined ? undefined : keyUsageOf(app, source, arn, role);
    if (usage) usages.push(usage);
  };
  for (const rule of app.evaluated.rules) {
    for (const { arn, roleArn, deadLetterArn } of rule.targets) {
      const role = roleArn === undefined ? undefined : (app.role(roleArn) ?? roleOfOtherApp(rule, roleArn));
      // Another check reports a role that is known only at deployment.
      if (role || roleArn === undefined) addUsage(rule, arn, role);
      addUsage(rule, deadLetterArn);
    }
  }
  for (const bus of app.evaluated.eventBuses) addUsage(bus, bus.deadLetterArn);
  return usages;
}

function keyUsageOf(app: AppIndex, source: AppResource, arn: string, role?: Identity): KeyUsage | undefined {
  const queue = app.queue(arn);
  const stream = role && app.stream(arn);
  const target = queue ?? stream ?? app.topic(arn);
  if (target?.key === undefined) return undefined;
  const targetKind = stream ? STREAM : TOPIC;
  return {
    kind: queue ? QUEUE : targetKind,
    target,
    source,
    role,
    keyName: target.key,
    key: app.key(target.key, target),
  };
}

/**
 * Usages of keys that allow EventBridge without a restriction to single rules, buses, queues or topics. Many queues
 * share such a key, for which one evaluation is enough.
 */
function usagesOfUnrestrictedKeys(app: AppIndex, usages: KeyUsage[]): Set<KeyUsage> {
  const byService = usages.filter(({ key, role }) => key?.isDisabled === false && role === undefined);
  const groups = groupedBy(byService, ({ key, kind, source, target }) =>
    [key!.arn, kind.service, accountOf(source.arn), target.region].join(' '),
  );
  return new Set([...groups.values()].filter(([usage]) => allowsAnySource(app, usage)).flat());
}

/**
 * Whether a key allows EventBridge for any rule or bus in an account, and for any queue or topic. An unknown decision
 * counts as no.
 */
function allowsAnySource(app: AppIndex, usage: KeyUsage): boolean {
  const anySource = `arn:${ANYTHING}:events:${ANYTHING}:${accountOf(usage.source.arn)}:${ANYTHING}`;
  return usage.kind.actions.every((action) => {
    const call = keyCall(action, usage, ANYTHING);
    return authorizeService(app, usage.kind.passesSource ? anySource : undefined, call).decision === 'allowed';
  });
}

function keyCall(action: string, { kind, key, target }: KeyUsage, targetArn: string): Call {
  const context: RequestContext = {
    [kind.arnKey]: [targetArn],
    ...NO_OTHER_ENCRYPTION_CONTEXT,
    // SQS and SNS call KMS on behalf of the principal that sends to them.
    'kms:viaservice': [`${kind.service}.${target.region}.amazonaws.com`],
    'aws:viaawsservice': UNKNOWN,
    'aws:calledvia': UNKNOWN,
    'aws:calledviafirst': UNKNOWN,
    'aws:calledvialast': UNKNOWN,
  };
  return { action, resource: key!.arn, context };
}

function checkTargetKey(app: AppIndex, usage: KeyUsage): Finding[] {
  const { kind, target, source, role, keyName, key } = usage;
  const description = `${kind.noun} ${displayText(target.arn)}`;
  const sourcePath = `'${source.construct.node.path}'`;
  if (isAwsManagedKey(usage)) return checkAwsManagedKey(usage);
  const principal = role ? `role ${roleName(role)}` : 'EventBridge';
  if (!key) {
    const text = {
      problem: `key ${displayText(keyName)} of ${description} is not defined in this app`,
      reason: `${principal} must be allowed to use it for ${sourcePath}`,
      fix: `${targetKeyGrant(usage)}, then acknowledge this warning`,
    };
    const need = keyNeed(keyName, target.arn, role?.arn);
    return manualStepFinding(FindingId.MANUALLY_ADD_KEY_POLICY, source.construct, text, keyName, need);
  }
  const evaluations = kind.actions.map((action): KeyEvaluation => {
    return { action, ...withPolicyName(authorizeKeyUsage(app, usage, action), key.arn) };
  });
  const purpose: KeyPurpose = {
    resourceArn: target.arn,
    description: `${description} for ${sourcePath}`,
    principal,
    principalKind: role ? 'principal' : 'service',
    grant: targetKeyGrant(usage, policiesToChange(app, usage, evaluations)),
  };
  return keyAccessFindings(key, purpose, evaluations).map((finding) => withAffected(finding, source.construct));
}

/** The policy of an AWS managed key allows principals in its account, but neither EventBridge nor other accounts. */
function checkAwsManagedKey({ kind, target, source, role }: KeyUsage): Finding[] {
  if (role && !certainlyDiffer(role.account, target.account)) return [];
  const principal = role ? `role ${roleName(role)}` : 'EventBridge';
  const text = {
    problem:
      `${principal} is not allowed to use AWS managed key alias/aws/${kind.service} of ${kind.noun} ` +
      `${displayText(target.arn)} for '${source.construct.node.path}'`,
    reason: `the policy of that key does not allow ${role ? 'other accounts' : 'EventBridge'}, and cannot be changed`,
    fix: role ? STREAM.alternative : kind.alternative,
  };
  return [withAffected(errorFinding(FindingId.KMS_KEY_ACCESS_DENIED, target.construct, text), source.construct)];
}

function isAwsManagedKey({ keyName, kind }: KeyUsage): boolean {
  const alias = `alias/aws/${kind.service}`;
  return keyName === alias || keyName.endsWith(`:${alias}`);
}

function authorizeKeyUsage(app: AppIndex, usage: KeyUsage, action: string): CrossAccountEvaluation {
  const { kind, target, source, role } = usage;
  const call = { ...keyCall(action, usage, target.arn), assumeUnknownMatches: true, given: source.conditions };
  if (role) {
    const keyArn = usage.key!.arn;
    const resource = keyArnFor(app, role, usage.key!);
    return authorize(app, role, { ...call, resource, policyResource: keyArn, resourceInPolicy: keyArn });
  }
  return authorizeService(app, kind.passesSource ? source.arn : undefined, call);
}

function targetKeyGrant(
  { kind, role }: KeyUsage,
  policies = `${KEY_POLICY} and in its identity-based policies`,
): string {
  const actions = kind.actions.join(' and ');
  return role
    ? `allow role ${displayText(role.arn)} to call ${actions} in ${policies}`
    : `allow events.amazonaws.com to call ${actions} in ${KEY_POLICY}`;
}

/** The policies of one side, if the other side allows a role in another account to use the key. */
function policiesToChange(app: AppIndex, usage: KeyUsage, evaluations: KeyEvaluation[]): string | undefined {
  const { role, key, kind, target } = usage;
  const denied = evaluations.find(({ decision }) => decision === 'denied');
  if (!role || !key || !denied || accountOf(key.arn) === role.account) return undefined;
  if (denied.policyType === 'resource') return KEY_POLICY;
  const isAllowedByKey = statementsFor(app, role, keyCall(denied.action, usage, target.arn)).length > 0;
  const forImported = `as the targets of this library do for a ${kind.noun} that is imported with its key`;
  return isAllowedByKey ? `its identity-based policies, ${forImported}` : undefined;
}
