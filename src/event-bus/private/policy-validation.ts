import { Stack, Token } from 'aws-cdk-lib';
import { CfnEventBus, CfnEventBusPolicy, IEventBusRef } from 'aws-cdk-lib/aws-events';
import { IConstruct } from 'constructs';
import { cfnEventBusOf } from './event-bus-arn';
import { TemplateReader } from '../../app-model/resolve/template-reader';
import { findResourceByAttribute } from '../../core/cfn-resources';
import { groupedBy } from '../../util/group-by';

/** Validations that need all constructs of the app. */

/**
 * Rejects grants on a bus with a `Policy` property, even if an override or aspect set it. The property contains the
 * whole policy, and each resource contains one statement of it.
 */
export function validateInlinePolicy(
  policy: IConstruct,
  eventBus: IEventBusRef,
  resources: CfnEventBusPolicy[],
): string[] {
  if (resources.length === 0) return [];
  const reader = new TemplateReader();
  const bus = cfnEventBusOf(eventBus) ?? importedEventBus(policy, eventBus, reader);
  if (!bus || reader.resource(bus)?.properties.Policy === undefined) return [];
  return [
    "'eventBus' must not have a 'policy' property, which would overwrite these grants, got one on " +
      `'${bus.node.path}'; ` +
      'move its statements to addToResourcePolicy()',
  ];
}

/** The bus defined in this app that has the ARN of an imported bus. */
function importedEventBus(policy: IConstruct, eventBus: IEventBusRef, reader: TemplateReader): CfnEventBus | undefined {
  const arn = reader.resolve(Stack.of(policy), eventBus.eventBusRef.eventBusArn);
  return findResourceByAttribute(policy, reader, arn, CfnEventBus.isCfnEventBus, ({ attrArn }) => attrArn);
}

/** Rejects custom statement IDs that another resource has, because one statement would replace the other. */
export function validateStatementIds(
  policy: IConstruct,
  resources: CfnEventBusPolicy[],
  customIds: ReadonlySet<string>,
): string[] {
  const customStatements = resources.filter(({ statementId }) => customIds.has(statementId));
  if (customStatements.length === 0) return [];
  const otherStatements = groupedBy(
    statementsInSameEnvironment(policy).filter((statement) => !resources.includes(statement)),
    ({ statementId }) => statementId,
  );
  return customStatements
    .flatMap(({ statementId }) => otherStatements.get(statementId) ?? [])
    .map(
      ({ statementId, node }) =>
        `'sid' must be unique in an account and region, got '${statementId}' here and on '${node.path}'; ` +
        'change one of them, or omit it to have one generated',
    );
}

function statementsInSameEnvironment(policy: IConstruct): CfnEventBusPolicy[] {
  const stack = Stack.of(policy);
  const isKnown = !Token.isUnresolved(stack.account) && !Token.isUnresolved(stack.region);
  const isSameEnvironment = (other: Stack) => other === stack || (isKnown && other.environment === stack.environment);
  return policy.node.root.node
    .findAll()
    .filter((construct) => CfnEventBusPolicy.isCfnEventBusPolicy(construct))
    .filter((statement) => isSameEnvironment(statement.stack));
}
