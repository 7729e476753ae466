import { Json, isObject, toList } from './statement';
import { hasUnresolved, knownLength, withoutUnresolved } from './unresolved-text';

/** How long a policy is as AWS stores it, in characters or another unit. */
export interface PolicySize {
  /** What is there for certain. */
  readonly minimum: number;
  /** With every value that is known only at deployment taken at a usual length. */
  readonly estimate: number;
}

/** Characters taken for a value that is known only at deployment. Ours: the length of a usual name. */
const USUAL_VALUE_CHARACTERS = 40;

/** What a service counts: characters, those that are no white space, or bytes. */
export type Unit = 'characters' | 'visible characters' | 'bytes';

/**
 * The size of a policy document of these statements: compact JSON, account ids in principals as the ARNs that AWS
 * stores.
 */
export function documentSize(statements: Json[], unit?: Unit): PolicySize {
  return jsonSize({ Version: '2012-10-17', Statement: statements.map(asStoredByAws) }, unit);
}

export function statementSize(statement: Json, unit?: Unit): PolicySize {
  return jsonSize(asStoredByAws(statement), unit);
}

/** The size of compact JSON. */
export function jsonSize(value: Json, unit: Unit = 'characters'): PolicySize {
  const text = JSON.stringify(value);
  if (!hasUnresolved(text)) return exactly(COUNTED[unit](text));
  const minimum = COUNTED[unit](withoutUnresolved(text));
  return { minimum, estimate: minimum + knownLength(text).unknownParts * USUAL_VALUE_CHARACTERS };
}

function exactly(size: number): PolicySize {
  return { minimum: size, estimate: size };
}

const COUNTED: { readonly [unit in Unit]: (text: string) => number } = {
  characters: (text) => text.length,
  'visible characters': (text) => (/\s/.test(text) ? text.replace(/\s/g, '').length : text.length),
  bytes: (text) => Buffer.byteLength(text),
};

function asStoredByAws(statement: Json): Json {
  if (!isObject(statement) || !isObject(statement.Principal) || statement.Principal.AWS === undefined) return statement;
  const principals = toList(statement.Principal.AWS).map((p) => (/^\d{12}$/.test(p) ? `arn:aws:iam::${p}:root` : p));
  const aws = Array.isArray(statement.Principal.AWS) ? principals : principals[0];
  return { ...statement, Principal: { ...statement.Principal, AWS: aws } };
}
