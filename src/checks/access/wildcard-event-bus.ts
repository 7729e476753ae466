import { IConstruct } from 'constructs';
import { parseStringMatch } from './string-operators';
import { AppIndex } from '../../app-model/app-index';
import { Identity, IdentityPolicy } from '../../app-model/app-model';
import { allowsPutEventsEverywhere } from '../../eventbridge/role-statements';
import { arnParts } from '../../iam/arn';
import { ConditionEntry, entriesOf } from '../../iam/conditions';
import { like, actionMatches } from '../../iam/matching';
import { Json, isObject, toList } from '../../iam/statement';
import { displayText } from '../../iam/unresolved-text';
import { Finding, warningFinding } from '../engine/finding';
import { FindingId } from '../finding-id';

/**
 * Warns of roles, users and groups that are allowed to put events on every bus.
 *
 * Blind spots: administrators; permissions that a deny statement, a permissions boundary or a policy of the
 * organization takes away; buses whose name is known only at deployment.
 */
export function checkWildcardEventBuses({ ownIdentities: { roles, users, groups } }: AppIndex): Finding[] {
  const findings = new Map<IConstruct, Finding>();
  const addFirst = (finding: Finding | undefined) => {
    if (finding && !findings.has(finding.construct)) findings.set(finding.construct, finding);
  };
  // Several identities can have the same policy, which then has the same list of statements.
  const checkedPolicies = new Set<Json[]>();
  for (const identity of [...roles, ...users, ...groups]) {
    for (const policy of identity.policies) {
      if (checkedPolicies.has(policy.statements)) continue;
      checkedPolicies.add(policy.statements);
      addFirst(checkPolicy(identity, policy));
    }
    addFirst(checkManagedPolicies(identity));
  }
  return [...findings.values()];
}

function checkManagedPolicies({ name, construct, managedPolicyArns }: Identity): Finding | undefined {
  const arn = managedPolicyArns.find(allowsPutEventsEverywhere);
  if (arn === undefined) return undefined;
  const policyName = arn.split('/').slice(-1)[0];
  const text = {
    problem: `managed policy '${policyName}' allows '${displayText(name)}' to call events:PutEvents on every bus`,
    fix:
      'replace the managed policy by a statement that lists the ARNs of the buses, as PublisherRole and ' +
      'grantPutEventsTo() of a bus do',
  };
  return warningFinding(FindingId.WILDCARD_PUT_EVENTS_RESOURCE, construct, text);
}

/** The first finding in a policy. */
function checkPolicy({ name }: Identity, { construct, statements }: IdentityPolicy): Finding | undefined {
  for (const [i, statement] of statements.entries()) {
    if (!isObject(statement) || statement.Effect !== 'Allow' || !toList(statement.Action).some(allowsPutEvents)) {
      continue;
    }
    const resource = resourceOfAllBuses(statement);
    if (resource === undefined || entriesOf(statement.Condition).some(restrictsResource)) continue;
    const id = typeof statement.Sid === 'string' ? statement.Sid : `#${i + 1}`;
    const text = {
      problem: `statement '${displayText(id)}' allows '${displayText(name)}' to call events:PutEvents on every bus`,
      reason: `its resources are ${displayText(resource)}`,
      fix: 'list the ARNs of the buses, as PublisherRole and grantPutEventsTo() of a bus do',
    };
    return warningFinding(FindingId.WILDCARD_PUT_EVENTS_RESOURCE, construct, text);
  }
  return undefined;
}

function resourceOfAllBuses({ Resource, NotResource }: { readonly [element: string]: Json }): string | undefined {
  return NotResource === undefined ? toList(Resource).find(matchesAllBuses) : "all but those in 'NotResource'";
}

/** Whether an action matches `events:PutEvents`, but not every action: administrators are not publishers. */
function allowsPutEvents(action: string): boolean {
  return action !== '*' && action !== '*:*' && actionMatches(action, 'events:PutEvents') === true;
}

/** Whether a pattern matches every bus, or every bus of an account: it matches one with a name that no bus can have. */
export function matchesAllBuses(pattern: string): boolean {
  if (!pattern.includes('*')) return false;
  const parts = arnParts(pattern);
  const literalPart = (i: number, example: string) => (!parts[i] || /[*?]/.test(parts[i]) ? example : parts[i]);
  const busArn = [
    'arn',
    literalPart(1, 'aws'),
    'events',
    literalPart(3, 'eu-west-1'),
    literalPart(4, '000000000000'),
    'event-bus/\u0000',
  ];
  return like(pattern, busArn.join(':')) === true;
}

/** Whether a condition restricts the buses by their account, organization or tags. */
function restrictsResource({ operator, key, values }: ConditionEntry): boolean {
  const parsed = parseStringMatch(operator);
  return (
    parsed !== undefined &&
    !parsed.ifExists &&
    parsed.quantifier !== 'forallvalues' &&
    RESOURCE_KEYS.test(key) &&
    values.every((value) => value !== '' && value !== '*')
  );
}

const RESOURCE_KEYS = /^aws:(resourceaccount|resourceorgid|resourceorgpaths|resourcetag\/.+)$/i;
