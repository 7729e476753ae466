import { Finding } from './finding';
import { FindingId } from '../finding-id';
import { ResourceStatement, busStatements, destinationStatements, functionStatements, letsOthersIn, thing } from './resource-statements';
import { World } from './world';
import { PolicyStatement } from '../model/app-model';
import { accountOf } from '../policy/arn';
import { keysOfSomebody } from '../policy/condition-keys';
import { ConditionEntry, entriesOf } from '../policy/conditions';
import { like } from '../policy/matching';
import { Caller } from '../policy/principals';
import { answer } from '../policy/request';
import { Json, denies, isObject, listOf } from '../policy/statement';
import { ANYTHING, readable } from '../policy/text';
import { Truth, some } from '../policy/truth';

/**
 * Functions, queues and topics that let in EventBridge for all rules of a bus on which other accounts may make rules with that target.
 *
 * Blind spots: who manages rules by statements of other apps; rules of the bus's own account, whoever made them.
 */
export function wildcardRules(world: World): Finding[] {
  return rulesOfOthers(world).map(({ on, by, sure, pattern }) => {
    const what = `statement '${readable(on.id)}' lets every rule of ${readable(pattern)} ${on.kind.words} ${thing(on)}, and statement '${readable(by.id)}' ('${by.construct.node.path}') lets other `
      + 'accounts make rules there with that target';
    const message = `${sure ? what : `it cannot be told at synth whether ${what}`}: what they choose to send would reach it; name single rules in 'aws:SourceArn', or limit their targets `
      + "by 'events:TargetArn' (allowRuleManagement() with 'targetArns')";
    return { id: FindingId.WILDCARD_RULE, level: 'warning', construct: on.construct, message };
  });
}

/** A statement for all rules of a bus, and one that lets others make some. */
export interface RulesOfOthers {
  readonly on: ResourceStatement;
  readonly by: PolicyStatement;
  /** ARNs of the rules that are let in. */
  readonly pattern: string;
  readonly sure: boolean;
}

export function rulesOfOthers(world: World): RulesOfOthers[] {
  const managers = busStatements(world).filter((statement) => letsOthersIn(world.openness(statement.statement), accountOf(statement.of))
    && mayTarget(world, statement, ANYTHING) !== false);
  if (managers.length === 0) return [];
  return [...functionStatements(world), ...destinationStatements(world)].flatMap((on) => {
    const found = patternsOf(on.statement).flatMap((pattern) => managers.flatMap((by) => {
      const truth = both(overlap(pattern, rulesIn(by)), mayTarget(world, by, on.of));
      return truth === false ? [] : [{ on, by, pattern, sure: truth === true }];
    }));
    const worst = found.find(({ sure }) => sure) ?? found[0];
    return worst ? [worst] : [];
  });
}

/** Whether a statement lets others give rules of theirs a target; what the policy denies counts. */
function mayTarget(world: World, by: PolicyStatement, targetArn: string): Truth {
  const { account = ANYTHING, name = ANYTHING } = otherIn(world, by) ?? {};
  const principalArn = name.startsWith('arn:') ? name : ANYTHING;
  const context = [{ 'events:targetarn': [targetArn], 'events:creatoraccount': [account], 'aws:principalarn': [principalArn] }, keysOfSomebody(account)];
  const statements = [by.statement, ...world.policyOn(by.of).contents.filter(denies)];
  const request = { action: 'events:PutTargets', resource: example(rulesIn(by)[0] ?? ANYTHING), principalArn, account, context, inDoubtYes: true };
  const { decision } = answer(statements, request);
  return decision === 'undecided' ? undefined : decision === 'allowed';
}

/** Somebody of another account whom a statement names. */
function otherIn(world: World, { statement, of }: PolicyStatement): Caller | undefined {
  return world.openness(statement).bounds.flatMap(({ callers }) => callers).find(({ account }) => account !== undefined && account !== accountOf(of));
}

function both(one: Truth, other: Truth): Truth {
  if (one === false || other === false) return false;
  return one && other;
}

/** The rules that a statement is for. */
function rulesIn({ statement }: PolicyStatement): readonly string[] {
  return isObject(statement) ? listOf(statement.Resource) : [];
}

/** Whether some rule may be of a pattern and of another one: an example of either is tried. */
function overlap(pattern: string, others: readonly string[]): Truth {
  return some(others, (other) => some([example(other), example(pattern)], (rule) => both(like(pattern, rule), like(other, rule))));
}

function example(pattern: string): string {
  return pattern.replace(/[*?]/g, 'x');
}

/** The rules for which a statement lets EventBridge in, where it does not name single ones. */
function patternsOf(statement: Json): string[] {
  if (!isObject(statement) || statement.Effect !== 'Allow' || !isForEvents(statement.Principal)) return [];
  const positive = entriesOf(statement.Condition).filter(({ operator }) => /^(foranyvalue:)?(string|arn)(equals|like)$/i.test(operator));
  const of = (key: string) => positive.filter((entry: ConditionEntry) => entry.key.toLowerCase() === key).flatMap(({ values }) => values);
  const arns = of('aws:sourcearn');
  if (arns.length > 0) return arns.filter((arn) => /:rule\/.*[*?]|^arn:[^/]*\*$/.test(arn));
  return of('aws:sourceaccount').map((account) => `arn:*:events:*:${account}:rule/*`);
}

function isForEvents(principal: Json | undefined): boolean {
  return isObject(principal) && listOf(principal.Service).some((service) => /^events\.amazonaws\.com(\.cn)?$/.test(service));
}
