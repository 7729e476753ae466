import { CfnResource, Reference, Stack, Token, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { readNow } from './environment';
import { ErrorScope, addValidation, validationError } from './validation-error';
import { TemplateReader } from '../app-model/resolve/template-reader';
import { UNRESOLVED_LAZY_VALUE } from '../app-model/resolve/token-resolver';
import { Format, problem } from '../eventbridge/formats';
import { problemWithEveryValue } from '../eventbridge/unresolved-values';
import { Json } from '../iam/statement';
import { hasDynamicReference } from '../iam/unresolved-text';

/**
 * Rejects a value with an invalid format: at the call if the value is known, with the partition, account and Region of
 * the stack, and otherwise at synthesis. Tokens are accepted if there is no construct yet.
 */
export function validateString(
  errorScope: ErrorScope,
  property: string,
  value: string | undefined,
  format: Format,
): void {
  if (value === undefined || isContextDummy(value)) return;
  if (typeof value !== 'string') throw validationError(errorScope, `'${property}' ${notText(value)}`);
  if (!Token.isUnresolved(value)) {
    const found = format(value);
    if (found) throw validationError(errorScope, `'${property}' ${found}`);
    return;
  }
  if (typeof errorScope === 'string') return;
  if (isKnownNow(errorScope, value)) {
    const [found] = problemsOf(errorScope, property, value, format);
    if (found) throw validationError(errorScope, found);
    return;
  }
  addValidation(errorScope, () => problemsOf(errorScope, property, value, format));
}

/** Rejects a value that is missing or has an invalid format. A condition on a missing value would be left out. */
export function validateRequired(errorScope: ErrorScope, property: string, value: string, format: Format): void {
  if (value === undefined) throw validationError(errorScope, `'${property}' ${notText(value)}`);
  validateString(errorScope, property, value, format);
}

function notText(value: unknown): string {
  if (value === undefined || value === null) return problem('be text', value, 'pass a value');
  const fix = Array.isArray(value) ? 'pass its values one by one' : 'write it as a quoted string';
  return problem('be text', value, fix);
}

/**
 * Rejects a value that is not a list. Types reject it already, but not in plain JavaScript, where a text would be
 * treated as the list of its characters.
 */
export function validateIsList(errorScope: ErrorScope, property: string, values: unknown): void {
  if (values === undefined || Array.isArray(values)) return;
  if (Token.isUnresolved(values)) {
    const must = 'must be a list, got a value that is known only at deployment; make it a list, as Fn.split() does';
    throw validationError(errorScope, `'${property}' ${must}`);
  }
  const fix = typeof values === 'string' ? `write ['${values}']` : 'write it as a list';
  throw validationError(errorScope, `'${property}' ${problem('be a list', values, fix)}`);
}

/** Rejects an empty list, and a list with a value of an invalid format. */
export function validateList(
  errorScope: ErrorScope,
  property: string,
  values: string[] | undefined,
  format: Format,
  fix: string,
): void {
  validateIsList(errorScope, property, values);
  if (values === undefined) return;
  if (Token.isUnresolved(values)) {
    if (typeof errorScope !== 'string') {
      addValidation(errorScope, () => problemsOf(errorScope, property, values, format));
    }
    return;
  }
  if (values.length === 0) {
    throw validationError(errorScope, `'${property}' must hold at least one value, got none; ${fix}`);
  }
  for (const value of values) validateRequired(errorScope, property, value, format);
}

/** Rejects an invalid number. Tokens are accepted. */
export function validateNumber(
  errorScope: ErrorScope,
  property: string,
  value: number | undefined,
  format: (value: number) => string | undefined,
): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  const found = format(value);
  if (found) throw validationError(errorScope, `'${property}' ${found}`);
}

/** Whether the CDK CLI still has to look up a context value. It synthesizes the app again with the actual value. */
function isContextDummy(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('dummy-value-for-');
}

/** Whether a text cannot change before synthesis, unlike the names of resources and lazy values. */
function isKnownNow(scope: IConstruct, value: string): boolean {
  const { tokens } = Tokenization.reverseString(value);
  const refersToResource = tokens.some(
    (token) => Reference.isReference(token) && CfnResource.isCfnResource(token.target),
  );
  return !refersToResource && !JSON.stringify(readNow(scope, value)).includes(UNRESOLVED_LAZY_VALUE);
}

/** The problems with the values that tokens resolve to. */
function problemsOf(scope: IConstruct, property: string, value: string | string[], format: Format): string[] {
  const resolved: Json = new TemplateReader().resolve(Stack.of(scope), value);
  const problems: string[] = [];
  for (const text of [resolved].flat()) {
    const found = typeof text === 'string' ? problemWith(format, text) : undefined;
    if (found !== undefined) problems.push(`'${property}' ${found}`);
  }
  return problems;
}

/** Constructs take values apart with functions, which CloudFormation evaluates before it replaces the references. */
function problemWith(format: Format, text: string): string | undefined {
  if (!hasDynamicReference(text)) return problemWithEveryValue(format, text);
  return problem(
    'be no dynamic reference',
    text,
    "use a parameter, as 'StringParameter.valueForStringParameter()' does",
  );
}
