import { IConstruct } from 'constructs';
import { Verdict, statementsFor, worded } from './calls';
import { isFaulty } from './conditions';
import { elsewhere, isSaid } from './elsewhere';
import { nameOfEvent } from './events';
import { didYouMean, isUnknownBus, nearestBus } from './nearest';
import { Put, busesOf, eventsOf, isForPutting, mayPut, putCall, servesRules, servesRulesAlone, servesServices } from './paths';
import { doubtOf, remedyFor } from './remedies';
import { FindingId } from '../../finding-id';
import { Identity, PolicyStatement } from '../../model/app-model';
import { accountOf } from '../../policy/arn';
import { groupedBy } from '../../policy/grouped';
import { like } from '../../policy/matching';
import { EventEnvelope } from '../../policy/pattern';
import { isObject, listOf } from '../../policy/statement';
import { mayBeAnyText, readable } from '../../policy/text';
import { Finding } from '../finding';
import { World } from '../world';

/**
 * Roles and users whose policies let them put events on a bus that does not let them in, or that is not there.
 *
 * Blind spots: policies that name no bus, managed policies of AWS, session policies, service control policies; whether the caller belongs to
 * the organization that the bus lets in; buses of other apps.
 */
export function publishersRefused(world: World): Finding[] {
  const sends = sendersOf(world);
  const identities = [...world.model.roles, ...world.model.users].filter((identity) => identity.statements.length > 0);
  return identities.filter((identity) => !sends.has(identity.arn) || !servesRulesAlone(identity))
    .flatMap((identity) => busesOf(identity, world.model.eventBuses)
      .filter((busArn) => !sends.get(identity.arn)?.has(busArn))
      .flatMap((busArn) => judge(world, identity, busArn)));
}

/** Roles that rules send events on with, and where to: rules are judged with their targets. */
function sendersOf({ model }: World): Map<string | undefined, Set<string>> {
  const targets = groupedBy(model.rules.flatMap((rule) => rule.targets), ({ roleArn }) => roleArn);
  return new Map([...targets].map(([roleArn, all]) => [roleArn, new Set(all.map(({ arn }) => arn))]));
}

function judge(world: World, identity: Identity, busArn: string): Finding[] {
  if (!world.bus(busArn) && mayBeAnyText(busArn)) {
    return undecided(identity, busArn, 'which is known only at deployment; write its ARN out, or make sure that its policy lets the role in');
  }
  if (isUnknownBus(world, busArn)) return unknownBus(world, identity, busArn);
  const asked = eventsOf(identity, busArn).map((event) => ({ event, ...mayPut(world, identity, busArn, event, howPuts(identity)) }));
  const refused = asked.filter(({ decision }) => decision === 'denied');
  if (refused.length > 0) return refusals(world, identity, busArn, refused);
  const open = asked.find(({ decision }) => decision === 'undecided');
  return open ? undecided(identity, busArn, `${readable(worded(open, busArn).because)}, ${doubtOf(open)}`, ': ') : [];
}

function howPuts(identity: Identity): Put {
  return { byRule: servesRules(identity), byService: servesServices(identity), inDoubtYes: true };
}

function refusals(world: World, identity: Identity, busArn: string, refused: ({ event: EventEnvelope } & Verdict)[]): Finding[] {
  const construct = policyFor(identity, busArn);
  if (refused[0].half === 'resource' && (isSaid(construct, busArn) || isFaulty(world, busArn))) return [];
  const meant = refused[0].half === 'resource' ? statementMeantFor(world, identity, busArn, refused[0].event) : undefined;
  if (meant) {
    const message = `${nameOf(identity)} may not put ${eventNames(refused)} on bus ${readable(busArn)}: statement '${readable(meant.id)}' is for ${readable(meant.of)}, which no stack of this app makes; correct the bus of the policy`;
    return [{ id: FindingId.PUBLISHER_REFUSED, level: 'error', construct: meant.construct, message }];
  }
  const message = `${nameOf(identity)} may not put ${eventNames(refused)} on bus ${readable(busArn)}: ${readable(worded(refused[0], busArn).because)}; `
    + remedyFor(refused[0], 'principal', refused[0].half === 'resource'
      ? 'let the role or its account in by a statement of the bus, with the same sources and detail types'
      : 'correct the policies of the role, or leave the bus out of them');
  return [{ id: FindingId.PUBLISHER_REFUSED, level: isMeantToPut(identity, busArn) ? 'error' : 'warning', construct, message }];
}

/** Whether a statement of a role says in so many words that it puts events on a bus. */
function isMeantToPut({ statements }: Identity, busArn: string): boolean {
  return statements.filter(isForPutting).filter(isObject).some(({ Resource }) => listOf(Resource).some((resource) => like(resource, busArn)));
}

/** A statement for a bus that is not there, which would let the event in on this one: probably its name is a slip. */
function statementMeantFor(world: World, identity: Identity, busArn: string, event: EventEnvelope): PolicyStatement | undefined {
  const buses = [...new Set(world.model.eventBusStatements.map(({ of }) => of))];
  const misspelt = buses.filter((of) => !world.bus(of) && nearestBus(world, of)?.bus.arn === busArn);
  return misspelt.flatMap((of) => statementsFor(world, identity, putCall(of, event, howPuts(identity))))[0];
}

function undecided(identity: Identity, busArn: string, because: string, joint = ', '): Finding[] {
  const message = `it cannot be told at synth whether ${nameOf(identity)} may put events on bus ${readable(busArn)}${joint}${because}`;
  return elsewhere(FindingId.DELIVERY_UNDECIDED, policyFor(identity, busArn), busArn, message);
}

function unknownBus(world: World, identity: Identity, busArn: string): Finding[] {
  const construct = policyFor(identity, busArn);
  const near = nearestBus(world, busArn);
  if (near) {
    return [{ id: FindingId.EVENT_BUS_UNKNOWN, level: 'warning', construct, message: didYouMean(near, `bus ${busArn}, which '${pathOf(identity)}' may put events on`) }];
  }
  if (accountOf(busArn) === identity.account) return [];
  const message = `the policy of bus ${readable(busArn)} is not written by this app: in its account it must let role ${readable(identity.arn)} put events; then acknowledge this`;
  return elsewhere(FindingId.EVENT_BUS_GRANT_ELSEWHERE, construct, busArn, message);
}

/** The policy that names the bus, to which a finding is tied. */
function policyFor(identity: Identity, busArn: string): IConstruct {
  const policy = identity.policies.find(({ statements }) => statements.some((s) => isObject(s) && s.Effect === 'Allow' && listOf(s.Resource).some((resource) => like(resource, busArn))));
  return policy?.construct ?? identity.construct;
}

function eventNames(refused: { event: EventEnvelope }[]): string {
  const names = [...new Set(refused.map(({ event }) => nameOfEvent(event)))];
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}

function nameOf(identity: Identity): string {
  return `'${pathOf(identity)}' of account ${readable(identity.account)}`;
}

function pathOf({ construct }: Identity): string {
  return construct.node.path;
}
