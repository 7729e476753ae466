import { CfnResource } from 'aws-cdk-lib';
import { serviceRequest } from './authorize';
import { AppIndex } from '../../../app-model/app-index';
import { ResourcePolicyStatement, Rule, Target } from '../../../app-model/app-model';
import { accountOf, regionOf } from '../../../iam/arn';
import { entriesOf } from '../../../iam/conditions';
import { evaluate } from '../../../iam/evaluate';
import { Json, isObject, toList } from '../../../iam/statement';
import { splitText, displayText } from '../../../iam/unresolved-text';
import { FUNCTION, targetKindOf } from '../../engine/target-kinds';

/** A statement that was meant to let a rule in but does not, and how to mend it. */
export interface MisplacedPermission {
  readonly construct: CfnResource;
  readonly reason: string;
  readonly remedy: string;
}

/**
 * The permission that was probably meant for a rule: one on another version or alias, in another account or region, or
 * for another source.
 */
export function findMisplacedPermission(app: AppIndex, rule: Rule, target: Target): MisplacedPermission | undefined {
  const others = app.rulesTo(target.arn).filter((other) => other !== rule);
  const unused = app
    .statementsOn(target.arn)
    .filter(({ statement }) => !others.some((other) => allowsRule(app, statement, other, target.arn)));
  return onOtherQualifier(app, rule, target) ?? inOtherPlace(app, rule, target) ?? forOtherSource(app, rule, unused);
}

function onOtherQualifier(app: AppIndex, rule: Rule, target: Target): MisplacedPermission | undefined {
  const unqualified = splitText(target.arn, ':').slice(0, 7).join(':');
  const meant = app.model.functionStatements.find(
    ({ resourceArn, statement }) =>
      resourceArn !== target.arn &&
      (resourceArn === unqualified || resourceArn.startsWith(`${unqualified}:`)) &&
      allowsRule(app, statement, rule, resourceArn),
  );
  if (!meant) return undefined;
  const [there, wanted] = [meant.resourceArn, target.arn].map((arn) => qualifierOf(arn, unqualified));
  return {
    construct: meant.construct,
    reason: `the permission '${displayText(meant.construct.node.path)}' is on ${there}, the target is ${wanted}`,
    remedy: `put it on ${wanted}: each version and alias has a policy of its own`,
  };
}

function qualifierOf(arn: string, unqualified: string): string {
  return arn === unqualified ? 'the function itself' : `'${displayText(arn.slice(unqualified.length + 1))}'`;
}

/**
 * A permission that was made in another account or region adds to a function of that place, not to the one that it is
 * named by.
 */
function inOtherPlace(app: AppIndex, rule: Rule, target: Target): MisplacedPermission | undefined {
  const rest = splitText(target.arn, ':').slice(5).join(':');
  const meant = app.model.functionStatements.find(
    ({ resourceArn, statement }) =>
      resourceArn !== target.arn &&
      splitText(resourceArn, ':').slice(5).join(':') === rest &&
      allowsRule(app, statement, rule, resourceArn),
  );
  if (!meant) return undefined;
  return {
    construct: meant.construct,
    reason:
      `the permission '${displayText(meant.construct.node.path)}' is made in account ` +
      `${displayText(accountOf(meant.resourceArn))}, region ${displayText(regionOf(meant.resourceArn))}` +
      ', where there is no such function',
    remedy: "make it in the function's stack",
  };
}

/** A statement that lets no rule in which has the target. */
function forOtherSource(app: AppIndex, rule: Rule, unused: ResourcePolicyStatement[]): MisplacedPermission | undefined {
  const meant = unused.find(({ statement }) => isForEventBridge(statement) && sourcesOf(statement).length > 0);
  if (!meant) return undefined;
  const { reason } = evaluate(
    [meant.statement],
    serviceRequest(app, rule.arn, { action: actionOn(meant.resourceArn), resource: meant.resourceArn }),
  );
  const [source] = sourcesOf(meant.statement);
  const defaultForm = rule.arn.replace(/:rule\/.*\//, ':rule/');
  const why =
    source === defaultForm && source !== rule.arn
      ? `its 'SourceArn' is ${displayText(source)}, the form of rules on the default bus`
      : `it is for ${displayText(source)}`;
  return {
    construct: meant.construct,
    reason: /sourcearn/i.test(reason)
      ? `${displayText(reason)}: ${why}, the rule is ${displayText(rule.arn)}`
      : displayText(reason),
    remedy: /sourcearn|sourceaccount/i.test(reason)
      ? "give it the rule's ARN and account"
      : `let events.amazonaws.com do ${actionOn(meant.resourceArn)} on ${displayText(meant.resourceArn)}`,
  };
}

function allowsRule(app: AppIndex, statement: Json, rule: Rule, of: string): boolean {
  return (
    evaluate([statement], serviceRequest(app, rule.arn, { action: actionOn(of), resource: of })).decision === 'allowed'
  );
}

function actionOn(arn: string): string {
  return (targetKindOf(arn) ?? FUNCTION).action;
}

function isForEventBridge(statement: Json): boolean {
  return (
    isObject(statement) &&
    statement.Effect === 'Allow' &&
    isObject(statement.Principal) &&
    toList(statement.Principal.Service).includes('events.amazonaws.com')
  );
}

/** ARNs by which a statement names the resources that a service calls for. */
export function sourcesOf(statement: Json): string[] {
  const condition = isObject(statement) ? statement.Condition : undefined;
  return entriesOf(condition)
    .filter(({ key }) => key.toLowerCase() === 'aws:sourcearn')
    .flatMap(({ values }) => values);
}
