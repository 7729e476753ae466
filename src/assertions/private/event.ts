import { Token } from 'aws-cdk-lib';
import { CLASS_NAME } from './synthesized-apps';
import { PropertyNames, validateProperties } from '../../core/validate-properties';
import { validateIsList, validateRequired } from '../../core/validate-values';
import { validationError } from '../../core/validation-error';
import { EventEnvelope } from '../../eventbridge/event-pattern';
import { eventField, problem } from '../../eventbridge/formats';
import { Json, isObject } from '../../iam/statement';
import { ExpectedEvent } from '../expected-event';

const PROPERTIES: PropertyNames<ExpectedEvent> = { source: true, detailType: true, detail: true, resources: true };

/** The event of an assertion. Throws an error for one that no publisher can put. */
export function eventOf(event: ExpectedEvent): EventEnvelope {
  validateProperties(CLASS_NAME, 'event', event ?? null, PROPERTIES);
  for (const [property, value] of Object.entries(event)) requireLiteral(property, value);
  const { source, detail, detailType, resources } = event;
  validateRequired(CLASS_NAME, 'source', source, eventField);
  validateRequired(CLASS_NAME, 'detailType', detailType, eventField);
  validateIsList(CLASS_NAME, 'resources', resources);
  return {
    source,
    'detail-type': detailType,
    ...(detail !== undefined && { detail: contentOf(detail) }),
    ...(resources !== undefined && { resources }),
  };
}

/** The content as a publisher writes it in JSON: without fields that are undefined. */
function contentOf(detail: unknown): { [field: string]: Json } {
  if (!isObject(detail)) {
    throw validationError(CLASS_NAME, `'detail' ${problem('be an object', detail, 'write { field: value }')}`);
  }
  return JSON.parse(JSON.stringify(detail)) as { [field: string]: Json };
}

/** No pattern matches the text of a token. */
function requireLiteral(path: string, value: unknown): void {
  if (Token.isUnresolved(value)) {
    throw validationError(CLASS_NAME, `'${path}' must be a literal value, got a token; write the value as a text`);
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, nested] of Object.entries(value)) requireLiteral(`${path}.${name}`, nested);
}
