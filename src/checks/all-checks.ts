import { checkEventsWithoutRule } from './delivery/events-without-rule';
import { deliveryChecks } from './delivery-aspect';
import { DisabledFinding } from './disabled-finding';
import { Check } from './engine/check-runner';
import { EventCheckOptions } from './event-check-options';
import { FindingId } from './finding-id';
import { policySizeChecks } from './policy-size-aspect';
import { wildcardPrincipalChecks } from './wildcard-principal-aspect';
import { PropertyNames, validateProperties } from '../core/validate-properties';
import { ErrorScope, validationError } from '../core/validation-error';
import { problem } from '../eventbridge/formats';
import { misspelled } from '../util/edit-distance';

/** The options of the plugin, and those that only `CrossAccountEventChecks` has. */
type Options = EventCheckOptions & {
  readonly report?: boolean;
  readonly topology?: boolean;
  readonly topologyPage?: boolean;
  readonly otherApps?: string[];
};

const PROPERTIES: PropertyNames<Options> = {
  policySize: true,
  trustedAccounts: true,
  trustedOrganizations: true,
  requireSourceForRuleRoles: true,
  reportEventsWithoutRule: true,
  disabledFindings: true,
  report: true,
  otherApps: true,
  topology: true,
  topologyPage: true,
};

/** The checks of all aspects. */
export function allChecks(options: EventCheckOptions): Check[] {
  validateProperties('CrossAccountEventChecks', 'options', options, PROPERTIES);
  const { policySize, trustedAccounts, trustedOrganizations, requireSourceForRuleRoles } = options;
  const { reportEventsWithoutRule = false } = options;
  return [
    ...policySizeChecks(policySize),
    ...wildcardPrincipalChecks({ trustedAccounts, trustedOrganizations, requireSourceForRuleRoles }),
    ...deliveryChecks(trustedOrganizations),
    ...(reportEventsWithoutRule ? [{ name: 'eventsWithoutRule', findings: checkEventsWithoutRule }] : []),
  ];
}

/** The reasons for disabling findings, by ID. Throws an error for an ID that does not exist, or an empty reason. */
export function disabledReasons(scope: ErrorScope, findings: DisabledFinding[] = []): Map<string, string> {
  for (const { id, reason } of findings) {
    validateId(scope, id);
    validateReason(scope, id, reason);
  }
  return new Map(findings.map(({ id, reason }) => [id, reason]));
}

function validateId(scope: ErrorScope, id: string): void {
  const ids: string[] = Object.values(FindingId);
  if (ids.includes(id)) return;
  const similar = misspelled(shortFindingId(String(id)), ids.map(shortFindingId));
  const fix =
    similar === undefined
      ? 'use an ID that a finding is printed with, without its fingerprint'
      : `use '${ids.find((known) => shortFindingId(known) === similar)}', the most similar ID`;
  throw validationError(scope, `'disabledFindings' ${problem('hold full IDs of findings', id, fix)}`);
}

function validateReason(scope: ErrorScope, id: string, reason: unknown): void {
  if (typeof reason === 'string' && reason.trim() !== '') return;
  const fix = 'explain why the finding does not apply';
  throw validationError(scope, `'disabledFindings' ${problem(`give a reason for '${id}'`, reason, fix)}`);
}

/** `wildcardPrincipal`, also for an ID with the prefix `Annotation::`, as `cdk synth` prints it. */
function shortFindingId(id: string): string {
  return id.slice(id.lastIndexOf(':') + 1);
}
