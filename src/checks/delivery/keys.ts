import { Call, Verdict, mayCall, mayServiceCall } from './calls';
import { elsewhere } from './elsewhere';
import { Denied, doubtOf, remedyFor } from './remedies';
import { FindingId } from '../../finding-id';
import { Encrypted, EventBus, Made, Role } from '../../model/app-model';
import { accountOf } from '../../policy/arn';
import { ABSENT, Context, UNKNOWN } from '../../policy/condition-keys';
import { ANYTHING, readable } from '../../policy/text';
import { Finding } from '../finding';
import { World } from '../world';

/**
 * Keys of buses, queues and topics that do not let EventBridge in: it then cannot take, deliver or keep events.
 *
 * Blind spots: keys of other apps; grants of keys made outside policies; whoever publishes or manages rules.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html
 */
export function keysRefused(world: World): Finding[] {
  const usual = new Map<string, boolean>();
  // Many queues have one key, which is asked once.
  const isUsual = (key: Made, place: Place) => {
    const question = [key.arn, place.kind.service, place.account, place.region].join(' ');
    return usual.get(question) ?? usual.set(question, letsAllIn(world, key, place)).get(question)!;
  };
  return [...world.model.eventBuses.flatMap((bus) => ofBus(world, bus)), ...usesOf(world).flatMap((use) => ofDestination(world, use, isUsual))];
}

/** EventBridge needs both to keep events of a bus. */
const KEY_ACTIONS = ['kms:GenerateDataKey', 'kms:Decrypt'];

function ofBus(world: World, bus: EventBus): Finding[] {
  if (bus.key === undefined) return [];
  const key = world.key(bus.key, bus);
  if (!key) {
    const message = `key ${readable(bus.key)} of bus '${readable(bus.name)}' is not made by this app: its policy must let events.amazonaws.com do kms:DescribeKey, kms:GenerateDataKey and kms:Decrypt, with 'aws:SourceArn' ${readable(bus.arn)}; then acknowledge this`;
    return elsewhere(FindingId.KEY_GRANT_ELSEWHERE, bus.construct, bus.key, message);
  }
  const context = { 'kms:encryptioncontext:aws:events:event-bus:arn': [bus.arn], ...NO_MORE_CONTEXT, 'kms:encryptioncontextkeys': ['aws:events:event-bus:arn'] };
  const verdicts = KEY_ACTIONS.map((action) => {
    return { action, ...mayServiceCall(world, bus.arn, { action, resource: key.arn, context, inDoubtYes: true }) };
  });
  return judge(verdicts, key, { what: `bus '${readable(bus.name)}'`, whom: 'EventBridge', caller: 'service' }, `let events.amazonaws.com do kms:DescribeKey, kms:GenerateDataKey and kms:Decrypt with 'aws:SourceArn' ${readable(bus.arn)}`);
}

/** The encryption context has nothing besides what is listed. */
const NO_MORE_CONTEXT = { 'kms:encryptioncontext:*': ABSENT };

/** What a rule or bus sends to. */
interface Kind {
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
const QUEUE: Kind = { thing: 'queue', service: 'sqs', context: 'kms:encryptioncontext:aws:sqs:arn', passesSource: true, instead: `use SSE-SQS (QueueEncryption.SQS_MANAGED), or ${OWN_KEY}` };
/** @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html */
const TOPIC: Kind = { thing: 'topic', service: 'sns', context: 'kms:encryptioncontext:aws:sns:topicarn', passesSource: false, instead: `use ${OWN_KEY}` };

/** An encrypted queue or topic, and a rule or bus that sends there. */
interface Use {
  readonly kind: Kind;
  readonly to: Encrypted;
  readonly by: Made;
  readonly role?: Role;
}

function usesOf(world: World): Use[] {
  const { rules, eventBuses } = world.model;
  const sent: { arn?: string; by: Made; role?: Role }[] = [
    ...rules.flatMap((rule) => rule.targets.flatMap(({ arn, roleArn, deadLetterArn }) => [
      { arn, by: rule, role: roleArn === undefined ? undefined : world.role(roleArn) }, { arn: deadLetterArn, by: rule },
    ])),
    ...eventBuses.map((bus) => ({ arn: bus.deadLetterArn, by: bus })),
  ];
  return sent.flatMap(({ arn, by, role }) => {
    if (arn === undefined) return [];
    const queue = world.queue(arn);
    const to = queue ?? world.topic(arn);
    return to?.key === undefined ? [] : [{ kind: queue ? QUEUE : TOPIC, to, by, role }];
  });
}

function ofDestination(world: World, { kind, to, by, role }: Use, isUsual: (key: Made, place: Place) => boolean): Finding[] {
  const what = `${kind.thing} ${readable(to.arn)}`;
  const keyOfAws = `alias/aws/${kind.service}`;
  if (!role && (to.key === keyOfAws || to.key!.endsWith(`:${keyOfAws}`))) {
    const message = `${what} is encrypted with ${keyOfAws}, the key of AWS, which does not let EventBridge in for '${by.construct.node.path}'; ${kind.instead}`;
    return [{ id: FindingId.KEY_REFUSED, level: 'error', construct: to.construct, message }];
  }
  const key = world.key(to.key!, to);
  if (!key) {
    const message = `key ${readable(to.key!)} of ${what}, to which '${by.construct.node.path}' sends, is not made by this app: its policy must ${grantFor(role)}; then acknowledge this`;
    return elsewhere(FindingId.KEY_GRANT_ELSEWHERE, by.construct, to.key!, message);
  }
  const place = { kind, account: accountOf(by.arn), region: to.region };
  if (!role && isUsual(key, place)) return [];
  const verdicts = KEY_ACTIONS.map((action) => {
    const call = { ...callOf(action, key, place, to.arn), inDoubtYes: true };
    return { action, ...(role ? mayCall(world, role, call) : mayServiceCall(world, kind.passesSource ? by.arn : undefined, call)) };
  });
  if (verdicts.every(({ decision }) => decision === 'allowed')) return [];
  const whom = role ? `role '${role.construct.node.path}'` : 'EventBridge';
  return judge(verdicts, key, { what: `${what}, to which '${by.construct.node.path}' sends,`, whom, caller: role ? 'principal' : 'service' }, grantFor(role));
}

/** Where a key is used: for queues or topics of a region, by rules and buses of an account. */
interface Place {
  readonly kind: Kind;
  readonly account: string;
  readonly region: string;
}

function callOf(action: string, key: Made, { kind, region }: Place, arn: string): Call {
  // The service that encrypts calls in the name of who calls it.
  const through: Context = { 'kms:viaservice': [`${kind.service}.${region}.amazonaws.com`], 'aws:viaawsservice': UNKNOWN, 'aws:calledvia': UNKNOWN, 'aws:calledviafirst': UNKNOWN, 'aws:calledvialast': UNKNOWN };
  return { action, resource: key.arn, context: { [kind.context]: [arn], ...NO_MORE_CONTEXT, ...through } };
}

/** Whether a key lets EventBridge in for whatever rule or bus of an account, and whichever queue or topic. Doubt counts as no: then each is asked by itself. */
function letsAllIn(world: World, key: Made, place: Place): boolean {
  const source = `arn:${ANYTHING}:events:${ANYTHING}:${place.account}:${ANYTHING}`;
  return KEY_ACTIONS.every((action) => mayServiceCall(world, place.kind.passesSource ? source : undefined, callOf(action, key, place, ANYTHING)).decision === 'allowed');
}

function grantFor(role: Role | undefined): string {
  return `let ${role ? readable(role.arn) : 'events.amazonaws.com'} do ${KEY_ACTIONS.join(' and ')}`;
}

/** What is encrypted, and who needs the key. */
interface Encryption {
  readonly what: string;
  readonly whom: string;
  readonly caller: Denied;
}

/** What a key says to each action, for something that is encrypted with it. */
function judge(verdicts: ({ action: string } & Verdict)[], key: Made, { what, whom, caller }: Encryption, remedy: string): Finding[] {
  const encrypted = `${what} is encrypted with key '${key.construct.node.path}', which`;
  const refused = verdicts.filter(({ decision }) => decision === 'denied');
  if (refused.length > 0) {
    const message = `${encrypted} does not let ${whom} do ${refused.map(({ action }) => action).join(' and ')}: ${readable(refused[0].because)}; ${remedyFor(refused[0], caller, remedy)}`;
    return [{ id: FindingId.KEY_REFUSED, level: 'error', construct: key.construct, message }];
  }
  const open = verdicts.find(({ decision }) => decision === 'undecided');
  if (!open) return [];
  const message = `it cannot be told at synth whether ${encrypted} may not let ${whom} do ${open.action}: ${readable(open.because)}, ${doubtOf(open)}`;
  return elsewhere(FindingId.DELIVERY_UNDECIDED, key.construct, key.arn, message);
}
