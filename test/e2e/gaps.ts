import { Cloud } from './cloud';

/**
 * What the emulator does not do as AWS does. The functions apply it to what is expected, so that the run fails once a
 * gap is gone: then remove it here and in `docs/testing.md`.
 */
export const GAPS = [
  'no principal is denied: policies are stored, but not evaluated',
  'the permission of a function has no condition on the source account if it has one on the source ARN',
  "the 'account' of an event that a rule forwarded is that of the rule, not that of the publisher",
  'a bus keeps one statement, which was created last',
  'the update of a statement of a bus does nothing',
  'a rule that is removed from a template stays on its bus, unless the bus is removed too',
  'the update of a role removes its inline policies',
  'the resources of a stack are without those that were replaced',
] as const;

/** That an account without any grant can put an event on the global bus of event-backbone. */
export async function assertNoPrincipalIsDenied(external: Cloud): Promise<void> {
  const eventBus = 'arn:aws:events:eu-west-1:888888888888:event-bus/global';
  await external.putEvent(eventBus, 'org.example.external', 'Done', {});
}

/** The statement that the emulator keeps for the permission of a function. */
export function permissionInEmulator(statement: any): unknown {
  const { 'AWS:SourceAccount': sourceAccount, ...others } = statement.Condition?.StringEquals ?? {};
  if (sourceAccount === undefined || !statement.Condition.ArnLike?.['AWS:SourceArn']) return statement;
  const { StringEquals, ...operators } = statement.Condition;
  const hasOthers = Object.keys(others).length > 0;
  return { ...statement, Condition: { ...operators, ...(hasOthers ? { StringEquals: others } : {}) } };
}

/** The account of an event that a rule forwarded. */
export function accountInEmulator(_publisher: string, forwardedBy: string): string {
  return forwardedBy;
}

/** What the emulator has in place of what is in `event-topology.json`, after updates. */
export interface Overrides {
  /** The statements of buses, by the names of the buses. */
  readonly eventBuses?: { readonly [name: string]: readonly unknown[] };
  /** The rules of a former topology that are still there, by the names of the buses. */
  readonly removedRules?: { readonly [eventBus: string]: readonly unknown[] };
  /** The roles that have no inline policies any more, by their names. */
  readonly rolesWithoutPolicies?: readonly string[];
}
