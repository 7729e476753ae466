import { Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { TemplateReader } from '../../app-model/resolve/template-reader';
import { isOwnAccount, readNow } from '../../core/environment';
import { PropertyNames, validateProperties } from '../../core/validate-properties';
import { validateString, validateList, validateRequired } from '../../core/validate-values';
import { addValidation, validationError } from '../../core/validation-error';
import {
  accountId,
  organizationId,
  organizationalUnitPath,
  problem,
  publishingAccount,
  servicePrincipal,
  sourceArn,
} from '../../eventbridge/formats';
import { Publisher } from '../../eventbridge/publishers';
import { accountOf, parseArn } from '../../iam/arn';
import { displayText } from '../../iam/unresolved-text';
import { ServicePublisherOptions } from '../service-publisher-options';

/**
 * Each function validates the arguments of a factory method of `EventPublisher` and returns the publisher as data.
 * Errors have the path of `scope`, the bus or bus policy that the publisher is passed to.
 */

const EMPTY_LIST_FIX = 'omit the publisher to grant no access';
const EMPTY_OPTION_FIX = 'omit the option';

/** Rejects what is no object, such as a text in plain JavaScript. */
export function requireObject(scope: IConstruct, property: string, value: unknown, noun: string, fix: string): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
  throw validationError(scope, `'${property}' ${problem(`be ${noun}`, value, fix)}`);
}

export function organization(scope: IConstruct, id: string): Publisher {
  validateRequired(scope, 'organization', id, organizationId);
  return { kind: 'Organizations', organizations: [id] };
}

export function organizationalUnits(scope: IConstruct, paths: string[]): Publisher {
  validateList(scope, 'organizationalUnits', paths, organizationalUnitPath, EMPTY_LIST_FIX);
  return { kind: 'OrganizationalUnits', paths };
}

export function accounts(scope: IConstruct, ids: string[]): Publisher {
  rejectUnresolvedList(scope, ids);
  validateList(scope, 'accounts', ids, publishingAccount, EMPTY_LIST_FIX);
  rejectOwnAccountToken(scope, ids);
  return { kind: 'Accounts', accounts: ids };
}

/** Rejects a list token that was spread into arguments: a bus policy cannot be generated from it. */
function rejectUnresolvedList(scope: IConstruct, ids: string[]): void {
  if (!ids.some((id) => typeof id === 'string' && id.startsWith('#{'))) return;
  throw validationError(
    scope,
    "'accounts' must be listed one by one, got a list that is known only at deployment; pass each account ID",
  );
}

/** Rejects the account token of a stack without an explicit account: in the stack of the bus it has another value. */
function rejectOwnAccountToken(scope: IConstruct, ids: string[]): void {
  const { account } = Stack.of(scope);
  if (Token.isUnresolved(account)) return;
  if (!ids.some((id) => Token.isUnresolved(id) && isOwnAccount(scope, id))) return;
  throw validationError(
    scope,
    "'accounts' must hold explicit account IDs, got the account of a stack without an explicit account, which " +
      `becomes the account of the bus, ${account}, in this template; set 'env' on that stack`,
  );
}

const SERVICE_PROPERTIES: PropertyNames<ServicePublisherOptions> = {
  sourceAccounts: true,
  sourceArns: true,
  sourceOrganization: true,
};

export function service(scope: IConstruct, name: string, options: ServicePublisherOptions): Publisher {
  validateRequired(scope, 'service', name, servicePrincipal);
  validateProperties(scope, 'options', options, SERVICE_PROPERTIES);
  const { sourceArns, sourceOrganization } = options;
  const isUnlimited = sourceArns === undefined && sourceOrganization === undefined;
  const sourceAccounts = options.sourceAccounts ?? (isUnlimited ? [Stack.of(scope).account] : undefined);
  validateList(scope, 'sourceAccounts', sourceAccounts, accountId, EMPTY_OPTION_FIX);
  validateList(scope, 'sourceArns', sourceArns, sourceArn, EMPTY_OPTION_FIX);
  validateString(scope, 'sourceOrganization', sourceOrganization, organizationId);
  if (!sourceAccounts && !sourceOrganization) {
    requireAccountInArns(scope, 'sourceArns', sourceArns ?? [], "add 'sourceAccounts'");
  }
  return {
    kind: 'Service',
    service: name,
    sources: { accounts: sourceAccounts, arns: sourceArns, organization: sourceOrganization },
  };
}

/**
 * Rejects ARNs without an account, such as those of buckets: they match a resource of that name in any account.
 * Unresolved ARNs are validated at synthesis.
 */
export function requireAccountInArns(scope: IConstruct, property: string, arns: readonly string[], fix: string): void {
  const currentTexts = arns.map((arn) => String(readNow(scope, arn)));
  const [found] = missingAccountProblems(property, currentTexts, fix);
  if (found) throw validationError(scope, found);
  const unresolvedArns = arns.filter((arn) => Token.isUnresolved(arn));
  if (unresolvedArns.length === 0) return;
  addValidation(scope, () => {
    const finalTexts = unresolvedArns.map((arn) => String(new TemplateReader().resolve(Stack.of(scope), arn)));
    return missingAccountProblems(property, finalTexts, fix);
  });
}

function missingAccountProblems(property: string, arns: string[], fix: string): string[] {
  return arns
    .filter((arn) => parseArn(arn) !== undefined && accountOf(arn) === '')
    .map(
      (arn) =>
        `'${property}' must hold ARNs with an account, got '${displayText(arn)}', whose name any account could own; ` +
        fix,
    );
}
