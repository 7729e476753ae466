import { IConstruct } from 'constructs';
import { CrossAccountEvaluation } from './authorize';
import { allowedEventsOf } from './put-events';
import { AppIndex } from '../../../app-model/app-index';
import { Identity } from '../../../app-model/app-model';
import { pathWithin } from '../../../app-model/assembly';
import { OtherApp } from '../../../app-model/other-apps';
import { constructState } from '../../../core/construct-state';
import { ownerOfRole } from '../../../core/ownership';
import { roleStatement } from '../../../eventbridge/bus-statements';
import { EventEnvelope } from '../../../eventbridge/event-pattern';
import { conditionsOf } from '../../../eventbridge/grant-conditions';
import { parseArn } from '../../../iam/arn';
import { Json } from '../../../iam/statement';
import { displayText, hasUnresolved } from '../../../iam/unresolved-text';
import { pathOf } from '../../engine/construct-names';

/** The construct that writes the policy of a bus, on the `CfnEventBus`. `CrossAccountEventBusPolicy` sets it. */
const POLICY_WRITER = constructState<IConstruct>('policyWriter');

/**
 * The fix that allows a role or user to put events on a bus, with the calls of this library.
 *
 * @param ruleArn the rule that forwards the events, if the grant is to be limited to it
 */
export function allowOnBus(
  app: AppIndex,
  identity: Identity,
  busArn: string,
  events: EventEnvelope[] = [],
  ruleArn?: string,
): string {
  const bus = app.bus(busArn)?.construct;
  if (bus && hasOwnPolicy(app, busArn, bus)) return allowInProperty(identity, busArn, bus, ruleArn);
  return `call ${allowPublisherCall(identity, events, ruleArn)} ${onPolicyOf(app, bus, busArn)}${ifUnnamed(identity)}`;
}

/** Whether a construct of this library writes the policy of a bus. */
export function hasPolicyWriter(bus: IConstruct): boolean {
  return POLICY_WRITER.get(bus) !== undefined;
}

/** Whether the statement that comes closest to allowing a call is for events that other rules forward. */
export function isForOtherRules({ policyType, unmatchedKey }: CrossAccountEvaluation): boolean {
  return policyType === 'resource' && unmatchedKey?.toLowerCase() === 'aws:sourcearn';
}

/** The fix that allows accounts to put events on a bus of this app. */
export function allowAccountsOnBus(
  app: AppIndex,
  accounts: readonly string[],
  busArn: string,
  events: EventEnvelope[],
): string {
  const bus = app.bus(busArn)?.construct;
  if (bus && hasOwnPolicy(app, busArn, bus)) {
    return `allow ${accounts.join(', ')} to put these events in the 'policy' property of '${pathOf(bus)}'`;
  }
  const publisher = `EventPublisher.accounts(${accounts.map((account) => `'${account}'`).join(', ')})`;
  return `call allowPublisher(${publisher}${allowedEventsArgument(events)}) ${onPolicyOf(app, bus, busArn)}`;
}

/** The fix for a bus that is not defined in this app, with the events that the role or user may put on it. */
export function allowOnOtherBus(identity: Identity, busArn: string): string {
  const { account = '' } = parseArn(busArn) ?? {};
  const place = hasUnresolved(account) || account === '' ? 'in the account of the bus' : `in account ${account}`;
  const call = allowPublisherCall(identity, allowedEventsOf(identity, busArn));
  return `${place}, call ${call} for the bus, then acknowledge this warning${ifUnnamed(identity)}`;
}

/** The call of `allowPublisher()` for the events, if all of them have a source or detail type. */
function allowPublisherCall(identity: Identity, events: EventEnvelope[], ruleArn?: string): string {
  return `allowPublisher(${publisherOf(identity)}${allowedEventsArgument(events, ruleArn)})`;
}

function allowedEventsArgument(events: EventEnvelope[], ruleArn?: string): string {
  const limits = [
    limitTo(
      'sources',
      events.map(({ source }) => source),
    ),
    limitTo(
      'detailTypes',
      events.map((event) => event['detail-type']),
    ),
    limitTo('ruleArns', ruleArn === undefined ? [] : [ruleArn]),
  ].filter((limit) => limit !== undefined);
  return limits.length > 0 ? `, { ${limits.join(', ')} }` : '';
}

function limitTo(property: string, values: (string | undefined)[]): string | undefined {
  const known = values.filter((value) => value !== undefined && !hasUnresolved(value));
  if (values.length === 0 || known.length < values.length) return undefined;
  return `${property}: [${[...new Set(known)].map((value) => `'${value}'`).join(', ')}]`;
}

function publisherOf(identity: Identity): string {
  return isRole(identity) && !hasUnresolved(identity.arn)
    ? `EventPublisher.role('${identity.arn}')`
    : `EventPublisher.accounts('${displayText(identity.account)}')`;
}

/** Why the account is allowed in place of a role, and how to allow only the role. */
export function ifUnnamed(identity: Identity, useName = 'use EventPublisher.role()'): string {
  if (!isRole(identity) || !hasUnresolved(identity.name)) return '';
  const role = `role '${pathOf(identity.construct)}'`;
  const owner = identity.construct.node.scope && ownerOfRole(identity.construct.node.scope);
  const remedy = owner
    ? `pass a PublisherRole as the 'role' of '${owner.node.path}'`
    : `set its 'roleName', and ${useName}`;
  return `; the name of ${role} is known only at deployment: to allow only this role, ${remedy}`;
}

function isRole({ arn }: Identity): boolean {
  return arn.includes(':role/');
}

/** On which construct to call `allowPublisher()`: on that of the app, on one to create, or in the app of the bus. */
export function onPolicyOf(app: AppIndex, bus: IConstruct | undefined, busArn: string): string {
  if (bus && separateAppOf(app, bus)) return `for bus ${nameAmongApps(app, bus)}`;
  const writer = bus && POLICY_WRITER.get(bus);
  // A policy within the resource was created by a grant, and is no construct of the user.
  if (writer && writer.node.scope !== bus) {
    const isPolicyOfBus = writer.node.scope === bus.node.scope && bus.node.id === 'Resource';
    return `on '${isPolicyOfBus ? pathOf(bus) : writer.node.path}'`;
  }
  const name = bus ? `'${pathOf(bus)}'` : `bus ${displayText(busArn)}`;
  return `on a CrossAccountEventBusPolicy for ${name}`;
}

/** The app that defines a construct, if it is not this one. Those of its other stages can be passed. */
export function separateAppOf(app: AppIndex, construct: IConstruct): OtherApp | undefined {
  const other = app.otherAppOf(construct);
  return other?.isStage ? undefined : other;
}

/** The path of a construct, with the app that defines it if it is another one. */
export function nameAmongApps(app: AppIndex, construct: IConstruct): string {
  const other = separateAppOf(app, construct);
  if (!other) return `'${pathOf(construct)}'`;
  return `'${pathWithin(other.root, pathOf(construct))}' in ${other.name}`;
}

/** Whether the bus has the property `policy`, which replaces the statements of other resources. */
export function hasOwnPolicy(app: AppIndex, busArn: string, bus: IConstruct): boolean {
  return app.policyOn(busArn).entries.some(({ construct }) => construct === bus);
}

function allowInProperty(identity: Identity, busArn: string, bus: IConstruct, ruleArn?: string): string {
  const { account, arn } = identity;
  const context = { arn: busArn, partition: parseArn(busArn)?.partition ?? 'aws' };
  const allowsRole = isRole(identity) && !hasUnresolved(arn);
  const allowed = ruleArn === undefined || hasUnresolved(ruleArn) ? {} : { ruleArns: [ruleArn] };
  const statement = allowsRole
    ? roleStatement({ account, arn }, allowed, context)
    : {
        ...{ Effect: 'Allow', Principal: { AWS: account }, Action: 'events:PutEvents', Resource: busArn },
        ...(allowed.ruleArns && { Condition: conditionsOf(allowed) as Json }),
      };
  const json = displayText(JSON.stringify(statement));
  return `add this statement to the 'policy' property of '${pathOf(bus)}': ${json}${ifUnnamed(identity)}`;
}
