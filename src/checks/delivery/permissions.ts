import { CfnResource } from 'aws-cdk-lib';
import { serviceRequest } from './calls';
import { PolicyStatement, Rule, Target } from '../../model/app-model';
import { accountOf, regionOf } from '../../policy/arn';
import { entriesOf } from '../../policy/conditions';
import { answer } from '../../policy/request';
import { Json, isObject, listOf } from '../../policy/statement';
import { partsOf, readable } from '../../policy/text';
import { FUNCTION, destinationOf } from '../destinations';
import { World } from '../world';

/** A statement that was meant to let a rule in but does not, and how to mend it. */
export interface Misplaced {
  readonly construct: CfnResource;
  readonly because: string;
  readonly remedy: string;
}

/**
 * The permission that was probably meant for a rule: one on another version or alias, in another account or region, or for another source.
 */
export function misplaced(world: World, rule: Rule, target: Target): Misplaced | undefined {
  const others = world.rulesTo(target.arn).filter((other) => other !== rule);
  const unused = world.statementsOn(target.arn).filter(({ statement }) => !others.some((other) => lets(world, statement, other, target.arn)));
  return onOtherQualifier(world, rule, target) ?? inOtherPlace(world, rule, target) ?? forOtherSource(world, rule, unused);
}

function onOtherQualifier(world: World, rule: Rule, target: Target): Misplaced | undefined {
  const unqualified = partsOf(target.arn, ':').slice(0, 7).join(':');
  const meant = world.model.functionStatements.find(({ of, statement }) => of !== target.arn && (of === unqualified || of.startsWith(`${unqualified}:`)) && lets(world, statement, rule, of));
  if (!meant) return undefined;
  const [there, wanted] = [meant.of, target.arn].map((arn) => qualifierOf(arn, unqualified));
  return {
    construct: meant.construct,
    because: `the permission '${readable(meant.construct.node.path)}' is on ${there}, the target is ${wanted}`,
    remedy: `put it on ${wanted}: each version and alias has a policy of its own`,
  };
}

function qualifierOf(arn: string, unqualified: string): string {
  return arn === unqualified ? 'the function itself' : `'${readable(arn.slice(unqualified.length + 1))}'`;
}

/** A permission that was made in another account or region adds to a function of that place, not to the one that it is named by. */
function inOtherPlace(world: World, rule: Rule, target: Target): Misplaced | undefined {
  const rest = partsOf(target.arn, ':').slice(5).join(':');
  const meant = world.model.functionStatements.find(({ of, statement }) => of !== target.arn && partsOf(of, ':').slice(5).join(':') === rest && lets(world, statement, rule, of));
  if (!meant) return undefined;
  return {
    construct: meant.construct,
    because: `the permission '${readable(meant.construct.node.path)}' is made in account ${readable(accountOf(meant.of))}, region ${readable(regionOf(meant.of))}, where there is no such function`,
    remedy: "make it in the function's stack",
  };
}

/** A statement that lets no rule in which has the target. */
function forOtherSource(world: World, rule: Rule, unused: PolicyStatement[]): Misplaced | undefined {
  const meant = unused.find(({ statement }) => forEvents(statement) && sourcesOf(statement).length > 0);
  if (!meant) return undefined;
  const { because } = answer([meant.statement], serviceRequest(world, rule.arn, { action: actionOn(meant.of), resource: meant.of }));
  const [source] = sourcesOf(meant.statement);
  const defaultForm = rule.arn.replace(/:rule\/.*\//, ':rule/');
  const why = source === defaultForm && source !== rule.arn
    ? `its 'SourceArn' is ${readable(source)}, the form of rules on the default bus`
    : `it is for ${readable(source)}`;
  return {
    construct: meant.construct,
    because: /sourcearn/i.test(because) ? `${readable(because)}: ${why}, the rule is ${readable(rule.arn)}` : readable(because),
    remedy: /sourcearn|sourceaccount/i.test(because) ? "give it the rule's ARN and account" : `let events.amazonaws.com do ${actionOn(meant.of)} on ${readable(meant.of)}`,
  };
}

function lets(world: World, statement: Json, rule: Rule, of: string): boolean {
  return answer([statement], serviceRequest(world, rule.arn, { action: actionOn(of), resource: of })).decision === 'allowed';
}

function actionOn(arn: string): string {
  return (destinationOf(arn) ?? FUNCTION).action;
}

function forEvents(statement: Json): boolean {
  return isObject(statement) && statement.Effect === 'Allow' && isObject(statement.Principal) && listOf(statement.Principal.Service).includes('events.amazonaws.com');
}

/** ARNs by which a statement names the resources that a service calls for. */
export function sourcesOf(statement: Json): string[] {
  const condition = isObject(statement) ? statement.Condition : undefined;
  return entriesOf(condition).filter(({ key }) => key.toLowerCase() === 'aws:sourcearn').flatMap(({ values }) => values);
}
