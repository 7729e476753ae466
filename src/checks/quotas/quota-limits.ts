import { Token } from 'aws-cdk-lib';
import { AppIndex } from '../../app-model/app-index';
import { AppModel } from '../../app-model/app-model';
import { assemblyOf } from '../../app-model/assembly';
import { readApp } from '../../app-model/read-app';
import { TemplateReader } from '../../app-model/resolve/template-reader';
import { RULES_PER_EVENT_BUS, RULES_PER_EVENT_BUS_IN } from '../../eventbridge/quotas';
import { regionOf } from '../../iam/arn';
import { getOwn } from '../../iam/statement';
import { hasUnresolved, splitText } from '../../iam/unresolved-text';
import { Finding, annotatableScope } from '../engine/finding';
import { FindingId } from '../finding-id';

/** How large things may be, and from which share of it on there is a warning, in per cent. */
export interface QuotaLimits {
  readonly eventBusPolicy: number;
  readonly functionPolicy: number;
  readonly trustPolicy: number;
  /** Of every bus; by default what AWS allows in its region. */
  readonly rulesPerEventBus?: number;
  readonly eventPattern: number;
  readonly warningThresholdPercent: number;
  /** Those of single buses, by name or ARN. */
  readonly eventBuses: ReadonlyMap<string, EventBusQuota>;
}

/** What differs for one bus. */
export interface EventBusQuota {
  readonly policyLimit?: number;
  readonly rulesLimit?: number;
  readonly warningThresholdPercent?: number;
}

/** The limits of each bus. */
export class EventBusQuotas {
  private readonly byKey: Map<string, EventBusQuota>;

  constructor(
    private readonly app: AppIndex,
    private readonly limits: QuotaLimits,
  ) {
    const { eventBuses, eventBusStatements, eventBusV2Statements, rules } = app.model;
    const some = [...eventBuses, ...eventBusStatements, ...eventBusV2Statements, ...rules][0];
    const text = (key: string) =>
      some && Token.isUnresolved(key) ? String(new TemplateReader().resolve(some.construct.stack, key)) : key;
    this.byKey = new Map([...limits.eventBuses].map(([key, own_]) => [text(key), own_]));
  }

  /** Limit and threshold of the policy of a bus. */
  public policyQuota(arn: string, otherwise = this.limits.eventBusPolicy): { limit: number; threshold: number } {
    const { policyLimit, warningThresholdPercent } = this.of(arn);
    return {
      limit: policyLimit ?? otherwise,
      threshold: warningThresholdPercent ?? this.limits.warningThresholdPercent,
    };
  }

  /** Limit and threshold of the number of rules of a bus. */
  public rulesQuota(arn: string): { limit: number; threshold: number } {
    const { rulesLimit, warningThresholdPercent } = this.of(arn);
    const inRegion = getOwn(RULES_PER_EVENT_BUS_IN, regionOf(arn)) ?? RULES_PER_EVENT_BUS;
    const limit = rulesLimit ?? this.limits.rulesPerEventBus ?? inRegion;
    return { limit, threshold: warningThresholdPercent ?? this.limits.warningThresholdPercent };
  }

  /**
   * Limits that are given for a bus which is nowhere in the app, as by a slip of the pen. Said by the app alone: stages
   * have the limits of all, and are through when the app is judged.
   */
  public unknownBuses(): Finding[] {
    const { root, model } = this.app;
    if (!root || root !== root.node.root) return [];
    const used = (arns: Set<string>) => (key: string) => [...arns].some((arn) => isNamed(arn, key));
    const unused = [...this.byKey.keys()].filter((key) => !used(arnsOf(model))(key));
    if (unused.length === 0) return [];
    const stages = root.node.findAll().filter((c) => c !== root && assemblyOf(c) === c);
    const elsewhere = new Set(stages.flatMap((stage) => [...arnsOf(readApp(stage))]));
    const construct = annotatableScope(root);
    return unused
      .filter((key) => !used(elsewhere)(key))
      .map((key) => ({
        id: FindingId.EVENT_BUS_POLICY_SIZE,
        level: 'warning',
        construct,
        problem: `limits are given for bus '${key}', which the app neither makes nor attaches a policy or ` + 'rule to',
        fix: "correct the name or ARN in 'eventBuses', or leave it out",
      }));
  }

  private of(arn: string): EventBusQuota {
    if (this.byKey.size === 0) return {};
    const known = this.byKey.get(arn) ?? this.byKey.get(nameOf(arn) ?? arn);
    return known ?? (hasUnresolved(arn) ? [...this.byKey].find(([key]) => isNamed(arn, key))?.[1] : undefined) ?? {};
  }
}

function arnsOf({ eventBuses, eventBusStatements, eventBusV2Statements, rules }: AppModel): Set<string> {
  const written = [...eventBusStatements, ...eventBusV2Statements].map(({ resourceArn }) => resourceArn);
  return new Set([...eventBuses.map(({ arn }) => arn), ...written, ...rules.map(({ eventBusArn }) => eventBusArn)]);
}

/** Whether a bus has this name or ARN, as far as that is known. */
function isNamed(arn: string, key: string): boolean {
  if (arn === key || nameOf(arn) === key) return true;
  const [parts, wanted] = [splitText(arn, ':'), splitText(key, ':')];
  return parts.length === wanted.length && parts.every((part, i) => part === wanted[i] || hasUnresolved(part));
}

function nameOf(arn: string): string | undefined {
  return /^arn:[^:]*:events:.*:event-bus\/(.+)$/.exec(arn)?.[1];
}
