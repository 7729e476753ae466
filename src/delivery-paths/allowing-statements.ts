import { AllowingStatement } from './delivery-path';
import { AppIndex } from '../app-model/app-index';
import { Identity, Role, Rule } from '../app-model/app-model';
import { Call, requestOf, serviceRequest, statementsFor } from '../checks/delivery/lib/authorize';
import { evaluateAssumeRole } from '../eventbridge/role-statements';
import { accountOf } from '../iam/arn';
import { evaluate } from '../iam/evaluate';

/** The statements each of which allows a call by a role or user, in its own policies and in that of the resource. */
export function statementsAllowing(app: AppIndex, identity: Identity, call: Call): AllowingStatement[] {
  const request = requestOf(app, identity, call);
  const own = identity.policies
    .flatMap(({ construct, statements }) => statements.map((statement) => ({ construct, statement })))
    .filter(({ statement }) => evaluate([statement], request).decision === 'allowed')
    .map((entry): AllowingStatement => ({ policyType: 'identity', ...entry }));
  return [...own, ...resourceStatements(statementsFor(app, identity, call))];
}

/** The statements each of which allows a call by EventBridge for a rule. */
export function statementsAllowingRule(app: AppIndex, rule: Rule, call: Call): AllowingStatement[] {
  const request = serviceRequest(app, rule.arn, call);
  return resourceStatements(
    app
      .statementsOn(call.policyResource ?? call.resource)
      .filter(({ statement }) => evaluate([statement], request).decision === 'allowed'),
  );
}

/** The statements each of which allows EventBridge to assume a role for a rule. */
export function statementsAllowingAssumeRole({ arn, construct, trust }: Role, rule: Rule): AllowingStatement[] {
  return trust
    .filter((statement) => evaluateAssumeRole([statement], arn, rule.arn, accountOf(rule.arn)).decision === 'allowed')
    .map((statement) => ({ policyType: 'trust', construct, statement }));
}

export function resourceStatements(
  entries: readonly Pick<AllowingStatement, 'construct' | 'statement'>[],
): AllowingStatement[] {
  return entries.map(({ construct, statement }) => ({ policyType: 'resource', construct, statement }));
}
