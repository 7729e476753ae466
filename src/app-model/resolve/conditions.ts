import { Stack } from 'aws-cdk-lib';
import type { RequiredCondition } from './branches';
import type { Resource } from './resource';
import { Json } from '../../iam/statement';

/** The `Condition` of a resource. */
export function conditionOf(stack: Stack, logicalId: Json | undefined): Pick<Resource, 'conditional' | 'conditions'> {
  if (typeof logicalId !== 'string') return { conditional: logicalId !== undefined };
  return { conditional: true, conditions: [conditionPath(stack, logicalId)] };
}

/** A condition by its stack and logical ID. */
export function conditionPath(stack: Stack, logicalId: string): RequiredCondition {
  return `${stack.node.path}/${logicalId}`;
}
