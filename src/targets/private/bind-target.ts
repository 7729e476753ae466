import { Stack, Token } from 'aws-cdk-lib';
import { IRuleRef, RuleTargetConfig } from 'aws-cdk-lib/aws-events';
import { deliveryConfig } from './delivery-options';
import { executionRoleFor } from './execution-role';
import { rejectCrossAccountBus, rejectTargetAfterSynthesis } from './rule-arns';
import { TargetResource } from './target-resource';
import { partitionOf } from '../../app-model/resolve/pseudo-parameters';
import { requireOneCdkRelease } from '../../core/cdk-copies';
import { ResourceReference } from '../../core/resource-reference';
import { validateSpelling } from '../../core/validate-properties';
import { validationError } from '../../core/validation-error';
import { parseArn } from '../../iam/arn';
import { EventTargetProps } from '../event-target-props';

/** A resource that is the target of a rule, in error messages. */
export interface NamedTarget {
  readonly noun: string;
  /** The argument that has the resource. */
  readonly property: string;
  readonly path: string;
  /** What a rule in the Region of the target does instead, such as `invoke the function`. */
  readonly delivery: string;
}

/** Throws an error if a rule cannot have any target, or if a property is misspelled. */
export function validateRule(rule: IRuleRef, props: EventTargetProps, names: readonly string[]): void {
  requireOneCdkRelease(rule);
  rejectTargetAfterSynthesis(rule);
  rejectCrossAccountBus(rule);
  validateSpelling(rule, props, ['executionRole', 'event', ...names]);
}

/** Throws an error for a target in another Region or partition. */
export function requireSameRegion(rule: IRuleRef, reference: ResourceReference, target: NamedTarget): void {
  const { region, env } = reference;
  requireSamePartition(rule, reference, target);
  if (region !== 'different') return;
  throw validationError(
    rule,
    `'${target.property}' must be in region ${rule.env.region}, got '${target.path}' in ${env.region}; ` +
      `forward the events to a bus in that region with CrossAccountEventBusTarget, and ${target.delivery} from there`,
  );
}

/** Throws an error for a target in another partition, by its Region or its ARN. */
function requireSamePartition(rule: IRuleRef, reference: ResourceReference, { property, path }: NamedTarget): void {
  const { env, isOwned } = reference;
  const [own, ofRegion] = [Stack.of(rule).region, env.region].map((region) =>
    Token.isUnresolved(region) ? undefined : partitionOf(region),
  );
  const ofArn = isOwned ? undefined : parseArn(reference.arn)?.partition;
  const other = [ofRegion, ofArn].find((partition) => partition !== own && /^aws[a-z-]*$/.test(partition ?? ''));
  if (own === undefined || other === undefined) return;
  throw validationError(
    rule,
    `'${property}' must be in partition ${own}, that of the rule, got '${path}' in ${other}; correct its ARN or ` +
      'Region, or call an endpoint in that partition through an API destination',
  );
}

/** Throws an error for a role, or an option for it, if EventBridge uses a resource-based policy. */
export function rejectRoleOption(
  rule: IRuleRef,
  { account }: ResourceReference,
  { noun }: Pick<NamedTarget, 'noun'>,
  property: string,
  got: string | undefined,
): void {
  if (got === undefined) return;
  if (account === 'same') {
    throw validationError(
      rule,
      `'${property}' must not be set for a ${noun} in the account of the rule, got '${got}'; ` +
        'remove it: the permission that this target adds is sufficient',
    );
  }
  throw validationError(
    rule,
    `'${property}' must only be set for a ${noun} in another account, got '${got}' for a ${noun} whose account ` +
      `is known only at deployment; set 'env' on the stack of the rule, and import the ${noun} by a literal ARN`,
  );
}

/** The target in error messages. */
export function namedTarget({ kind, resource }: TargetResource<any, any>): NamedTarget {
  const { noun, property } = kind;
  return { noun, property, path: resource.node.path, delivery: `send to the ${noun}` };
}

/** The configuration of a target that EventBridge always sends to with an execution role. */
export function bindWithRole(
  rule: IRuleRef,
  target: TargetResource<any, any>,
  { executionRole, event, ...options }: EventTargetProps,
): RuleTargetConfig {
  requireSameRegion(rule, target, namedTarget(target));
  const { arn } = target;
  const delivery = deliveryConfig(rule, options);
  // Without `targetResource`: with it, the rule would be routed over the default bus of the target's account.
  return { arn, role: executionRoleFor(rule, target, executionRole), input: event, ...delivery };
}
