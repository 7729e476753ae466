import type { CfnResource } from 'aws-cdk-lib';
import { AppIndex } from '../app-model/app-index';
import { Rule } from '../app-model/app-model';
import { checkBucketEvents } from '../checks/delivery/bucket-events';
import { checkInvalidStatements } from '../checks/delivery/invalid-statements';
import { checkKeys } from '../checks/delivery/keys';
import { checkPolicyConflicts } from '../checks/delivery/policy-conflicts';
import { checkPublisherResources } from '../checks/delivery/publisher-resources';
import { checkRejectedRules } from '../checks/delivery/rejected-rules';
import { checkRuleManagement } from '../checks/delivery/rule-management';
import { checkStatementIds } from '../checks/delivery/statement-ids';
import { Finding } from '../checks/engine/finding';
import { withOtherApps } from '../checks/engine/other-apps';
import { displayText } from '../iam/unresolved-text';
import { memoizeByObject } from '../util/memoize';

/**
 * The findings of the checks about resources themselves, whatever the event is: a resource that AWS rejects delivers no
 * event. They are the same for every path of an app.
 */
const findingsOf = memoizeByObject((app: AppIndex) => {
  const check = (findings: Finding[]) => findings.map((finding) => withOtherApps(app, finding));
  return {
    rules: check([...checkRuleManagement(app), ...checkRejectedRules(app), ...silentBuckets(app)]),
    policies: check([...checkInvalidStatements(app), ...checkStatementIds(app), ...checkPolicyConflicts(app)]),
    keys: check(checkKeys(app)),
    publishers: check(checkPublisherResources(app)),
  };
});

/** Why a resource such as a schedule cannot put events on a bus with its role. */
export function findingsOnPublisher(app: AppIndex, publisher: CfnResource, busArn: string): Finding[] {
  return findingsOf(app).publishers.filter(({ affected = [], construct, resource }) => {
    const isAbout = construct === publisher || affected.includes(publisher);
    return isAbout && (resource === undefined || resource === displayText(busArn));
  });
}

/** Buckets that send no events, for rules that match the events of no other bucket. */
function silentBuckets(app: AppIndex): Finding[] {
  return checkBucketEvents(app).filter(({ level }) => level === 'error');
}

/** Why AWS does not create a rule, or may not create it, and why there is no event that it matches. */
export function findingsOnRule(app: AppIndex, rule: Rule): Finding[] {
  return findingsOf(app).rules.filter(
    ({ affected = [], construct }) => construct === rule.construct || affected.includes(rule.construct),
  );
}

/** Why AWS does not create the resource-based policy of a bus or target. */
export function findingsOnPolicy(app: AppIndex, arn: string): Finding[] {
  const entries = app.statementsOn(arn);
  return findingsOf(app).policies.filter(
    ({ construct, resource }) =>
      resource === displayText(arn) || entries.some((entry) => entry.construct === construct),
  );
}

/** Why a key of a bus, or of the target of a rule, cannot be used. */
export function findingsOnKey(app: AppIndex, arn: string, rule?: Rule): Finding[] {
  return findingsOf(app).keys.filter(({ construct, affected = [], resource, need }) => {
    const isAbout = need
      ? need.source === arn
      : resource === displayText(arn) || app.resource(arn)?.construct === construct;
    return isAbout && (!rule || construct === rule.construct || affected.includes(rule.construct));
  });
}
