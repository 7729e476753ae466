import { Stack, Tokenization } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { accounts, organization, requireAccountInArns, requireObject } from './publisher-inputs';
import { accountOfRoleArn, publisherFromRole } from './role-input';
import { readNow, resolveNow } from '../../core/environment';
import { validateString } from '../../core/validate-values';
import { validationError } from '../../core/validation-error';
import { roleArn, servicePrincipal } from '../../eventbridge/formats';
import { Publisher, RoleIdentity } from '../../eventbridge/publishers';
import { analyzeAccess } from '../../iam/access-analysis';
import { Conditions } from '../../iam/conditions';
import { Json, canonical, isObject, toList, getOwn, accountOfRoot } from '../../iam/statement';
import { hasUnresolved } from '../../iam/unresolved-text';

/** A CDK principal as a policy statement contains it. */
interface RenderedPrincipal {
  readonly principal: Json;
  /** The principal with its tokens as text. */
  readonly text: Json;
  readonly conditions: Conditions;
}

/**
 * A publisher from a CDK principal. Throws an error if the principal allows any AWS account, or never matches.
 */
export function publisherFromPrincipal(scope: IConstruct, principal: iam.IPrincipal): Publisher {
  requireObject(scope, 'principal', principal, 'a principal of aws-iam', 'use EventPublisher.role() for an ARN');
  if (isRole(principal)) return publisherFromRole(scope, principal);
  const rendered = renderPrincipal(scope, principal);
  validatePrincipalTypes(scope, rendered.text);
  validateConditions(scope, rendered.conditions);
  return simplify(scope, rendered) ?? asPrincipal(scope, rendered);
}

function isRole(principal: iam.IPrincipal): principal is iam.IRole {
  return 'roleArn' in principal && 'roleRef' in principal;
}

function renderPrincipal(scope: IConstruct, principal: iam.IPrincipal): RenderedPrincipal {
  try {
    const { Principal, Condition = {} } = new iam.PolicyStatement({ principals: [principal] }).toStatementJson();
    resolveNow(scope, Principal);
    return { principal: Principal, text: readNow(scope, Principal), conditions: resolveObjects(scope, Condition) };
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    throw validationError(
      scope,
      `'principal' must be one that a resource-based policy can name, got one that it cannot (${reason}); use the ` +
        'role or its account',
    );
  }
}

/** Replaces tokens that are objects, such as CloudFormation conditions, by the JSON that they resolve to. */
function resolveObjects(scope: IConstruct, value: any): any {
  if (Tokenization.isResolvable(value)) return Stack.of(scope).resolve(value);
  if (Array.isArray(value)) return value.map((element) => resolveObjects(scope, element));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, resolveObjects(scope, element)]));
}

/**
 * Principals, by type, that can call `PutEvents` and that IAM accepts: an account, a role, user or session, the unique
 * ID of a deleted principal, a wildcard, or an identity provider.
 */
const PRINCIPAL_FORMATS: { readonly [type: string]: RegExp } = {
  AWS: /^(\*|\d{12}|arn:[^:]+:(iam|sts)::\d{12}:[^*?$]+|A[A-Z0-9]{15,})$/,
  Federated: new RegExp(
    '^(arn:[^:]+:iam::\\d{12}:(saml|oidc)-provider/[^*?]+|cognito-identity\\.amazonaws\\.com|' +
      'www\\.amazon\\.com|graph\\.facebook\\.com|accounts\\.google\\.com)$',
  ),
};

function validatePrincipalTypes(scope: IConstruct, principal: Json): void {
  if (!isObject(principal)) return;
  for (const [type, values] of Object.entries(principal)) {
    for (const value of toList(values)) validatePrincipalType(scope, type, value);
  }
}

function validatePrincipalType(scope: IConstruct, type: string, value: string): void {
  if (hasUnresolved(value)) return;
  if (type === 'Service') {
    validateString(scope, 'principal', value, servicePrincipal);
    return;
  }
  if (getOwn(PRINCIPAL_FORMATS, type)?.test(value)) return;
  throw validationError(
    scope,
    `'principal' must be an account, organization, role, user, service or identity provider, got '${value}'; use one ` +
      'of these, without a wildcard',
  );
}

/** Rejects conditions on keys that are in the request context of STS, and never in that of `PutEvents`. */
function validateConditions(scope: IConstruct, conditions: Conditions): void {
  const key = Object.values(conditions)
    .flatMap((keys) => Object.keys(keys))
    .find((name) => /^sts:(externalid|rolesessionname)$/i.test(name));
  if (key === undefined) return;
  throw validationError(
    scope,
    `'principal' must have no condition on '${key}', which never matches a call of PutEvents, got one; create a ` +
      'PublisherRole that the principal assumes',
  );
}

/** The same grant for accounts, an organization or a role, so that it can share a statement with other grants. */
function simplify(scope: IConstruct, { principal, text, conditions }: RenderedPrincipal): Publisher | undefined {
  if (isObject(text) && Object.keys(text).join() !== 'AWS') return undefined;
  const awsPrincipals = toList(isObject(text) ? text.AWS : text);
  if (awsPrincipals.length === 0) return undefined;
  const isUnconditional = Object.keys(conditions).length === 0;
  const accountIds = awsPrincipals.map(accountOfRoot).filter((account) => account !== undefined);
  if (isUnconditional && accountIds.length === awsPrincipals.length) return accounts(scope, accountIds);
  const [first] = awsPrincipals;
  if (awsPrincipals.length === 1 && roleArn(first) === undefined) {
    const arn = isObject(principal) ? toList(principal.AWS)[0] : first;
    const role = { account: accountOfRoleArn(first), arn };
    return isUnconditional ? { kind: 'Roles', roles: [role] } : roleWithConditions(scope, role, conditions);
  }
  const organizationIdOnly = onlyOrganizationOf(conditions);
  if (organizationIdOnly === undefined || canonical(awsPrincipals) !== '["*"]') return undefined;
  return organization(scope, organizationIdOnly);
}

/** The ID of an organization, if a condition on it is the only condition. */
function onlyOrganizationOf(conditions: Conditions): string | undefined {
  const id = conditions.StringEquals?.['aws:PrincipalOrgID'];
  if (typeof id !== 'string') return undefined;
  const isOnly = canonical(conditions) === canonical({ StringEquals: { 'aws:PrincipalOrgID': id } });
  return isOnly ? id : undefined;
}

/**
 * A role with conditions. It is named in a condition too, so that it need not exist when the policy is deployed.
 * Undefined if the principal already has a condition on its ARN.
 */
function roleWithConditions(
  scope: IConstruct,
  { account, arn }: RoleIdentity,
  conditions: Conditions,
): Publisher | undefined {
  const hasArnCondition = [conditions.StringEquals, conditions.ArnEquals].some(
    (keys) => keys?.['aws:PrincipalArn'] !== undefined,
  );
  if (hasArnCondition) return undefined;
  const root = Stack.of(scope).formatArn({ service: 'iam', region: '', account, resource: 'root' });
  return {
    kind: 'Principal',
    principal: { AWS: root },
    conditions: { ...conditions, StringEquals: { ...conditions.StringEquals, 'aws:PrincipalArn': arn } },
  };
}

/** The principal unchanged. */
function asPrincipal(scope: IConstruct, { principal, conditions }: RenderedPrincipal): Publisher {
  const { access, reason } = analyzeAccess(
    readNow(scope, { Effect: 'Allow', Principal: principal, Condition: conditions }),
  );
  if (access === 'public') {
    throw validationError(
      scope,
      `'principal' must limit the accounts that it allows, got one that allows any AWS account: ${reason}; list the ` +
        'accounts, or add a condition on the organization or the source account',
    );
  }
  if (access === 'none') {
    throw validationError(
      scope,
      `'principal' must match at least one principal, got one that matches none: ${reason}; correct the condition`,
    );
  }
  const isService = isObject(principal) && principal.Service !== undefined;
  if (isService && !valuesOf(conditions, 'SourceAccount') && !valuesOf(conditions, 'SourceOrgID')) {
    const sourceArns = valuesOf(conditions, 'SourceArn') ?? [];
    requireAccountInArns(scope, 'principal', sourceArns, "add an 'aws:SourceAccount' condition");
  }
  return { kind: 'Principal', principal, conditions };
}

/** The values of a condition key `aws:…` under any operator. Keys are compared ignoring case, as IAM does. */
function valuesOf(conditions: Conditions, name: string): readonly string[] | undefined {
  const entries = Object.values(conditions)
    .flatMap((keys) => Object.entries(keys))
    .filter(([key]) => key.toLowerCase() === `aws:${name.toLowerCase()}`);
  return entries.length > 0 ? toList(entries[entries.length - 1][1]) : undefined;
}
