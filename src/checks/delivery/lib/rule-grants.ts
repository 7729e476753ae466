import { IConstruct } from 'constructs';
import { hasOwnPolicy, onPolicyOf } from './bus-grants';
import { exactEventsOf } from './events';
import { AppIndex } from '../../../app-model/app-index';
import { Rule } from '../../../app-model/app-model';
import { ruleManagementStatement } from '../../../eventbridge/rule-statement';
import { accountOf, parseArn } from '../../../iam/arn';
import { displayText } from '../../../iam/unresolved-text';
import { pathOf } from '../../engine/construct-names';

/** The fix that allows the account of a rule to manage it on a bus of this app in another account. */
export function allowRuleOnBus(app: AppIndex, rule: Rule): string {
  const bus = app.bus(rule.eventBusArn)?.construct;
  if (bus && hasOwnPolicy(app, rule.eventBusArn, bus)) {
    const json = JSON.stringify(ruleManagementStatement(rule.account, rule.arn));
    return `add this statement to the 'policy' property of '${pathOf(bus)}': ${displayText(json)}`;
  }
  const useRule = useCrossAccountRule(rule, bus);
  return grantsAutomatically(rule)
    ? `${useRule}, which adds the grant to the bus policy`
    : `${useRule}, and call ${allowRuleManagementCall(rule)} ${onPolicyOf(app, bus, rule.eventBusArn)}`;
}

/** The fix for a bus that is not defined in this app. */
export function allowRuleOnOtherBus(rule: Rule): string {
  const account = displayText(accountOf(rule.eventBusArn));
  return (
    `${useCrossAccountRule(rule)}, and in account ${account}, call ${allowRuleManagementCall(rule)} for the bus, ` +
    'then acknowledge this warning'
  );
}

/** EventBridge accepts only buses of its own account as targets of a rule on a bus in another account. */
function useCrossAccountRule(rule: Rule, bus?: IConstruct): string {
  const onBus = bus ? ` on '${pathOf(bus)}'` : '';
  const account = displayText(rule.account);
  return rule.targets.every(({ arn }) => isBusOf(rule.account, arn))
    ? `use a CrossAccountRule${onBus}`
    : `use a CrossAccountRule${onBus} to forward the events to a bus in account ${account} with ` +
        'CrossAccountEventBusTarget, and define a rule with this target on that bus';
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
