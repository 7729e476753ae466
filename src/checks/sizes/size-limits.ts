import { Token } from 'aws-cdk-lib';
import { FindingId } from '../../finding-id';
import { AppModel, readModel } from '../../model/app-model';
import { Reader } from '../../model/reader';
import { assemblyOf } from '../../model/tree';
import { regionOf } from '../../policy/arn';
import { RULES_PER_EVENT_BUS, RULES_PER_EVENT_BUS_IN } from '../../policy/limits';
import { own } from '../../policy/statement';
import { hasUnknown, partsOf } from '../../policy/text';
import { Finding, shownOn } from '../finding';
import { World } from '../world';

/** How large things may be, and from which share of it on there is a warning, in per cent. */
export interface SizeLimits {
  readonly eventBusPolicy: number;
  readonly functionPolicy: number;
  readonly trustPolicy: number;
  /** Of every bus; by default what AWS allows in its region. */
  readonly rulesPerEventBus?: number;
  readonly eventPattern: number;
  readonly warningThresholdPercent: number;
  /** Those of single buses, by name or ARN. */
  readonly eventBuses: ReadonlyMap<string, BusLimits>;
}

/** What differs for one bus. */
export interface BusLimits {
  readonly policyLimit?: number;
  readonly rulesLimit?: number;
  readonly warningThresholdPercent?: number;
}

/** The limits of each bus. */
export class LimitsOfBuses {
  private readonly byKey: Map<string, BusLimits>;

  constructor(private readonly world: World, private readonly limits: SizeLimits) {
    const { eventBuses, eventBusStatements, eventsV2Statements, rules } = world.model;
    const some = [...eventBuses, ...eventBusStatements, ...eventsV2Statements, ...rules][0];
    const text = (key: string) => (some && Token.isUnresolved(key) ? String(new Reader().resolve(some.construct.stack, key)) : key);
    this.byKey = new Map([...limits.eventBuses].map(([key, own_]) => [text(key), own_]));
  }

  /** Limit and threshold of the policy of a bus. */
  public ofPolicy(arn: string, otherwise = this.limits.eventBusPolicy): { limit: number; threshold: number } {
    const { policyLimit, warningThresholdPercent } = this.of(arn);
    return { limit: policyLimit ?? otherwise, threshold: warningThresholdPercent ?? this.limits.warningThresholdPercent };
  }

  /** Limit and threshold of the number of rules of a bus. */
  public ofRules(arn: string): { limit: number; threshold: number } {
    const { rulesLimit, warningThresholdPercent } = this.of(arn);
    const inRegion = own(RULES_PER_EVENT_BUS_IN, regionOf(arn)) ?? RULES_PER_EVENT_BUS;
    const limit = rulesLimit ?? this.limits.rulesPerEventBus ?? inRegion;
    return { limit, threshold: warningThresholdPercent ?? this.limits.warningThresholdPercent };
  }

  /**
   * Limits that are given for a bus which is nowhere in the app, as by a slip of the pen. Said by the app alone: stages have the limits of
   * all, and are through when the app is judged.
   */
  public unused(): Finding[] {
    const { root, model } = this.world;
    if (!root || root !== root.node.root) return [];
    const used = (arns: Set<string>) => (key: string) => [...arns].some((arn) => isNamed(arn, key));
    const unused = [...this.byKey.keys()].filter((key) => !used(arnsOf(model))(key));
    if (unused.length === 0) return [];
    const stages = root.node.findAll().filter((c) => c !== root && assemblyOf(c) === c);
    const elsewhere = new Set(stages.flatMap((stage) => [...arnsOf(readModel(stage))]));
    const construct = shownOn(root);
    return unused.filter((key) => !used(elsewhere)(key)).map((key) => ({
      id: FindingId.EVENT_BUS_POLICY_SIZE,
      level: 'warning',
      construct,
      message: `limits are given for bus '${key}', which the app neither makes nor attaches a policy or rule to; correct the name or ARN in 'eventBuses', or leave it out`,
    }));
  }

  private of(arn: string): BusLimits {
    if (this.byKey.size === 0) return {};
    const known = this.byKey.get(arn) ?? this.byKey.get(nameOf(arn) ?? arn);
    return known ?? (hasUnknown(arn) ? [...this.byKey].find(([key]) => isNamed(arn, key))?.[1] : undefined) ?? {};
  }
}

function arnsOf({ eventBuses, eventBusStatements, eventsV2Statements, rules }: AppModel): Set<string> {
  const written = [...eventBusStatements, ...eventsV2Statements].map(({ of }) => of);
  return new Set([...eventBuses.map(({ arn }) => arn), ...written, ...rules.map(({ eventBusArn }) => eventBusArn)]);
}

/** Whether a bus has this name or ARN, as far as that is known. */
function isNamed(arn: string, key: string): boolean {
  if (arn === key || nameOf(arn) === key) return true;
  const [parts, wanted] = [partsOf(arn, ':'), partsOf(key, ':')];
  return parts.length === wanted.length && parts.every((part, i) => part === wanted[i] || hasUnknown(part));
}

function nameOf(arn: string): string | undefined {
  return /^arn:[^:]*:events:.*:event-bus\/(.+)$/.exec(arn)?.[1];
}
