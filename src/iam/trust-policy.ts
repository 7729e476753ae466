import { analyzeAccess } from './access-analysis';
import { actionMatches } from './matching';
import { Json, isObject, toList } from './statement';
import { hasUnresolved } from './unresolved-text';

/**
 * Services that assume a role for a resource, and always say for whose.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-permissions.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
 */
export const SERVICES_WITH_SOURCE = /^(events|pipes|scheduler|states)\./;

/** Keys that tell for whom a service assumes a role. */
const SOURCES = /^aws:source(account|arn|orgid|orgpaths)$/i;

/** Why whoever wants to may assume a role, or may for all that is known. */
export interface OpenTrust {
  readonly sure: boolean;
  readonly reason: string;
}

/**
 * How a statement of a trust policy lets in callers whom nobody named; nothing where it does not. A service without a
 * condition is none: no other account can pass the role to it. One whose condition asks for any source was meant to be
 * limited.
 */
export function findOpenTrust(statement: Json): OpenTrust | undefined {
  if (!isObject(statement)) return { sure: false, reason: `it is no statement: ${JSON.stringify(statement)}` };
  if (statement.Effect !== 'Allow' || !allowsAssumeRole(statement)) return undefined;
  const { Principal } = statement;
  const { Service, ...others } = isObject(Principal) ? Principal : ({} as { [type: string]: Json });
  if (Service === undefined) return withoutAccountPrincipals(statement);
  const rest = Object.keys(others).length > 0 ? [withoutAccountPrincipals({ ...statement, Principal: others })] : [];
  const open = [...toList(Service).map((service) => openToService(statement, service)), ...rest].filter(
    (one) => one !== undefined,
  );
  return open.find(({ sure }) => sure) ?? open[0];
}

function withoutAccountPrincipals(statement: Json): OpenTrust | undefined {
  const { access, reason } = analyzeAccess(statement);
  return access === 'public' || access === 'unknown' ? { sure: access === 'public', reason } : undefined;
}

function openToService(statement: { [element: string]: Json }, service: string): OpenTrust | undefined {
  const conditions = isObject(statement.Condition) ? statement.Condition : {};
  if (!Object.values(conditions).some((keys) => isObject(keys) && Object.keys(keys).some((key) => SOURCES.test(key)))) {
    return undefined;
  }
  const alone = { ...statement, Principal: { Service: service } };
  // Where the service may not say for whom, to let that pass is right.
  return !SERVICES_WITH_SOURCE.test(service) &&
    analyzeAccess({ ...alone, Condition: strict(conditions) }).access === 'named'
    ? undefined
    : withoutAccountPrincipals(alone);
}

/** Conditions as they are where their keys are present. */
function strict(conditions: { readonly [operator: string]: Json }): Json {
  const made: { [operator: string]: { [key: string]: Json } } = {};
  for (const [operator, keys] of Object.entries(conditions)) {
    const plain = operator.replace(/^forallvalues:|ifexists$/gi, '');
    made[plain] = { ...made[plain], ...(isObject(keys) ? keys : {}) };
  }
  return made;
}

/** Whether a statement is about assuming the role, in whichever way, or cannot be read. */
export function allowsAssumeRole({ Action, NotAction }: { readonly [element: string]: Json }): boolean {
  if (Action !== undefined) {
    return toList(Action).some(
      (action) => hasUnresolved(action) || ASSUME_ROLE_ACTIONS.some((one) => actionMatches(action, one)),
    );
  }
  return ASSUME_ROLE_ACTIONS.some((one) => !toList(NotAction).some((action) => actionMatches(action, one) === true));
}

const ASSUME_ROLE_ACTIONS = ['sts:AssumeRole', 'sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity'];
