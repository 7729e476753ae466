import { AppIndex } from '../../app-model/app-index';
import { GlobalEndpoint } from '../../app-model/app-model';
import { Arn, parseArn } from '../../iam/arn';
import { displayText, mayEqualAnyText } from '../../iam/unresolved-text';
import { Finding, errorFinding } from '../engine/finding';
import { FindingId } from '../finding-id';

/**
 * Reports global endpoints whose two buses differ in name or account, or are in one Region.
 *
 * Blind spots: buses whose ARNs are known only at deployment; the role for replication.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-global-endpoints.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEndpoint.html
 */
export function checkGlobalEndpoints({ model }: AppIndex): Finding[] {
  return model.globalEndpoints.flatMap(checkEndpoint);
}

function checkEndpoint(endpoint: GlobalEndpoint): Finding[] {
  const { construct, eventBusArns, name } = endpoint;
  const buses = eventBusArns.map(parseArn);
  const [primary, secondary] = buses;
  if (buses.length !== 2 || !primary || !secondary) return [];
  const requirement = REQUIREMENTS.find(({ isViolated }) => isViolated(primary, secondary));
  if (!requirement) return [];
  const text = {
    problem: `global endpoint '${displayText(name)}' has the buses ${eventBusArns.map(displayText).join(' and ')}`,
    reason: `the buses of a global endpoint must ${requirement.rule}`,
    fix: requirement.fix,
  };
  return [errorFinding(FindingId.GLOBAL_ENDPOINT_INVALID, construct, text)];
}

interface Requirement {
  readonly rule: string;
  readonly fix: string;
  readonly isViolated: (primary: Arn, secondary: Arn) => boolean;
}

const REQUIREMENTS: readonly Requirement[] = [
  {
    rule: 'have the same name',
    fix: 'give both buses the same name',
    isViolated: (primary, secondary) => differ(primary.resource, secondary.resource),
  },
  {
    rule: 'be in the same account',
    fix: 'use a bus of the same name in the same account and another Region',
    isViolated: (primary, secondary) => differ(primary.account, secondary.account),
  },
  {
    rule: 'be in different Regions',
    fix: 'use a bus of the same name and account in another Region as the second bus',
    isViolated: (primary, secondary) => primary.region === secondary.region && !mayEqualAnyText(primary.region),
  },
];

function differ(first: string, second: string): boolean {
  return first !== second && !mayEqualAnyText(first) && !mayEqualAnyText(second);
}
