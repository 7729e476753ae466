import { IConstruct } from 'constructs';
import { assumedIdentity } from './lib/assumed-identity';
import { manualStepFinding } from './lib/manual-steps';
import { isBusInOtherRegion } from './rejected-rules';
import { AppIndex } from '../../app-model/app-index';
import { AppResource, Identity, Rule } from '../../app-model/app-model';
import { accountOf } from '../../iam/arn';
import { ABSENT, RequestContext, UNKNOWN } from '../../iam/condition-keys';
import { isObject } from '../../iam/statement';
import { ANYTHING, displayText } from '../../iam/unresolved-text';
import { Finding, errorFinding, warningFinding } from '../engine/finding';
import { isAlreadyReported } from '../engine/manual-step-warning';
import { notFoundFindings } from '../engine/other-apps';
import { FindingId } from '../finding-id';
import {
  Call,
  CrossAccountEvaluation,
  authorize,
  certainlyDiffer,
  statementsFor,
  withPolicyName,
} from './lib/authorize';
import { invalidArnFindings } from './lib/invalid-arns';
import { ruleManagementNeed } from './lib/needs';
import { remedyFor } from './lib/remedies';
import { RuleManagementAccess, allowRuleOnBus, allowRuleOnOtherBus, useRuleOnBus } from './lib/rule-grants';
import { SimilarBus, didYouMean, isUnknownBus, mostSimilarBus } from './lib/similar-buses';
import { hasReportedPolicyFault } from './unsatisfiable-conditions';

/**
 * Finds rules on a bus in another account whose policy does not allow the account of the rule to manage rules, and
 * rules whose bus ARN is probably misspelled.
 *
 * Blind spots: buses of other apps that are not similar to a bus in this app; the role that deploys a rule.
 */
export function checkRuleManagement(app: AppIndex): Finding[] {
  // A rule on a bus in another Region is rejected in any case.
  const rules = app.evaluated.rules.filter((rule) => !isBusInOtherRegion(rule));
  return rules.flatMap((rule) => {
    const invalidArns = invalidArnFindings(
      rule.construct,
      `the bus of rule '${displayText(rule.name)}'`,
      rule.eventBusName,
    );
    if (invalidArns.length > 0) return invalidArns;
    return isUnknownBus(app, rule.eventBusArn) ? checkUnknownBus(app, rule) : checkKnownBus(app, rule);
  });
}

/** The principal that deploys a rule. Its identity-based policies are assumed to allow everything. */
export function deployerOf({ account, construct }: Pick<AppResource, 'account' | 'construct'>): Identity {
  return assumedIdentity({ arn: ANYTHING, account, name: ANYTHING }, construct);
}

/** The calls that create a rule with its targets, `events:PutRule` first. */
export function ruleManagementCalls(rule: Rule): Call[] {
  const calls = [managementCall(rule, 'events:PutRule', patternContext(rule))];
  if (rule.targets.length > 0) {
    const targetArns = rule.targets.map(({ arn }) => arn);
    calls.push(managementCall(rule, 'events:PutTargets', { 'events:targetarn': targetArns }));
  }
  return calls;
}

function managementCall(rule: Rule, action: string, context: RequestContext): Call {
  return {
    action,
    resource: rule.arn,
    policyResource: rule.eventBusArn,
    context: { 'events:creatoraccount': [rule.account], 'events:managedby': ABSENT, ...context },
    assumeUnknownMatches: true,
    given: rule.conditions,
  };
}

function patternContext({ pattern }: Rule): RequestContext {
  const fields = isObject(pattern) ? pattern : {};
  return {
    'events:source': exactValues(fields.source),
    'events:detail-type': exactValues(fields['detail-type']),
    'events:detail.service': ABSENT,
    'events:detail.eventtypecode': ABSENT,
  };
}

function exactValues(values: unknown): readonly string[] {
  return Array.isArray(values) ? values.filter((value): value is string => typeof value === 'string') : [];
}

function checkKnownBus(app: AppIndex, rule: Rule): Finding[] {
  const { account, construct, eventBusArn } = rule;
  if (!certainlyDiffer(accountOf(eventBusArn), account)) return [];
  const denied = evaluateManagement(app, rule).find(({ decision }) => decision === 'denied');
  if (!denied || hasReportedPolicyFault(app, eventBusArn) || isAlreadyReported(construct, eventBusArn)) return [];
  const text = {
    problem:
      `account ${displayText(account)} is not allowed to call ${denied.call.action} for ${describeRule(rule)} ` +
      `on bus ${displayText(eventBusArn)}`,
    reason: displayText(withPolicyName(denied, eventBusArn).reason),
    fix: remedyFor(denied, 'principal', allowRuleOnBus(app, rule, managementAccess(app, rule))),
  };
  return [errorFinding(FindingId.RULE_MANAGEMENT_ACCESS_DENIED, construct, text, displayText(eventBusArn))];
}

function evaluateManagement(app: AppIndex, rule: Rule): (CrossAccountEvaluation & { readonly call: Call })[] {
  const deployer = deployerOf(rule);
  return ruleManagementCalls(rule).map((call) => ({ call, ...authorize(app, deployer, call) }));
}

/** What the policy of the bus allows the account of a rule, whatever the pattern of the rule. */
function managementAccess(app: AppIndex, rule: Rule): RuleManagementAccess {
  const anyPattern = { 'events:source': UNKNOWN, 'events:detail-type': UNKNOWN } as const;
  const call = managementCall(rule, 'events:PutRule', { ...patternContext(rule), ...anyPattern });
  const denied = evaluateManagement(app, rule).find(({ decision }) => decision === 'denied');
  return { statements: statementsFor(app, deployerOf(rule), call), deniedAction: denied?.call.action };
}

/** Whether the policy of a bus in this app allows the account of a rule to manage it. */
export function isRuleAllowed(app: AppIndex, construct: IConstruct): boolean {
  const found = app.model.rules.find((rule) => rule.construct === construct.node.defaultChild);
  if (!found || isUnknownBus(app, found.eventBusArn)) return false;
  return evaluateManagement(app, found).every(({ decision }) => decision === 'allowed');
}

function checkUnknownBus(app: AppIndex, rule: Rule): Finding[] {
  const { account, construct, eventBusArn } = rule;
  const similarBus = mostSimilarBus(app, eventBusArn, rule);
  if (similarBus) return [misspelledBus(app, rule, similarBus)];
  const problem = `bus ${displayText(eventBusArn)} of ${describeRule(rule)} is not defined in this app`;
  if (accountOf(eventBusArn) === account) return notFoundFindings(app, construct, eventBusArn, { problem });
  const text = { problem, fix: allowRuleOnOtherBus(app, rule) };
  return manualStepFinding(
    FindingId.MANUALLY_ALLOW_RULE_MANAGEMENT,
    construct,
    text,
    eventBusArn,
    ruleManagementNeed(rule),
  );
}

/** A name does not refer to a bus in another account: only its ARN does. */
function misspelledBus(app: AppIndex, rule: Rule, similarBus: SimilarBus): Finding {
  const { construct, eventBusArn, eventBusName } = rule;
  const { bus } = similarBus;
  const text = didYouMean(similarBus, `bus ${eventBusArn}, the bus of ${describeRule(rule)}`);
  const reason = 'because a name refers to a bus in the account and Region of the rule';
  const useArn = `use ${displayText(bus.arn)} ('${bus.construct.node.path}') as 'EventBusName', ${reason}`;
  const isInAccount = bus.account === rule.account;
  const corrected = { ...rule, eventBusArn: bus.arn, arn: `${bus.arn.replace(':event-bus/', ':rule/')}/${rule.name}` };
  const useBus = isInAccount ? useArn : useRuleOnBus(app, corrected, managementAccess(app, corrected));
  const fix = eventBusName?.startsWith('arn:') ? text.fix : useBus;
  return warningFinding(FindingId.EVENT_BUS_NOT_FOUND, construct, { ...text, fix }, displayText(eventBusArn));
}

function describeRule({ name }: Rule): string {
  return `rule '${displayText(name)}'`;
}
