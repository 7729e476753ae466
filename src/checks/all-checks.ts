import { deliveryChecks } from './delivery-aspect';
import { DisabledFinding } from './disabled-finding';
import { Check } from './engine/check-runner';
import { EventCheckOptions } from './event-check-options';
import { FindingId } from './finding-id';
import { policySizeChecks } from './policy-size-aspect';
import { wildcardPrincipalChecks } from './wildcard-principal-aspect';
import { ErrorScope, validationError } from '../core/validation-error';
import { problem } from '../eventbridge/formats';
import { closestMatch } from '../util/edit-distance';

/** Those of every aspect, for everything that runs them together. */
export function allChecks({ policySize, trustedAccounts, trustedOrganizations }: EventCheckOptions): Check[] {
  return [
    ...policySizeChecks(policySize),
    ...wildcardPrincipalChecks({ trustedAccounts, trustedOrganizations }),
    ...deliveryChecks(trustedOrganizations),
  ];
}

/** The reasons of what is switched off, by id. A misspelt id would switch off nothing, and nobody would notice. */
export function reasonsById(place: ErrorScope, disabled: DisabledFinding[] = []): Map<string, string> {
  const ids: string[] = Object.values(FindingId);
  return new Map(
    disabled.map(({ id, reason }) => {
      if (!ids.includes(id)) {
        const near = closestMatch(shortFindingId(String(id)), ids.map(shortFindingId));
        const remedy = `the nearest is '${ids.find((known) => shortFindingId(known) === near)}'`;
        throw validationError(place, `'disabledFindings' ${problem('hold ids of findings in full', id, remedy)}`);
      }
      if (typeof reason !== 'string' || reason.trim() === '') {
        throw validationError(
          place,
          `'disabledFindings' ${problem(`give a reason for '${id}'`, reason, 'say why nobody needs to know of it')}`,
        );
      }
      return [id, reason];
    }),
  );
}

/** `wildcardPrincipal`, also of an id with `Annotation::` before it, as `cdk synth` prints it. */
function shortFindingId(id: string): string {
  return id.slice(id.lastIndexOf(':') + 1);
}
