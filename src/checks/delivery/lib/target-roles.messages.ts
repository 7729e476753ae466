import { EVENTBRIDGE_PRINCIPAL } from './authorize';
import { explainUnknown, remedyFor } from './remedies';
import { RuleTargetPath } from './rule-target-path';
import { Role } from '../../../app-model/app-model';
import { accountOf } from '../../../iam/arn';
import { Evaluation } from '../../../iam/evaluate';
import { displayText } from '../../../iam/unresolved-text';
import { FindingText } from '../../engine/finding';

/** The texts of findings about execution roles of targets. */

export function roleUndefined(path: RuleTargetPath, roleArn: string): FindingText {
  return {
    problem: `execution role ${displayText(roleArn)} of ${path.targetOfRule} is not defined in this app`,
    fix: allowRole(path),
  };
}

export function roleUnresolved(path: RuleTargetPath, roleArn: string): FindingText {
  return {
    problem: `cannot determine at synthesis whether EventBridge is allowed to assume the role of ${path.targetOfRule}`,
    reason: `its ARN ${displayText(roleArn)} is known only at deployment`,
    fix: allowRole(path),
  };
}

function allowRole({ ruleName, call }: RuleTargetPath): string {
  return (
    `allow ${EVENTBRIDGE_PRINCIPAL} to assume the role for ${ruleName}, allow the role ${call}, ` +
    'then acknowledge this warning'
  );
}

export function roleInOtherAccount(path: RuleTargetPath, role: Role): FindingText {
  return {
    problem: `${path.targetOfRule} has role '${role.construct.node.path}' in another account`,
    reason:
      `the role is in account ${displayText(role.account)}, the rule in account ${displayText(path.rule.account)}, ` +
      'and a role cannot be passed across accounts',
    fix: 'use a role in the account of the rule',
  };
}

export function trustUnverified(path: RuleTargetPath, role: Role, evaluation: Evaluation): FindingText {
  const { reason, fix } = explainUnknown(evaluation);
  return {
    problem: `cannot determine at synthesis whether EventBridge is allowed to ${assumeRole(path, role)}`,
    reason: inTrustPolicy(reason),
    fix,
  };
}

export function trustDenied(path: RuleTargetPath, role: Role, evaluation: Evaluation): FindingText {
  const source = { account: displayText(accountOf(path.rule.arn)), arn: displayText(path.rule.arn) };
  const allow =
    `allow ${EVENTBRIDGE_PRINCIPAL} to assume the role, with 'aws:SourceAccount' ${source.account} and ` +
    `'aws:SourceArn' ${source.arn} if conditions restrict the source`;
  return {
    problem: `EventBridge is not allowed to ${assumeRole(path, role)}`,
    reason: inTrustPolicy(displayText(evaluation.reason)),
    fix: remedyFor(evaluation, 'service', allow),
  };
}

function assumeRole({ ruleName }: RuleTargetPath, { construct }: Role): string {
  return `assume role '${construct.node.path}' for ${ruleName}`;
}

function inTrustPolicy(reason: string): string {
  return `in the trust policy, ${reason}`;
}
