import { CfnResource } from 'aws-cdk-lib';
import { CfnEventBusPolicy, IEventBusRef } from 'aws-cdk-lib/aws-events';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { IConstruct } from 'constructs';
import { isChecked, addSynthesisValidation } from './check-runner';
import { annotate } from './finding';
import { BUS, FUNCTION } from './target-kinds';
import { TemplateReader } from '../../app-model/resolve/template-reader';
import { eventBusPolicyStatement, lambdaPermissionStatement } from '../../app-model/statements';
import { analyzeAccess } from '../../iam/access-analysis';
import { actionMatches } from '../../iam/matching';
import { Json, isObject, toList, toText } from '../../iam/statement';
import { OpenTrust } from '../../iam/trust-policy';
import { attribute, displayText } from '../../iam/unresolved-text';
import { publisherRoleTrustFinding } from '../access/publisher-role-trust';
import { ResourceStatement } from '../access/resource-statements';
import { unknownPrincipalFinding } from '../access/wildcard-principal';
import { checkWildcardRules, exposedTargets } from '../access/wildcard-rule';

/**
 * Fails synthesis if other accounts can create rules on the bus that match a permission for all rules of that bus.
 * Warns if this is known only at deployment.
 *
 * @param permission the permission of a function, or the policy of a queue
 * @param alternative the value of `permissionScope` for single rules
 */
export function validatePermissionScope(permission: CfnResource, alternative = 'LambdaPermissionScope.RULE'): void {
  addSynthesisValidation(permission, (app) => {
    const exposed = exposedTargets(app).filter(
      (target) => target.certain && target.permission.construct === permission,
    );
    if (exposed.length === 0) {
      return { problems: [], warnings: checkWildcardRules(app).filter(({ construct }) => construct === permission) };
    }
    const problems = exposed.map(
      ({ ruleManagement: { id, construct } }) =>
        "'permissionScope' must be RULE if other accounts can create rules with any target, got EVENT_BUS, and " +
        `statement '${id}' of '${construct.node.path}' allows such rules; limit the targets in that statement ` +
        `(allowRuleManagement() with 'targetArns'), or use ${alternative}`,
    );
    return { problems, warnings: [] };
  });
}

/** Fails synthesis if a permission for a single role has no effect, because another one allows its whole account. */
export function validateOnlyPrincipal(permission: CfnPermission, accountId: string): void {
  addSynthesisValidation(permission, (app) => {
    const account = toText(new TemplateReader().resolve(permission.stack, accountId));
    const problems = app.model.functionStatements
      .filter(({ construct }) => construct === permission)
      .flatMap(({ resourceArn }) => app.statementsOn(resourceArn))
      .filter(({ construct, statement }) => construct !== permission && allowsWholeAccount(statement, account))
      .map(
        ({ construct }) =>
          `'executionRole' must be the only principal of account ${account} in the policy of the function, got also ` +
          `'${construct.node.path}', which allows the whole account; remove that permission, or leave out ` +
          "'executionRole' and 'restrictToExecutionRole'",
      );
    return { problems, warnings: [] };
  });
}

/** Whether a statement allows every principal of an account to invoke a function. */
function allowsWholeAccount(statement: Json, account: string): boolean {
  if (!isObject(statement) || !toList(statement.Action).some((action) => actionMatches(action, FUNCTION.action))) {
    return false;
  }
  const { access, restrictions } = analyzeAccess(statement);
  if (access === 'public') return !(isObject(statement.Principal) && statement.Principal.Service !== undefined);
  return (
    access === 'named' &&
    restrictions.every(({ principals }) =>
      principals.some((principal) => principal.account === account && !principal.name.startsWith('arn:')),
    )
  );
}

/**
 * Validates the publishers of a bus as they are in the template, where tokens are resolved. A statement that allows any
 * AWS account is an error. One that may do so is a warning.
 *
 * @param resources the resources with the statements of the bus policy
 * @returns the errors
 */
export function validatePublishers(
  policy: IConstruct,
  eventBus: IEventBusRef,
  resources: CfnEventBusPolicy[],
): string[] {
  const reader = new TemplateReader();
  return resources.flatMap((construct) => {
    const id = construct.statementId;
    const resourceArn = toText(reader.resolve(construct.stack, eventBus.eventBusRef.eventBusArn));
    const statement = eventBusPolicyStatement(reader.resource(construct)?.properties ?? {}, resourceArn, id);
    return validatePrincipal(policy, 'publishers', { ...STANDALONE, construct, id, resourceArn, kind: BUS, statement });
  });
}

/** Validates the principal of a permission for a function in the same way. */
export function validateInvokePrincipal(policy: IConstruct, permission: CfnPermission): string[] {
  const properties = new TemplateReader().resource(permission)?.properties ?? {};
  const resourceArn = String(properties.FunctionName);
  const id = attribute('Sid', permission.node.path);
  const statement = lambdaPermissionStatement(properties, resourceArn, id);
  return validatePrincipal(policy, 'eventBusAccount', {
    ...STANDALONE,
    construct: permission,
    id,
    resourceArn,
    kind: FUNCTION,
    statement,
  });
}

/** A statement that does not depend on a condition of the template and does not replace other statements. */
const STANDALONE = { conditional: false, isWholePolicy: false };

/** @param property the property that has the principals */
function validatePrincipal(policy: IConstruct, property: string, statement: ResourceStatement): string[] {
  const { access, reason } = analyzeAccess(statement.statement);
  if (access === 'public') {
    return [
      `'${property}' must name principals, got statement '${displayText(statement.id)}', which allows any AWS ` +
        `account: ${reason}; name account IDs or an organization ID`,
    ];
  }
  if (access === 'unknown' && !isChecked(policy, 'wildcardPrincipal')) {
    annotate(unknownPrincipalFinding(statement, reason));
  }
  return [];
}

/** Warns of the role of a publisher if it is unknown which principals can assume it. */
export function warnUnverifiedTrust(role: CfnRole, openTrust: OpenTrust): void {
  if (isChecked(role, 'publisherRoleTrustTooBroad')) return;
  annotate(publisherRoleTrustFinding(role, 'this role', openTrust));
}
