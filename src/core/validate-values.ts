import { CfnResource, Reference, Stack, Token, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { readNow } from './environment';
import { ErrorScope, validationError } from './validation-error';
import { TemplateReader } from '../app-model/resolve/template-reader';
import { MADE_LATER } from '../app-model/resolve/token-resolver';
import { Format, problem } from '../eventbridge/formats';
import { problemWithEveryValue } from '../eventbridge/unresolved-values';
import { Json } from '../iam/statement';

/**
 * Refuses a value of the wrong format, as far as it is known: at the call, with the partition, account and region of
 * the stack put in, and what becomes of other tokens at synth. Where there is no construct yet, tokens pass.
 */
export function validateString(place: ErrorScope, property: string, value: string | undefined, format: Format): void {
  if (value === undefined || isStillLookedUp(value)) return;
  if (!Token.isUnresolved(value)) {
    const wrong = typeof value === 'string' ? format(value) : problem('be text', value, 'write it as a quoted string');
    if (wrong) throw validationError(place, `'${property}' ${wrong}`);
    return;
  }
  if (typeof place === 'string') return;
  if (isKnownNow(place, value)) {
    const [wrong] = problems(place, property, value, format);
    if (wrong) throw validationError(place, wrong);
    return;
  }
  place.node.addValidation({ validate: () => problems(place, property, value, format) });
}

/** Refuses a list with nothing in it, or with a value of the wrong format. */
export function validateList(
  place: ErrorScope,
  property: string,
  values: string[] | undefined,
  format: Format,
  remedy: string,
): void {
  if (values === undefined) return;
  if (Token.isUnresolved(values)) {
    if (typeof place !== 'string') {
      place.node.addValidation({ validate: () => problems(place, property, values, format) });
    }
    return;
  }
  if (values.length === 0) throw validationError(place, `'${property}' must name at least one, got none; ${remedy}`);
  for (const value of values) validateString(place, property, value, format);
}

/** Refuses a number out of bounds; what is known only at deployment passes. */
export function validateNumber(
  place: ErrorScope,
  property: string,
  value: number | undefined,
  format: (value: number) => string | undefined,
): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  const wrong = format(value);
  if (wrong) throw validationError(place, `'${property}' ${wrong}`);
}

/**
 * What the CDK gives for a value of the context that the CLI has yet to look up: it synthesizes again with the right
 * one.
 */
function isStillLookedUp(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('dummy-value-for-');
}

/** Whether a text will be as it is now: what a resource is called may still change. */
function isKnownNow(place: IConstruct, value: string): boolean {
  const { tokens } = Tokenization.reverseString(value);
  const refersToResource = tokens.some(
    (token) => Reference.isReference(token) && CfnResource.isCfnResource(token.target),
  );
  return !refersToResource && !JSON.stringify(readNow(place, value)).includes(MADE_LATER);
}

/** What is wrong with the values that tokens stand for. */
function problems(place: IConstruct, property: string, value: string | string[], format: Format): string[] {
  const read: Json = new TemplateReader().resolve(Stack.of(place), value);
  return [read].flat().flatMap((one) => {
    const wrong = typeof one === 'string' ? problemWithEveryValue(format, one) : undefined;
    return wrong === undefined ? [] : [`'${property}' ${wrong}`];
  });
}
