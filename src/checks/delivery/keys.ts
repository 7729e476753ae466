import { FindingId } from '../finding-id';
import { Call, CrossAccountEvaluation, authorize, authorizeService } from './lib/authorize';
import { manualStepFinding } from './lib/manual-steps';
import { PrincipalKind, explainUnknown, remedyFor } from './lib/remedies';
import { AppIndex } from '../../app-model/app-index';
import { EncryptedResource, EventBus, AppResource, Role } from '../../app-model/app-model';
import { accountOf } from '../../iam/arn';
import { ABSENT, RequestContext, UNKNOWN } from '../../iam/condition-keys';
import { ANYTHING, displayText } from '../../iam/unresolved-text';
import { Finding } from '../engine/finding';

/**
 * Keys of buses, queues and topics that do not let EventBridge in: it then cannot take, deliver or keep events.
 *
 * Blind spots: keys of other apps; grants of keys made outside policies; whoever publishes or manages rules.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html
 */
export function checkKeys(app: AppIndex): Finding[] {
  const usual = new Map<string, boolean>();
  // Many queues have one key, which is asked once.
  const isUsual = (key: AppResource, place: KeyLocation) => {
    const question = [key.arn, place.kind.service, place.account, place.region].join(' ');
    return usual.get(question) ?? usual.set(question, allowsAllSources(app, key, place)).get(question)!;
  };
  return [
    ...app.model.eventBuses.flatMap((bus) => busKeyUsage(app, bus)),
    ...keyUsages(app).flatMap((use) => targetKeyUsage(app, use, isUsual)),
  ];
}

/** EventBridge needs both to keep events of a bus. */
const KEY_ACTIONS = ['kms:GenerateDataKey', 'kms:Decrypt'];

function busKeyUsage(app: AppIndex, bus: EventBus): Finding[] {
  if (bus.key === undefined) return [];
  const key = app.key(bus.key, bus);
  if (!key) {
    const problem =
      `key ${displayText(bus.key)} of bus '${displayText(bus.name)}' is not made by this app: its ` +
      'policy must let events.amazonaws.com do kms:DescribeKey, kms:GenerateDataKey and ' +
      `kms:Decrypt, with 'aws:SourceArn' ${displayText(bus.arn)}`;
    const fix = 'make sure of it, then acknowledge this';
    return manualStepFinding(FindingId.MANUALLY_ADD_KEY_POLICY, bus.construct, { problem, fix }, bus.key);
  }
  const context = {
    'kms:encryptioncontext:aws:events:event-bus:arn': [bus.arn],
    ...NO_MORE_CONTEXT,
    'kms:encryptioncontextkeys': ['aws:events:event-bus:arn'],
  };
  const verdicts = KEY_ACTIONS.map((action) => {
    return {
      action,
      ...authorizeService(app, bus.arn, { action, resource: key.arn, context, assumeUnknownMatches: true }),
    };
  });
  return checkKey(
    verdicts,
    key,
    { what: `bus '${displayText(bus.name)}'`, whom: 'EventBridge', caller: 'service' },
    'let events.amazonaws.com do kms:DescribeKey, kms:GenerateDataKey and kms:Decrypt with ' +
      `'aws:SourceArn' ${displayText(bus.arn)}`,
  );
}

/** The encryption context has nothing besides what is listed. */
const NO_MORE_CONTEXT = { 'kms:encryptioncontext:*': ABSENT };

/** What a rule or bus sends to. */
interface EncryptedTargetKind {
  readonly thing: 'queue' | 'topic';
  readonly service: 'sqs' | 'sns';
  /** The key of a condition that has its ARN. */
  readonly context: string;
  /** Whether the key is told for which rule or bus EventBridge calls. */
  readonly passesSource: boolean;
  /** What can be used in place of the key of AWS. */
  readonly instead: string;
}

const OWN_KEY = 'a key of your own that lets events.amazonaws.com in';
const QUEUE: EncryptedTargetKind = {
  thing: 'queue',
  service: 'sqs',
  context: 'kms:encryptioncontext:aws:sqs:arn',
  passesSource: true,
  instead: `use SSE-SQS (QueueEncryption.SQS_MANAGED), or ${OWN_KEY}`,
};
/** @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html */
const TOPIC: EncryptedTargetKind = {
  thing: 'topic',
  service: 'sns',
  context: 'kms:encryptioncontext:aws:sns:topicarn',
  passesSource: false,
  instead: `use ${OWN_KEY}`,
};

/** An encrypted queue or topic, and a rule or bus that sends there. */
interface KeyUsage {
  readonly kind: EncryptedTargetKind;
  readonly to: EncryptedResource;
  readonly by: AppResource;
  readonly role?: Role;
}

function keyUsages(app: AppIndex): KeyUsage[] {
  const { rules, eventBuses } = app.model;
  const sent: { arn?: string; by: AppResource; role?: Role }[] = [
    ...rules.flatMap((rule) =>
      rule.targets.flatMap(({ arn, roleArn, deadLetterArn }) => [
        { arn, by: rule, role: roleArn === undefined ? undefined : app.role(roleArn) },
        { arn: deadLetterArn, by: rule },
      ]),
    ),
    ...eventBuses.map((bus) => ({ arn: bus.deadLetterArn, by: bus })),
  ];
  return sent.flatMap(({ arn, by, role }) => {
    if (arn === undefined) return [];
    const queue = app.queue(arn);
    const to = queue ?? app.topic(arn);
    return to?.key === undefined ? [] : [{ kind: queue ? QUEUE : TOPIC, to, by, role }];
  });
}

function targetKeyUsage(
  app: AppIndex,
  { kind, to, by, role }: KeyUsage,
  isUsual: (key: AppResource, place: KeyLocation) => boolean,
): Finding[] {
  const what = `${kind.thing} ${displayText(to.arn)}`;
  const keyOfAws = `alias/aws/${kind.service}`;
  if (!role && (to.key === keyOfAws || to.key!.endsWith(`:${keyOfAws}`))) {
    const problem =
      `${what} is encrypted with ${keyOfAws}, the key of AWS, which does not let EventBridge in ` +
      `for '${by.construct.node.path}'`;
    const fix = kind.instead;
    return [{ id: FindingId.KMS_KEY_ACCESS_DENIED, level: 'error', construct: to.construct, problem, fix }];
  }
  const key = app.key(to.key!, to);
  if (!key) {
    const problem =
      `key ${displayText(to.key!)} of ${what}, to which '${by.construct.node.path}' sends, is not ` +
      'made by this app';
    const fix = `${grantFor(role)}, in its policy, then acknowledge this`;
    return manualStepFinding(FindingId.MANUALLY_ADD_KEY_POLICY, by.construct, { problem, fix }, to.key!);
  }
  const place = { kind, account: accountOf(by.arn), region: to.region };
  if (!role && isUsual(key, place)) return [];
  const verdicts = KEY_ACTIONS.map((action) => {
    const call = { ...keyCallOf(action, key, place, to.arn), assumeUnknownMatches: true };
    return {
      action,
      ...(role ? authorize(app, role, call) : authorizeService(app, kind.passesSource ? by.arn : undefined, call)),
    };
  });
  if (verdicts.every(({ decision }) => decision === 'allowed')) return [];
  const whom = role ? `role '${role.construct.node.path}'` : 'EventBridge';
  return checkKey(
    verdicts,
    key,
    { what: `${what}, to which '${by.construct.node.path}' sends,`, whom, caller: role ? 'principal' : 'service' },
    grantFor(role),
  );
}

/** Where a key is used: for queues or topics of a region, by rules and buses of an account. */
interface KeyLocation {
  readonly kind: EncryptedTargetKind;
  readonly account: string;
  readonly region: string;
}

function keyCallOf(action: string, key: AppResource, { kind, region }: KeyLocation, arn: string): Call {
  // The service that encrypts calls in the name of who calls it.
  const through: RequestContext = {
    'kms:viaservice': [`${kind.service}.${region}.amazonaws.com`],
    'aws:viaawsservice': UNKNOWN,
    'aws:calledvia': UNKNOWN,
    'aws:calledviafirst': UNKNOWN,
    'aws:calledvialast': UNKNOWN,
  };
  return { action, resource: key.arn, context: { [kind.context]: [arn], ...NO_MORE_CONTEXT, ...through } };
}

/**
 * Whether a key lets EventBridge in for whatever rule or bus of an account, and whichever queue or topic. Doubt counts
 * as no: then each is asked by itself.
 */
function allowsAllSources(app: AppIndex, key: AppResource, place: KeyLocation): boolean {
  const source = `arn:${ANYTHING}:events:${ANYTHING}:${place.account}:${ANYTHING}`;
  return KEY_ACTIONS.every(
    (action) =>
      authorizeService(app, place.kind.passesSource ? source : undefined, keyCallOf(action, key, place, ANYTHING))
        .decision === 'allowed',
  );
}

function grantFor(role: Role | undefined): string {
  return `let ${role ? displayText(role.arn) : 'events.amazonaws.com'} do ${KEY_ACTIONS.join(' and ')}`;
}

/** What is encrypted, and who needs the key. */
interface Encryption {
  readonly what: string;
  readonly whom: string;
  readonly caller: PrincipalKind;
}

/** What a key says to each action, for something that is encrypted with it. */
function checkKey(
  verdicts: ({ action: string } & CrossAccountEvaluation)[],
  key: AppResource,
  { what, whom, caller }: Encryption,
  remedy: string,
): Finding[] {
  const encrypted = `${what} is encrypted with key '${key.construct.node.path}', which`;
  const refused = verdicts.filter(({ decision }) => decision === 'denied');
  if (refused.length > 0) {
    const problem =
      `${encrypted} does not let ${whom} do ${refused.map(({ action }) => action).join(' and ')}: ` +
      displayText(refused[0].reason);
    const fix = remedyFor(refused[0], caller, remedy);
    return [{ id: FindingId.KMS_KEY_ACCESS_DENIED, level: 'error', construct: key.construct, problem, fix }];
  }
  const open = verdicts.find(({ decision }) => decision === 'unknown');
  if (!open) return [];
  const { reason, fix } = explainUnknown(open);
  const problem = `it cannot be told at synth whether ${encrypted} may not let ${whom} do ${open.action}: ${reason}`;
  return manualStepFinding(FindingId.DELIVERY_UNVERIFIED, key.construct, { problem, fix }, key.arn);
}
