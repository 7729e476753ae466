import { CfnResource, Lazy, Stack, Token } from 'aws-cdk-lib';
import { CfnEventBus, CfnRule, IEventBus, IEventBusRef, IRuleRef } from 'aws-cdk-lib/aws-events';
import { IConstruct } from 'constructs';
import { assemblyOf, constructsInAssembly } from '../../app-model/assembly';
import { referencedResource, cfnResourceOf } from '../../core/cfn-resources';
import { constructState } from '../../core/construct-state';
import { isCrossEnvironment, physicalNameOf } from '../../core/environment';
import { requireArnUnchanged } from '../../core/literal-arns';
import { rejectAfterSynthesis } from '../../core/synthesized-stages';
import { validationError } from '../../core/validation-error';
import { RULE_NAME_CHARACTERS } from '../../eventbridge/quotas';
import { parseArn } from '../../iam/arn';
import { groupedBy } from '../../util/group-by';

const EVENT_BUSES = constructState<Map<string, IEventBus[]>>('busesByName');
const RULE_NAME = constructState<string>('ruleName');

/**
 * The ARN of a rule as a literal, for policies that the rule depends on: they cannot refer back to it. A rule without a
 * name gets one, so that a policy can name this rule alone.
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
 * The ARN of all rules on the bus of a rule. Synthesis fails if the rule has another bus later. ARNs of rules on the
 * default bus have no bus name, so it matches all rules in the account and Region there.
 */
export function busRulesArn(rule: IRuleRef): string {
  const resource = cfnRuleOf(rule);
  const arn = currentBusRulesArn(rule);
  if (resource) requireArnUnchanged(resource, resource.attrArn, arn, resource);
  return arn;
}

/** The ARN of all rules on the bus that a rule has now. */
export function currentBusRulesArn(rule: IRuleRef): string {
  const resource = cfnRuleOf(rule);
  if (resource) return arnOfRules(resource, '*');
  const { ruleArn } = rule.ruleRef;
  if (/:rule\/.+/.test(ruleArn)) return ruleArn.replace(/[^/]+$/, '*');
  throw validationError(
    rule,
    "'rule' must have a literal ARN, got one that is known only at deployment; " +
      'import the rule by its ARN, or use LambdaPermissionScope.RULE',
  );
}

function arnOfRules(resource: CfnRule, name: string): string {
  const crossAccountBus = crossAccountBusOf(resource);
  const bus = crossAccountBus?.name ?? literalBusName(resource.eventBusName);
  const path = [bus === 'default' ? undefined : bus, name].filter(Boolean).join('/');
  const { env } = crossAccountBus ?? {};
  return Stack.of(resource).formatArn({ service: 'events', resource: 'rule', resourceName: path, ...env });
}

/** The name that a rule has at synthesis: an aspect may change it. One token a rule, so that policies compare equal. */
function lazyRuleName(resource: CfnRule): string {
  return RULE_NAME.getOrCreate(resource, () => Lazy.uncachedString({ produce: () => resource.name }));
}

/** The cross-account bus of a rule, which the rule names by its ARN. The ARN of the rule has that account. */
export function crossAccountBusOf(
  rule: IRuleRef,
): { env: { account: string; region: string }; name: string } | undefined {
  const { eventBusName = '' } = cfnRuleOf(rule) ?? {};
  if (!eventBusName.startsWith('arn:')) return undefined;
  const { region, account, resource } = parseArn(eventBusName)!;
  return { env: { account, region }, name: resource.replace(/^event-bus\//, '') };
}

/** Names a rule. With PhysicalName.GENERATE_IF_NEEDED, the name that the CDK generates later takes precedence. */
function assignName(rule: IRuleRef, resource: CfnRule): void {
  const { name, stack } = resource;
  const generated = physicalNameOf(rule, [], RULE_NAME_CHARACTERS);
  resource.name =
    name === undefined ? generated : Lazy.uncachedString({ produce: () => stack.resolve(name) ?? generated });
}

/** Throws an error if the template of a rule has been synthesized. */
export function rejectTargetAfterSynthesis(rule: IRuleRef): void {
  rejectAfterSynthesis(rule, rule, 'targets', {
    must: 'be complete',
    got: 'a target that was added later and is missing from the template',
  });
}

/**
 * Throws an error if an L2 rule has a bus in another account or Region. Its template has only the name of the bus,
 * which is resolved in the account and Region of the rule.
 */
export function rejectCrossAccountBus(rule: IRuleRef): void {
  const name = cfnRuleOf(rule)?.eventBusName;
  const bus = eventBusOf(name) ?? findImportedBus(rule, name);
  if (!bus || !isCrossEnvironment(bus.env, rule.env)) return;
  const { account, region } = bus.env;
  throw validationError(
    rule,
    `'eventBus' must be a bus in the rule's account ${rule.env.account} in ${rule.env.region}, ` +
      `got '${bus.node.path.replace(/\/Resource$/, '')}' in ${account} in ${region}; ` +
      'use a CrossAccountRule, or define the rule in a stack with that account and region and forward ' +
      'the events with CrossAccountEventBusTarget',
  );
}

/**
 * The imported bus of an L2 rule, found by its name. Of several buses with that name, one in the account and Region of
 * the rule is preferred.
 */
function findImportedBus(rule: IRuleRef, name: string | undefined): IEventBusRef | undefined {
  if (name === undefined || Token.isUnresolved(name) || name.startsWith('arn:') || CfnResource.isCfnResource(rule)) {
    return undefined;
  }
  const assembly = assemblyOf(rule);
  const isLocal = (bus: IEventBus) => !isCrossEnvironment(bus.env, rule.env);
  const known = EVENT_BUSES.get(assembly)?.get(name)?.find(isLocal);
  if (known) return known;
  // A bus may have been added since: an assembly can be large, so it is only read again if none was found.
  const buses = EVENT_BUSES.set(assembly, eventBusesByName(assembly)).get(name) ?? [];
  return buses.find(isLocal) ?? buses[0];
}

/** The constructs in an assembly that have the name and ARN of a bus. */
function eventBusesByName(assembly: IConstruct): Map<string, IEventBus[]> {
  const buses = constructsInAssembly(assembly).filter(
    (construct): construct is IEventBus & IConstruct => 'eventBusName' in construct && 'eventBusArn' in construct,
  );
  return groupedBy(buses, ({ eventBusName }) => eventBusName);
}

/** The literal name instead of a reference to the bus, so that no stack depends on another one because of it. */
function literalBusName(name: string | undefined): string | undefined {
  const bus = eventBusOf(name);
  const literal = bus?.stack.resolve(bus.name);
  return typeof literal === 'string' ? literal : name;
}

/** The bus in this app to which a name refers. */
function eventBusOf(name: string | undefined): CfnEventBus | undefined {
  return referencedResource(name, CfnEventBus.isCfnEventBus);
}

function cfnRuleOf(rule: IRuleRef): CfnRule | undefined {
  return cfnResourceOf(rule, CfnRule.isCfnRule);
}
