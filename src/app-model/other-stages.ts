import { IConstruct } from 'constructs';
import type { AppIndex } from './app-index';
import type { AppModel } from './app-model';
import { assembliesIn, deploymentOf, pathOfApp, stagePathOf, walkAssembly } from './assembly';
import { Environments } from './environments';
import { OtherApp } from './other-apps';
import { principalArnsIn } from '../iam/principal-arns';
import { isObject, toList } from '../iam/statement';
import { hasUnresolved } from '../iam/unresolved-text';
import { groupedBy } from '../util/group-by';
import { memoizeByObject } from '../util/memoize';

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
    .map((assembly) => new OtherApp(describeDeployment(assembly.root), assembly.root, true))
    .filter((other) => arns.some((arn) => other.describes(arn)));
}

/**
 * The name of another stage of the same app, or of the app, that has a stack in the account and Region of a resource;
 * undefined if the stage of the construct has one too: it is then often a copy of that stage, for tests.
 */
export function stageDescribing(app: AppIndex, construct: IConstruct, arn: string): string | undefined {
  const path = pathOfApp(construct);
  const readTogether = deploymentsIn(app.model).filter(
    ({ root, environments }) => pathOfApp(root) === path && environments.include(arn),
  );
  const separate = app.othersDescribing(arn).filter(({ isStage }) => isStage);
  const describing = [...readTogether, ...separate].map(({ root }) => root);
  return describing.includes(deploymentOf(construct)) ? undefined : describing.map(describeDeployment)[0];
}

/** The apps and stages that are read together, as by the command, with the accounts and Regions of their stacks. */
const deploymentsIn = memoizeByObject(({ stacks }: AppModel) =>
  [...groupedBy([...stacks], deploymentOf)].map(([root, own]) => ({ root, environments: new Environments(own) })),
);

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

function describeDeployment(stageOrApp: IConstruct): string {
  const stage = stagePathOf(stageOrApp);
  if (stage !== undefined) return `stage '${stage}'`;
  const app = pathOfApp(stageOrApp);
  return app === '' ? 'the app' : `app '${app}'`;
}
