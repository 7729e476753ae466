import { Json, isObject, listOf } from './statement';
import { known } from './text';

/** How long a policy is as AWS stores it. */
export interface Size {
  /** Characters that are there for certain. */
  readonly atLeast: number;
  /** With every value that is known only at deployment taken at a usual length. */
  readonly estimate: number;
}

/** Characters taken for a value that is known only at deployment. Ours: the length of a usual name. */
const USUAL_VALUE_CHARACTERS = 40;

/** The size of a policy document of these statements: compact JSON, account ids in principals as the ARNs that AWS stores. */
export function documentSize(statements: Json[]): Size {
  return measure({ Version: '2012-10-17', Statement: statements.map(stored) });
}

export function statementSize(statement: Json): Size {
  return measure(stored(statement));
}

function measure(value: Json): Size {
  const { characters, unknownParts } = known(JSON.stringify(value));
  return { atLeast: characters, estimate: characters + unknownParts * USUAL_VALUE_CHARACTERS };
}

function stored(statement: Json): Json {
  if (!isObject(statement) || !isObject(statement.Principal) || statement.Principal.AWS === undefined) return statement;
  const principals = listOf(statement.Principal.AWS).map((p) => (/^\d{12}$/.test(p) ? `arn:aws:iam::${p}:root` : p));
  const aws = Array.isArray(statement.Principal.AWS) ? principals : principals[0];
  return { ...statement, Principal: { ...statement.Principal, AWS: aws } };
}
