import { Stack, Tokenization } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { accountOf, accounts, organization, requireAccountInArns, publisherFromRole } from './publisher-inputs';
import { readNow, resolveNow } from '../../core/environment';
import { validateString } from '../../core/validate-values';
import { validationError } from '../../core/validation-error';
import { roleArn, servicePrincipal } from '../../eventbridge/formats';
import { Publisher, RoleIdentity } from '../../eventbridge/publishers';
import { analyzeAccess } from '../../iam/access-analysis';
import { Conditions } from '../../iam/conditions';
import { Json, canonical, isObject, toList, getOwn, accountOfRoot } from '../../iam/statement';
import { hasUnresolved } from '../../iam/unresolved-text';

/** A principal as the CDK describes it: as it is, unless that lets in callers that nobody named. */
export function publisherFromPrincipal(bus: IConstruct, principal: iam.IPrincipal): Publisher {
  if (isRole(principal)) return publisherFromRole(bus, principal);
  const { Principal, Condition = {}, text } = renderPrincipal(bus, principal);
  validatePrincipalTypes(bus, text);
  validateConditions(bus, Condition);
  return simplify(bus, Principal, text, Condition) ?? asPrincipal(bus, Principal, Condition);
}

/** As a statement has it, and with the tokens of its principal as text. */
function renderPrincipal(bus: IConstruct, principal: iam.IPrincipal) {
  try {
    const { Principal, Condition } = new iam.PolicyStatement({ principals: [principal] }).toStatementJson();
    resolveNow(bus, Principal);
    return { Principal, Condition: plain(bus, Condition), text: readNow(bus, Principal) };
  } catch (e) {
    const [reason] = (e as Error).message.split('\n');
    throw validationError(
      bus,
      `'principal' must be one that a policy can name, got one that it cannot: ${reason}; name the role or its account`,
    );
  }
}

/**
 * Tokens that are not text, such as conditions of CloudFormation, as the JSON that they become: all else would be taken
 * for JSON as it is.
 */
function plain(bus: IConstruct, value: any): any {
  if (Tokenization.isResolvable(value)) return Stack.of(bus).resolve(value);
  if (Array.isArray(value)) return value.map((v) => plain(bus, v));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, plain(bus, v)]));
}

/**
 * Only accounts, roles, users, services and sessions put events: those that a provider of identities opened too. AWS
 * refuses other ARNs.
 */
function validatePrincipalTypes(bus: IConstruct, principal: Json): void {
  for (const [type, value] of Object.entries(isObject(principal) ? principal : {}).flatMap(([t, values]) =>
    toList(values).map((v) => [t, v]),
  )) {
    if (hasUnresolved(value)) continue;
    if (type === 'Service') {
      validateString(bus, 'principal', value, servicePrincipal);
    } else if (!getOwn(PRINCIPAL_FORMATS, type)?.test(value)) {
      throw validationError(
        bus,
        `'principal' must be an account, organization, role, user, service or identity provider, got '${value}'; ` +
          'a policy takes no other, and no wildcard within',
      );
    }
  }
}

/** Calls of STS carry these keys, calls of PutEvents never. */
function validateConditions(bus: IConstruct, conditions: Conditions): void {
  const key = Object.values(conditions)
    .flatMap((keys) => Object.keys(keys))
    .find((k) => /^sts:(externalid|rolesessionname)$/i.test(k));
  if (key === undefined) return;
  throw validationError(
    bus,
    `'principal' must have no condition on '${key}', got one; that is for who assumes a role, ` +
      'and no call of PutEvents would ever fulfil it: make a PublisherRole that the principal assumes',
  );
}

/**
 * An account, a role, user or session of one, the unique id of one that was deleted, or everybody; or whoever comes by
 * a provider of identities.
 */
const PRINCIPAL_FORMATS: { readonly [type: string]: RegExp } = {
  AWS: /^(\*|\d{12}|arn:[^:]+:(iam|sts)::\d{12}:[^*?$]+|A[A-Z0-9]{15,})$/,
  Federated: new RegExp(
    '^(arn:[^:]+:iam::\\d{12}:(saml|oidc)-provider/[^*?]+|cognito-identity\\.amazonaws\\.com|' +
      'www\\.amazon\\.com|graph\\.facebook\\.com|accounts\\.google\\.com)$',
  ),
};

/** The same grant by account, organization or role, so that it can share a statement. */
function simplify(bus: IConstruct, principal: Json, text: Json, conditions: Conditions): Publisher | undefined {
  const aws = toList(isObject(text) ? text.AWS : text);
  if ((isObject(text) && Object.keys(text).join() !== 'AWS') || aws.length === 0) return undefined;
  const owners = aws.flatMap((value) => accountOfRoot(value) ?? []);
  const unconditional = Object.keys(conditions).length === 0;
  if (unconditional && owners.length === aws.length) return accounts(bus, owners);
  if (aws.length === 1 && roleArn(aws[0]) === undefined) {
    const role = { account: accountOf(aws[0]), arn: isObject(principal) ? toList(principal.AWS)[0] : aws[0] };
    return unconditional ? { kind: 'Roles', roles: [role] } : roleOnConditions(bus, role, conditions);
  }
  const orgId = conditions.StringEquals?.['aws:PrincipalOrgID'];
  const onlyOrganization =
    typeof orgId === 'string' && canonical(conditions) === canonical({ StringEquals: { 'aws:PrincipalOrgID': orgId } });
  return onlyOrganization && canonical(aws) === '["*"]' ? organization(bus, orgId) : undefined;
}

/** By a condition as well, so that the role need not exist; unless that is what the principal has a condition on. */
function roleOnConditions(
  bus: IConstruct,
  { account, arn }: RoleIdentity,
  conditions: Conditions,
): Publisher | undefined {
  if ([conditions.StringEquals, conditions.ArnEquals].some((keys) => keys?.['aws:PrincipalArn'] !== undefined)) {
    return undefined;
  }
  const root = Stack.of(bus).formatArn({ service: 'iam', region: '', account, resource: 'root' });
  return {
    kind: 'Principal',
    principal: { AWS: root },
    conditions: { ...conditions, StringEquals: { ...conditions.StringEquals, 'aws:PrincipalArn': arn } },
  };
}

/** As it is, unless that lets in callers that nobody named. */
function asPrincipal(bus: IConstruct, principal: Json, conditions: Conditions): Publisher {
  const openness = analyzeAccess(readNow(bus, { Effect: 'Allow', Principal: principal, Condition: conditions }));
  if (openness.access === 'public') {
    throw validationError(
      bus,
      `'principal' must not let strangers in, got one that does: ${openness.reason}; name the ` +
        'accounts, the organization or the source account',
    );
  }
  if (openness.access === 'none') {
    throw validationError(
      bus,
      `'principal' must let somebody in, got one that never does: ${openness.reason}; compare the ` +
        'value that callers have',
    );
  }
  const ofService = isObject(principal) && principal.Service !== undefined;
  if (ofService && !valuesOf(conditions, 'SourceAccount') && !valuesOf(conditions, 'SourceOrgID')) {
    requireAccountInArns(bus, 'principal', valuesOf(conditions, 'SourceArn') ?? []);
  }
  return { kind: 'Principal', principal, conditions };
}

/** The values of a condition key `aws:…`, whichever operator it is under: written in any case, as IAM reads it. */
function valuesOf(conditions: Conditions, name: string): readonly string[] | undefined {
  const found = Object.values(conditions)
    .flatMap((keys) => Object.entries(keys))
    .filter(([key]) => key.toLowerCase() === `aws:${name.toLowerCase()}`);
  return found.length > 0 ? toList(found[found.length - 1][1]) : undefined;
}

function isRole(principal: iam.IPrincipal): principal is iam.IRole {
  return 'roleArn' in principal && 'roleRef' in principal;
}
