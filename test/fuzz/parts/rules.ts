import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import * as fc from 'fast-check';
import { patterns } from './patterns';
import { TargetDescription, arnOfTarget, ruleTarget, targets } from './rule-targets';
import { CrossAccountRule } from '../../../src';
import { Built, Place } from '../place';
import { Mode, Value, index, maybe, mostly, text } from '../values';

/** A rule: an L1, an L2, or one of this library on a bus of another account. */
export interface RuleDescription {
  readonly stack: number;
  readonly kind: 'l1' | 'l2' | 'cross-account';
  readonly name?: Value;
  /** The bus; the default one if there is none. */
  readonly bus?: number;
  readonly pattern: Value;
  readonly isScheduled: boolean;
  readonly isDisabled: boolean;
  readonly role?: number;
  readonly targets: readonly TargetDescription[];
}

export function rules(mode: Mode): fc.Arbitrary<RuleDescription> {
  const name = text(mode, 'rule', 'forward', 'deliver');
  const never = fc.constant(false);
  return fc.record({
    stack: index,
    kind: fc.constantFrom('l1', 'l2', 'l2', 'cross-account'),
    name: mode === 'known' ? name : maybe(name, 4),
    bus: mostly(index, fc.constant(undefined), 6),
    pattern: patterns(mode),
    isScheduled: mode === 'known' ? never : mostly(never, fc.constant(true), 15),
    isDisabled: mode === 'known' ? never : mostly(never, fc.constant(true), 15),
    role: mode === 'known' ? fc.constant(undefined) : maybe(index, 12),
    targets: fc.array(targets(mode), { minLength: mode === 'known' ? 1 : 0, maxLength: 3 }),
  });
}

export function buildRule(place: Place, described: RuleDescription): void {
  const bus = described.bus === undefined ? undefined : place.at<events.IEventBus>('buses', described.bus);
  const name = place.name(place.render(described.name));
  const rule = BUILDERS[described.kind](place, described, bus, name);
  const busName = /event-bus\/([^:]+)$/.exec(bus?.literal ?? '')?.[1];
  const isKnown = bus === undefined || busName !== undefined;
  const path = bus === undefined ? name : `${busName}/${name}`;
  const form = { service: 'events', resource: 'rule/{}', name: isKnown && name !== undefined ? path : undefined };
  place.add('rules', rule, rule.ruleRef.ruleArn, form);
}

type Build = (
  place: Place,
  described: RuleDescription,
  bus: Built<events.IEventBus> | undefined,
  name: string | undefined,
) => events.IRuleRef;

const BUILDERS: { readonly [kind in RuleDescription['kind']]: Build } = {
  l1: (place, { isDisabled, isScheduled, pattern, role, ...described }, bus, name) =>
    new events.CfnRule(place.stack, place.id, {
      name,
      eventBusName: described.bus === undefined ? undefined : busOf(place, bus, described.bus),
      eventPattern: isScheduled ? undefined : place.render(pattern),
      scheduleExpression: isScheduled ? 'rate(1 day)' : undefined,
      state: isDisabled ? 'DISABLED' : undefined,
      roleArn: role === undefined ? undefined : place.arnAt('roles', role),
      targets: described.targets.map((target, i) => ({
        id: `T${i}`,
        arn: arnOfTarget(place, target),
        roleArn: target.role === undefined ? undefined : place.arnAt('roles', target.role),
        deadLetterConfig:
          target.deadLetterQueue === undefined ? undefined : { arn: place.arnAt('queues', target.deadLetterQueue) },
      })),
    }),
  l2: (place, described, bus, name) => {
    const eventBus = bus && l2Bus(place, bus);
    const rule = new events.Rule(place.stack, place.id, {
      ruleName: name,
      eventBus,
      eventPattern: described.isScheduled ? undefined : l2Pattern(place.render(described.pattern)),
      schedule: described.isScheduled ? events.Schedule.rate(Duration.days(1)) : undefined,
      enabled: !described.isDisabled,
    });
    addTargets(place, described, (target) => rule.addTarget(target));
    return rule;
  },
  'cross-account': (place, described, bus, name) => {
    const eventPattern = l2Pattern(place.render(described.pattern));
    const eventBus = bus?.construct ?? events.EventBus.fromEventBusName(place.stack, `${place.id}Bus`, 'default');
    const rule = new CrossAccountRule(place.stack, place.id, { ruleName: name, eventBus, eventPattern });
    addTargets(place, described, (target) => rule.addTarget(target));
    return rule;
  },
};

function busOf(place: Place, bus: Built | undefined, at: number): string {
  const resource = bus?.construct;
  if (bus?.stack === place.stack && events.CfnEventBus.isCfnEventBus(resource)) return resource.ref;
  const arn = place.arnAt('buses', at);
  // A rule on a bus of its own account has the name of the bus.
  return bus?.stack.account === place.stack.account ? arn.replace(/^arn:aws:.*event-bus\//, '') : arn;
}

/** An L2 takes an L2, or an imported bus. */
function l2Bus(place: Place, { arn, construct, literal }: Built<events.IEventBus>): events.IEventBus {
  if (!events.CfnEventBus.isCfnEventBus(construct)) return construct;
  return events.EventBus.fromEventBusArn(place.stack, `${place.id}Bus`, literal ?? arn);
}

/** An L2 takes lists of values only. */
function l2Pattern(pattern: unknown): events.EventPattern {
  const { 'detail-type': detailType, ...fields } = Object(pattern) as { [field: string]: unknown };
  const lists = Object.entries({ ...fields, detailType }).filter(([field, value]) => {
    return field === 'detail' ? typeof value === 'object' : Array.isArray(value) && value.length > 0;
  });
  const own = ['source', 'detailType', 'account', 'region', 'resources', 'detail'];
  const all = Object.fromEntries(lists.filter(([field]) => own.includes(field)));
  return Object.keys(all).length > 0 ? all : { source: ['com.shop'] };
}

function addTargets(place: Place, described: RuleDescription, add: (target: events.IRuleTarget) => void): void {
  for (const target of described.targets) {
    const { role, deadLetterQueue } = target;
    const options = {
      executionRole: role === undefined ? undefined : place.among<IRole>('roles', role, isL2)?.construct,
      deadLetterQueue:
        deadLetterQueue === undefined ? undefined : place.at<IQueue>('queues', deadLetterQueue)?.construct,
    };
    const created = ruleTarget(place, target, options);
    if (created) add(created);
  }
}

const isL2 = (role: object) => 'grantPrincipal' in role;
