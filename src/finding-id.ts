/** Every id of a finding. They are API: users acknowledge warnings by them. Each is explained in `docs/checks.md`. */
export enum FindingId {
  EVENT_BUS_POLICY_SIZE = 'cdk-cross-account-eventbridge:eventBusPolicySize',
  FUNCTION_POLICY_SIZE = 'cdk-cross-account-eventbridge:functionPolicySize',
  WILDCARD_PRINCIPAL = 'cdk-cross-account-eventbridge:wildcardPrincipal',
  EVENT_BUS_GRANT_ELSEWHERE = 'cdk-cross-account-eventbridge:eventBusGrantElsewhere',
  FUNCTION_GRANT_ELSEWHERE = 'cdk-cross-account-eventbridge:functionGrantElsewhere',
  QUEUE_GRANT_ELSEWHERE = 'cdk-cross-account-eventbridge:queueGrantElsewhere',
  KEY_GRANT_ELSEWHERE = 'cdk-cross-account-eventbridge:keyGrantElsewhere',
  RULE_MANAGEMENT_ELSEWHERE = 'cdk-cross-account-eventbridge:ruleManagementElsewhere',
  ROLE_GRANT_ELSEWHERE = 'cdk-cross-account-eventbridge:roleGrantElsewhere',
  BOUNDARY_ELSEWHERE = 'cdk-cross-account-eventbridge:boundaryElsewhere',
}
