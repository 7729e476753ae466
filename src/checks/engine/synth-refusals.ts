import { CfnEventBusPolicy, IEventBusRef } from 'aws-cdk-lib/aws-events';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { IConstruct } from 'constructs';
import { isChecked, refuseAtSynthesis } from './check-runner';
import { annotate } from './finding';
import { TemplateReader } from '../../app-model/resolve/template-reader';
import { eventBusPolicyStatement, permissionStatement } from '../../app-model/statements';
import { analyzeAccess } from '../../iam/access-analysis';
import { actionMatches } from '../../iam/matching';
import { Json, isObject, toList, toText } from '../../iam/statement';
import { OpenTrust } from '../../iam/trust-policy';
import { attribute, displayText } from '../../iam/unresolved-text';
import { publisherRoleTrustFinding } from '../access/publisher-role-trust';
import { BUS, FUNCTION, ResourceKind } from '../access/resource-statements';
import { checkPrincipal } from '../access/wildcard-principal';
import { rulesOfOthers, checkWildcardRules } from '../access/wildcard-rule';

/** Refuses a permission for all rules of a bus where others may make rules with that target. */
export function refuseRulesOfOthers(permission: CfnPermission): void {
  refuseAtSynthesis(permission, (app) => {
    const open = rulesOfOthers(app).filter(({ on, sure }) => sure && on.construct === permission);
    return {
      problems: open.map(
        ({ by }) =>
          "'permissionScope' must be RULE where others manage rules with any target, got EVENT_BUS and " +
          `statement '${by.id}' of '${by.construct.node.path}'; ` +
          "limit its targets (allowRuleManagement() with 'targetArns'), or give each rule a permission of its own",
      ),
      warnings: open.length > 0 ? [] : checkWildcardRules(app).filter(({ construct }) => construct === permission),
    };
  });
}

/** Refuses a permission for one role beside one that lets in its whole account, whoever wrote that. */
export function refuseAccountPrincipal(permission: CfnPermission, account: string): void {
  refuseAtSynthesis(permission, (app) => {
    const { resourceArn } = app.model.functionStatements.find(({ construct }) => construct === permission) ?? {};
    const owner = toText(new TemplateReader().resolve(permission.stack, account));
    const wider = app
      .statementsOn(resourceArn ?? '')
      .filter(({ construct, statement }) => construct !== permission && allowsWholeAccount(statement, owner));
    return {
      problems: wider.map(
        ({ construct }) =>
          `'executionRole' must be the only principal of account ${owner} in the policy of the ` +
          `function, got also '${construct.node.path}', which allows the whole account; ` +
          "remove that permission, or leave out 'executionRole' and 'restrictToExecutionRole'",
      ),
      warnings: [],
    };
  });
}

function allowsWholeAccount(statement: Json, account: string): boolean {
  const { access, restrictions } = analyzeAccess(statement);
  if (!isObject(statement) || !toList(statement.Action).some((action) => actionMatches(action, FUNCTION.action))) {
    return false;
  }
  const isForService = isObject(statement.Principal) && statement.Principal.Service !== undefined;
  if (access === 'public') return !isForService;
  return (
    access === 'named' &&
    restrictions.every(({ principals }) =>
      principals.some((caller) => caller.account === account && !caller.name.startsWith('arn:')),
    )
  );
}

/**
 * Tells of statements of which it cannot be told whom they let in, and refuses those that let in everybody: tokens may
 * have become anything.
 *
 * @param resources that write the statements on a bus
 */
export function publisherProblems(
  policy: IConstruct,
  eventBus: IEventBusRef,
  resources: CfnEventBusPolicy[],
): string[] {
  const reader = new TemplateReader();
  return resources.flatMap((construct) => {
    const of = toText(reader.resolve(construct.stack, eventBus.eventBusRef.eventBusArn));
    const statement = eventBusPolicyStatement(reader.resource(construct)?.properties ?? {}, of, construct.statementId);
    return statementProblems(policy, {
      construct,
      id: construct.statementId,
      resourceArn: of,
      kind: BUS,
      statement,
      property: 'publishers',
    });
  });
}

/** The same of a permission. */
export function invokePermissionProblems(policy: IConstruct, permission: CfnPermission): string[] {
  const reader = new TemplateReader();
  const properties = reader.resource(permission)?.properties ?? {};
  const [of, id] = [String(properties.FunctionName), attribute('Sid', permission.node.path)];
  return statementProblems(policy, {
    construct: permission,
    id,
    resourceArn: of,
    kind: FUNCTION,
    statement: permissionStatement(properties, of, id),
    property: 'eventBusAccount',
  });
}

interface StatementInput {
  readonly construct: CfnEventBusPolicy | CfnPermission;
  readonly id: string;
  readonly resourceArn: string;
  readonly kind: ResourceKind;
  readonly statement: Json;
  /** What the principals were given as. */
  readonly property: string;
}

function statementProblems(policy: IConstruct, judged: StatementInput): string[] {
  const openness = analyzeAccess(judged.statement);
  if (openness.access === 'public') {
    return [
      `'${judged.property}' must name principals, got statement '${displayText(judged.id)}', which ` +
        `allows any AWS account: ${openness.reason}; name account ids or an organization id`,
    ];
  }
  if (openness.access !== 'unknown' || isChecked(policy, 'wildcardPrincipal')) return [];
  checkPrincipal({ ...judged, conditional: false, isWholePolicy: false }, openness).forEach(annotate);
  return [];
}

/** Tells of a role that publishes of which it cannot be told who may assume it. */
export function warnUnverifiedTrust(role: CfnRole, open: OpenTrust): void {
  if (!isChecked(role, 'publisherRoleTrustTooBroad')) annotate(publisherRoleTrustFinding(role, 'this role', open));
}
