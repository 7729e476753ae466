import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { FindingId } from '../../finding-id';
import { Finding } from '../finding';

/** A warning about what lies outside the app: nothing where the construct that made the resource has given it already. */
export function elsewhere(id: FindingId, construct: IConstruct, message: string): Finding[] {
  return isSaid(id, construct) ? [] : [{ id, level: 'warning', construct, message }];
}

/** Whether a construct, or one around it in its stack, has a warning of this id. */
function isSaid(id: FindingId, construct: IConstruct): boolean {
  if (Stack.isStack(construct)) return false;
  const said = construct.node.metadata.some(({ data }) => typeof data === 'string' && data.includes(`[ack: ${id}]`));
  return said || (construct.node.scope !== undefined && isSaid(id, construct.node.scope));
}
