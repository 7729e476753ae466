import { serviceRequest } from './delivery/calls';
import { sourcesOf } from './delivery/permissions';
import { Finding } from './finding';
import { FindingId } from '../finding-id';
import { ResourceStatement, busStatements, destinationStatements, functionStatements, letsOthersIn, thing } from './resource-statements';
import { World } from './world';
import { PolicyStatement } from '../model/app-model';
import { accountOf } from '../policy/arn';
import { keysOfSomebody } from '../policy/condition-keys';
import { like } from '../policy/matching';
import { Caller } from '../policy/principals';
import { Answer, answer } from '../policy/request';
import { denies, isObject, listOf } from '../policy/statement';
import { ANYTHING, readable } from '../policy/text';
import { Truth, some } from '../policy/truth';

/**
 * Functions, queues and topics that let in EventBridge for all rules of a bus on which other accounts may make rules with that target.
 *
 * Blind spots: who manages rules by statements of other apps; rules of the bus's own account, whoever made them.
 */
export function wildcardRules(world: World): Finding[] {
  return rulesOfOthers(world).map(({ on, by, sure }) => {
    const rules = sourcesOf(on.statement).map(readable).join(', ') || 'the account';
    const what = `statement '${readable(on.id)}' allows all rules of ${rules} to ${on.kind.words} ${thing(on)}, and statement '${readable(by.id)}' ('${by.construct.node.path}') allows other accounts `
      + 'to make rules there with that target';
    const message = `${sure ? what : `it cannot be told at synth whether ${what}`}: what they choose to send would reach it; name single rules in 'aws:SourceArn', or limit their targets `
      + "by 'events:TargetArn' (allowRuleManagement() with 'targetArns')";
    return { id: FindingId.WILDCARD_RULE, level: 'warning', construct: on.construct, message };
  });
}

/** A statement for all rules of a bus, and one that lets others make some. */
export interface RulesOfOthers {
  readonly on: ResourceStatement;
  readonly by: PolicyStatement;
  readonly sure: boolean;
}

export function rulesOfOthers(world: World): RulesOfOthers[] {
  return FOUND.get(world) ?? FOUND.set(world, find(world)).get(world)!;
}

/** Several permissions may ask. */
const FOUND = new WeakMap<World, RulesOfOthers[]>();

function find(world: World): RulesOfOthers[] {
  const managers = busStatements(world).filter((statement) => letsOthersIn(world.openness(statement.statement), accountOf(statement.of))
    && mayTarget(world, statement, ANYTHING) !== false);
  if (managers.length === 0) return [];
  return [...functionStatements(world), ...destinationStatements(world)].filter((on) => isForSeveralRules(world, on)).flatMap((on) => {
    const found = managers.flatMap((by) => {
      const rules = [...rulesIn(by), ...sourcesOf(on.statement)].map(example);
      const reaches = some(rules, (rule) => both(some(rulesIn(by), (pattern) => like(pattern, rule)), mayReach(world, on, rule)));
      const truth = both(reaches, mayTarget(world, by, on.of));
      return truth === false ? [] : [{ on, by, sure: truth === true }];
    });
    const worst = found.find(({ sure }) => sure) ?? found[0];
    return worst ? [worst] : [];
  });
}

/** A statement that names single rules is meant for those; one that lets in everybody is told as such. */
function isForSeveralRules(world: World, { statement }: ResourceStatement): boolean {
  if (!isObject(statement) || statement.Effect !== 'Allow' || world.openness(statement).to === 'anyone') return false;
  const sources = sourcesOf(statement);
  return sources.length === 0 || sources.some((arn) => /[*?]/.test(arn));
}

/** Whether EventBridge may send what a rule brings, by one statement and what is denied beside it. */
function mayReach(world: World, on: ResourceStatement, rule: string): Truth {
  const request = serviceRequest(world, rule, { action: on.kind.action, resource: on.of, inDoubtYes: true });
  return decided(answer([on.statement, ...world.policyOn(on.of).contents.filter(denies)], request));
}

/** Whether a statement lets others give rules of theirs a target; what the policy denies counts. */
function mayTarget(world: World, by: PolicyStatement, targetArn: string): Truth {
  const others = othersIn(world, by);
  return some(others.length > 0 ? others : [{ name: ANYTHING }], (other) => mayTargetAs(world, other, by, targetArn));
}

function mayTargetAs(world: World, { account = ANYTHING, name }: Caller, by: PolicyStatement, targetArn: string): Truth {
  const principalArn = name.startsWith('arn:') ? name : ANYTHING;
  const context = [{ 'events:targetarn': [targetArn], 'events:creatoraccount': [account], 'aws:principalarn': [principalArn] }, keysOfSomebody(account)];
  const statements = [by.statement, ...world.policyOn(by.of).contents.filter(denies)];
  const request = { action: 'events:PutTargets', resource: example(rulesIn(by)[0] ?? ANYTHING), principalArn, account, context, inDoubtYes: true };
  return decided(answer(statements, request));
}

/** Those of other accounts whom a statement names. */
function othersIn(world: World, { statement, of }: PolicyStatement): Caller[] {
  const callers = world.openness(statement).bounds.flatMap((bound) => bound.callers);
  return callers.filter(({ account }) => account !== undefined && account !== accountOf(of));
}

function decided({ decision }: Answer): Truth {
  return decision === 'undecided' ? undefined : decision === 'allowed';
}

function both(one: Truth, other: Truth): Truth {
  if (one === false || other === false) return false;
  return one && other;
}

/** The rules that a statement is for. */
function rulesIn({ statement }: PolicyStatement): readonly string[] {
  return isObject(statement) ? listOf(statement.Resource) : [];
}

/** A rule that a pattern stands for. */
function example(pattern: string): string {
  return pattern === '*' ? EXAMPLE : pattern.replace(/[*?]/g, 'x');
}

const EXAMPLE = 'arn:x:events:x:x:rule/x/x';
