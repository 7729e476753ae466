import { parseArn } from './arn';
import { isOfForm, possibleValuesOf } from './chosen-values';
import { Json, Statement, isObject, toList } from './statement';
import { OWN_REGION, PLACEHOLDER, hasUnresolved, isOwnAccount, withoutUnresolved } from './unresolved-text';

/** The size of a policy as AWS stores it. */
export interface PolicySize {
  /** The size of the literal text, and of unresolved values whose length is known. */
  readonly minimum: number;
  /** The size if each unresolved value has its maximum length, or an average length if that is not known. */
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
  const literal = LENGTH_IN[unit](withoutUnresolved(text));
  let [minimum, estimate] = [literal, literal];
  if (!hasUnresolved(text)) return { minimum, estimate };
  for (const placeholder of text.match(PLACEHOLDER) ?? []) {
    const length = lengthOf(placeholder);
    minimum += length.minimum;
    estimate += length.estimate;
  }
  return { minimum, estimate };
}

/** The number of characters of an unresolved value. An account ID, a Region and a listed value have a known length. */
function lengthOf(placeholder: string): PolicySize {
  if (isOwnAccount(placeholder) || isOfForm(placeholder, 'account')) return ACCOUNT_LENGTH;
  if (placeholder === OWN_REGION) return REGION_LENGTH;
  const lengths = possibleValuesOf(placeholder)?.map(({ length }) => length);
  return lengths ? { minimum: Math.min(...lengths), estimate: Math.max(...lengths) } : UNKNOWN_LENGTH;
}

const ACCOUNT_LENGTH: PolicySize = { minimum: 12, estimate: 12 };

/**
 * From `us-east-1` to `us-isof-south-1`.
 *
 * @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
 */
const REGION_LENGTH: PolicySize = { minimum: 9, estimate: 15 };

const UNKNOWN_LENGTH: PolicySize = { minimum: 0, estimate: ASSUMED_VALUE_CHARACTERS };

const LENGTH_IN: { readonly [unit in Unit]: (text: string) => number } = {
  characters: (text) => text.length,
  'visible characters': (text) => (/\s/.test(text) ? text.replace(/\s/g, '').length : text.length),
  bytes: (text) => Buffer.byteLength(text),
};

/** The statement with the ARN of the account root in place of each account ID in its principal. */
function asStoredByAws(statement: Json): Json {
  if (!isObject(statement) || !isObject(statement.Principal) || statement.Principal.AWS === undefined) return statement;
  const { AWS } = statement.Principal;
  const partition = partitionOfStatement(statement);
  const principals = toList(AWS).map((value) => (isAccount(value) ? `arn:${partition}:iam::${value}:root` : value));
  return {
    ...statement,
    Principal: { ...statement.Principal, AWS: Array.isArray(AWS) ? principals : principals[0] },
  };
}

/** The partition of the resources of a statement, and so of its principals; `aws` if they are not known. */
export function partitionOfStatement({ Resource }: Statement): string {
  const partitions = toList(Resource).map((resource) => parseArn(resource)?.partition);
  return partitions.find((partition) => partition && /^aws[a-z-]*$/.test(partition)) ?? 'aws';
}

function isAccount(text: string): boolean {
  return /^\d{12}$/.test(text) || isOwnAccount(text) || isOfForm(text, 'account');
}
