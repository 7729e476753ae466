/** The ids of all findings, explained in `docs/checks.md`. They are part of the API, to acknowledge warnings. */
export enum FindingId {
  // Quotas
  EVENT_BUS_POLICY_SIZE = 'cdk-cross-account-eventbridge:eventBusPolicySize',
  FUNCTION_POLICY_SIZE = 'cdk-cross-account-eventbridge:functionPolicySize',
  ROLE_POLICY_SIZE = 'cdk-cross-account-eventbridge:rolePolicySize',
  TRUST_POLICY_SIZE = 'cdk-cross-account-eventbridge:trustPolicySize',
  QUEUE_POLICY_SIZE = 'cdk-cross-account-eventbridge:queuePolicySize',
  KEY_POLICY_SIZE = 'cdk-cross-account-eventbridge:keyPolicySize',
  RULES_PER_EVENT_BUS = 'cdk-cross-account-eventbridge:rulesPerEventBus',
  TARGETS_PER_RULE = 'cdk-cross-account-eventbridge:targetsPerRule',
  EVENT_PATTERN_SIZE = 'cdk-cross-account-eventbridge:eventPatternSize',

  // Access
  WILDCARD_PRINCIPAL = 'cdk-cross-account-eventbridge:wildcardPrincipal',
  WILDCARD_ACTION = 'cdk-cross-account-eventbridge:wildcardAction',
  WILDCARD_PUT_EVENTS_RESOURCE = 'cdk-cross-account-eventbridge:wildcardPutEventsResource',
  UNTRUSTED_PRINCIPAL = 'cdk-cross-account-eventbridge:untrustedPrincipal',
  RULE_ROLE_TRUST_TOO_BROAD = 'cdk-cross-account-eventbridge:ruleRoleTrustTooBroad',
  CREATOR_ACCOUNT_CONDITION_MISSING = 'cdk-cross-account-eventbridge:creatorAccountConditionMissing',
  RULE_MATCHES_ANY_ACCOUNT = 'cdk-cross-account-eventbridge:ruleMatchesAnyAccount',
  WILDCARD_RULE = 'cdk-cross-account-eventbridge:wildcardRule',
  PUBLISHER_ROLE_TRUST_TOO_BROAD = 'cdk-cross-account-eventbridge:publisherRoleTrustTooBroad',

  // Delivery
  PUBLISHER_ACCESS_DENIED = 'cdk-cross-account-eventbridge:publisherAccessDenied',
  PUBLISHER_IDENTITY_POLICY_MISSING = 'cdk-cross-account-eventbridge:publisherIdentityPolicyMissing',
  EVENT_BUS_NOT_FOUND = 'cdk-cross-account-eventbridge:eventBusNotFound',
  TARGET_ROLE_INVALID = 'cdk-cross-account-eventbridge:targetRoleInvalid',
  TARGET_ACCESS_DENIED = 'cdk-cross-account-eventbridge:targetAccessDenied',
  TARGET_REGION_UNSUPPORTED = 'cdk-cross-account-eventbridge:targetRegionUnsupported',
  TARGET_ACCOUNT_UNSUPPORTED = 'cdk-cross-account-eventbridge:targetAccountUnsupported',
  TARGET_ARN_INVALID = 'cdk-cross-account-eventbridge:targetArnInvalid',
  TARGET_POLICY_DEPENDENCY_MISSING = 'cdk-cross-account-eventbridge:targetPolicyDependencyMissing',
  EVENT_FORWARDED_TOO_FAR = 'cdk-cross-account-eventbridge:eventForwardedTooFar',
  DEAD_LETTER_QUEUE_ACCESS_DENIED = 'cdk-cross-account-eventbridge:deadLetterQueueAccessDenied',
  KMS_KEY_ACCESS_DENIED = 'cdk-cross-account-eventbridge:kmsKeyAccessDenied',
  RULE_MANAGEMENT_ACCESS_DENIED = 'cdk-cross-account-eventbridge:ruleManagementAccessDenied',
  PATTERN_NEVER_MATCHES = 'cdk-cross-account-eventbridge:patternNeverMatches',
  RULE_REJECTED = 'cdk-cross-account-eventbridge:ruleRejected',
  GLOBAL_ENDPOINT_INVALID = 'cdk-cross-account-eventbridge:globalEndpointInvalid',
  RULE_WITHOUT_TARGETS = 'cdk-cross-account-eventbridge:ruleWithoutTargets',
  BUCKET_EVENTS_DISABLED = 'cdk-cross-account-eventbridge:bucketEventsDisabled',
  EVENTS_WITHOUT_RULE = 'cdk-cross-account-eventbridge:eventsWithoutRule',
  INVALID_STATEMENT = 'cdk-cross-account-eventbridge:invalidStatement',
  INVALID_ARN = 'cdk-cross-account-eventbridge:invalidArn',
  CONDITION_NEVER_MATCHES = 'cdk-cross-account-eventbridge:conditionNeverMatches',
  DUPLICATE_STATEMENT_ID = 'cdk-cross-account-eventbridge:duplicateStatementId',
  DELIVERY_UNVERIFIED = 'cdk-cross-account-eventbridge:deliveryUnverified',
  RESOURCE_POLICY_CONFLICT = 'cdk-cross-account-eventbridge:resourcePolicyConflict',

  // Manual steps in another app
  MANUALLY_ADD_EVENT_BUS_POLICY = 'cdk-cross-account-eventbridge:manuallyAddEventBusPolicy',
  MANUALLY_ADD_FUNCTION_PERMISSION = 'cdk-cross-account-eventbridge:manuallyAddFunctionPermission',
  MANUALLY_ADD_QUEUE_POLICY = 'cdk-cross-account-eventbridge:manuallyAddQueuePolicy',
  MANUALLY_ADD_LOGS_POLICY = 'cdk-cross-account-eventbridge:manuallyAddLogsPolicy',
  MANUALLY_ADD_KEY_POLICY = 'cdk-cross-account-eventbridge:manuallyAddKeyPolicy',
  MANUALLY_ALLOW_RULE_MANAGEMENT = 'cdk-cross-account-eventbridge:manuallyAllowRuleManagement',
  MANUALLY_ADD_ROLE_POLICY = 'cdk-cross-account-eventbridge:manuallyAddRolePolicy',
  MANUALLY_CHECK_PERMISSIONS_BOUNDARY = 'cdk-cross-account-eventbridge:manuallyCheckPermissionsBoundary',

  // Errors in the checks
  CHECK_FAILED = 'cdk-cross-account-eventbridge:checkFailed',
}
