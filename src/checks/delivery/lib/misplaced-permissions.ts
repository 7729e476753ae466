import { CfnResource } from 'aws-cdk-lib';
import { EVENTBRIDGE_PRINCIPAL, serviceRequest } from './authorize';
import { AppIndex } from '../../../app-model/app-index';
import { ResourcePolicyStatement, Rule, Target } from '../../../app-model/app-model';
import { accountOf, parseArn, regionOf, unqualifiedFunctionArn } from '../../../iam/arn';
import { entriesOf } from '../../../iam/conditions';
import { Evaluation, evaluate } from '../../../iam/evaluate';
import { Json, isObject, toList } from '../../../iam/statement';
import { displayText } from '../../../iam/unresolved-text';
import { FUNCTION, targetKindOf } from '../../engine/target-kinds';

/** A statement that was probably intended for a rule but does not allow it. */
export interface MisplacedPermission {
  readonly construct: CfnResource;
  readonly reason: string;
  readonly fix: string;
}

/**
 * Finds a permission that was probably intended for a rule, but is for another version or alias of the function, in
 * another account or Region, or for another source ARN.
 */
export function findMisplacedPermission(app: AppIndex, rule: Rule, target: Target): MisplacedPermission | undefined {
  return (
    forOtherQualifier(app, rule, target) ?? inOtherEnvironment(app, rule, target) ?? forOtherSource(app, rule, target)
  );
}

function forOtherQualifier(app: AppIndex, rule: Rule, target: Target): MisplacedPermission | undefined {
  const unqualifiedArn = unqualifiedFunctionArn(target.arn);
  const permission = app.model.functionStatements.find(
    ({ resourceArn, statement }) =>
      resourceArn !== target.arn &&
      (resourceArn === unqualifiedArn || resourceArn.startsWith(`${unqualifiedArn}:`)) &&
      allowsRule(app, statement, rule, resourceArn),
  );
  if (!permission) return undefined;
  const qualifierOf = (arn: string) =>
    arn === unqualifiedArn
      ? 'the unqualified function'
      : `version or alias '${displayText(arn.slice(unqualifiedArn.length + 1))}'`;
  return {
    construct: permission.construct,
    reason: `${permissionName(permission)} is for ${qualifierOf(permission.resourceArn)} only`,
    fix: `add the permission to ${qualifierOf(target.arn)}, because each version and alias has its own policy`,
  };
}

/** The part of an ARN after the account. */
function resourceOf(arn: string): string {
  return parseArn(arn)?.resource ?? '';
}

/** A permission applies to the function of that name in its own account and Region. */
function inOtherEnvironment(app: AppIndex, rule: Rule, target: Target): MisplacedPermission | undefined {
  const resource = resourceOf(target.arn);
  const permission = app.model.functionStatements.find(
    ({ resourceArn, statement }) =>
      resourceArn !== target.arn &&
      resourceOf(resourceArn) === resource &&
      allowsRule(app, statement, rule, resourceArn),
  );
  if (!permission) return undefined;
  const account = displayText(accountOf(permission.resourceArn));
  const region = displayText(regionOf(permission.resourceArn));
  return {
    construct: permission.construct,
    reason:
      `${permissionName(permission)} is created in account ${account} and Region ${region}, ` +
      'which has no such function',
    fix: 'define the permission in the stack of the function',
  };
}

/** A statement with a source ARN that no rule with this target has. */
function forOtherSource(app: AppIndex, rule: Rule, target: Target): MisplacedPermission | undefined {
  const otherRules = app.rulesTo(target.arn).filter((otherRule) => otherRule !== rule);
  const permission = app
    .statementsOn(target.arn)
    .find(
      ({ statement }) =>
        isForEventBridge(statement) &&
        sourcesOf(statement).length > 0 &&
        !otherRules.some((otherRule) => allowsRule(app, statement, otherRule, target.arn)),
    );
  if (!permission) return undefined;
  const { construct, resourceArn, statement } = permission;
  const { reason } = evaluateForRule(app, statement, rule, resourceArn);
  const isOtherArn = /sourcearn/i.test(reason);
  const isOtherSource = isOtherArn || /sourceaccount/i.test(reason);
  return {
    construct,
    reason: isOtherArn
      ? `${displayText(reason)}, because ${describeSource(sourcesOf(statement)[0], rule)}`
      : displayText(reason),
    fix: isOtherSource
      ? 'change the source ARN and the source account of the statement to those of the rule'
      : `allow ${EVENTBRIDGE_PRINCIPAL} to call ${actionOn(resourceArn)} on ${displayText(resourceArn)}`,
  };
}

function describeSource(sourceArn: string, rule: Rule): string {
  const defaultBusArn = rule.arn.replace(/:rule\/.*\//, ':rule/');
  const isForDefaultBus = sourceArn === defaultBusArn && sourceArn !== rule.arn;
  const format = isForDefaultBus ? ' (the format of rules on the default bus)' : '';
  return `it names ${displayText(sourceArn)}${format} and the ARN of the rule is ${displayText(rule.arn)}`;
}

function allowsRule(app: AppIndex, statement: Json, rule: Rule, resourceArn: string): boolean {
  return evaluateForRule(app, statement, rule, resourceArn).decision === 'allowed';
}

function evaluateForRule(app: AppIndex, statement: Json, rule: Rule, resourceArn: string): Evaluation {
  return evaluate([statement], serviceRequest(app, rule.arn, { action: actionOn(resourceArn), resource: resourceArn }));
}

function actionOn(resourceArn: string): string {
  return (targetKindOf(resourceArn) ?? FUNCTION).action;
}

function permissionName({ construct }: ResourcePolicyStatement): string {
  return `permission '${displayText(construct.node.path)}'`;
}

function isForEventBridge(statement: Json): boolean {
  return (
    isObject(statement) &&
    statement.Effect === 'Allow' &&
    isObject(statement.Principal) &&
    toList(statement.Principal.Service).includes(EVENTBRIDGE_PRINCIPAL)
  );
}

/** The values of the conditions on `aws:SourceArn`: the resources for which a service may call. */
export function sourcesOf(statement: Json): string[] {
  const condition = isObject(statement) ? statement.Condition : undefined;
  return entriesOf(condition)
    .filter(({ key }) => key.toLowerCase() === 'aws:sourcearn')
    .flatMap(({ values }) => values);
}
