import { AppIndex } from '../app-model/app-index';
import { Rule, Target } from '../app-model/app-model';
import { BUS, targetKindOf } from '../checks/engine/target-kinds';
import { equals } from '../iam/matching';
import { Ternary } from '../iam/ternary';
import { isAttribute, mayEqualAnyText } from '../iam/unresolved-text';

/** A bus, and rules that lead from it to a target, each on the bus to which the rule before forwards events. */
export interface Route {
  readonly busArn: string;
  readonly hops: readonly Hop[];
}

/** A rule and one of its targets. */
export interface Hop {
  readonly rule: Rule;
  readonly target: Target;
  /** Whether the target is certainly the next element of the route; unknown if its ARN is known only at deployment. */
  readonly isCertain: Ternary;
}

/** EventBridge forwards no event over more buses than this: each three buses in a row must meet its limits. */
export const MAX_HOPS = 4;

/**
 * All routes to a target, whatever the event is.
 *
 * @param isTarget whether an ARN is that of the target
 */
export function routesTo(app: AppIndex, isTarget: (arn: string) => Ternary): Route[] {
  const routes: Route[] = [];
  const extend = (hops: readonly Hop[], isNext: (arn: string) => Ternary) => {
    for (const hop of hopsTo(app, isNext)) {
      const { eventBusArn } = hop.rule;
      const isRepeated = hops.some(({ rule }) => rule.eventBusArn === eventBusArn);
      if (isRepeated) continue;
      const longer = [hop, ...hops];
      routes.push({ busArn: eventBusArn, hops: longer });
      if (longer.length < MAX_HOPS) extend(longer, (arn) => isArnOf(arn, eventBusArn));
    }
  };
  extend([], isTarget);
  return routes;
}

function hopsTo({ model }: AppIndex, isNext: (arn: string) => Ternary): Hop[] {
  return model.rules.flatMap((rule) =>
    rule.targets.flatMap((target): Hop[] => {
      const isCertain = isNext(target.arn);
      return isCertain === false ? [] : [{ rule, target, isCertain }];
    }),
  );
}

/**
 * Whether the ARN of a target is that of a resource. An attribute of a resource of the apps identifies that resource,
 * so that it is the ARN of no other one.
 */
export function isArnOf(targetArn: string, arn: string): Ternary {
  if (targetArn === arn) return true;
  if (!mayEqualAnyText(targetArn) && !mayEqualAnyText(arn)) return false;
  if (isAttribute(targetArn) || isAttribute(arn)) return false;
  const [kind, otherKind] = [targetArn, arn].map(targetKindOf);
  if (kind && otherKind && kind !== otherKind) return false;
  return equals(targetArn, arn);
}

/** Whether the routes to a bus include putting events on it directly. */
export function isBusArn(arn: string): boolean {
  return targetKindOf(arn) === BUS;
}
