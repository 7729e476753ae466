import { Token } from 'aws-cdk-lib';
import { AppIndex } from '../../app-model/app-index';
import { AppModel } from '../../app-model/app-model';
import { assemblyOf } from '../../app-model/assembly';
import { readApp } from '../../app-model/read-app';
import { TemplateReader } from '../../app-model/resolve/template-reader';
import { RULES_PER_EVENT_BUS, RULES_PER_EVENT_BUS_IN } from '../../eventbridge/quotas';
import { arnParts, parseArn, regionOf } from '../../iam/arn';
import { getOwn } from '../../iam/statement';
import { hasUnresolved } from '../../iam/unresolved-text';
import { Finding, annotatableScope, warningFinding } from '../engine/finding';
import { FindingId } from '../finding-id';

/** The limits of all resources, and the warning threshold in percent. */
export interface QuotaLimits {
  readonly eventBusPolicy: number;
  readonly functionPolicy: number;
  readonly apiPolicy: number;
  readonly trustPolicy: number;
  /** The default is the AWS quota in the Region of the bus. */
  readonly rulesPerEventBus?: number;
  readonly eventPattern: number;
  readonly warningThresholdPercent: number;
  /** The limits of single buses, by name or ARN. */
  readonly eventBuses: ReadonlyMap<string, EventBusQuota>;
}

/** The limits of one bus that differ from those of all buses. */
export interface EventBusQuota {
  readonly policyLimit?: number;
  readonly rulesLimit?: number;
  readonly warningThresholdPercent?: number;
}

/** A limit and its warning threshold in percent. */
interface Limit {
  readonly limit: number;
  readonly threshold: number;
}

/** The limits of each bus. */
export class EventBusQuotas {
  private readonly byNameOrArn: Map<string, EventBusQuota>;

  constructor(
    private readonly app: AppIndex,
    private readonly limits: QuotaLimits,
  ) {
    const { eventBuses, eventBusStatements, eventBusV2Statements, rules } = app.model;
    const [resource] = [...eventBuses, ...eventBusStatements, ...eventBusV2Statements, ...rules];
    const resolve = (key: string) =>
      resource && Token.isUnresolved(key) ? String(new TemplateReader().resolve(resource.construct.stack, key)) : key;
    this.byNameOrArn = new Map([...limits.eventBuses].map(([key, quota]) => [resolve(key), quota]));
  }

  /** The limit of the size of a bus policy. */
  public policyQuota(arn: string, defaultLimit = this.limits.eventBusPolicy): Limit {
    const { policyLimit = defaultLimit, warningThresholdPercent } = this.quotaOf(arn);
    return { limit: policyLimit, threshold: warningThresholdPercent ?? this.limits.warningThresholdPercent };
  }

  /** The limit of the number of rules on a bus. */
  public rulesQuota(arn: string): Limit {
    const { rulesLimit, warningThresholdPercent } = this.quotaOf(arn);
    const awsQuota = getOwn(RULES_PER_EVENT_BUS_IN, regionOf(arn)) ?? RULES_PER_EVENT_BUS;
    const limit = rulesLimit ?? this.limits.rulesPerEventBus ?? awsQuota;
    return { limit, threshold: warningThresholdPercent ?? this.limits.warningThresholdPercent };
  }

  /**
   * Warnings for limits of a bus that is not used in this app, such as a misspelled name. Reported for the app only:
   * the same limits are passed to all stages, which are synthesized before the app is checked.
   */
  public unusedLimits(): Finding[] {
    const { root, model } = this.app;
    if (!root || root !== root.node.root) return [];
    const arns = arnsIn(model);
    const unused = [...this.byNameOrArn.keys()].filter((key) => !isAnyNamed(arns, key));
    if (unused.length === 0) return [];
    const stages = root.node.findAll().filter((construct) => construct !== root && assemblyOf(construct) === construct);
    const arnsInStages = new Set(stages.flatMap((stage) => [...arnsIn(readApp(stage))]));
    return unused
      .filter((key) => !isAnyNamed(arnsInStages, key))
      .map((key) => unusedLimitFinding(annotatableScope(root), key));
  }

  private quotaOf(arn: string): EventBusQuota {
    if (this.byNameOrArn.size === 0) return {};
    const quota = this.byNameOrArn.get(arn) ?? this.byNameOrArn.get(nameOf(arn) ?? arn);
    if (quota) return quota;
    if (!hasUnresolved(arn)) return {};
    return [...this.byNameOrArn].find(([key]) => isNamed(arn, key))?.[1] ?? {};
  }
}

function unusedLimitFinding(construct: Finding['construct'], key: string): Finding {
  return warningFinding(FindingId.EVENT_BUS_POLICY_SIZE, construct, {
    problem:
      `'eventBuses' has limits for bus '${key}', but this app does not define that bus, and adds no policy or rule ` +
      'to it',
    fix: "correct the name or ARN in 'eventBuses', or remove the entry",
  });
}

/** The ARNs of all buses that an app defines, or attaches a policy or rule to. */
function arnsIn({ eventBuses, eventBusStatements, eventBusV2Statements, rules }: AppModel): Set<string> {
  const statements = [...eventBusStatements, ...eventBusV2Statements];
  return new Set([
    ...eventBuses.map(({ arn }) => arn),
    ...statements.map(({ resourceArn }) => resourceArn),
    ...rules.map(({ eventBusArn }) => eventBusArn),
  ]);
}

function isAnyNamed(arns: Set<string>, key: string): boolean {
  return [...arns].some((arn) => isNamed(arn, key));
}

/** Whether a bus has this name or ARN. Unresolved parts of its ARN match any text. */
function isNamed(arn: string, key: string): boolean {
  if (arn === key || nameOf(arn) === key) return true;
  const parts = arnParts(arn);
  const keyParts = arnParts(key);
  return parts.length === keyParts.length && parts.every((part, i) => part === keyParts[i] || hasUnresolved(part));
}

/** The name of the bus in an ARN. */
function nameOf(arn: string): string | undefined {
  const { service, resource } = parseArn(arn) ?? {};
  const prefix = 'event-bus/';
  return service === 'events' && resource?.startsWith(prefix) ? resource.slice(prefix.length) || undefined : undefined;
}
