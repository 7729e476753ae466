import { CfnResource, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { AppIndex } from '../../app-model/app-index';
import { AppModel, NestedStackResource } from '../../app-model/app-model';
import { deploymentOf } from '../../app-model/assembly';
import { hasOnlyNestedStacks, unknownTransforms, unreadNestedStacks } from '../../app-model/incomplete-stacks';
import { displayText, hasUnresolved } from '../../iam/unresolved-text';
import { Finding, warningFinding } from '../engine/finding';
import { FindingId } from '../finding-id';

/**
 * Reports stacks that may have more resources than those in their templates, and resources whose properties only a
 * transform adds: what they allow and deny is unknown.
 *
 * Blind spots: nested stacks of apps that have nothing else about events.
 */
export function checkUnknownTemplates({ model }: AppIndex): Finding[] {
  return [
    ...model.stacks.flatMap(transformFindings),
    ...nestedStackFindings(model),
    ...model.unreadResources.map(unreadFinding),
  ];
}

function transformFindings(stack: Stack): Finding[] {
  return unknownTransforms(stack).map((name) =>
    warningFinding(FindingId.DELIVERY_UNVERIFIED, stack, {
      problem: `the template has the transform ${name}, so its resources are known only after the transform`,
      fix: FIX_TRANSFORM,
    }),
  );
}

const FIX_TRANSFORM =
  "check the template after the transform with the command 'check', or acknowledge this warning if the transform " +
  'changes nothing about events';

function unreadFinding(construct: CfnResource): Finding {
  return warningFinding(FindingId.DELIVERY_UNVERIFIED, construct, {
    problem: `the properties of '${construct.node.path}' have a macro or are no object, so they are unknown`,
    fix: FIX_TRANSFORM,
  });
}

function nestedStackFindings(model: AppModel): Finding[] {
  const unread = unreadNestedStacks(model.nestedStacks, model.stacks);
  if (unread.length === 0) return [];
  const aboutEvents = deploymentsAboutEvents(model);
  return unread
    .filter(({ construct }) => aboutEvents.has(deploymentOf(construct)) || hasOnlyNestedStacks(construct.stack))
    .map(nestedStackFinding);
}

function nestedStackFinding({ construct, templateUrl }: NestedStackResource): Finding {
  const logicalId = String(construct.stack.resolve(construct.logicalId));
  const isKnown = templateUrl !== undefined && !hasUnresolved(templateUrl);
  return warningFinding(FindingId.DELIVERY_UNVERIFIED, construct, {
    problem: `the template of nested stack '${logicalId}' was not read, so its resources are unknown`,
    reason: isKnown ? `'${displayText(templateUrl)}' is not a file here` : undefined,
    fix:
      "define it with the construct NestedStack, or check a template before 'aws cloudformation package', in which " +
      "'TemplateURL' is the path of a file, or acknowledge this warning if the nested stack has nothing about events",
  });
}

/** The apps and stages that have resources or policies of EventBridge. */
function deploymentsAboutEvents(model: AppModel): ReadonlySet<IConstruct> {
  const { eventBuses, eventBusStatements, eventBusV2Statements, rules, archives, publishers, globalEndpoints } = model;
  const ofEventBridge = [
    eventBuses,
    eventBusStatements,
    eventBusV2Statements,
    rules,
    archives,
    publishers,
    globalEndpoints,
  ];
  const { functionStatements, queueStatements, topicStatements, streamStatements, keyStatements } = model;
  const statements = [functionStatements, queueStatements, topicStatements, streamStatements, keyStatements]
    .flat()
    .filter(({ statement }) => ABOUT_EVENTS.test(JSON.stringify(statement)));
  const policies = [model.roles, model.users, model.groups, model.managedPolicies, model.policiesOfOtherApps]
    .flat()
    .filter((one) => ABOUT_EVENTS.test(JSON.stringify(['trust' in one ? one.trust : [], one.statements])));
  const about: readonly { readonly construct: CfnResource }[] = [...ofEventBridge.flat(), ...statements, ...policies];
  return new Set(about.map(({ construct }) => deploymentOf(construct)));
}

const ABOUT_EVENTS = /"events:|events\.amazonaws\.com|:event-bus\//;
