import { Lazy, Reference, Stack, Tokenization } from 'aws-cdk-lib';
import { CfnEventBus, CfnRule, IRuleRef } from 'aws-cdk-lib/aws-events';
import { isElsewhere, physicalNameOf } from './environment';
import { invalid } from './errors';
import { RULE_NAME_CHARACTERS } from '../policy/limits';

/**
 * The ARN of a rule, spelled out. A policy that the rule itself refers to cannot refer back to the rule, so a rule that has no name is given
 * one: only then can the policy be bound to that rule alone.
 */
export function spelledOutArnOf(rule: IRuleRef): string {
  const resource = cfnRuleOf(rule);
  if (!resource) return rule.ruleRef.ruleArn;
  const stack = Stack.of(resource);
  if (stack.resolve(resource.name) === undefined) nameIt(rule, resource);
  const foreign = foreignBusOf(rule);
  const bus = foreign?.name ?? literalBusName(resource.eventBusName);
  const path = [bus === 'default' ? undefined : bus, resource.name].filter(Boolean).join('/');
  return stack.formatArn({ service: 'events', resource: 'rule', resourceName: path, ...foreign?.env });
}

/** The bus of a rule that has it by ARN: then the ARN of the rule is of the bus's account, whichever account makes it. */
export function foreignBusOf(rule: IRuleRef): { env: { account: string; region: string }; name: string } | undefined {
  const { eventBusName = '' } = cfnRuleOf(rule) ?? {};
  if (!eventBusName.startsWith('arn:')) return undefined;
  const [, , , region, account, bus] = eventBusName.split(':');
  return { env: { account, region }, name: bus.replace(/^event-bus\//, '') };
}

/** A rule with PhysicalName.GENERATE_IF_NEEDED may still get the name that the CDK makes: then that one holds. */
function nameIt(rule: IRuleRef, resource: CfnRule): void {
  const { name: own, stack } = resource;
  const made = physicalNameOf(rule, [], RULE_NAME_CHARACTERS);
  resource.name = own === undefined ? made : Lazy.uncachedString({ produce: () => stack.resolve(own) ?? made });
}

/** Refuses a rule on a bus of another account or region: its template can only name the bus, and so means a local one. */
export function refuseForeignBus(rule: IRuleRef): void {
  const bus = eventBusOf(cfnRuleOf(rule)?.eventBusName);
  if (!bus) return;
  const { account, region } = bus.stack;
  if (!isElsewhere(bus.stack, rule.env)) return;
  throw invalid(rule, `'eventBus' must be a bus of the rule's account ${rule.env.account} in ${rule.env.region}, got '${bus.node.path}' of ${account} in ${region}; `
    + 'make it a CrossAccountRule, or make it in a stack of that account and region and forward the events with CrossAccountEventBusTarget');
}

/** The name itself in place of a reference to the bus, so that no stack comes to depend on another one for it. */
function literalBusName(name: string | undefined): string | undefined {
  const bus = eventBusOf(name);
  const literal = bus?.stack.resolve(bus.name);
  return typeof literal === 'string' ? literal : name;
}

/** The bus of the app that a name refers to. */
function eventBusOf(name: string | undefined): CfnEventBus | undefined {
  const token = name === undefined ? undefined : Tokenization.reverseString(name).firstToken;
  return token && Reference.isReference(token) && CfnEventBus.isCfnEventBus(token.target) ? token.target : undefined;
}

function cfnRuleOf(rule: IRuleRef): CfnRule | undefined {
  return [rule, rule.node.defaultChild].find((c): c is CfnRule => c !== undefined && CfnRule.isCfnRule(c));
}
