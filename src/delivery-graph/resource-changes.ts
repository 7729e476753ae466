import type { EventPatternChange, ResourceChange } from './delivery-diff';
import { DeployedResource, deployedResources, matchedResources } from './deployed-resources';
import { GraphSide } from './graph-side';
import { NAME_CONFLICT, STATEMENT_CONFLICT } from './resource-effects';
import { unqualifiedFunctionArn } from '../iam/arn';
import { canonical } from '../iam/statement';
import { displayText } from '../iam/unresolved-text';
import type { EventTopology, RuleEntry } from '../topology/topology';

/**
 * The resources on the ways of events that CloudFormation replaces, deletes or cannot create.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
 */
export function resourceChanges(before: GraphSide, after: GraphSide): ResourceChange[] {
  const old = deployedResources(before.topology);
  const pairs = matchedResources(old, deployedResources(after.topology));
  const used = [usedArns(before), usedArns(after)];
  const isUsed = ({ arn, kind }: DeployedResource) =>
    kind === undefined || kind.list === 'eventBuses' || kind.list === 'rules' || used.some((arns) => arns.has(arn));
  const publishers = new Set(before.graph.elements.map(({ id }) => id));
  // A role that only rules use is deleted with them, or with their targets.
  const isRuleRole = ({ arn, kind }: DeployedResource) => kind?.list === 'roles' && !publishers.has(displayText(arn));
  const namesAfter = new Set(pairs.flatMap(({ is }) => is?.uniqueName ?? []));
  // A resource that is moved is one change: the conflict of its names.
  const isMoved = ({ uniqueName }: DeployedResource) => uniqueName !== undefined && namesAfter.has(uniqueName);
  const changes = pairs.flatMap(({ was, is }) => {
    const [resource, side] = is ? [is, after] : [was!, before];
    if (!isUsed(resource) && !(was && isUsed(was))) return [];
    const change = changeOf(was, is, (name) => old.find((one) => one.uniqueName === name));
    if (!change || (change.change === 'deleted' && (isRuleRole(resource) || isMoved(resource)))) return [];
    const { entry, type } = resource;
    const { logicalId, stack } = entry;
    return [{ ...change, type, ...side.locate(entry.path), stack: side.locate(stack).path, logicalId }];
  });
  return CHANGES.flatMap((kind) => changes.filter(({ change }) => change === kind));
}

const CHANGES: readonly ResourceChange['change'][] = ['nameConflict', 'replaced', 'deleted'];

type Change = Pick<ResourceChange, 'change' | 'property' | 'before' | 'after' | 'effect'>;

function changeOf(
  was: DeployedResource | undefined,
  is: DeployedResource | undefined,
  withName: (uniqueName: string) => DeployedResource | undefined,
): Change | undefined {
  if (!is) return was?.kind && { change: 'deleted', ...nameOf('before', was), effect: was.kind.deleted };
  const changed = was && [...is.properties].find(([name, value]) => value !== was.properties.get(name));
  if (was && !changed) return undefined;
  const other = is.uniqueName === undefined ? undefined : withName(is.uniqueName);
  if (other) {
    const effect = is.kind ? NAME_CONFLICT : STATEMENT_CONFLICT;
    return { change: 'nameConflict', ...nameOf('before', other), ...nameOf('after', is), effect };
  }
  if (!was || !changed || !is.kind) return undefined;
  const [property, value] = changed;
  const old = was.properties.get(property);
  return {
    change: 'replaced',
    property,
    ...(old !== undefined && { before: old }),
    ...(value !== undefined && { after: value }),
    effect: is.kind.replaced,
  };
}

/** The name of a resource, or the ID of a statement. */
function nameOf<P extends 'before' | 'after'>(property: P, { kind, properties }: DeployedResource) {
  const name = properties.get(kind?.nameProperty ?? 'StatementId');
  return (name === undefined ? {} : { [property]: name }) as { readonly [name in P]?: string };
}

/** The ARNs of publishers, targets, and of the roles and dead-letter queues of rules and buses. */
function usedArns({ graph, topology }: GraphSide): ReadonlySet<string> {
  const ids = new Set(graph.elements.flatMap(({ arn }) => arn ?? []));
  const { eventBuses, publishers, rules } = topology;
  const targets = rules.flatMap((rule) => rule.targets);
  const named = [
    ...targets.flatMap(({ arn, deadLetterQueue, role }) => [arn, deadLetterQueue, role]),
    ...rules.map(({ role }) => role),
    ...publishers.map(({ role }) => role),
    ...eventBuses.map(({ deadLetterQueue }) => deadLetterQueue),
  ].flatMap((arn) => (arn === undefined ? [] : [arn.includes(':lambda:') ? unqualifiedFunctionArn(arn) : arn]));
  return new Set([...named, ...namedArns(topology).filter((arn) => ids.has(displayText(arn)))]);
}

function namedArns({ functions, queues, roles, streams, topics, users }: EventTopology): string[] {
  return [functions, queues, roles, streams, topics, users].flat().map(({ arn }) => arn);
}

/** The rules of which the event pattern differs. Another name of a rule is no difference of its pattern. */
export function eventPatternChanges(before: GraphSide, after: GraphSide): EventPatternChange[] {
  const rulesIn = (side: GraphSide) => deployedResources(side.topology).filter(({ kind }) => kind?.list === 'rules');
  return matchedResources(rulesIn(before), rulesIn(after)).flatMap(({ was, is }) => {
    if (!was || !is) return [];
    const [old, current] = [was, is].map(({ entry }) => patternText(entry as RuleEntry));
    if (old === current) return [];
    return [
      {
        ...after.locate(is.entry.path),
        ...(old !== undefined && { before: old }),
        ...(current !== undefined && { after: current }),
      },
    ];
  });
}

function patternText({ eventPattern }: RuleEntry): string | undefined {
  return eventPattern === undefined ? undefined : displayText(canonical(eventPattern));
}
