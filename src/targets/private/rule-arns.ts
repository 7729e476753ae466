import { CfnResource, Lazy, Stack, Token } from 'aws-cdk-lib';
import { CfnEventBus, CfnRule, IEventBus, IEventBusRef, IRuleRef } from 'aws-cdk-lib/aws-events';
import { IConstruct } from 'constructs';
import { assemblyOf, constructsInAssembly } from '../../app-model/assembly';
import { referencedResource, cfnResourceOf } from '../../core/cfn-resources';
import { isCrossEnvironment, physicalNameOf } from '../../core/environment';
import { requireArnUnchanged } from '../../core/literal-arns';
import { rejectAfterSynthesis } from '../../core/synthesized-stages';
import { validationError } from '../../core/validation-error';
import { RULE_NAME_CHARACTERS } from '../../eventbridge/quotas';

const BUSES_BY_NAME = Symbol.for('cdk-cross-account-eventbridge.busesByName');
const RULE_NAME = Symbol.for('cdk-cross-account-eventbridge.ruleName');

/**
 * The ARN of a rule, spelled out. A policy that the rule itself refers to cannot refer back to the rule, so a rule that
 * has no name is given one: only then can the policy be bound to that rule alone.
 */
export function literalRuleArn(rule: IRuleRef): string {
  const resource = cfnRuleOf(rule);
  if (!resource) return rule.ruleRef.ruleArn;
  if (Stack.of(resource).resolve(resource.name) === undefined) assignName(rule, resource);
  const arn = arnOfRules(resource, lazyRuleName(resource));
  requireArnUnchanged(resource, resource.attrArn, arn, resource);
  return arn;
}

/**
 * The ARN of all rules on the bus of a rule, to which the rule is held. Rules on the default bus do not name it, so
 * there it is of all rules of the account and region.
 */
export function busRulesArn(rule: IRuleRef): string {
  const resource = cfnRuleOf(rule);
  const arn = currentBusRulesArn(rule);
  if (resource) requireArnUnchanged(resource, resource.attrArn, arn, resource);
  return arn;
}

/** The same, as it is now. */
export function currentBusRulesArn(rule: IRuleRef): string {
  const resource = cfnRuleOf(rule);
  if (resource) return arnOfRules(resource, '*');
  const { ruleArn } = rule.ruleRef;
  if (/:rule\/.+/.test(ruleArn)) return ruleArn.replace(/[^/]+$/, '*');
  throw validationError(
    rule,
    "'rule' must have an ARN that is written out, got one that only deployment tells; import the " +
      'rule by its ARN, or use LambdaPermissionScope.RULE',
  );
}

function arnOfRules(resource: CfnRule, name: string): string {
  const foreign = crossAccountBusOf(resource);
  const bus = foreign?.name ?? literalBusName(resource.eventBusName);
  const path = [bus === 'default' ? undefined : bus, name].filter(Boolean).join('/');
  return Stack.of(resource).formatArn({ service: 'events', resource: 'rule', resourceName: path, ...foreign?.env });
}

/**
 * The name as it is when everybody is through with the rule: an aspect may change it. One text a rule, so that equal
 * policies stay equal.
 */
function lazyRuleName(resource: CfnRule & { [RULE_NAME]?: string }): string {
  if (resource[RULE_NAME] === undefined) {
    Object.defineProperty(resource, RULE_NAME, { value: Lazy.uncachedString({ produce: () => resource.name }) });
  }
  return resource[RULE_NAME]!;
}

/**
 * The bus of a rule that has it by ARN: then the ARN of the rule is of the bus's account, whichever account makes it.
 */
export function crossAccountBusOf(
  rule: IRuleRef,
): { env: { account: string; region: string }; name: string } | undefined {
  const { eventBusName = '' } = cfnRuleOf(rule) ?? {};
  if (!eventBusName.startsWith('arn:')) return undefined;
  const [, , , region, account, bus] = eventBusName.split(':');
  return { env: { account, region }, name: bus.replace(/^event-bus\//, '') };
}

/** A rule with PhysicalName.GENERATE_IF_NEEDED may still get the name that the CDK makes: then that one holds. */
function assignName(rule: IRuleRef, resource: CfnRule): void {
  const { name: own, stack } = resource;
  const made = physicalNameOf(rule, [], RULE_NAME_CHARACTERS);
  resource.name = own === undefined ? made : Lazy.uncachedString({ produce: () => stack.resolve(own) ?? made });
}

/** Refuses a rule whose template is written. */
export function rejectTargetAfterSynthesis(rule: IRuleRef): void {
  rejectAfterSynthesis(rule, rule, 'targets', {
    must: 'be complete',
    got: 'one after that, which the template does not have',
  });
}

/**
 * Refuses a rule on a bus of another account or region: its template can only name the bus, and so means a local one.
 */
export function rejectCrossAccountBus(rule: IRuleRef): void {
  const name = cfnRuleOf(rule)?.eventBusName;
  const bus = eventBusOf(name) ?? findImportedBus(rule, name);
  if (!bus || !isCrossEnvironment(bus.env, rule.env)) return;
  const { account, region } = bus.env;
  throw validationError(
    rule,
    `'eventBus' must be a bus of the rule's account ${rule.env.account} in ${rule.env.region}, ` +
      `got '${bus.node.path.replace(/\/Resource$/, '')}' of ${account} in ${region}; ` +
      'make it a CrossAccountRule, or make it in a stack of that account and region and forward ' +
      'the events with CrossAccountEventBusTarget',
  );
}

/**
 * The imported bus that an L2 rule was made with, as far as its name tells: one in the rule's own account and region if
 * the app knows any there.
 */
function findImportedBus(rule: IRuleRef, name: string | undefined): IEventBusRef | undefined {
  if (name === undefined || Token.isUnresolved(name) || name.startsWith('arn:') || CfnResource.isCfnResource(rule)) {
    return undefined;
  }
  const ofName = (again: boolean) => busesByName(assemblyOf(rule), again).get(name) ?? [];
  const here = (buses: IEventBus[]) => buses.find((bus) => !isCrossEnvironment(bus.env, rule.env));
  return here(ofName(false)) ?? here(ofName(true)) ?? ofName(false)[0];
}

/**
 * The buses that L2s of an assembly stand for. Looked up anew only where one is missing, as the assembly may be large.
 */
function busesByName(
  assembly: IConstruct & { [BUSES_BY_NAME]?: Map<string, IEventBus[]> },
  again: boolean,
): Map<string, IEventBus[]> {
  if (assembly[BUSES_BY_NAME] && !again) return assembly[BUSES_BY_NAME];
  const buses = constructsInAssembly(assembly).filter(
    (c): c is IEventBus & IConstruct => 'eventBusName' in c && 'eventBusArn' in c,
  );
  const byName = new Map<string, IEventBus[]>();
  for (const bus of buses) byName.set(bus.eventBusName, [...(byName.get(bus.eventBusName) ?? []), bus]);
  Object.defineProperty(assembly, BUSES_BY_NAME, { value: byName, configurable: true });
  return byName;
}

/** The name itself in place of a reference to the bus, so that no stack comes to depend on another one for it. */
function literalBusName(name: string | undefined): string | undefined {
  const bus = eventBusOf(name);
  const literal = bus?.stack.resolve(bus.name);
  return typeof literal === 'string' ? literal : name;
}

/** The bus of the app that a name refers to. */
function eventBusOf(name: string | undefined): CfnEventBus | undefined {
  return referencedResource(name, CfnEventBus.isCfnEventBus);
}

function cfnRuleOf(rule: IRuleRef): CfnRule | undefined {
  return cfnResourceOf(rule, CfnRule.isCfnRule);
}
