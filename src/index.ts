export { ApiGatewayEventTarget, type ApiGatewayEventTargetProps } from './targets/api-gateway-event-target';
export { AccountGrantForm } from './event-bus/account-grant-form';
export { CrossAccountEventBus } from './event-bus/cross-account-event-bus';
export { type CrossAccountEventBusProps } from './event-bus/cross-account-event-bus-props';
export { CrossAccountEventBusPolicy } from './event-bus/cross-account-event-bus-policy';
export { type CrossAccountEventBusPolicyProps } from './event-bus/cross-account-event-bus-policy-props';
export {
  CrossAccountEventBusTarget,
  type CrossAccountEventBusTargetProps,
} from './targets/cross-account-event-bus-target';
export {
  CrossAccountInvokePermission,
  type CrossAccountInvokePermissionProps,
} from './targets/cross-account-invoke-permission';
export { CrossAccountApiPermission, type CrossAccountApiPermissionProps } from './targets/cross-account-api-permission';
export { type CrossAccountPermissionProps } from './targets/cross-account-permission-props';
export {
  CrossAccountQueuePermission,
  type CrossAccountQueuePermissionProps,
} from './targets/cross-account-queue-permission';
export {
  CrossAccountStreamPermission,
  type CrossAccountStreamPermissionProps,
} from './targets/cross-account-stream-permission';
export {
  CrossAccountTopicPermission,
  type CrossAccountTopicPermissionProps,
} from './targets/cross-account-topic-permission';
export { CrossAccountPrincipal } from './publisher/cross-account-principal';
export { CrossAccountRule, type CrossAccountRuleProps } from './targets/cross-account-rule';
export { EventAssertions } from './assertions/event-assertions';
export { type EventAssertionsOptions } from './assertions/event-assertions-options';
export { EventBusAlarms, type EventBusAlarmsProps } from './event-bus/event-bus-alarms';
export { EventBusInvocation } from './event-bus/event-bus-invocation';
export { type EventBusLimits } from './checks/event-bus-limits';
export { EventBusMetrics, type EventBusMetricOptions } from './event-bus/event-bus-metrics';
export { EventBusProfile, type ProductionProfileOptions } from './event-bus/event-bus-profile';
export { type EventDeliveryOptions } from './assertions/event-delivery-options';
export { type EventTargetProps } from './targets/event-target-props';
export { EventPublisher } from './event-bus/event-publisher';
export { type ServicePublisherOptions } from './event-bus/service-publisher-options';
export { type AllowedEvents } from './event-bus/allowed-events';
export { type ExpectedEvent } from './assertions/expected-event';
export { KinesisEventTarget, type KinesisEventTargetProps } from './targets/kinesis-event-target';
export { LambdaEventTarget, type LambdaEventTargetProps } from './targets/lambda-event-target';
export { LambdaPermissionScope } from './targets/lambda-permission-scope';
export { PublisherRole, type PublisherRoleProps } from './publisher/publisher-role';
export {
  CrossAccountEventChecks,
  type CrossAccountEventChecksOptions,
} from './event-checks/cross-account-event-checks';
export { CrossAccountEventChecksPlugin } from './checks/cross-account-event-checks-plugin';
export { DeliveryAspect } from './checks/delivery-aspect';
export { type DisabledFinding } from './checks/disabled-finding';
export { type EventCheckOptions } from './checks/event-check-options';
export { PolicySizeAspect, type PolicySizeAspectProps } from './checks/policy-size-aspect';
export { WildcardPrincipalAspect, type WildcardPrincipalAspectProps } from './checks/wildcard-principal-aspect';
export { QueuePermissionScope } from './targets/queue-permission-scope';
export { SnsEventTarget, type SnsEventTargetProps } from './targets/sns-event-target';
export { SqsEventTarget, type SqsEventTargetProps } from './targets/sqs-event-target';
export { type AllowedRules } from './event-bus/allowed-rules';
