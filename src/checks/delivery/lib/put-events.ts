import {
  Call,
  CrossAccountEvaluation,
  keysOf,
  authorizeAssumeRole,
  authorize,
  authorizeService,
  withPolicyName,
} from './authorize';
import { AppIndex } from '../../../app-model/app-index';
import { EventBus, Identity, Role, Rule, Target } from '../../../app-model/app-model';
import { EventEnvelope, matches } from '../../../eventbridge/event-pattern';
import { accountOf, regionOf } from '../../../iam/arn';
import { DIRECT_CALL_CONTEXT, ruleCallContext, valuesOf } from '../../../iam/condition-keys';
import { ConditionEntry, entriesOf } from '../../../iam/conditions';
import { Evaluation } from '../../../iam/evaluate';
import { hasVariable, resolveVariables } from '../../../iam/evaluate-condition';
import { like, actionMatches } from '../../../iam/matching';
import { Json, denies, isObject, toList } from '../../../iam/statement';
import { SERVICES_WITH_SOURCE } from '../../../iam/trust-policy';
import { ANYTHING, hasUnresolved, isAttribute, mayEqualAnyText } from '../../../iam/unresolved-text';

/** How an event is put, and whether what no template tells is taken to fit. */
export interface PutEventsOptions {
  /** Whether a rule puts it, rather than the publisher's own code or another service. */
  readonly byRule?: boolean;
  /** The rule, where it is known. */
  readonly ruleArn?: string;
  /** Whether a service other than EventBridge may put it with a role: AWS does not document what it passes on. */
  readonly byService?: boolean;
  readonly assumeUnknownMatches?: boolean;
}

/** Whether a role may put an event on a bus: by its own policies and, in another account, by the policy of the bus. */
export function authorizePutEvents(
  app: AppIndex,
  identity: Identity,
  busArn: string,
  event: EventEnvelope,
  how: PutEventsOptions = {},
): CrossAccountEvaluation {
  return authorize(app, identity, putEventsCall(busArn, event, how));
}

export function putEventsCall(
  busArn: string,
  event: EventEnvelope,
  { byRule = false, byService = false, ruleArn, assumeUnknownMatches }: PutEventsOptions,
): Call {
  const directly = byService ? {} : DIRECT_CALL_CONTEXT;
  const context = {
    ...(byRule ? ruleCallContext(ruleArn) : directly),
    'events:source': [event.source ?? ANYTHING],
    'events:detail-type': [event['detail-type'] ?? ANYTHING],
    'events:eventbusinvocation': [String(byRule)],
  };
  return { action: 'events:PutEvents', resource: busArn, context, assumeUnknownMatches };
}

/** Whether a rule's target gets an event of the rule: role, trust, permission and policy of the destination. */
export function isDelivered(app: AppIndex, rule: Rule, target: Target, event: EventEnvelope): Evaluation {
  const role = target.roleArn === undefined ? undefined : app.role(target.roleArn);
  if (target.roleArn !== undefined && !role) {
    return { decision: 'unknown', reason: `role ${target.roleArn} is not of this app` };
  }
  const trust = role && authorizeAssumeRole(role, rule);
  if (trust && trust.decision !== 'allowed') {
    return { ...trust, reason: `EventBridge may not assume ${role.arn}: ${trust.reason}` };
  }
  if (app.bus(target.arn)) {
    return role
      ? withPolicyName(
          authorizePutEvents(app, role, target.arn, event, { byRule: true, ruleArn: rule.arn }),
          target.arn,
        )
      : { decision: 'denied', reason: 'a bus as target needs a role' };
  }
  if (target.arn.includes(':lambda:')) return invokes(app, rule, target, role);
  return { decision: 'unknown', reason: `${target.arn} is neither a bus nor a function of this app` };
}

/** Rules on a bus that match an event for certain, or may. */
export function rulesFor(app: AppIndex, bus: EventBus, event: EventEnvelope): Rule[] {
  return app.rulesOn(bus.arn).filter((rule) => matches(rule.pattern, event) !== false);
}

/**
 * The buses that statements of a role or user name, each once; also what stands for one until deployment, and those of
 * the app that a name with wildcards fits. All buses of an account are nobody's name.
 */
export function busesOf(identity: Identity, buses: EventBus[]): string[] {
  const written = identity.statements.flatMap((s) => (isObject(s) && allowsPutEvents(s) ? toList(s.Resource) : []));
  const lookup = (key: string) => valuesOf(key, [keysOf(identity)], '');
  const resources = written.flatMap((arn) =>
    hasVariable(arn) ? resolveVariables(arn, lookup).filter((one) => !hasUnresolved(one)) : [arn],
  );
  const named = resources.flatMap((arn) =>
    /[*?]/.test(arn) ? buses.filter((bus) => isPartly(arn) && like(arn, bus.arn)).map((bus) => bus.arn) : [arn],
  );
  return [...new Set(named)].filter(
    (arn) => arn.includes(':event-bus/') || (mayEqualAnyText(arn) && !isAttribute(arn)),
  );
}

/** Whether a pattern names an account and at least the beginning of a bus. */
function isPartly(pattern: string): boolean {
  return /^arn:[^:]*:events:[^:]*:\d{12}:event-bus\/[^*?]/.test(pattern);
}

/** Whether a statement allows to put events, by whichever wildcard or exception. */
export function allowsPutEvents(statement: Json): boolean {
  if (!isObject(statement) || statement.Effect !== 'Allow') return false;
  const { Action, NotAction } = statement;
  if (NotAction !== undefined) {
    return !toList(NotAction).some((action) => actionMatches(action, 'events:PutEvents') !== false);
  }
  return toList(Action).some((action) => actionMatches(action, 'events:PutEvents') === true);
}

/** Whether a statement is there for putting events: a wider action may be meant for something else. */
export function isForPutting(statement: Json): boolean {
  return (
    allowsPutEvents(statement) &&
    isObject(statement) &&
    toList(statement.Action).some((action) => /^events:put/i.test(action))
  );
}

/** Whether a role is made for rules: only they can assume it. */
export function isRuleRole(identity: Identity): boolean {
  return trustedBy(identity).includes(RULE_ROLE_TRUST);
}

/** Whether a service that publishes with a role of its user can assume the role. */
export function servesServices(identity: Identity): boolean {
  return trustedBy(identity).some(
    (principal) =>
      principal !== RULE_ROLE_TRUST && (SERVICES_WITH_SOURCE.test(principal) || /^apigateway\./.test(principal)),
  );
}

/** Whether a role is for rules and for nobody else. */
export function isOnlyRuleRole(identity: Identity): boolean {
  const trusted = trustedBy(identity);
  return trusted.length > 0 && trusted.every((principal) => principal === RULE_ROLE_TRUST);
}

const RULE_ROLE_TRUST = 'events.amazonaws.com';

/** The principals, of whichever kind, that a role trusts. */
function trustedBy(identity: Identity): string[] {
  const trust = 'trust' in identity ? (identity as Role).trust : [];
  const principals = trust
    .filter((s) => !denies(s))
    .map((s) => (isObject(s) && s.Principal !== undefined ? s.Principal : 'anybody else'));
  return principals.flatMap((principal) =>
    isObject(principal) ? Object.values(principal).flatMap(toList) : toList(principal),
  );
}

/**
 * Events that statements of a role speak of for a bus: every source with every detail type; one of anything where they
 * name none.
 */
export function eventsOf(identity: Identity, busArn: string): EventEnvelope[] {
  const statements = identity.statements
    .filter(isObject)
    .filter((s) => allowsPutEvents(s) && toList(s.Resource).some((resource) => like(resource, busArn)));
  return statements.flatMap(({ Condition }) => {
    const entries = entriesOf(Condition);
    const sources = valuesNamed(entries, 'events:source');
    const detailTypes = valuesNamed(entries, 'events:detail-type');
    return sources.flatMap((source) =>
      detailTypes.map((detailType) => ({ source, 'detail-type': detailType, account: identity.account })),
    );
  });
}

function valuesNamed(entries: ConditionEntry[], key: string): (string | undefined)[] {
  const values = entries
    .filter((entry) => entry.operator !== 'Null' && entry.key === key)
    .flatMap((entry) => entry.values);
  return values.length > 0 ? values : [undefined];
}

function invokes(app: AppIndex, rule: Rule, target: Target, role: Role | undefined): Evaluation {
  if (regionOf(target.arn) !== rule.region) {
    return {
      decision: 'denied',
      reason: `a function as target must be in the rule's region, not in ${regionOf(target.arn)}`,
    };
  }
  const call = { action: 'lambda:InvokeFunction', resource: target.arn };
  if (role) return withPolicyName(authorize(app, role, call), target.arn);
  const sameAccount = accountOf(target.arn) === rule.account;
  return sameAccount
    ? authorizeService(app, rule.arn, call)
    : { decision: 'denied', reason: 'a function of another account as target needs a role' };
}
