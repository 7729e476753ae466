import { CfnResource } from 'aws-cdk-lib';
import { EVENTBRIDGE_PRINCIPAL, serviceRequest } from './authorize';
import { AppIndex } from '../../../app-model/app-index';
import { ResourcePolicyStatement, Rule, Target } from '../../../app-model/app-model';
import { accountOf, parseArn, regionOf, unqualifiedFunctionArn } from '../../../iam/arn';
import { entriesOf } from '../../../iam/conditions';
import { Evaluation, evaluate } from '../../../iam/evaluate';
import { Json, isObject, toList } from '../../../iam/statement';
import { displayText } from '../../../iam/unresolved-text';
import { pathOf } from '../../engine/construct-names';
import { FUNCTION, targetKindOf } from '../../engine/target-kinds';

/** A statement that was probably intended for a rule but does not allow it. */
export interface MisplacedPermission {
  readonly construct: CfnResource;
  readonly reason: string;
  readonly fix: string;
}

/** A rule or bus that sends to a resource. */
export type Source = Pick<Rule, 'arn'>;

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
  const definedFunction = app.function(target.arn)?.construct;
  const account = displayText(accountOf(permission.resourceArn));
  const region = displayText(regionOf(permission.resourceArn));
  return {
    construct: permission.construct,
    reason:
      `${permissionName(permission)} is created in account ${account} and Region ${region}, ` +
      'which has no such function',
    fix: `define the permission in the stack of ${definedFunction ? `'${pathOf(definedFunction)}'` : 'the function'}`,
  };
}

/** A statement with a source ARN that no rule with this target has. */
function forOtherSource(app: AppIndex, rule: Rule, target: Target): MisplacedPermission | undefined {
  const otherRules = app.rulesTo(target.arn).filter((otherRule) => otherRule !== rule);
  return misplacedSource(app, rule, target.arn, otherRules);
}

/**
 * A statement for EventBridge with the ARN of another source.
 *
 * @param others the other sources that may send to the resource, whose statements are in place
 */
export function misplacedSource(
  app: AppIndex,
  source: Source,
  targetArn: string,
  others: readonly Source[],
): MisplacedPermission | undefined {
  const permission = app
    .statementsOn(targetArn)
    .find(
      ({ statement }) =>
        isForEventBridge(statement) &&
        sourcesOf(statement).length > 0 &&
        !others.some((other) => allowsRule(app, statement, other, targetArn)),
    );
  if (!permission) return undefined;
  const { construct, resourceArn, statement } = permission;
  const { reason } = evaluateForRule(app, statement, source, resourceArn);
  const isOtherArn = /sourcearn/i.test(reason);
  const isOtherSource = isOtherArn || /sourceaccount/i.test(reason);
  return {
    construct,
    reason: isOtherArn
      ? `${displayText(reason)}, because ${describeSource(sourcesOf(statement)[0], source)}`
      : displayText(reason),
    fix: isOtherSource
      ? correctSource(permission, source)
      : `allow ${EVENTBRIDGE_PRINCIPAL} to call ${actionOn(resourceArn)} on ${displayText(resourceArn)}`,
  };
}

/** The fix for a statement whose source is another rule. */
function correctSource({ construct, id, statement }: ResourcePolicyStatement, source: Source): string {
  const isPermission = construct.cfnResourceType === 'AWS::Lambda::Permission';
  const [arnKey, accountKey] = isPermission
    ? ["'SourceArn'", "'SourceAccount'"]
    : ["'aws:SourceArn'", "'aws:SourceAccount'"];
  const place = isPermission ? `permission '${pathOf(construct)}'` : `statement '${displayText(id)}'`;
  const [arn] = sourcesOf(statement);
  const account = displayText(accountOf(source.arn));
  const hasAccount = sourceAccountsOf(statement).some((value) => value !== accountOf(source.arn));
  const alsoAccount = hasAccount ? `, and ${accountKey} to ${account}` : '';
  return arn === source.arn
    ? `change ${accountKey} of ${place} to ${account}`
    : `change ${arnKey} of ${place} from ${displayText(arn)} to ${displayText(source.arn)}${alsoAccount}`;
}

function describeSource(sourceArn: string, { arn }: Source): string {
  const defaultBusArn = arn.replace(/:rule\/.*\//, ':rule/');
  const isForDefaultBus = sourceArn === defaultBusArn && sourceArn !== arn;
  const format = isForDefaultBus ? ' (the format of rules on the default bus)' : '';
  return `it names ${displayText(sourceArn)}${format} in place of ${displayText(arn)}`;
}

function allowsRule(app: AppIndex, statement: Json, rule: Source, resourceArn: string): boolean {
  return evaluateForRule(app, statement, rule, resourceArn).decision === 'allowed';
}

function evaluateForRule(app: AppIndex, statement: Json, rule: Source, resourceArn: string): Evaluation {
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
  return conditionValues(statement, 'aws:sourcearn');
}

function sourceAccountsOf(statement: Json): string[] {
  return conditionValues(statement, 'aws:sourceaccount');
}

function conditionValues(statement: Json, name: string): string[] {
  const condition = isObject(statement) ? statement.Condition : undefined;
  return entriesOf(condition)
    .filter(({ key }) => key.toLowerCase() === name)
    .flatMap(({ values }) => values);
}
