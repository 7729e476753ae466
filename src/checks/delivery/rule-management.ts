import { FindingId } from '../finding-id';
import { Call, certainlyDiffer, authorize } from './lib/authorize';
import { manualStepFinding } from './lib/manual-steps';
import { isAlreadyReported } from '../engine/manual-step-warning';
import { remedyFor } from './lib/remedies';
import { didYouMean, isUnknownBus, mostSimilarBus } from './lib/similar-buses';
import { AppIndex } from '../../app-model/app-index';
import { Identity, Rule } from '../../app-model/app-model';
import { accountOf } from '../../iam/arn';
import { ABSENT, RequestContext } from '../../iam/condition-keys';
import { isObject, toList } from '../../iam/statement';
import { ANYTHING, displayText } from '../../iam/unresolved-text';
import { Finding } from '../engine/finding';

/**
 * Rules on a bus of another account that does not let their own account manage rules, and rules on a bus that is
 * probably another one.
 *
 * Blind spots: buses of other apps without a bus of this app that resembles them; which role deploys.
 */
export function checkRuleManagement(app: AppIndex): Finding[] {
  return app.model.rules.flatMap((rule) =>
    isUnknownBus(app, rule.eventBusArn) ? onUnknownBus(app, rule) : onKnownBus(app, rule),
  );
}

/** Who deploys a rule: somebody of its account whose own policies allow everything. */
export function deployers({ account, construct }: Rule): Identity {
  const everything = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
  return {
    construct,
    account,
    arn: ANYTHING,
    name: ANYTHING,
    region: '',
    conditional: false,
    statements: everything,
    policies: [],
    managedPolicyArns: [],
    tags: {},
  };
}

/** What it takes to deploy a rule with its targets. */
export function requiredCalls(rule: Rule): Call[] {
  const { source, 'detail-type': detailType } = isObject(rule.pattern)
    ? rule.pattern
    : ({} as { [field: string]: undefined });
  const common: RequestContext = { 'events:creatoraccount': [rule.account], 'events:managedby': ABSENT };
  const asked = {
    ...common,
    'events:source': textsOf(source),
    'events:detail-type': textsOf(detailType),
    'events:detail.service': ABSENT,
    'events:detail.eventtypecode': ABSENT,
  };
  const targets = { ...common, 'events:targetarn': rule.targets.map(({ arn }) => arn) };
  return [
    {
      action: 'events:PutRule',
      resource: rule.arn,
      policyResource: rule.eventBusArn,
      context: asked,
      assumeUnknownMatches: true,
    },
    ...(rule.targets.length > 0
      ? [
          {
            action: 'events:PutTargets',
            resource: rule.arn,
            policyResource: rule.eventBusArn,
            context: targets,
            assumeUnknownMatches: true,
          },
        ]
      : []),
  ];
}

function textsOf(values: unknown): readonly string[] {
  return Array.isArray(values) ? toList(values.filter((value) => typeof value === 'string')) : [];
}

function onKnownBus(app: AppIndex, rule: Rule): Finding[] {
  if (!certainlyDiffer(accountOf(rule.eventBusArn), rule.account)) return [];
  const caller = deployers(rule);
  const answers = requiredCalls(rule).map((call) => ({ call, ...authorize(app, caller, call) }));
  const refused = answers.find(({ decision }) => decision === 'denied');
  if (!refused || app.policyOn(rule.eventBusArn).conflicting || isAlreadyReported(rule.construct, rule.eventBusArn)) {
    return [];
  }
  const problem =
    `the policy of bus ${displayText(rule.eventBusArn)} does not let account ${displayText(rule.account)}` +
    ` do ${refused.call.action} for rule '${displayText(rule.name)}': ${displayText(refused.reason)}`;
  const fix = remedyFor(
    refused,
    'principal',
    'let the account do events:PutRule, events:PutTargets, events:DeleteRule, ' +
      `events:RemoveTargets and events:DescribeRule on ${displayText(rule.arn)}, with ` +
      "'events:creatorAccount' its own",
  );
  return [{ id: FindingId.RULE_MANAGEMENT_ACCESS_DENIED, level: 'error', construct: rule.construct, problem, fix }];
}

function onUnknownBus(app: AppIndex, rule: Rule): Finding[] {
  const near = mostSimilarBus(app, rule.eventBusArn);
  if (near) {
    const name = displayText(rule.name);
    const text = didYouMean(near, `bus ${rule.eventBusArn}, which rule '${name}' is on`);
    const byName = rule.eventBusName?.startsWith('arn:')
      ? ''
      : " A name alone stands for a bus of the rule's own account and region: give the ARN as 'EventBusName'";
    const { construct } = rule;
    return [{ id: FindingId.EVENT_BUS_NOT_FOUND, level: 'warning', construct, ...text, fix: text.fix + byName }];
  }
  if (accountOf(rule.eventBusArn) === rule.account) return [];
  const problem =
    `rule '${displayText(rule.name)}' is on bus ${displayText(rule.eventBusArn)}, whose policy is not ` +
    'written by this app';
  const fix = `let account ${displayText(rule.account)} manage it in its policy, then acknowledge this`;
  return manualStepFinding(
    FindingId.MANUALLY_ALLOW_RULE_MANAGEMENT,
    rule.construct,
    { problem, fix },
    rule.eventBusArn,
  );
}
