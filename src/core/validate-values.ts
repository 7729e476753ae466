import { CfnResource, Reference, Stack, Token, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { readNow } from './environment';
import { ErrorScope, validationError } from './validation-error';
import { TemplateReader } from '../app-model/resolve/template-reader';
import { UNRESOLVED_LAZY_VALUE } from '../app-model/resolve/token-resolver';
import { Format, problem } from '../eventbridge/formats';
import { problemWithEveryValue } from '../eventbridge/unresolved-values';
import { Json } from '../iam/statement';

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
  if (!Token.isUnresolved(value)) {
    const found = typeof value === 'string' ? format(value) : problem('be text', value, 'write it as a quoted string');
    if (found) throw validationError(errorScope, `'${property}' ${found}`);
    return;
  }
  if (typeof errorScope === 'string') return;
  if (isKnownNow(errorScope, value)) {
    const [found] = problemsOf(errorScope, property, value, format);
    if (found) throw validationError(errorScope, found);
    return;
  }
  errorScope.node.addValidation({ validate: () => problemsOf(errorScope, property, value, format) });
}

/** Rejects an empty list, and a list with a value of an invalid format. */
export function validateList(
  errorScope: ErrorScope,
  property: string,
  values: string[] | undefined,
  format: Format,
  fix: string,
): void {
  if (values === undefined) return;
  if (Token.isUnresolved(values)) {
    if (typeof errorScope !== 'string') {
      errorScope.node.addValidation({ validate: () => problemsOf(errorScope, property, values, format) });
    }
    return;
  }
  if (values.length === 0) {
    throw validationError(errorScope, `'${property}' must hold at least one value, got none; ${fix}`);
  }
  for (const value of values) validateString(errorScope, property, value, format);
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
    const found = typeof text === 'string' ? problemWithEveryValue(format, text) : undefined;
    if (found !== undefined) problems.push(`'${property}' ${found}`);
  }
  return problems;
}
