import { Call, isElsewhere, mayCall } from './calls';
import { elsewhere, isSaid } from './elsewhere';
import { didYouMean, isUnknownBus, nearestBus } from './nearest';
import { remedyFor } from './remedies';
import { FindingId } from '../../finding-id';
import { Identity, Rule } from '../../model/app-model';
import { accountOf } from '../../policy/arn';
import { ABSENT, Context } from '../../policy/condition-keys';
import { isObject, listOf } from '../../policy/statement';
import { ANYTHING, readable } from '../../policy/text';
import { Finding } from '../finding';
import { World } from '../world';

/**
 * Rules on a bus of another account that does not let their own account manage rules, and rules on a bus that is probably another one.
 *
 * Blind spots: buses of other apps without a bus of this app that resembles them; which role deploys.
 */
export function rulesRefused(world: World): Finding[] {
  return world.model.rules.flatMap((rule) => (isUnknownBus(world, rule.eventBusArn) ? onUnknownBus(world, rule) : onKnownBus(world, rule)));
}

/** Who deploys a rule: somebody of its account whose own policies allow everything. */
export function managers({ account, construct }: Rule): Identity {
  const everything = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
  return { construct, account, arn: ANYTHING, name: ANYTHING, region: '', conditional: false, statements: everything, policies: [], managedPolicyArns: [], tags: {} };
}

/** What it takes to deploy a rule with its targets. */
export function managementCalls(rule: Rule): Call[] {
  const { source, 'detail-type': detailType } = isObject(rule.pattern) ? rule.pattern : {} as { [field: string]: undefined };
  const common: Context = { 'events:creatoraccount': [rule.account], 'events:managedby': ABSENT };
  const asked = { ...common, 'events:source': textsOf(source), 'events:detail-type': textsOf(detailType), 'events:detail.service': ABSENT, 'events:detail.eventtypecode': ABSENT };
  const targets = { ...common, 'events:targetarn': rule.targets.map(({ arn }) => arn) };
  return [
    { action: 'events:PutRule', resource: rule.arn, policyOf: rule.eventBusArn, context: asked, inDoubtYes: true },
    ...(rule.targets.length > 0 ? [{ action: 'events:PutTargets', resource: rule.arn, policyOf: rule.eventBusArn, context: targets, inDoubtYes: true }] : []),
  ];
}

function textsOf(values: unknown): readonly string[] {
  return Array.isArray(values) ? listOf(values.filter((value) => typeof value === 'string')) : [];
}

function onKnownBus(world: World, rule: Rule): Finding[] {
  if (!isElsewhere(accountOf(rule.eventBusArn), rule.account)) return [];
  const caller = managers(rule);
  const answers = managementCalls(rule).map((call) => ({ call, ...mayCall(world, caller, call) }));
  const refused = answers.find(({ decision }) => decision === 'denied');
  if (!refused || world.policyOn(rule.eventBusArn).conflicting || isSaid(rule.construct, rule.eventBusArn)) return [];
  const message = `the policy of bus ${readable(rule.eventBusArn)} does not let account ${readable(rule.account)} do ${refused.call.action} for rule '${readable(rule.name)}': ${readable(refused.because)}; `
    + remedyFor(refused, 'principal', `let the account do events:PutRule, events:PutTargets, events:DeleteRule, events:RemoveTargets and events:DescribeRule on ${readable(rule.arn)}, with 'events:creatorAccount' its own`);
  return [{ id: FindingId.RULE_REFUSED, level: 'error', construct: rule.construct, message }];
}

function onUnknownBus(world: World, rule: Rule): Finding[] {
  const near = nearestBus(world, rule.eventBusArn);
  if (near) {
    const message = didYouMean(near, `bus ${rule.eventBusArn}, which rule '${readable(rule.name)}' is on`)
      + (rule.eventBusName?.startsWith('arn:') ? '' : " A name alone stands for a bus of the rule's own account and region: give the ARN as 'EventBusName'");
    return [{ id: FindingId.EVENT_BUS_UNKNOWN, level: 'warning', construct: rule.construct, message }];
  }
  if (accountOf(rule.eventBusArn) === rule.account) return [];
  const message = `the policy of bus ${readable(rule.eventBusArn)} is not written by this app: in its account it must let account ${readable(rule.account)} manage rule '${readable(rule.name)}'; then acknowledge this`;
  return elsewhere(FindingId.RULE_MANAGEMENT_ELSEWHERE, rule.construct, rule.eventBusArn, message);
}
