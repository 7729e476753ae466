import { closestStatement } from './closest-statement';
import { Values } from './condition-keys';
import { ConditionEntry, entriesOf } from './conditions';
import { Decision } from './decision';
import {
  NO_STATEMENT_ALLOWS,
  allowReason,
  denyReason,
  mismatchReason,
  statementName,
  unknownReason,
} from './evaluation-reasons';
import { Json, Statement, isObject, toList } from './statement';
import { Request, StatementMatch, keyLookup, matchStatement } from './statement-matching';
import { hasUnresolved } from './unresolved-text';

export type { Request } from './statement-matching';

/** The decision of policies on a request. It is 'unknown' if it depends on values that templates do not contain. */
export interface Evaluation {
  readonly decision: Decision;
  /** The statement or element that decides, as a clause for messages. */
  readonly reason: string;
  /** The statement that denies the request explicitly, if there is one. */
  readonly explicitDeny?: ExplicitDeny;
  /** The condition key that makes the decision unknown, if its value in the request is not known. */
  readonly unknownKey?: string;
  /** The condition key that the statement differs in which comes closest to allowing the request, if it is one. */
  readonly unmatchedKey?: string;
}

/** A statement that denies a request explicitly. */
export interface ExplicitDeny {
  /** The statement's name in messages. */
  readonly name: string;
  /** All conditions of the statement. They match the request. */
  readonly conditions: ConditionOfDenial[];
  /** Whether the statement lists principals, rather than matching all. */
  readonly namesPrincipal: boolean;
}

/** A condition of a Deny statement, with the values of its key in the request. */
export interface ConditionOfDenial extends ConditionEntry {
  readonly requestValues: Values;
}

/**
 * Evaluates a request against the statements of one policy, identity-based or resource-based.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluate(statements: readonly Json[], request: Request): Evaluation {
  const allow = new StatementMatches();
  const deny = new StatementMatches();
  for (const statement of statements) {
    if (typeof statement === 'string') {
      addUnresolvedStatement(statement, allow, deny);
    } else if (isObject(statement)) {
      const { Effect } = statement;
      if (Effect === 'Allow') {
        allow.add(statement, request);
      } else if (Effect === 'Deny') {
        deny.add(statement, request);
      } else if (hasUnresolvedEffect(statement) && matchStatement(statement, request).matches !== false) {
        allow.addUnresolved();
        deny.addUnresolved();
      }
    }
  }
  return decide(allow, deny, request);
}

/** An explicit deny overrides any allow, and without an allow the request is denied. */
function decide(allow: StatementMatches, deny: StatementMatches, request: Request): Evaluation {
  if (deny.certain) return explicitlyDenied(deny.certain, request);
  if (!allow.certain && !allow.possible) return { decision: 'denied', ...allow.closestMismatch() };
  const unknown = allow.certain ? deny.possible : allow.possible;
  if (allow.certain && !unknown) return { decision: 'allowed', reason: allowReason(allow.certain) };
  const { statement, match } = unknown!;
  return {
    decision: 'unknown',
    reason: unknownReason(statement, match),
    ...(match.unknownKey !== undefined && { unknownKey: match.unknownKey }),
  };
}

/** The statements with one effect, by whether they match the request. */
class StatementMatches {
  /** The first statement that matches. */
  public certain?: Statement;
  /** The first statement of which it is unknown whether it matches. */
  public possible?: { readonly statement: Statement; readonly match: StatementMatch };
  private readonly differentStatements: Statement[] = [];
  private readonly mismatches: StatementMatch[] = [];

  public add(statement: Statement, request: Request): void {
    if (this.certain) return;
    const match = matchStatement(statement, request);
    if (match.matches) {
      this.certain = statement;
    } else if (match.matches === undefined) {
      this.possible ??= { statement, match };
    } else {
      this.differentStatements.push(statement);
      this.mismatches.push(match);
    }
  }

  public addUnresolved(): void {
    this.possible ??= { statement: {}, match: UNRESOLVED_STATEMENT };
  }

  /** Why no statement matches. */
  public closestMismatch(): Pick<Evaluation, 'reason' | 'unmatchedKey'> {
    if (this.mismatches.length === 0) return { reason: NO_STATEMENT_ALLOWS };
    const closest = closestStatement(this.mismatches);
    const mismatch = this.mismatches[closest];
    const reason = mismatchReason(this.differentStatements[closest], mismatch);
    const unmatchedKey = mismatch.condition?.key;
    return unmatchedKey === undefined ? { reason } : { reason, unmatchedKey };
  }
}

/** A statement that is known only at deployment, such as the result of `Fn::If`. */
const UNRESOLVED_STATEMENT: StatementMatch = { matches: undefined, element: 'Statement' };

/** Adds a statement that is known only at deployment. It can have the effects in its text, or any if that has none. */
function addUnresolvedStatement(text: string, allow: StatementMatches, deny: StatementMatches): void {
  if (!hasUnresolved(text)) return;
  const allows = text.includes("'Effect':'Allow'");
  const denies = text.includes("'Effect':'Deny'");
  if (allows || !denies) allow.addUnresolved();
  if (denies || !allows) deny.addUnresolved();
}

function hasUnresolvedEffect({ Effect }: Statement): boolean {
  return typeof Effect === 'string' && hasUnresolved(Effect);
}

function explicitlyDenied(statement: Statement, request: Request): Evaluation {
  const requestValuesOf = keyLookup(request);
  const conditions = entriesOf(statement.Condition).map((entry) => ({
    ...entry,
    requestValues: requestValuesOf(entry.key.toLowerCase()),
  }));
  return {
    decision: 'denied',
    reason: denyReason(statement),
    explicitDeny: { name: statementName(statement), conditions, namesPrincipal: namesPrincipal(statement) },
  };
}

function namesPrincipal({ Principal, NotPrincipal }: Statement): boolean {
  if (NotPrincipal !== undefined || Principal === undefined || Principal === '*') return false;
  return !isObject(Principal) || !toList(Principal.AWS).includes('*');
}
