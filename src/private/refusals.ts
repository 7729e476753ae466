import { CfnEventBusPolicy, IEventBusRef } from 'aws-cdk-lib/aws-events';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { IConstruct } from 'constructs';
import { annotate } from '../checks/finding';
import { isChecked, refuseAtSynth } from '../checks/judge-at-synth';
import { BUS, FUNCTION, Kind } from '../checks/resource-statements';
import { wildcardPrincipal } from '../checks/wildcard-principal';
import { rulesOfOthers, wildcardRules } from '../checks/wildcard-rule';
import { Reader } from '../model/reader';
import { permissionStatement } from '../model/statements';
import { opennessOf } from '../policy/openness';
import { Json, textOf } from '../policy/statement';
import { attribute, readable } from '../policy/text';

/** What constructs refuse once all of the app is there: judged on what everybody wrote, not on what this library did. */

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
    const wider = world.statementsOn(of ?? '').filter(({ construct, statement }) => construct !== permission && letsInAccount(statement, account));
    return {
      problems: wider.map(({ construct }) => `'executionRole' must be the only principal of account ${account} that the function lets in, got '${construct.node.path}', which lets in all of them; `
        + "take that out, or leave 'executionRole' and 'restrictToExecutionRole' out"),
      warnings: [],
    };
  });
}

function letsInAccount(statement: Json, account: string): boolean {
  const { to, bounds } = opennessOf(statement);
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
    const [of, statement] = [eventBus.eventBusRef.eventBusArn, construct.statement].map((value) => reader.resolve(construct.stack, value));
    return problemsOf(policy, { construct, id: construct.statementId, of: textOf(of), kind: BUS, statement });
  });
}

/** The same of a permission. */
export function invokersProblems(policy: IConstruct, permission: CfnPermission): string[] {
  const reader = new Reader();
  const properties = reader.resource(permission)?.properties ?? {};
  const [of, id] = [String(properties.FunctionName), attribute('Sid', permission.node.path)];
  return problemsOf(policy, { construct: permission, id, of, kind: FUNCTION, statement: permissionStatement(properties, of, id) });
}

interface Judged {
  readonly construct: CfnEventBusPolicy | CfnPermission;
  readonly id: string;
  readonly of: string;
  readonly kind: Kind;
  readonly statement: Json;
}

function problemsOf(policy: IConstruct, judged: Judged): string[] {
  const openness = opennessOf(judged.statement);
  if (openness.to === 'anyone') return [`statement '${readable(judged.id)}' must not let strangers in, got one that does: ${openness.because}; name the accounts or the organization`];
  if (openness.to !== 'undecided' || isChecked(policy, 'wildcardPrincipal')) return [];
  wildcardPrincipal({ ...judged, conditional: false, whole: false }, openness).forEach(annotate);
  return [];
}
