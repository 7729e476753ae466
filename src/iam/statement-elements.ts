import { isKnownOperator, similarOperator } from './condition-operators';
import { InvalidPrincipal, invalidPrincipalsOf } from './principal-formats';
import { Json, Statement, isObject, toList } from './statement';
import { hasUnresolved } from './unresolved-text';
import { editDistance } from '../util/edit-distance';

export type RequiredElement = 'Effect' | 'Principal' | 'Action' | 'Resource';

/** What is wrong with an element of a statement, so that AWS rejects or ignores the statement. */
export type ElementFault =
  | { readonly kind: 'unreadable'; readonly value: Json }
  | {
      readonly kind: 'missing';
      readonly element: RequiredElement;
      /** An element that the statement has instead, whose name is probably misspelled. */
      readonly similarName?: string;
    }
  /** The element does not have a form that AWS accepts. */
  | { readonly kind: 'form'; readonly element: RequiredElement; readonly value: Json }
  | { readonly kind: 'principal'; readonly principal: InvalidPrincipal }
  /** The condition, or the keys of one of its operators, are not an object. */
  | { readonly kind: 'condition'; readonly operator?: string; readonly value: Json }
  /** The condition has an operator that AWS does not know. */
  | { readonly kind: 'operator'; readonly operator: string; readonly similarName?: string };

/**
 * Finds the faults of a statement of a resource-based policy that AWS rejects whatever its unresolved parts are at
 * deployment.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function elementFaultsOf(statement: Json, requiresResource: boolean): ElementFault[] {
  if (!isObject(statement)) {
    return hasUnresolved(JSON.stringify(statement)) ? [] : [{ kind: 'unreadable', value: statement }];
  }
  if (!isReadable(statement)) return [];
  return [
    ...effectFaults(statement),
    ...principalFaults(statement),
    ...listFaults(statement, 'Action', isAction),
    ...(requiresResource ? listFaults(statement, 'Resource', () => true) : []),
    ...conditionFaults(statement.Condition),
  ];
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
function conditionFaults(condition: Json | undefined): ElementFault[] {
  if (condition === undefined || condition === null || isUnresolvedText(condition)) return [];
  if (!isObject(condition)) return [{ kind: 'condition', value: condition }];
  return Object.entries(condition).flatMap(([operator, keys]): ElementFault[] => {
    if (hasUnresolved(operator) || operator.startsWith('Fn::')) return [];
    if (!isKnownOperator(operator)) return [{ kind: 'operator', operator, similarName: similarOperator(operator) }];
    return isObject(keys) || isUnresolvedText(keys) ? [] : [{ kind: 'condition', operator, value: keys }];
  });
}

function isUnresolvedText(value: Json): boolean {
  return typeof value === 'string' && hasUnresolved(value);
}

/** A macro may add elements, and a document that cannot be read is no statement. */
function isReadable(statement: Statement): boolean {
  const names = Object.keys(statement);
  return names.length > 0 && !names.some((name) => /^Fn::|‹|^(Version|Statement)$/.test(name));
}

function effectFaults(statement: Statement): ElementFault[] {
  const { Effect } = statement;
  if (isEmpty(Effect)) return [missing(statement, 'Effect')];
  if (Effect === 'Allow' || Effect === 'Deny' || (typeof Effect === 'string' && hasUnresolved(Effect))) return [];
  return [{ kind: 'form', element: 'Effect', value: Effect }];
}

function principalFaults(statement: Statement): ElementFault[] {
  const { Principal, NotPrincipal } = statement;
  const value = Principal ?? NotPrincipal;
  if (isEmpty(value) || (Array.isArray(value) && value.every((v) => v === null))) {
    return [missing(statement, 'Principal')];
  }
  if (value === '*' || (typeof value === 'string' && hasUnresolved(value))) return [];
  if (!isObject(value) || Object.values(value).some(isEmpty)) return [{ kind: 'form', element: 'Principal', value }];
  return invalidPrincipalsOf(value).map((principal) => ({ kind: 'principal', principal }));
}

function listFaults(
  statement: Statement,
  element: 'Action' | 'Resource',
  isValid: (value: string) => boolean,
): ElementFault[] {
  const value = statement[element] ?? statement[`Not${element}`];
  if (isEmpty(value)) return [missing(statement, element)];
  if (isText(value) && toList(value).every((text) => hasUnresolved(text) || isValid(text))) return [];
  return [{ kind: 'form', element, value }];
}

/** Whether a value is text or a list of texts, or may be one at deployment. */
function isText(value: Json): boolean {
  return [value].flat().every((item) => typeof item === 'string' || hasUnresolved(JSON.stringify(item)));
}

function isAction(action: string): boolean {
  return /^[\w*?-]+:.|^\*+$/.test(action);
}

function isEmpty(value: Json | undefined): value is undefined {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

function missing(statement: Statement, element: RequiredElement): ElementFault {
  const similarName = Object.keys(statement).find(
    (name) => !ELEMENTS.includes(name) && editDistance(name.toLowerCase(), element.toLowerCase()) <= MAX_TYPOS,
  );
  return { kind: 'missing', element, similarName };
}

/** The number of wrong letters in `Principle`. */
const MAX_TYPOS = 2;

const ELEMENTS: readonly string[] = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];
