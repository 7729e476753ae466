import { AppIndex } from '../../app-model/app-index';
import { Identity, IdentityPolicy } from '../../app-model/app-model';
import { allowsPutEventsEverywhere } from '../../eventbridge/role-statements';
import { entriesOf } from '../../iam/conditions';
import { like, actionMatches } from '../../iam/matching';
import { Json, isObject, toList } from '../../iam/statement';
import { displayText } from '../../iam/unresolved-text';
import { Finding } from '../engine/finding';
import { FindingId } from '../finding-id';

/**
 * Roles, users and groups that may put events on every bus.
 *
 * Blind spots: administrators, who may do everything; a deny, a permissions boundary or a policy of the organization
 * that takes it back; a bus that only deployment names.
 */
export function checkWildcardEventBuses({ model }: AppIndex): Finding[] {
  const found = new Map<IdentityPolicy['construct'], Finding>();
  // Many may have one policy: its statements are the same list then.
  const judged = new Set<Json[]>();
  for (const identity of [...model.roles, ...model.users, ...model.groups]) {
    for (const policy of identity.policies.filter(({ statements }) => !judged.has(statements))) {
      judged.add(policy.statements);
      const finding = checkStatement(identity, policy);
      if (finding && !found.has(policy.construct)) found.set(policy.construct, finding);
    }
    const full = identity.managedPolicyArns.find(allowsPutEventsEverywhere);
    if (full !== undefined && !found.has(identity.construct)) {
      found.set(identity.construct, byManagedPolicy(identity, full));
    }
  }
  return [...found.values()];
}

function byManagedPolicy({ name, construct }: Identity, arn: string): Finding {
  const problem =
    `managed policy '${arn.split('/').slice(-1)[0]}' lets '${displayText(name)}' put events on ` +
    'every bus, of every account that lets it in or of its own';
  const fix = REMEDY;
  return { id: FindingId.WILDCARD_PUT_EVENTS_RESOURCE, level: 'warning', construct, problem, fix };
}

const REMEDY = 'name the ARNs of the buses, as PublisherRole and grantPutEventsTo() of a bus do';

function checkStatement({ name }: Identity, { construct, statements }: IdentityPolicy): Finding | undefined {
  for (const [i, statement] of statements.entries()) {
    if (!isObject(statement) || statement.Effect !== 'Allow' || !toList(statement.Action).some(allowsPutEvents)) {
      continue;
    }
    const wide =
      statement.NotResource === undefined
        ? toList(statement.Resource).find(matchesAllBuses)
        : 'everything but its NotResource';
    if (wide === undefined || restrictsResource(statement.Condition)) continue;
    const id = typeof statement.Sid === 'string' ? statement.Sid : `#${i + 1}`;
    const problem =
      `statement '${displayText(id)}' lets '${displayText(name)}' put events on every bus, of ` +
      `every account that lets it in or of its own: the resource is '${displayText(wide)}'`;
    const fix = REMEDY;
    return { id: FindingId.WILDCARD_PUT_EVENTS_RESOURCE, level: 'warning', construct, problem, fix };
  }
  return undefined;
}

/** Whether an action stands for putting events, but not for everything: an administrator is no publisher. */
function allowsPutEvents(action: string): boolean {
  return !/^\*(:\*)?$/.test(action) && actionMatches(action, 'events:PutEvents') === true;
}

/** Whether a pattern stands for every bus there is, or every one of an account: for one of a name that nobody has. */
export function matchesAllBuses(pattern: string): boolean {
  if (!pattern.includes('*')) return false;
  const given = pattern.split(':');
  const part = (i: number, usual: string) => (given[i] === undefined || /[*?]/.test(given[i]) ? usual : given[i]);
  const bus = [
    'arn',
    part(1, 'aws'),
    part(2, 'events'),
    part(3, 'eu-west-1'),
    part(4, '000000000000'),
    'event-bus/\u0000',
  ].join(':');
  return like(pattern, bus) === true;
}

/** Whether a condition says which buses, by what they are. */
function restrictsResource(condition: Json | undefined): boolean {
  return entriesOf(condition).some(
    ({ operator, key, values }) =>
      NARROWING_OPERATORS.test(operator) && NARROWING_KEYS.test(key) && values.every((v) => !/^\*?$/.test(v)),
  );
}

const NARROWING_OPERATORS = /^(foranyvalue:)?string(equals|equalsignorecase|like)$/i;
const NARROWING_KEYS = /^aws:(resourceaccount|resourceorgid|resourceorgpaths|resourcetag\/.+)$/i;
