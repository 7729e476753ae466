import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { FindingId } from '../../finding-id';
import { Finding } from '../finding';
import { SAID_BY_CONSTRUCTS } from '../said-by-constructs';

/**
 * A warning about what lies outside the app, or what only deployment tells: nothing where a construct around the resource has told of that half.
 *
 * @param about the ARN of what the half is about
 */
export function elsewhere(id: FindingId, construct: IConstruct, about: string, message: string): Finding[] {
  return isSaid(construct, about) ? [] : [{ id, level: 'warning', construct, message }];
}

/** Whether a construct, or one around it in its stack, tells already what must be done elsewhere: that is one cause, told with the remedy. */
export function isSaid(construct: IConstruct, about: string): boolean {
  if (Stack.isStack(construct)) return false;
  const texts = construct.node.metadata.map(({ data }) => data as unknown).filter((data): data is string => typeof data === 'string' && data.includes(about));
  const said = texts.some((text) => SAID_BY_CONSTRUCTS.some((id) => text.includes(`[ack: ${id}]`)));
  return said || (construct.node.scope !== undefined && isSaid(construct.node.scope, about));
}
