import { checkBucketEvents } from './bucket-events';
import { checkDeadLetterQueues } from './dead-letter-queues';
import { checkDeploymentOrder } from './deployment-order';
import { checkGlobalEndpoints } from './global-endpoints';
import { checkInvalidStatements } from './invalid-statements';
import { checkKeys } from './keys';
import { checkMissingRoles } from './missing-roles';
import { checkPatterns } from './patterns';
import { checkPolicyConflicts } from './policy-conflicts';
import { checkPublisherResources } from './publisher-resources';
import { checkPublishers } from './publishers';
import { accountsWithoutPublisher, checkPublishersWithoutPolicy } from './publishers-without-policy';
import { checkRejectedRules } from './rejected-rules';
import { checkRuleManagement } from './rule-management';
import { checkRulesWithoutTargets } from './rules-without-targets';
import { checkSecondHops } from './second-hop';
import { checkServicePublishers } from './service-publishers';
import { checkStatementIds } from './statement-ids';
import { checkTargets } from './targets';
import { checkUnknownBuses } from './unknown-buses';
import { checkUnsatisfiableConditions } from './unsatisfiable-conditions';
import { Check } from '../engine/check-runner';

/** All checks of event delivery, in the order in which an event passes the checked resources. */
export const DELIVERY_CHECKS: Check[] = [
  { name: 'publisherAccessDenied', findings: checkPublishers },
  { name: 'publisherRoleInvalid', findings: checkPublisherResources },
  { name: 'servicePublisherAccessDenied', findings: checkServicePublishers },
  { name: 'publisherIdentityPolicyMissing', findings: checkPublishersWithoutPolicy },
  { name: 'publisherMissing', findings: accountsWithoutPublisher },
  { name: 'invalidStatement', findings: checkInvalidStatements },
  { name: 'conditionNeverMatches', findings: checkUnsatisfiableConditions },
  { name: 'duplicateStatementId', findings: checkStatementIds },
  { name: 'resourcePolicyConflict', findings: checkPolicyConflicts },
  { name: 'eventBusNotFound', findings: checkUnknownBuses },
  { name: 'resourceNotFound', findings: checkMissingRoles },
  { name: 'ruleManagementAccessDenied', findings: checkRuleManagement },
  { name: 'ruleRejected', findings: checkRejectedRules },
  { name: 'globalEndpointInvalid', findings: checkGlobalEndpoints },
  { name: 'patternNeverMatches', findings: checkPatterns },
  { name: 'bucketEventsDisabled', findings: checkBucketEvents },
  { name: 'ruleWithoutTargets', findings: checkRulesWithoutTargets },
  { name: 'targetAccessDenied', findings: checkTargets },
  { name: 'targetPolicyDependencyMissing', findings: checkDeploymentOrder },
  { name: 'eventForwardedTooFar', findings: checkSecondHops },
  { name: 'deadLetterQueueAccessDenied', findings: checkDeadLetterQueues },
  { name: 'kmsKeyAccessDenied', findings: checkKeys },
];
