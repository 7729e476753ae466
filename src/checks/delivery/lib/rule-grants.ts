import { IConstruct } from 'constructs';
import { hasOwnPolicy, nameAmongApps, onPolicyOf, separateAppOf } from './bus-grants';
import { exactEventsOf } from './events';
import { AppIndex } from '../../../app-model/app-index';
import { ResourcePolicyStatement, Rule } from '../../../app-model/app-model';
import { ruleManagementStatement } from '../../../eventbridge/rule-statement';
import { accountOf, parseArn } from '../../../iam/arn';
import { parseOperator } from '../../../iam/condition-operators';
import { ConditionEntry, entriesOf } from '../../../iam/conditions';
import { isObject } from '../../../iam/statement';
import { displayText } from '../../../iam/unresolved-text';
import { pathOf } from '../../engine/construct-names';

/** What the policy of a bus allows the account of a rule. */
export interface RuleManagementAccess {
  /** The statements that allow it to create rules, each with some pattern. */
  readonly statements: readonly ResourcePolicyStatement[];
  /** The action that it is not allowed to call for this rule; undefined if the policy allows the rule. */
  readonly deniedAction?: string;
}

/** The fix that allows the account of a rule to manage it on a bus in another account, in this app or another one. */
export function allowRuleOnBus(app: AppIndex, rule: Rule, access: RuleManagementAccess): string {
  const limited = limitedStatement(rule, access);
  if (limited) return listExactValues(limited);
  const bus = app.bus(rule.eventBusArn)?.construct;
  const isPatternDenied = access.deniedAction === PUT_RULE && access.statements.length > 0;
  const correct = isPatternDenied ? 'correct the pattern, or ' : '';
  if (bus && hasOwnPolicy(app, rule.eventBusArn, bus)) return `${correct}${allowInProperty(app, bus, rule, access)}`;
  if (bus && separateAppOf(app, bus) !== separateAppOf(app, rule.construct)) {
    const call = `call ${allowRuleManagementCall(rule)} ${onPolicyOf(app, bus, rule.eventBusArn)}`;
    return sendsToOwnBuses(rule) ? `${correct}${call}` : `${useCrossAccountRule(app, rule, bus)}, and ${call}`;
  }
  const useRule = useCrossAccountRule(app, rule, bus);
  return grantsAutomatically(rule)
    ? `${useRule}, which adds the grant to the bus policy`
    : `${useRule}, and call ${allowRuleManagementCall(rule)} ${onPolicyOf(app, bus, rule.eventBusArn)}`;
}

/** The fix for a rule that has the name of a bus in another account. */
export function useRuleOnBus(app: AppIndex, rule: Rule, access: RuleManagementAccess): string {
  const bus = app.bus(rule.eventBusArn)?.construct;
  if (!bus || !separateAppOf(app, bus)) return allowRuleOnBus(app, rule, access);
  const useRule = useCrossAccountRule(app, rule, bus);
  if (access.deniedAction === undefined) return useRule;
  return sendsToOwnBuses(rule)
    ? `${useRule}, and ${allowRuleOnBus(app, rule, access)}`
    : allowRuleOnBus(app, rule, access);
}

/** The fix for a bus that is not defined in this app. */
export function allowRuleOnOtherBus(app: AppIndex, rule: Rule): string {
  const place = `in account ${displayText(accountOf(rule.eventBusArn))}`;
  const call = `call ${allowRuleManagementCall(rule)} for the bus`;
  return `${useCrossAccountRule(app, rule)}, and ${place}, ${call}, then acknowledge this warning`;
}

const PUT_RULE = 'events:PutRule';

/** The fields of a pattern that a statement can limit, with the condition key of each. */
const FIELDS = { source: 'events:source', 'detail-type': 'events:detail-type' } as const;

/** A statement that requires exact values in fields of the pattern that have none. */
interface LimitedStatement {
  readonly id: string;
  readonly fields: readonly { readonly name: string; readonly values: readonly string[] }[];
}

/** A grant without such a limit would remove it for all rules of the account, so the pattern is to be changed. */
function limitedStatement({ pattern }: Rule, access: RuleManagementAccess): LimitedStatement | undefined {
  if (access.deniedAction !== PUT_RULE) return undefined;
  const [event] = exactEventsOf(pattern);
  const inexact = (Object.keys(FIELDS) as (keyof typeof FIELDS)[]).filter((name) => event[name] === undefined);
  return access.statements
    .map(({ id, statement }) => {
      const entries = isObject(statement) ? entriesOf(statement.Condition) : [];
      const limits = inexact
        .map((name) => ({ name, entries: entries.filter(({ key }) => key.toLowerCase() === FIELDS[name]) }))
        .filter((limit) => limit.entries.length > 0);
      return { id, fields: limits.map((limit) => ({ name: limit.name, values: valuesIn(limit.entries) })) };
    })
    .find(({ fields }) => fields.length > 0);
}

function valuesIn(entries: readonly ConditionEntry[]): string[] {
  return entries.filter(({ operator }) => parseOperator(operator).base !== 'null').flatMap(({ values }) => values);
}

function listExactValues({ id, fields }: LimitedStatement): string {
  const lists = fields.map(({ name, values }) => {
    const named = values.slice(0, NAMED_VALUES).map((value) => `'${displayText(value)}'`);
    const more = values.length > NAMED_VALUES ? ` and ${values.length - NAMED_VALUES} more` : '';
    return `'${name}'${named.length > 0 ? ` (${named.join(', ')}${more})` : ''}`;
  });
  return `list exact values for ${lists.join(' and ')} in the pattern, which statement '${displayText(id)}' allows`;
}

const NAMED_VALUES = 3;

function allowInProperty(app: AppIndex, bus: IConstruct, rule: Rule, access: RuleManagementAccess): string {
  const name = `${separateAppOf(app, bus) ? 'bus ' : ''}${nameAmongApps(app, bus)}`;
  const [statement] = access.statements;
  if (statement && access.deniedAction === PUT_RULE) {
    const conditions = `the conditions of statement '${displayText(statement.id)}'`;
    return `add its sources and detail types to ${conditions} in the 'policy' property of ${name}`;
  }
  const json = JSON.stringify(ruleManagementStatement(rule.account, rule.arn));
  return `add this statement to the 'policy' property of ${name}: ${displayText(json)}`;
}

/** EventBridge accepts only buses of its own account as targets of a rule on a bus in another account. */
function useCrossAccountRule(app: AppIndex, rule: Rule, bus?: IConstruct): string {
  const account = displayText(rule.account);
  const useRule = `use a CrossAccountRule${bus ? ` on ${busName(app, bus, rule.eventBusArn)}` : ''}`;
  return sendsToOwnBuses(rule)
    ? useRule
    : `${useRule} to forward the events to a bus in account ${account} with ` +
        'CrossAccountEventBusTarget, and define a rule with this target on that bus';
}

/** The bus as a rule of this app names it. */
function busName(app: AppIndex, bus: IConstruct, arn: string): string {
  return separateAppOf(app, bus) ? `bus ${displayText(arn)}` : `'${pathOf(bus)}'`;
}

function sendsToOwnBuses({ account, targets }: Rule): boolean {
  return targets.every(({ arn }) => isBusOf(account, arn));
}

function isBusOf(account: string, arn: string): boolean {
  return arn.includes(':event-bus/') && accountOf(arn) === account;
}

/** Whether `CrossAccountRule` adds a grant: only for a pattern with exact sources or detail types. */
function grantsAutomatically({ pattern }: Rule): boolean {
  const [event] = exactEventsOf(pattern);
  return event.source !== undefined || event['detail-type'] !== undefined;
}

function allowRuleManagementCall({ account, arn, pattern }: Rule): string {
  const events = exactEventsOf(pattern);
  const limits = {
    sources: definedValues(events.map(({ source }) => source)),
    detailTypes: definedValues(events.map((event) => event['detail-type'])),
    targetArns: [`arn:${parseArn(arn)?.partition}:events:*:${displayText(account)}:event-bus/*`],
  };
  return `allowRuleManagement(EventPublisher.accounts('${displayText(account)}'), ${inCode(limits)})`;
}

function definedValues(values: (string | undefined)[]): string[] | undefined {
  const defined = values.filter((value) => value !== undefined);
  return defined.length > 0 ? [...new Set(defined)] : undefined;
}

/** An object as an argument in TypeScript. */
function inCode(value: { readonly [property: string]: readonly string[] | undefined }): string {
  const properties = Object.entries(value).flatMap(([name, list]) =>
    list === undefined ? [] : [`${name}: [${list.map((item) => `'${item}'`).join(', ')}]`],
  );
  return `{ ${properties.join(', ')} }`;
}
