import { EncryptedEntry, EventTopology, NamedEntry, RuleEntry } from './topology';
import { ConcernedApp } from '../app-model/concerned-app';
import { anywhere, isInAccounts } from '../app-model/evaluated-resources';
import { parseArn, unqualifiedFunctionArn } from '../iam/arn';
import { PLACEHOLDER, hasUnresolved, mayEqualAnyText } from '../iam/unresolved-text';
import { memoize } from '../util/memoize';

/**
 * The file of another app without functions, queues, topics, streams and keys that cannot concern an app, and without
 * their policies. They are in accounts that the app does not have. Their names are generated, so that only this file
 * can refer to them, and only rules do so that no check evaluates. The first one of each kind in a stack stays, without
 * its policy and key: it is then known that the stack has resources with generated names.
 */
export function entriesOfConcern(topology: EventTopology, app: ConcernedApp): EventTopology {
  return new EntriesOfConcern(topology, app).topology();
}

class EntriesOfConcern {
  /** The generated names that rules, buses and aliases refer to which may concern the app. */
  private readonly usedNames: Set<string>;
  /** The paths of functions with destinations, which are the resources of two entries. */
  private readonly withDestinations: ReadonlySet<string>;
  /** The ARNs of the resources that cannot concern the app. */
  private readonly omitted = new Set<string>();
  /** Memoized, because many rules name the same bus or queue. */
  private readonly mayConcern = memoize((arn: string) => this.mayBeInApp(arn));

  constructor(
    private readonly other: EventTopology,
    private readonly app: ConcernedApp,
  ) {
    const { rules, eventBuses, keyAliases, publishers } = other;
    const rulesOfConcern = rules.map(arnsOf).filter((arns) => arns.some(this.mayConcern));
    const ofBuses = eventBuses.flatMap(({ deadLetterQueue = '', kmsKey = '' }) => [deadLetterQueue, kmsKey]);
    this.usedNames = namesIn([...rulesOfConcern.flat(), ...ofBuses, ...keyAliases.map(({ kmsKey }) => kmsKey)]);
    this.withDestinations = new Set(publishers.map(({ path }) => path));
  }

  public topology(): EventTopology {
    const { other } = this;
    const [functions, queues] = [this.partWithFirst(other.functions), this.partWithFirst(other.queues)];
    const [topics, streams] = [this.partWithFirst(other.topics), this.partWithFirst(other.streams)];
    // After the resources that they encrypt.
    const keys = other.keys.filter((key) => this.isPart(key));
    const resourcePolicies = other.resourcePolicies.filter(({ resource }) => !this.isOmitted(resource));
    return { ...other, functions, queues, topics, streams, keys, resourcePolicies };
  }

  /** What can concern the app, and of the other resources the first one of each stack. */
  private partWithFirst<T extends EncryptedEntry>(entries: readonly T[]): T[] {
    const stacks = new Set<string>();
    return entries.filter((entry) => {
      if (this.isPart(entry)) return true;
      const isFirst = !stacks.has(entry.stack);
      stacks.add(entry.stack);
      return isFirst;
    });
  }

  private isPart(entry: EncryptedEntry): boolean {
    const isPart = this.concerns(entry);
    if (!isPart) this.omitted.add(entry.arn);
    else if (entry.kmsKey !== undefined) namesIn([entry.kmsKey]).forEach((name) => this.usedNames.add(name));
    return isPart;
  }

  private concerns({ name, arn, path }: NamedEntry): boolean {
    if (name !== undefined || this.mayConcern(arn) || this.withDestinations.has(path)) return true;
    return [...namesIn([arn])].some((used) => this.usedNames.has(used));
  }

  /**
   * Whether an ARN can be that of a resource in an account of the app, or of one that the app has a policy for, which a
   * role is not. The buses with a policy are known. Of other resources, any with a known name may be meant.
   */
  private mayBeInApp(arn: string): boolean {
    const parsed = parseArn(arn);
    if (isInAccounts(parsed, this.app.accounts)) return true;
    if (parsed?.service === 'iam') return false;
    const isBus = parsed?.service === 'events' && parsed.resource.startsWith('event-bus/');
    return isBus ? this.app.busesWithPolicy.has(anywhere(arn, parsed)) : !isGenerated(arn);
  }

  /** The policies of functions are those of versions and aliases too. */
  private isOmitted(arn: string): boolean {
    return this.omitted.has(arn) || (arn.includes(':lambda:') && this.omitted.has(unqualifiedFunctionArn(arn)));
  }
}

/** The ARNs by which `evaluatedResources()` decides on a rule. */
function arnsOf({ eventBus, role = '', targets }: RuleEntry): string[] {
  const ofTargets = targets.flatMap((target) => [target.arn, target.role ?? '', target.deadLetterQueue ?? '']);
  return [eventBus, role, ...ofTargets].filter((arn) => arn !== '');
}

/** Whether the name in an ARN is generated, so that only the app with the resource can refer to it. */
function isGenerated(arn: string): boolean {
  return hasUnresolved(arn) && !mayEqualAnyText(arn);
}

function namesIn(texts: readonly string[]): Set<string> {
  return new Set(texts.flatMap((text) => text.match(PLACEHOLDER) ?? []));
}
