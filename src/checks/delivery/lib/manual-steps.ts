import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { REPORTED_BY_CONSTRUCTS } from '../../engine/construct-warnings';
import { Finding } from '../../engine/finding';
import { FindingId } from '../../finding-id';

/**
 * A warning about what lies outside the app, or what only deployment tells: nothing where a construct around the
 * resource has told of that half.
 *
 * @param resourceArn the ARN of what the half is about
 */
export function manualStepFinding(
  id: FindingId,
  construct: IConstruct,
  resourceArn: string,
  message: string,
): Finding[] {
  return isAlreadyReported(construct, resourceArn) ? [] : [{ id, level: 'warning', construct, message }];
}

/**
 * Whether a construct, or one around it in its stack, tells already what must be done elsewhere: that is one cause,
 * told with the remedy.
 */
export function isAlreadyReported(construct: IConstruct, resourceArn: string): boolean {
  if (Stack.isStack(construct)) return false;
  const texts = construct.node.metadata
    .map(({ data }) => data as unknown)
    .filter((data): data is string => typeof data === 'string' && data.includes(resourceArn));
  const said = texts.some((text) => REPORTED_BY_CONSTRUCTS.some((id) => text.includes(`[ack: ${id}]`)));
  return said || (construct.node.scope !== undefined && isAlreadyReported(construct.node.scope, resourceArn));
}
