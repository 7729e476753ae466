import type { Stack } from 'aws-cdk-lib';
import type { AppModel, AppResource, ResourcePolicyStatement, Rule } from './app-model';
import { isInKnownEnvironment } from './environments';
import { environmentOf } from './resolve/pseudo-parameters';
import { OWN_ACCOUNT, OWN_REGION } from '../iam/unresolved-text';
import { memoize } from '../util/memoize';

/**
 * Gives the functions, queues, topics and streams that rules, buses and policies refer to the ARNs that these resources
 * have in the model. If the account or Region of a stack is known only at deployment, the template of a stack in
 * another environment refers to its resources as if they were in its own account and Region.
 */
export function unifyArns(model: AppModel): void {
  const environments = new Set(model.stacks.map(environmentKey));
  if (environments.size < 2 || model.stacks.every(isInKnownEnvironment)) return;
  const { functions, queues, streams, topics } = model;
  const own = new OwnArns([functions, queues, topics, streams].flat());
  model.rules.forEach((rule, i) => (model.rules[i] = withTargets(rule, own)));
  model.eventBuses.forEach((bus, i) => {
    const { stack } = bus.construct;
    model.eventBuses[i] = { ...bus, deadLetterArn: bus.deadLetterArn && own.arn(bus.deadLetterArn, stack) };
  });
  const { functionStatements, queueStatements, streamStatements, topicStatements } = model;
  for (const list of [functionStatements, queueStatements, topicStatements, streamStatements]) {
    list.forEach((statement, i) => (list[i] = onResource(statement, own)));
  }
}

class OwnArns {
  private readonly known: ReadonlySet<string>;
  /** The ARNs in the model, by the ARNs in the templates of the stacks in an account and Region. */
  private readonly seenFrom = memoize((environment: string) => this.arnsSeenFrom(environment.split(' ')));

  constructor(private readonly resources: readonly AppResource[]) {
    this.known = new Set(resources.map(({ arn }) => arn));
  }

  /** The ARN in the model for an ARN in the template of a stack. */
  public arn(arn: string, stack: Stack): string {
    return this.known.has(arn) ? arn : (this.seenFrom(environmentKey(stack)).get(arn) ?? arn);
  }

  private arnsSeenFrom([account, region]: readonly string[]): ReadonlyMap<string, string> {
    const seen = ({ arn }: AppResource) => arn.replace(OWN_ACCOUNT, account).replace(OWN_REGION, region);
    return new Map(this.resources.map((resource) => [seen(resource), resource.arn]));
  }
}

/** Neither an account nor a Region contains a space, and neither does the placeholder of one. */
function environmentKey(stack: Stack): string {
  const { account, region } = environmentOf(stack);
  return `${account} ${region}`;
}

function withTargets(rule: Rule, own: OwnArns): Rule {
  const { stack } = rule.construct;
  const targets = rule.targets.map(({ arn, deadLetterArn, ...target }) => ({
    ...target,
    arn: own.arn(arn, stack),
    deadLetterArn: deadLetterArn && own.arn(deadLetterArn, stack),
  }));
  return { ...rule, targets };
}

function onResource(statement: ResourcePolicyStatement, own: OwnArns): ResourcePolicyStatement {
  return { ...statement, resourceArn: own.arn(statement.resourceArn, statement.construct.stack) };
}
