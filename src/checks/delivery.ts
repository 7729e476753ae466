import { AppModel, EventBus, Made, Role, Rule, Target } from '../model/app-model';
import { EventEnvelope, matches } from '../policy/pattern';
import { Answer, Request, answer } from '../policy/request';
import { mayAssume } from '../policy/roles';
import { Json, isObject, listOf } from '../policy/statement';
import { partsOf } from '../policy/text';

/** Whether a role may put an event on a bus: by its own policies and, in another account, by the policy of the bus. */
export function mayPut(model: AppModel, role: Role, bus: EventBus, event: EventEnvelope, byRule?: Rule): Answer {
  const context = {
    ...(event.source !== undefined && { 'events:source': [event.source] }),
    ...(event['detail-type'] !== undefined && { 'events:detail-type': [event['detail-type']] }),
    'events:eventbusinvocation': [String(byRule !== undefined)],
    ...callerContext(role),
  };
  const request = { action: 'events:PutEvents', resource: bus.arn, principalArn: role.arn, account: role.account, context };
  return both(role, request, bus, model.eventBusStatements.filter((s) => s.of === bus.arn).map((s) => s.statement), 'the bus policy');
}

/** Whether a rule's target gets an event of the rule: role, trust, permission and policy of the destination. */
export function reaches(model: AppModel, rule: Rule, target: Target, event: EventEnvelope): Answer {
  const role = target.roleArn === undefined ? undefined : model.roles.find((r) => r.arn === target.roleArn);
  if (target.roleArn !== undefined && !role) return { decision: 'undecided', because: `role ${target.roleArn} is not of this app` };
  const trust = role && mayAssume(role.trust, role.arn, rule.arn, partsOf(rule.arn, ':')[4]);
  if (trust && trust.decision !== 'allowed') return { ...trust, because: `EventBridge may not assume ${role.arn}: ${trust.because}` };
  const bus = model.eventBuses.find((b) => b.arn === target.arn);
  if (bus) return role ? mayPut(model, role, bus, event, rule) : { decision: 'denied', because: 'a bus as target needs a role' };
  if (target.arn.includes(':lambda:')) return invokes(model, rule, target, role);
  return { decision: 'undecided', because: `${target.arn} is neither a bus nor a function of this app` };
}

/** Rules on a bus that match an event for certain, or may. */
export function rulesFor(model: AppModel, bus: EventBus, event: EventEnvelope): Rule[] {
  return model.rules.filter((rule) => rule.eventBusArn === bus.arn && matches(rule.pattern, event) !== false);
}

/** Events that a role's identity policy speaks of: every source with every detail type; one of anything where it names none. */
export function eventsOf(role: Role, bus: EventBus): EventEnvelope[] {
  const statements = role.statements.filter(isObject).filter((s) => listOf(s.Action).includes('events:PutEvents') && listOf(s.Resource).includes(bus.arn));
  return statements.flatMap(({ Condition }) => {
    const sources = valuesOf(Condition, 'events:source');
    const detailTypes = valuesOf(Condition, 'events:detail-type');
    return sources.flatMap((source) => detailTypes.map((detailType) => ({ source, 'detail-type': detailType, 'account': role.account })));
  });
}

function valuesOf(condition: unknown, key: string): (string | undefined)[] {
  const operators = isObject(condition) ? Object.entries(condition).filter(([operator]) => operator !== 'Null') : [];
  const values = operators.flatMap(([, keys]) => (isObject(keys) ? listOf(keys[key]) : []));
  return values.length > 0 ? values : [undefined];
}

function invokes(model: AppModel, rule: Rule, target: Target, role: Role | undefined): Answer {
  const policy = model.functionStatements.filter((s) => s.of === target.arn).map((s) => s.statement);
  const request = { action: 'lambda:InvokeFunction', resource: target.arn };
  const [, , , region, account] = partsOf(target.arn, ':');
  if (region !== rule.region) return { decision: 'denied', because: `a function as target must be in the rule's region, not in ${region}` };
  if (!role) {
    if (account !== rule.account) return { decision: 'denied', because: 'a function of another account as target needs a role' };
    const context = { 'aws:sourcearn': [rule.arn], 'aws:sourceaccount': [rule.account] };
    return answer(policy, { ...request, service: 'events.amazonaws.com', context });
  }
  const of = { account, arn: target.arn };
  return both(role, { ...request, principalArn: role.arn, account: role.account, context: callerContext(role) }, of, policy, "the function's policy");
}

/** The identity half, and the resource half where the resource is of another account. In the same account one of them is enough. */
function both(role: Role, request: Request, of: Pick<Made, 'account' | 'arn'>, policy: Json[], name: string): Answer {
  const own = of.account === role.account ? policy.filter((statement) => denies(statement) || namesItself(statement, role)) : [];
  const identity = answer([...role.statements, ...own], request);
  if (identity.decision !== 'allowed') return { ...identity, because: `the role's own policies: ${identity.because}` };
  if (of.account === role.account) return identity;
  const resource = answer(policy, request);
  return { ...resource, because: `${name}: ${resource.because}` };
}

function denies(statement: Json): boolean {
  return isObject(statement) && statement.Effect === 'Deny';
}

/** Whether a statement lets in the role itself: one for its whole account leaves it to the role's own policies. */
function namesItself(statement: Json, role: Role): boolean {
  const principal = isObject(statement) ? statement.Principal : undefined;
  return listOf(isObject(principal) ? principal.AWS : principal).some((value) => value === '*' || value === role.arn);
}

function callerContext(role: Role): Request['context'] {
  return { 'aws:principalarn': [role.arn], 'aws:principalaccount': [role.account] };
}
