import { serviceRequest } from '../delivery/lib/authorize';
import { sourcesOf } from '../delivery/lib/misplaced-permissions';
import { Finding } from '../engine/finding';
import { FindingId } from '../finding-id';
import {
  ResourceStatement,
  busStatements,
  destinationStatements,
  functionStatements,
  allowsOtherAccounts,
  describeResource,
} from './resource-statements';
import { AppIndex } from '../../app-model/app-index';
import { ResourcePolicyStatement } from '../../app-model/app-model';
import { accountOf } from '../../iam/arn';
import { anyPrincipalContext } from '../../iam/condition-keys';
import { Evaluation, evaluate } from '../../iam/evaluate';
import { like } from '../../iam/matching';
import { NamedPrincipal } from '../../iam/principals';
import { denies, isObject, toList } from '../../iam/statement';
import { Ternary, some } from '../../iam/ternary';
import { ANYTHING, displayText } from '../../iam/unresolved-text';

/**
 * Functions, queues and topics that let in EventBridge for all rules of a bus on which other accounts may make rules
 * with that target.
 *
 * Blind spots: who manages rules by statements of other apps; rules of the bus's own account, whoever made them.
 */
export function checkWildcardRules(app: AppIndex): Finding[] {
  return rulesOfOthers(app).map(({ on, by, sure }) => {
    const rules = sourcesOf(on.statement).map(displayText).join(', ') || 'the account';
    const what =
      `statement '${displayText(on.id)}' allows all rules of ${rules} to ${on.kind.words} ` +
      `${describeResource(on)}, and statement '${displayText(by.id)}' ('${by.construct.node.path}` +
      "') allows other accounts to make rules there with that target";
    const problem =
      `${sure ? what : `it cannot be told at synth whether ${what}`}: what they choose to send ` + 'would reach it';
    const fix =
      "name single rules in 'aws:SourceArn', or limit their targets " +
      "by 'events:TargetArn' (allowRuleManagement() with 'targetArns')";
    return { id: FindingId.WILDCARD_RULE, level: 'warning', construct: on.construct, problem, fix };
  });
}

/** A statement for all rules of a bus, and one that lets others make some. */
export interface RulesOfOthers {
  readonly on: ResourceStatement;
  readonly by: ResourcePolicyStatement;
  readonly sure: boolean;
}

export function rulesOfOthers(app: AppIndex): RulesOfOthers[] {
  return RULES_OF_OTHERS.get(app) ?? RULES_OF_OTHERS.set(app, findRulesOfOthers(app)).get(app)!;
}

/** Several permissions may ask. */
const RULES_OF_OTHERS = new WeakMap<AppIndex, RulesOfOthers[]>();

function findRulesOfOthers(app: AppIndex): RulesOfOthers[] {
  const managers = busStatements(app).filter(
    (statement) =>
      allowsOtherAccounts(app.openness(statement.statement), accountOf(statement.resourceArn)) &&
      allowsTarget(app, statement, ANYTHING) !== false,
  );
  if (managers.length === 0) return [];
  return [...functionStatements(app), ...destinationStatements(app)]
    .filter((on) => isForSeveralRules(app, on))
    .flatMap((on) => {
      const found = managers.flatMap((by) => {
        const rules = [...ruleArnsIn(by), ...sourcesOf(on.statement)].map(exampleRule);
        const reaches = some(rules, (rule) =>
          both(
            some(ruleArnsIn(by), (pattern) => like(pattern, rule)),
            isDeliveredFor(app, on, rule),
          ),
        );
        const truth = both(reaches, allowsTarget(app, by, on.resourceArn));
        return truth === false ? [] : [{ on, by, sure: truth === true }];
      });
      const worst = found.find(({ sure }) => sure) ?? found[0];
      return worst ? [worst] : [];
    });
}

/** A statement that names single rules is meant for those; one that lets in everybody is told as such. */
function isForSeveralRules(app: AppIndex, { statement }: ResourceStatement): boolean {
  if (!isObject(statement) || statement.Effect !== 'Allow' || app.openness(statement).access === 'public') {
    return false;
  }
  const sources = sourcesOf(statement);
  return sources.length === 0 || sources.some((arn) => /[*?]/.test(arn));
}

/** Whether EventBridge may send what a rule brings, by one statement and what is denied beside it. */
function isDeliveredFor(app: AppIndex, on: ResourceStatement, rule: string): Ternary {
  const request = serviceRequest(app, rule, {
    action: on.kind.action,
    resource: on.resourceArn,
    assumeUnknownMatches: true,
  });
  return asTernary(evaluate([on.statement, ...app.policyOn(on.resourceArn).statements.filter(denies)], request));
}

/** Whether a statement lets others give rules of theirs a target; what the policy denies counts. */
function allowsTarget(app: AppIndex, by: ResourcePolicyStatement, targetArn: string): Ternary {
  const others = otherAccountsIn(app, by);
  return some(others.length > 0 ? others : [{ name: ANYTHING }], (other) => allowsTargetAs(app, other, by, targetArn));
}

function allowsTargetAs(
  app: AppIndex,
  { account = ANYTHING, name }: NamedPrincipal,
  by: ResourcePolicyStatement,
  targetArn: string,
): Ternary {
  const principalArn = name.startsWith('arn:') ? name : ANYTHING;
  const context = [
    { 'events:targetarn': [targetArn], 'events:creatoraccount': [account], 'aws:principalarn': [principalArn] },
    anyPrincipalContext(account),
  ];
  const statements = [by.statement, ...app.policyOn(by.resourceArn).statements.filter(denies)];
  const request = {
    action: 'events:PutTargets',
    resource: exampleRule(ruleArnsIn(by)[0] ?? ANYTHING),
    principalArn,
    account,
    context,
    assumeUnknownMatches: true,
  };
  return asTernary(evaluate(statements, request));
}

/** Those of other accounts whom a statement names. */
function otherAccountsIn(app: AppIndex, { statement, resourceArn }: ResourcePolicyStatement): NamedPrincipal[] {
  const callers = app.openness(statement).restrictions.flatMap((bound) => bound.principals);
  return callers.filter(({ account }) => account !== undefined && account !== accountOf(resourceArn));
}

function asTernary({ decision }: Evaluation): Ternary {
  return decision === 'unknown' ? undefined : decision === 'allowed';
}

function both(one: Ternary, other: Ternary): Ternary {
  if (one === false || other === false) return false;
  return one && other;
}

/** The rules that a statement is for. */
function ruleArnsIn({ statement }: ResourcePolicyStatement): readonly string[] {
  return isObject(statement) ? toList(statement.Resource) : [];
}

/** A rule that a pattern stands for. */
function exampleRule(pattern: string): string {
  return pattern === '*' ? EXAMPLE : pattern.replace(/[*?]/g, 'x');
}

const EXAMPLE = 'arn:x:events:x:x:rule/x/x';
