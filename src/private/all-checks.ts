import { Place, invalid } from './errors';
import { Check } from '../checks/judge-at-synth';
import { deliveryChecks } from '../delivery-aspect';
import { DisabledFinding } from '../disabled-finding';
import { EventCheckOptions } from '../event-check-options';
import { FindingId } from '../finding-id';
import { problem } from '../policy/formats';
import { nearest } from '../policy/nearest';
import { policySizeChecks } from '../policy-size-aspect';
import { wildcardPrincipalChecks } from '../wildcard-principal-aspect';

/** Those of every aspect, for everything that runs them together. */
export function allChecks({ policySize, trustedAccounts, trustedOrganizations }: EventCheckOptions): Check[] {
  return [
    ...policySizeChecks(policySize),
    ...wildcardPrincipalChecks({ trustedAccounts, trustedOrganizations }),
    ...deliveryChecks(trustedOrganizations),
  ];
}

/** The reasons of what is switched off, by id. A misspelt id would switch off nothing, and nobody would notice. */
export function reasonsById(place: Place, disabled: DisabledFinding[] = []): Map<string, string> {
  const ids: string[] = Object.values(FindingId);
  return new Map(disabled.map(({ id, reason }) => {
    if (!ids.includes(id)) {
      const near = nearest(nameOf(String(id)), ids.map(nameOf));
      throw invalid(place, `'disabledFindings' ${problem('hold ids of findings in full', id, `the nearest is '${ids.find((known) => nameOf(known) === near)}'`)}`);
    }
    if (typeof reason !== 'string' || reason.trim() === '') {
      throw invalid(place, `'disabledFindings' ${problem(`give a reason for '${id}'`, reason, 'say why nobody needs to know of it')}`);
    }
    return [id, reason];
  }));
}

/** `wildcardPrincipal`, also of an id with `Annotation::` before it, as `cdk synth` prints it. */
function nameOf(id: string): string {
  return id.slice(id.lastIndexOf(':') + 1);
}
