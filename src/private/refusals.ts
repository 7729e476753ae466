import { CfnEventBusPolicy, IEventBusRef } from 'aws-cdk-lib/aws-events';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { IConstruct } from 'constructs';
import { annotate } from '../checks/finding';
import { isChecked, refuseAtSynth } from '../checks/judge-at-synth';
import { publisherRoleTrust } from '../checks/publisher-role-trust';
import { BUS, FUNCTION, Kind } from '../checks/resource-statements';
import { wildcardPrincipal } from '../checks/wildcard-principal';
import { rulesOfOthers, wildcardRules } from '../checks/wildcard-rule';
import { Reader } from '../model/reader';
import { eventBusPolicyStatement, permissionStatement } from '../model/statements';
import { standsFor } from '../policy/matching';
import { opennessOf } from '../policy/openness';
import { Json, isObject, listOf, textOf } from '../policy/statement';
import { attribute, readable } from '../policy/text';
import { OpenTrust } from '../policy/trust';

/** Refuses a permission for all rules of a bus where others may make rules with that target. */
export function refuseRulesOfOthers(permission: CfnPermission): void {
  refuseAtSynth(permission, (world) => {
    const open = rulesOfOthers(world).filter(({ on, sure }) => sure && on.construct === permission);
    return {
      problems: open.map(({ by }) => `'permissionScope' must be RULE where others manage rules with any target, got EVENT_BUS and statement '${by.id}' of '${by.construct.node.path}'; `
        + "limit its targets (allowRuleManagement() with 'targetArns'), or give each rule a permission of its own"),
      warnings: open.length > 0 ? [] : wildcardRules(world).filter(({ construct }) => construct === permission),
    };
  });
}

/** Refuses a permission for one role beside one that lets in its whole account, whoever wrote that. */
export function refuseWholeAccount(permission: CfnPermission, account: string): void {
  refuseAtSynth(permission, (world) => {
    const { of } = world.model.functionStatements.find(({ construct }) => construct === permission) ?? {};
    const owner = textOf(new Reader().resolve(permission.stack, account));
    const wider = world.statementsOn(of ?? '').filter(({ construct, statement }) => construct !== permission && letsInAccount(statement, owner));
    return {
      problems: wider.map(({ construct }) => `'executionRole' must be the only principal of account ${owner} in the policy of the function, got also '${construct.node.path}', which allows the whole account; `
        + "remove that permission, or leave out 'executionRole' and 'restrictToExecutionRole'"),
      warnings: [],
    };
  });
}

function letsInAccount(statement: Json, account: string): boolean {
  const { to, bounds } = opennessOf(statement);
  if (!isObject(statement) || !listOf(statement.Action).some((action) => standsFor(action, FUNCTION.action))) return false;
  const isForService = isObject(statement.Principal) && statement.Principal.Service !== undefined;
  if (to === 'anyone') return !isForService;
  return to === 'named callers' && bounds.every(({ callers }) => callers.some((caller) => caller.account === account && !caller.name.startsWith('arn:')));
}

/**
 * Tells of statements of which it cannot be told whom they let in, and refuses those that let in everybody: tokens may have become anything.
 *
 * @param resources that write the statements on a bus
 */
export function callersProblems(policy: IConstruct, eventBus: IEventBusRef, resources: CfnEventBusPolicy[]): string[] {
  const reader = new Reader();
  return resources.flatMap((construct) => {
    const of = textOf(reader.resolve(construct.stack, eventBus.eventBusRef.eventBusArn));
    const statement = eventBusPolicyStatement(reader.resource(construct)?.properties ?? {}, of, construct.statementId);
    return problemsOf(policy, { construct, id: construct.statementId, of, kind: BUS, statement, property: 'publishers' });
  });
}

/** The same of a permission. */
export function invokersProblems(policy: IConstruct, permission: CfnPermission): string[] {
  const reader = new Reader();
  const properties = reader.resource(permission)?.properties ?? {};
  const [of, id] = [String(properties.FunctionName), attribute('Sid', permission.node.path)];
  return problemsOf(policy, { construct: permission, id, of, kind: FUNCTION, statement: permissionStatement(properties, of, id), property: 'eventBusAccount' });
}

interface Judged {
  readonly construct: CfnEventBusPolicy | CfnPermission;
  readonly id: string;
  readonly of: string;
  readonly kind: Kind;
  readonly statement: Json;
  /** What the principals were given as. */
  readonly property: string;
}

function problemsOf(policy: IConstruct, judged: Judged): string[] {
  const openness = opennessOf(judged.statement);
  if (openness.to === 'anyone') return [`'${judged.property}' must name principals, got statement '${readable(judged.id)}', which allows any AWS account: ${openness.because}; name account ids or an organization id`];
  if (openness.to !== 'undecided' || isChecked(policy, 'wildcardPrincipal')) return [];
  wildcardPrincipal({ ...judged, conditional: false, whole: false }, openness).forEach(annotate);
  return [];
}

/** Tells of a role that publishes of which it cannot be told who may assume it. */
export function warnOfUnknownTrust(role: CfnRole, open: OpenTrust): void {
  if (!isChecked(role, 'publisherRoleTrust')) annotate(publisherRoleTrust(role, 'this role', open));
}
