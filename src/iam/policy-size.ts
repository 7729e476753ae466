import { Json, isObject, toList } from './statement';
import { hasUnresolved, knownLength, withoutUnresolved } from './unresolved-text';

/** The size of a policy as AWS stores it. */
export interface PolicySize {
  /** The size of the literal text. */
  readonly minimum: number;
  /** The size if each unresolved value has an average length. */
  readonly estimate: number;
}

/** The assumed length of an unresolved value, that of an average name. AWS does not define it. */
const ASSUMED_VALUE_CHARACTERS = 40;

/** The unit of a policy quota. Visible characters are those that are not whitespace. */
export type Unit = 'characters' | 'visible characters' | 'bytes';

/** The size of a policy document with these statements, as compact JSON. */
export function documentSize(statements: Json[], unit?: Unit): PolicySize {
  return jsonSize({ Version: '2012-10-17', Statement: statements.map(asStoredByAws) }, unit);
}

export function statementSize(statement: Json, unit?: Unit): PolicySize {
  return jsonSize(asStoredByAws(statement), unit);
}

/** The size of a value as compact JSON. */
export function jsonSize(value: Json, unit: Unit = 'characters'): PolicySize {
  const text = JSON.stringify(value);
  const minimum = LENGTH_IN[unit](withoutUnresolved(text));
  if (!hasUnresolved(text)) return { minimum, estimate: minimum };
  return { minimum, estimate: minimum + knownLength(text).unknownParts * ASSUMED_VALUE_CHARACTERS };
}

const LENGTH_IN: { readonly [unit in Unit]: (text: string) => number } = {
  characters: (text) => text.length,
  'visible characters': (text) => (/\s/.test(text) ? text.replace(/\s/g, '').length : text.length),
  bytes: (text) => Buffer.byteLength(text),
};

/** The statement with the ARN of the account root in place of each account id in its principal. */
function asStoredByAws(statement: Json): Json {
  if (!isObject(statement) || !isObject(statement.Principal) || statement.Principal.AWS === undefined) return statement;
  const { AWS } = statement.Principal;
  const principals = toList(AWS).map((value) => (/^\d{12}$/.test(value) ? `arn:aws:iam::${value}:root` : value));
  return {
    ...statement,
    Principal: { ...statement.Principal, AWS: Array.isArray(AWS) ? principals : principals[0] },
  };
}
