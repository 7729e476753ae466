import { CfnElement, Stack } from 'aws-cdk-lib';
import { isOutput } from './outputs';
import { mappingOf } from '../cdk-internals';

/**
 * The elements of a stack by logical ID, and its mappings by `mappingKey()`. Mappings and outputs may have the logical
 * IDs of resources. Nothing in a stack refers to its outputs, which are left out.
 */
export function elementsByLogicalId(stack: Stack): Map<string, CfnElement> {
  const elements = new Map<string, CfnElement>();
  for (const construct of stack.node.findAll()) {
    if (!CfnElement.isCfnElement(construct) || construct.stack !== stack || isOutput(construct)) continue;
    const id = stack.resolve(construct.logicalId) as string;
    elements.set(mappingOf(construct) === undefined ? id : mappingKey(id), construct);
  }
  return elements;
}

export function mappingKey(logicalId: string): string {
  return `Mappings/${logicalId}`;
}
