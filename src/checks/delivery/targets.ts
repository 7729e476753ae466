import { Verdict, isElsewhere, mayAssumeFor, mayCall, mayServiceCall, policyOf } from './calls';
import { isFaulty } from './conditions';
import { elsewhere, isSaid } from './elsewhere';
import { eventsAskedFor, nameOfEvent } from './events';
import { isLostOnTheWay } from './hops';
import { didYouMean, isUnknownBus, nearestBus } from './nearest';
import { mayPut } from './paths';
import { misplaced } from './permissions';
import { doubtOf, remedyFor } from './remedies';
import { FindingId } from '../../finding-id';
import { Role, Rule, Target } from '../../model/app-model';
import { accountOf, regionOf } from '../../policy/arn';
import { hasUnknown, isAttribute, mayBeAnyText, partsOf, readable } from '../../policy/text';
import { BUS, Destination, FUNCTION, destinationOf } from '../destinations';
import { Finding } from '../finding';
import { World } from '../world';

/**
 * Targets of rules that will not get what the rule sends: for want of a role, of a right of the role, or of leave at the destination.
 *
 * Blind spots: of targets other than buses, functions, queues and topics only whether there must be a role, and its trust, are judged; roles, functions and
 * queues of other apps; log groups.
 */
export function targetsRefused(world: World): Finding[] {
  return world.model.rules.flatMap((rule) => rule.targets.flatMap((target) => judge(new Path(world, rule, target))));
}

/** A rule, one of its targets and the role between them. */
class Path {
  public readonly role?: Role;
  public readonly kind?: Destination;
  /** Whether the rule's account is another than that of the target: undefined where only deployment tells. */
  public readonly across: boolean | undefined;

  constructor(public readonly world: World, public readonly rule: Rule, public readonly target: Target) {
    this.role = target.roleArn === undefined ? undefined : world.role(target.roleArn);
    this.kind = target.arn.startsWith('arn:') ? destinationOf(target.arn) : undefined;
    const [one, other] = [accountOf(rule.arn), accountOf(target.arn)];
    this.across = one === other ? false : mayBeAnyText(one) || mayBeAnyText(other) ? undefined : true;
  }

  public get name(): string {
    return `${this.kind?.thing ?? 'target'} ${readable(this.target.arn)}`;
  }

  public get ruleName(): string {
    return `rule '${readable(this.rule.name)}'`;
  }

  public error(id: FindingId, message: string, construct = this.rule.construct): Finding[] {
    return [{ id, level: 'error', construct, message }];
  }

  public warning(id: FindingId, message: string): Finding[] {
    return [{ id, level: 'warning', construct: this.rule.construct, message }];
  }

  public outside(id: FindingId, message: string, about = this.target.arn): Finding[] {
    return elsewhere(id, this.rule.construct, about, message);
  }
}

/** What is said where the policy is written by another app. */
const ELSEWHERE: { readonly [thing in Destination['thing']]: FindingId } = {
  bus: FindingId.EVENT_BUS_GRANT_ELSEWHERE,
  function: FindingId.FUNCTION_GRANT_ELSEWHERE,
  queue: FindingId.QUEUE_GRANT_ELSEWHERE,
  topic: FindingId.DELIVERY_UNDECIDED,
};

function judge(path: Path): Finding[] {
  const { kind, target } = path;
  if (!kind) return [...open(path), ...withoutRole(path), ...trustOf(path)];
  if (kind !== BUS && isElsewhere(regionOf(target.arn), path.rule.region)) {
    return path.error(FindingId.TARGET_REGION, `${path.ruleName} is in ${path.rule.region}, its target, ${path.name}, in ${regionOf(target.arn)}: only buses can be targets in another region; `
      + 'forward the events to a bus there, with a rule of its own for the target');
  }
  const needsRole = kind === BUS || path.across === true;
  if (needsRole && target.roleArn === undefined) {
    const needed = kind === BUS ? `a role that events.amazonaws.com may assume for the rule and that may ${kind.action} there` : `an execution role of account ${readable(path.rule.account)} that may ${kind.action} there`;
    return path.error(FindingId.TARGET_ROLE, `target '${readable(target.id)}' of ${path.ruleName}, ${path.name}, has no 'RoleArn', without which EventBridge sends nothing there; give it ${needed}`);
  }
  const trust = trustOf(path);
  if (trust.length > 0) return trust;
  return kind === BUS ? toBus(path) : toResource(path, kind);
}

/** Services that EventBridge calls with a role of the user alone. */
const WITH_ROLE_ALONE = /^arn:[^:]+:(batch|codebuild|codepipeline|ecs|firehose|kinesis|states):/;

function withoutRole(path: Path): Finding[] {
  const { target } = path;
  if (target.roleArn !== undefined || !WITH_ROLE_ALONE.test(target.arn)) return [];
  return path.error(FindingId.TARGET_ROLE, `target '${readable(target.id)}' of ${path.ruleName}, ${readable(target.arn)}, has no 'RoleArn', without which EventBridge sends nothing there; `
    + 'give it a role that events.amazonaws.com may assume for the rule');
}

/** A target of which a part is known only at deployment; what the app makes of other kinds is not judged. */
function open(path: Path): Finding[] {
  const { world, rule, target } = path;
  if (target.arn.startsWith('arn:') ? !mayBeBusArn(target.arn) : isAttribute(target.arn)) return [];
  if (target.roleArn === undefined && mayServiceCall(world, rule.arn, { action: FUNCTION.action, resource: target.arn }).decision === 'allowed') return [];
  const message = `it cannot be told at synth whether ${path.ruleName} reaches its target '${readable(target.id)}': ${readable(target.arn)} is no ARN that is known before deployment; write it out, or make the target in this app`;
  return path.outside(FindingId.DELIVERY_UNDECIDED, message);
}

/** Whether deployment may make an ARN of a kind that is judged: that of a service which is written out is of that service. */
function mayBeBusArn(arn: string): boolean {
  const [, , service] = partsOf(arn, ':');
  return mayBeAnyText(arn) && (service === undefined || service === 'events' || hasUnknown(service));
}

/** Whether EventBridge may assume the role of a target, if it has one. */
function trustOf(path: Path): Finding[] {
  const { target, role, rule } = path;
  if (target.roleArn === undefined) return [];
  if (!role) {
    const id = mayBeAnyText(target.roleArn) ? FindingId.DELIVERY_UNDECIDED : FindingId.ROLE_GRANT_ELSEWHERE;
    const origin = mayBeAnyText(target.roleArn) ? 'is known only at deployment' : 'is not made by this app';
    return path.outside(id, `role ${readable(target.roleArn)} of target '${readable(target.id)}' ${origin}: `
      + `events.amazonaws.com must be allowed to assume it for ${path.ruleName}, and it must be allowed ${path.kind?.action ?? 'what the target needs'} on ${readable(target.arn)}; then acknowledge this`, target.roleArn);
  }
  if (isElsewhere(role.account, rule.account)) {
    return path.error(FindingId.TARGET_ROLE, `role '${role.construct.node.path}' of target '${readable(target.id)}' is of account ${readable(role.account)}, ${path.ruleName} of account ${readable(rule.account)}: a role cannot be passed across accounts; make one in the rule's account`);
  }
  const answer = mayAssumeFor(role, rule);
  if (answer.decision === 'allowed') return [];
  const what = `assume role '${role.construct.node.path}' for ${path.ruleName}: ${readable(answer.because)}`;
  const needed = `let events.amazonaws.com assume it, with 'aws:SourceAccount' ${readable(accountOf(rule.arn))} and 'aws:SourceArn' ${readable(rule.arn)} if it has such conditions`;
  if (answer.decision === 'undecided') return path.outside(FindingId.DELIVERY_UNDECIDED, `it cannot be told at synth whether EventBridge may ${what}, ${doubtOf(answer)}`);
  return path.error(FindingId.TARGET_ROLE, `EventBridge may not ${what}; ${remedyFor(answer, 'service', needed)}`, role.construct);
}

function toBus(path: Path): Finding[] {
  const { world, target, rule, role } = path;
  if (!world.bus(target.arn) && mayBeAnyText(target.arn)) {
    return path.outside(FindingId.DELIVERY_UNDECIDED, `it cannot be told at synth whether ${path.ruleName} reaches ${path.name}, which is known only at deployment; write its ARN out`);
  }
  if (isUnknownBus(world, target.arn)) {
    const near = nearestBus(world, target.arn);
    if (near) {
      return path.warning(FindingId.EVENT_BUS_UNKNOWN, didYouMean(near, `bus ${target.arn}, the target of ${path.ruleName}`));
    }
    return path.across === false || isLostOnTheWay(world, rule, target.arn) ? [] : path.outside(FindingId.EVENT_BUS_GRANT_ELSEWHERE,
      `the policy of ${path.name} is not written by this app: in its account it must let role ${readable(target.roleArn ?? '')} put events; then acknowledge this`);
  }
  if (!role) return [];
  const how = { byRule: true, ruleArn: rule.arn, inDoubtYes: true };
  const asked = eventsAskedFor(rule.pattern).map((event) => ({ what: nameOfEvent(event), ...mayPut(world, role, target.arn, event, how) }));
  return verdicts(path, asked);
}

function toResource(path: Path, { action }: Destination): Finding[] {
  const { world, target, rule, role } = path;
  if (!role && target.roleArn !== undefined) return [];
  const call = { action, resource: target.arn, inDoubtYes: true };
  const verdict = role ? mayCall(world, role, call) : mayServiceCall(world, rule.arn, call);
  const outside = verdict.half === 'resource' && verdict.decision !== 'allowed' && !isMade(path);
  return outside ? grantElsewhere(path) : verdicts(path, [{ what: 'events', ...verdict }]);
}

/** One finding for all events that are refused at the same half. */
function verdicts(path: Path, asked: ({ what: string } & Verdict)[]): Finding[] {
  const { role, target } = path;
  const refused = asked.find(({ decision }) => decision === 'denied');
  if (refused?.half === 'identity' && role) {
    return path.error(FindingId.TARGET_ROLE, `role '${role.construct.node.path}' may not send ${refused.what} of ${path.ruleName} to ${path.name}: ${readable(refused.because)}; `
      + remedyFor(refused, 'principal', `allow it ${path.kind!.action} on ${readable(target.arn)}`), role.construct);
  }
  if (refused && (isFaulty(path.world, target.arn) || isSaid(path.rule.construct, target.arn))) return [];
  if (refused) {
    const found = role || refused.denial ? undefined : misplaced(path.world, path.rule, target);
    const who = role ? `role '${role.construct.node.path}'` : path.ruleName;
    return path.error(FindingId.TARGET_REFUSED, `${policyOf(target.arn)} of ${readable(target.arn)} does not let ${who} send ${refused.what} there: ${found?.because ?? readable(refused.because)}; `
      + (found?.remedy ?? remedyFor(refused, role ? 'principal' : 'service', remedy(path))), found?.construct);
  }
  const undecided = asked.find(({ decision }) => decision === 'undecided');
  return undecided ? path.outside(FindingId.DELIVERY_UNDECIDED, `it cannot be told at synth whether ${path.ruleName} reaches ${path.name}: ${readable(undecided.because)}, ${doubtOf(undecided)}`) : [];
}

function remedy({ kind, role, rule }: Path): string {
  if (role) return `let ${readable(role.arn)} or its account in, for ${kind!.action}${kind === BUS ? ' and the same sources and detail types' : ''}`;
  return `let events.amazonaws.com in, with 'aws:SourceArn' ${readable(rule.arn)}`;
}

function isMade({ world, target }: Path): boolean {
  return (world.function(target.arn) ?? world.queue(target.arn) ?? world.topic(target.arn)) !== undefined;
}

function grantElsewhere(path: Path): Finding[] {
  const caller = path.role ? `role ${readable(path.role.arn)}` : `events.amazonaws.com, with 'aws:SourceArn' ${readable(path.rule.arn)},`;
  return path.outside(ELSEWHERE[path.kind!.thing], `${path.name} is not made by this app: its policy must let ${caller} do ${path.kind!.action}; then acknowledge this`);
}

