import { Stack, Token } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { IConstruct } from 'constructs';
import { TemplateReader } from '../../app-model/resolve/template-reader';
import { readNow } from '../../core/environment';
import { validateList } from '../../core/validate-values';
import { addValidation, validationError } from '../../core/validation-error';
import { problem } from '../../eventbridge/formats';
import { AllowedEventValues } from '../../eventbridge/grant-conditions';
import { Publisher, serviceOf } from '../../eventbridge/publishers';
import { isDefaultBusPattern, isOnDefaultBus, regionName, ruleArnPattern } from '../../eventbridge/rule-formats';
import { accountOf, parseArn } from '../../iam/arn';
import { ConditionEntry, entriesOf } from '../../iam/conditions';
import { like } from '../../iam/matching';
import { Json, isObject, toList } from '../../iam/statement';
import { displayText } from '../../iam/unresolved-text';
import type { AllowedEvents } from '../allowed-events';
import { EventBusInvocation } from '../event-bus-invocation';

/** The properties of `AllowedEvents` that limit the rules that forward events. */
type RuleLimit = 'ruleArns' | 'ruleRegions' | 'excludedRuleRegions';

const RULE_LIMITS: readonly RuleLimit[] = ['ruleArns', 'ruleRegions', 'excludedRuleRegions'];
const EMPTY_LIST_FIX = 'omit the property to allow any rule';

/** The properties that are set. */
export function givenRuleLimits(allowedEvents: AllowedEvents): RuleLimit[] {
  return RULE_LIMITS.filter((property) => allowedEvents[property] !== undefined);
}

/**
 * Validates the rules that may forward events, and returns them as patterns for their ARNs. These get the partition of
 * the stack, because EventBridge does not forward events between partitions: two forms of one ARN become equal.
 */
export function validatedRuleLimits(
  scope: IConstruct,
  publisher: Publisher,
  allowedEvents: AllowedEvents,
): Pick<AllowedEventValues, 'ruleArns' | 'excludedRuleArns'> {
  const [property, other] = givenRuleLimits(allowedEvents);
  if (property === undefined) return {};
  if (other !== undefined) {
    throw validationError(scope, `'${other}' must not be set together with '${property}', got both; omit one of them`);
  }
  rejectContradiction(scope, publisher, property, allowedEvents.invocation);
  const values = allowedEvents[property];
  if (property === 'ruleArns') {
    validateList(scope, property, values, ruleArnPattern, EMPTY_LIST_FIX);
    validatePartition(scope, property, values!);
    validateAccounts(scope, publisher, values!);
    const { partition } = Stack.of(scope);
    const ruleArns = values!.map((arn) => arn.replace(/^arn:[^:]+:/, `arn:${partition}:`));
    return { ruleArns, ...rulesOnOtherBuses(scope, values!) };
  }
  const arns = rulesInRegions(scope, property, values);
  return property === 'ruleRegions' ? { ruleArns: arns } : { excludedRuleArns: arns };
}

/**
 * The rules on custom buses, if a pattern is for rules on the default bus: it would match them too. No other ARN of the
 * list can be that of a rule on a custom bus.
 */
function rulesOnOtherBuses(scope: IConstruct, ruleArns: string[]): Pick<AllowedEventValues, 'excludedRuleArns'> {
  const pattern = Token.isUnresolved(ruleArns) ? undefined : ruleArns.find(isDefaultBusPattern);
  if (pattern === undefined) return {};
  const other = ruleArns.find((arn) => !isOnDefaultBus(arn));
  if (other === undefined) return { excludedRuleArns: [`arn:${Stack.of(scope).partition}:events:*:*:rule/*/*`] };
  throw validationError(
    scope,
    `'ruleArns' must not hold rules on other buses together with a pattern for rules on the default bus, got ` +
      `'${displayText(String(readNow(scope, other)))}' and '${pattern}'; allow them in another call`,
  );
}

function rejectContradiction(
  scope: IConstruct,
  publisher: Publisher,
  property: RuleLimit,
  invocation?: EventBusInvocation,
): void {
  const service = serviceOf(publisher);
  if (service !== undefined) {
    throw validationError(
      scope,
      `'${property}' must not be set for a service, got '${Stack.of(scope).resolve(service)}'; limit the resources ` +
        "that it acts for with 'sourceArns' of EventPublisher.service()",
    );
  }
  const existing = publisher.kind === 'Principal' ? entriesOf(publisher.conditions as Json).find(isOnRule) : undefined;
  if (existing) {
    throw validationError(
      scope,
      `'principal' must not have a condition on aws:SourceArn together with '${property}', got ` +
        `'${existing.operator}'; remove the condition of the principal, or omit '${property}'`,
    );
  }
  if (invocation !== EventBusInvocation.DIRECT) return;
  throw validationError(
    scope,
    `'${property}' must not be set for calls of PutEvents, which no rule makes, got 'invocation' DIRECT; omit one of ` +
      'them',
  );
}

function isOnRule({ key }: ConditionEntry): boolean {
  return key.toLowerCase() === 'aws:sourcearn';
}

/**
 * Rejects ARNs and Regions in another partition than the bus, and ARNs with a Region of another partition, as far as
 * both are known.
 */
function validatePartition(scope: IConstruct, property: RuleLimit, values: string[]): void {
  if (Token.isUnresolved(values)) return;
  const ofBus = partitionOf(Stack.of(scope).region);
  for (const value of values.filter((text) => !Token.isUnresolved(text))) {
    const partitions = partitionsOf(value);
    const own = ofBus ?? partitions[0];
    if (own === undefined || partitions.every((partition) => partition === undefined || partition === own)) continue;
    const must = `be in partition ${own}, that of ${ofBus ? 'the bus' : 'the ARN'}`;
    const fix = 'correct it, because EventBridge does not forward events between partitions';
    throw validationError(scope, `'${property}' ${problem(must, value, fix)}`);
  }
}

/** The partitions in an ARN and of its Region, or of a Region; undefined if not known. */
function partitionsOf(value: string): (string | undefined)[] {
  const arn = parseArn(value);
  return arn ? [arn.partition, partitionOf(arn.region)] : [partitionOf(value)];
}

/** The partition of a Region, or of all Regions that a pattern matches; undefined if it is not known. */
function partitionOf(region: string): string | undefined {
  if (Token.isUnresolved(region)) return undefined;
  if (!/[*?]/.test(region)) return RegionInfo.get(region).partition;
  const matching = RegionInfo.regions.filter(({ name }) => like(region, name) === true);
  const partitions = new Set(matching.map(({ partition }) => partition));
  return partitions.size === 1 ? [...partitions][0] : undefined;
}

/** Patterns for the ARNs of all rules in the Regions. The principal of the statement limits their accounts. */
function rulesInRegions(scope: IConstruct, property: RuleLimit, regions: string[] | undefined): string[] {
  if (Token.isUnresolved(regions)) {
    throw validationError(
      scope,
      `'${property}' must be listed one by one, got a list that is known only at deployment; write each Region`,
    );
  }
  validateList(scope, property, regions, regionName, EMPTY_LIST_FIX);
  validatePartition(scope, property, regions!);
  return regions!.map((region) => `arn:${Stack.of(scope).partition}:events:${region}:*:rule/*`);
}

/**
 * Rejects rules in other accounts than those of the publisher, and accounts without a rule: EventBridge assumes a role
 * in the account of the rule. ARNs that are known only at deployment are validated at synthesis.
 */
function validateAccounts(scope: IConstruct, publisher: Publisher, ruleArns: string[]): void {
  const accounts = accountsOf(publisher)?.map((account) => String(readNow(scope, account)));
  if (accounts === undefined || Token.isUnresolved(ruleArns)) return;
  const found = accountProblem(
    accounts,
    ruleArns.map((arn) => String(readNow(scope, arn))),
  );
  if (found !== undefined) throw validationError(scope, found);
  if (!ruleArns.some((arn) => Token.isUnresolved(arn))) return;
  addValidation(scope, () => {
    const finalArns = ruleArns.map((arn) => String(new TemplateReader().resolve(Stack.of(scope), arn)));
    return [accountProblem(accounts, finalArns)].filter((text) => text !== undefined);
  });
}

/** The accounts of the publisher; undefined if others may belong to it, as to an organization. */
function accountsOf(publisher: Publisher): string[] | undefined {
  if (publisher.kind === 'Accounts') return publisher.accounts;
  if (publisher.kind === 'Roles') return publisher.roles.map(({ account }) => account);
  if (publisher.kind !== 'Principal' || !isObject(publisher.principal)) return undefined;
  const accounts = toList(publisher.principal.AWS).map((value) => (/^\d{12}$/.test(value) ? value : accountOf(value)));
  return accounts.length > 0 && accounts.every((account) => account !== '') ? accounts : undefined;
}

function accountProblem(accounts: string[], ruleArns: string[]): string | undefined {
  const areLiteral = (values: string[]) => values.every((value) => /^(\d{12}|\*)$/.test(value));
  const unlisted = ruleArns.find((arn) => /^\d{12}$/.test(accountOf(arn)) && !accounts.includes(accountOf(arn)));
  if (unlisted !== undefined && areLiteral(accounts)) {
    const found = problem(
      `hold rules in the ${accounts.length === 1 ? 'account' : 'accounts'} of the publisher, ${accounts.join(', ')}`,
      displayText(unlisted),
      'correct the account, or allow it as a publisher',
    );
    return `'ruleArns' ${found}`;
  }
  const ruleAccounts = ruleArns.map(accountOf);
  if (!areLiteral(ruleAccounts) || ruleAccounts.includes('*')) return undefined;
  const without = accounts.find((account) => /^\d{12}$/.test(account) && !ruleAccounts.includes(account));
  return without === undefined
    ? undefined
    : `'ruleArns' must hold a rule in each account of the publisher, got none in ${without}; add one, or allow this ` +
        'account in another call';
}
