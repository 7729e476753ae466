import { IConstruct } from 'constructs';
import type { AppIndex } from './app-index';
import { assembliesIn, walkAssembly } from './assembly';
import { Environments } from './environments';
import { OtherApp } from './other-apps';
import { principalArnsIn } from '../iam/principal-arns';
import { isObject, toList } from '../iam/statement';
import { hasUnresolved } from '../iam/unresolved-text';

/**
 * The other stages of the same app, and the app itself, as far as the resources of an app or stage refer to them. They
 * are synthesized separately, but from the same code.
 */
export function referencedStages(app: AppIndex): OtherApp[] {
  const { root } = app;
  if (!root || (root === root.node.root && app.model.stages.length === 0)) return [];
  // A stage in the account and Region of this one is often a copy of it, for tests.
  const own = new Environments(app.model.stacks);
  const arns = [...new Set(referencedArns(app))].filter((arn) => !hasUnresolved(arn) && !own.include(arn));
  if (arns.length === 0) return [];
  return assembliesIn(walkAssembly(root.node.root))
    .map((assembly) => new OtherApp(describeAssembly(assembly.root), assembly.root, true))
    .filter((other) => arns.some((arn) => other.describes(arn)));
}

/** The ARNs of buses, their publishers, targets, roles and dead-letter queues that an app refers to. */
function referencedArns({ evaluated: model }: AppIndex): string[] {
  const ofRules = model.rules.flatMap(({ eventBusArn, targets }) => [
    eventBusArn,
    ...targets.flatMap(({ arn, roleArn, deadLetterArn }) => [arn, roleArn, deadLetterArn]),
  ]);
  const ofIdentities = [...model.roles, ...model.users]
    .flatMap(({ statements }) => statements)
    .flatMap((statement) => (isObject(statement) ? toList(statement.Resource) : []))
    .filter((resource) => resource.includes(':event-bus/'));
  const ofStatements = model.eventBusStatements.flatMap(({ resourceArn, statement }) => [
    resourceArn,
    ...principalArnsIn(statement).flatMap(({ arn }) => (arn.includes(':role/') ? [arn] : [])),
  ]);
  return [...ofRules, ...ofIdentities, ...ofStatements].filter((arn) => arn !== undefined);
}

function describeAssembly({ node }: IConstruct): string {
  return node.path === '' ? 'the app' : `stage '${node.path}'`;
}
