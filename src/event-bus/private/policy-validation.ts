import { Stack, Token } from 'aws-cdk-lib';
import { CfnEventBus, CfnEventBusPolicy, IEventBusRef } from 'aws-cdk-lib/aws-events';
import { IConstruct } from 'constructs';
import { TemplateReader } from '../../app-model/resolve/template-reader';
import { findResourceByAttribute } from '../../core/cfn-resources';
import { cfnEventBusOf } from './event-bus-arn';

/** Faults that show only when all constructs are there. */

/**
 * A bus with a `Policy` property, however it was set. That writes the whole policy, and these resources write single
 * statements of it.
 */
export function validateInlinePolicy(
  policy: IConstruct,
  eventBus: IEventBusRef,
  resources: CfnEventBusPolicy[],
): string[] {
  if (resources.length === 0) return [];
  const reader = new TemplateReader();
  const imported = () => reader.resolve(Stack.of(policy), eventBus.eventBusRef.eventBusArn);
  const bus =
    cfnEventBusOf(eventBus) ??
    findResourceByAttribute(policy, reader, imported(), CfnEventBus.isCfnEventBus, ({ attrArn }) => attrArn);
  if (!bus || reader.resource(bus)?.properties.Policy === undefined) return [];
  return [
    `'eventBus' must not have a 'policy' of its own, got one on '${bus.node.path}'; ` +
      'it would overwrite these grants, or they it: move its statements to addToResourcePolicy()',
  ];
}

/** Ids that were chosen. Two resources with one id would be one statement, of whichever is deployed last. */
export function validateStatementIds(
  policy: IConstruct,
  resources: CfnEventBusPolicy[],
  chosen: ReadonlySet<string>,
): string[] {
  const ours = resources.filter(({ statementId }) => chosen.has(statementId));
  if (ours.length === 0) return [];
  const stack = Stack.of(policy);
  const known = !Token.isUnresolved(stack.account) && !Token.isUnresolved(stack.region);
  const here = (other: Stack) => other === stack || (known && other.environment === stack.environment);
  const all = policy.node.root.node
    .findAll()
    .filter((c): c is CfnEventBusPolicy => CfnEventBusPolicy.isCfnEventBusPolicy(c));
  const others = all.filter((other) => !resources.includes(other) && here(other.stack));
  return ours
    .flatMap((own) => others.filter(({ statementId }) => statementId === own.statementId))
    .map(
      ({ statementId, node }) =>
        `'sid' must be used once in an account and region, got '${statementId}' here and on '${node.path}'; ` +
        'give each statement its own, or none to have one made',
    );
}
