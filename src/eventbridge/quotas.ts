/** The quotas of AWS, each with its unit and source. They are defined only in this file. */

/**
 * Characters of the resource-based policy of an event bus. Adjustable: Service Quotas L-FC354966.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export const EVENT_BUS_POLICY_CHARACTERS = 10_240;

/**
 * Characters of the resource-based policy of a bus of the second generation.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export const EVENTS_V2_POLICY_CHARACTERS = 20_480;

/**
 * Characters of the resource-based policy of a function, version or alias.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const FUNCTION_POLICY_CHARACTERS = 20_480;

/** The share of a quota above which a warning is reported, in percent. AWS does not define it. */
export const WARNING_THRESHOLD_PERCENT = 80;

/**
 * Characters of an event bus name.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html
 */
export const EVENT_BUS_NAME_CHARACTERS = 256;

/** Maximum characters of the ARN of a bus, with 64 before its name. */
export const EVENT_BUS_ARN_CHARACTERS = 64 + EVENT_BUS_NAME_CHARACTERS;

/**
 * Characters of a rule name.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
 */
export const RULE_NAME_CHARACTERS = 64;

/**
 * Characters of a role name.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const ROLE_NAME_CHARACTERS = 64;

/**
 * Characters of the name of an inline policy.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
 */
export const ROLE_POLICY_NAME_CHARACTERS = 128;

/**
 * Characters of the statement ID of an event bus policy.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html
 */
export const STATEMENT_ID_CHARACTERS = 64;

/** Maximum characters of an event's source or detail type in a grant. AWS only limits the size of the whole event. */
export const EVENT_FIELD_CHARACTERS = 256;

/**
 * Characters of the name of a delivery source or destination of logs.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutDeliverySource.html
 */
export const DELIVERY_NAME_CHARACTERS = 60;

/**
 * Number of retries for an event.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RetryPolicy.html
 */
export const RETRY_ATTEMPTS = { min: 0, max: 185 };

/**
 * Maximum age of an event that is retried, in seconds.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RetryPolicy.html
 */
export const EVENT_AGE_SECONDS = { min: 60, max: 86_400 };

/**
 * Characters of a role's trust policy. Adjustable, up to 8,192.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const TRUST_POLICY_CHARACTERS = 2_048;

/**
 * Characters of a role's trust policy after the largest quota increase.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const RAISED_TRUST_POLICY_CHARACTERS = 8_192;

/**
 * Characters of all inline policies of a role.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const INLINE_POLICIES_CHARACTERS = 10_240;

/**
 * Characters of all inline policies of a user.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const USER_INLINE_POLICIES_CHARACTERS = 2_048;

/**
 * Characters of all inline policies of a group.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const GROUP_INLINE_POLICIES_CHARACTERS = 5_120;

/**
 * Characters of the policy of a queue.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
 */
export const QUEUE_POLICY_CHARACTERS = 8_192;

/**
 * Statements of the policy of a queue.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
 */
export const QUEUE_POLICY_STATEMENTS = 20;

/**
 * Principals in the policy of a queue. AWS does not document whether the quota applies to each statement.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
 */
export const QUEUE_POLICY_PRINCIPALS = 50;

/**
 * Bytes of the policy of a topic: 30 KB.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html
 */
export const TOPIC_POLICY_BYTES = 30_720;

/**
 * Statements of the policy of a topic.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html
 */
export const TOPIC_POLICY_STATEMENTS = 100;

/**
 * Principals in the policy of a topic. AWS does not document whether the quota applies to each statement.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html
 */
export const TOPIC_POLICY_PRINCIPALS = 200;

/**
 * The share of the quota of principals up to which a statement of a permission lists them, in percent. The permissions
 * have a statement for accounts and one for roles, and other statements need principals too. AWS does not define it.
 */
export const LISTED_PRINCIPALS_PERCENT = 40;

/**
 * Bytes of the policy of a stream. AWS documents no quota for it, neither in the quotas of the service nor for
 * `PutResourcePolicy`; 20 KB is that of other services with resource-based policies.
 *
 * @see https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
 * @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutResourcePolicy.html
 */
export const STREAM_POLICY_BYTES = 20_480;

/**
 * Characters of the policy of a REST API. Adjustable: Service Quotas L-8B81B02C.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
 */
export const API_POLICY_CHARACTERS = 8_192;

/**
 * Bytes of a key policy: 32 KB.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
 */
export const KEY_POLICY_BYTES = 32_768;

/**
 * Rules of one bus. Adjustable: Service Quotas, "Number of rules".
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export const RULES_PER_EVENT_BUS = 300;

/**
 * Rules of one bus, in Regions with another default.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export const RULES_PER_EVENT_BUS_IN: { readonly [region: string]: number } = { 'af-south-1': 100, 'eu-south-1': 100 };

/**
 * Targets of one rule.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export const TARGETS_PER_RULE = 5;

/**
 * Characters of an event pattern. Adjustable: Service Quotas, "Event pattern size".
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export const EVENT_PATTERN_CHARACTERS = 2_048;

/**
 * Characters of a managed policy.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const MANAGED_POLICY_CHARACTERS = 6_144;

/**
 * Managed policies that a role can have.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const MANAGED_POLICIES_PER_ROLE = 20;

/**
 * Characters of an external ID.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export const EXTERNAL_ID_CHARACTERS = { min: 2, max: 1_224 };

/** Number of rules up to which a trust policy lists each rule. AWS does not define it; ARNs with average names fit. */
export const TRUSTED_RULES = 8;
