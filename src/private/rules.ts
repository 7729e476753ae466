import { Lazy, Reference, Stack, Tokenization } from 'aws-cdk-lib';
import { CfnEventBus, CfnRule, IRuleRef } from 'aws-cdk-lib/aws-events';
import { physicalNameOf } from './environment';
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
  const bus = resource.eventBusName === 'default' ? undefined : literalBusName(resource.eventBusName);
  return stack.formatArn({ service: 'events', resource: 'rule', resourceName: [bus, resource.name].filter(Boolean).join('/') });
}

/** A rule with PhysicalName.GENERATE_IF_NEEDED may still get the name that the CDK makes: then that one holds. */
function nameIt(rule: IRuleRef, resource: CfnRule): void {
  const { name: own, stack } = resource;
  const made = physicalNameOf(rule, [], RULE_NAME_CHARACTERS);
  resource.name = own === undefined ? made : Lazy.uncachedString({ produce: () => stack.resolve(own) ?? made });
}

/** The name itself in place of a reference to the bus, so that no stack comes to depend on another one for it. */
function literalBusName(name: string | undefined): string | undefined {
  const token = name === undefined ? undefined : Tokenization.reverseString(name).firstToken;
  if (!token || !Reference.isReference(token) || !CfnEventBus.isCfnEventBus(token.target)) return name;
  const literal = token.target.stack.resolve(token.target.name);
  return typeof literal === 'string' ? literal : name;
}

function cfnRuleOf(rule: IRuleRef): CfnRule | undefined {
  return [rule, rule.node.defaultChild].find((c): c is CfnRule => c !== undefined && CfnRule.isCfnRule(c));
}
