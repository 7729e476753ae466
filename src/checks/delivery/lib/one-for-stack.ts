import { IConstruct } from 'constructs';
import { manualStepFinding } from './manual-steps';
import { groupedBy } from '../../../util/group-by';
import { Finding, FindingText, stackOf } from '../../engine/finding';
import { isAlreadyReported } from '../../engine/manual-step-warning';
import { FindingId } from '../../finding-id';

/** A construct that needs a resource whose policy cannot be read. */
export interface Dependent {
  readonly construct: IConstruct;
  /** The ARN of the resource. */
  readonly resource: string;
}

/**
 * One warning for each resource and stack, on the construct that contains all constructs which need the resource. A
 * construct that warns itself is left out.
 */
export function oneForStack<T extends Dependent>(
  id: FindingId,
  dependents: T[],
  textOf: (dependents: T[]) => FindingText,
): Finding[] {
  const unreported = dependents.filter(({ construct, resource }) => !isAlreadyReported(construct, resource));
  return [...groupedBy(unreported, ({ resource }) => resource)].flatMap(([resource, sameResource]) =>
    [...groupedBy(sameResource, ({ construct }) => stackOf(construct)).values()].flatMap((group) =>
      manualStepFinding(id, commonScope(group.map(({ construct }) => construct)), textOf(group), resource),
    ),
  );
}

/** The innermost construct that contains all constructs, which may be one of them. */
function commonScope(constructs: IConstruct[]): IConstruct {
  const [first, ...others] = constructs.map(({ node }) => node.scopes);
  const shared = first.filter((scope) => others.every((scopes) => scopes.includes(scope)));
  return shared[shared.length - 1];
}
