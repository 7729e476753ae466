/** Every id of a finding. They are API: users acknowledge warnings by them. Each is explained in `docs/checks.md`. */
export enum FindingId {
  // What is too large
  EVENT_BUS_POLICY_SIZE = 'cdk-cross-account-eventbridge:eventBusPolicySize',
  FUNCTION_POLICY_SIZE = 'cdk-cross-account-eventbridge:functionPolicySize',
  ROLE_POLICY_SIZE = 'cdk-cross-account-eventbridge:rolePolicySize',
  TRUST_POLICY_SIZE = 'cdk-cross-account-eventbridge:trustPolicySize',
  QUEUE_POLICY_SIZE = 'cdk-cross-account-eventbridge:queuePolicySize',
  KEY_POLICY_SIZE = 'cdk-cross-account-eventbridge:keyPolicySize',
  RULES_PER_EVENT_BUS = 'cdk-cross-account-eventbridge:rulesPerEventBus',
  TARGETS_PER_RULE = 'cdk-cross-account-eventbridge:targetsPerRule',
  EVENT_PATTERN_SIZE = 'cdk-cross-account-eventbridge:eventPatternSize',

  // Who could get in
  WILDCARD_PRINCIPAL = 'cdk-cross-account-eventbridge:wildcardPrincipal',
  WILDCARD_ACTION = 'cdk-cross-account-eventbridge:wildcardAction',
  WILDCARD_EVENT_BUS = 'cdk-cross-account-eventbridge:wildcardEventBus',
  UNTRUSTED_PRINCIPAL = 'cdk-cross-account-eventbridge:untrustedPrincipal',
  RULE_ROLE_TRUST = 'cdk-cross-account-eventbridge:ruleRoleTrust',
  RULE_MANAGEMENT_CREATOR = 'cdk-cross-account-eventbridge:ruleManagementCreator',
  RULE_WITHOUT_ACCOUNT = 'cdk-cross-account-eventbridge:ruleWithoutAccount',
  WILDCARD_RULE = 'cdk-cross-account-eventbridge:wildcardRule',
  PUBLISHER_ROLE_TRUST = 'cdk-cross-account-eventbridge:publisherRoleTrust',

  // What will not arrive
  PUBLISHER_REFUSED = 'cdk-cross-account-eventbridge:publisherRefused',
  PUBLISHER_WITHOUT_POLICY = 'cdk-cross-account-eventbridge:publisherWithoutPolicy',
  EVENT_BUS_UNKNOWN = 'cdk-cross-account-eventbridge:eventBusUnknown',
  TARGET_ROLE = 'cdk-cross-account-eventbridge:targetRole',
  TARGET_REFUSED = 'cdk-cross-account-eventbridge:targetRefused',
  TARGET_REGION = 'cdk-cross-account-eventbridge:targetRegion',
  TARGET_ORDER = 'cdk-cross-account-eventbridge:targetOrder',
  SECOND_HOP = 'cdk-cross-account-eventbridge:secondHop',
  DEAD_LETTER_REFUSED = 'cdk-cross-account-eventbridge:deadLetterRefused',
  KEY_REFUSED = 'cdk-cross-account-eventbridge:keyRefused',
  RULE_REFUSED = 'cdk-cross-account-eventbridge:ruleRefused',
  PATTERN_NEVER_MATCHES = 'cdk-cross-account-eventbridge:patternNeverMatches',
  CONDITION_NEVER_MATCHES = 'cdk-cross-account-eventbridge:conditionNeverMatches',
  STATEMENT_ID_TWICE = 'cdk-cross-account-eventbridge:statementIdTwice',
  DELIVERY_UNDECIDED = 'cdk-cross-account-eventbridge:deliveryUndecided',
  RESOURCE_POLICY_CONFLICT = 'cdk-cross-account-eventbridge:resourcePolicyConflict',

  // What must be done elsewhere
  EVENT_BUS_GRANT_ELSEWHERE = 'cdk-cross-account-eventbridge:eventBusGrantElsewhere',
  FUNCTION_GRANT_ELSEWHERE = 'cdk-cross-account-eventbridge:functionGrantElsewhere',
  QUEUE_GRANT_ELSEWHERE = 'cdk-cross-account-eventbridge:queueGrantElsewhere',
  KEY_GRANT_ELSEWHERE = 'cdk-cross-account-eventbridge:keyGrantElsewhere',
  RULE_MANAGEMENT_ELSEWHERE = 'cdk-cross-account-eventbridge:ruleManagementElsewhere',
  ROLE_GRANT_ELSEWHERE = 'cdk-cross-account-eventbridge:roleGrantElsewhere',
  BOUNDARY_ELSEWHERE = 'cdk-cross-account-eventbridge:boundaryElsewhere',

  // Where the checks themselves fail
  CHECK_FAILED = 'cdk-cross-account-eventbridge:checkFailed',
}
