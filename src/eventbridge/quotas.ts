/** Limits of AWS, each with its unit and source. No number of these stands anywhere else. */

/**
 * Characters of a bus's whole resource policy. Adjustable: Service Quotas L-FC354966. @see
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export const EVENT_BUS_POLICY_CHARACTERS = 10_240;

/**
 * Characters of a resource policy of the newer generation of buses. @see
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export const EVENTS_V2_POLICY_CHARACTERS = 20_480;

/**
 * Characters of the resource policy of one function, version or alias. @see
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const FUNCTION_POLICY_CHARACTERS = 20_480;

/** Share of a limit from which on a policy is worth a warning, in per cent. Ours. */
export const WARNING_THRESHOLD_PERCENT = 80;

/**
 * Characters of an event bus name. @see
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html
 */
export const EVENT_BUS_NAME_CHARACTERS = 256;

/** Characters of the ARN of a bus at the most: 64 go up to its name. */
export const EVENT_BUS_ARN_CHARACTERS = 64 + EVENT_BUS_NAME_CHARACTERS;

/** Characters of a rule name. @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html */
export const RULE_NAME_CHARACTERS = 64;

/** Characters of a role name. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const ROLE_NAME_CHARACTERS = 64;

/**
 * Characters of the name of an inline policy. @see
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
 */
export const ROLE_POLICY_NAME_CHARACTERS = 128;

/**
 * Characters of the statement id of an event bus policy. @see
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html
 */
export const STATEMENT_ID_CHARACTERS = 64;

/** Characters of an event's source or detail type. Ours: the entry itself is bounded by its size only. */
export const EVENT_FIELD_CHARACTERS = 256;

/**
 * Characters of the name of a delivery source or destination of logs. @see
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutDeliverySource.html
 */
export const DELIVERY_NAME_CHARACTERS = 60;

/**
 * Attempts to deliver an event again. @see
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RetryPolicy.html
 */
export const RETRY_ATTEMPTS = { min: 0, max: 185 };

/**
 * Seconds for which an event is retried. @see
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RetryPolicy.html
 */
export const EVENT_AGE_SECONDS = { min: 60, max: 86_400 };

/**
 * Characters of a role's trust policy. On request up to 8,192. @see
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const TRUST_POLICY_CHARACTERS = 2_048;

/**
 * Characters of a role's trust policy, where Service Quotas raised it as far as it goes. @see
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const RAISED_TRUST_POLICY_CHARACTERS = 8_192;

/**
 * Characters of all inline policies of a role. @see
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const INLINE_POLICIES_CHARACTERS = 10_240;

/**
 * Characters of all inline policies of a user. @see
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const USER_INLINE_POLICIES_CHARACTERS = 2_048;

/**
 * Characters of all inline policies of a group. @see
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const GROUP_INLINE_POLICIES_CHARACTERS = 5_120;

/**
 * Characters of the policy of a queue. @see
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
 */
export const QUEUE_POLICY_CHARACTERS = 8_192;

/**
 * Statements of the policy of a queue. @see
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
 */
export const QUEUE_POLICY_STATEMENTS = 20;

/** Bytes of a key policy: 32 KB. @see https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html */
export const KEY_POLICY_BYTES = 32_768;

/**
 * Rules of one bus. Adjustable: Service Quotas, "Number of rules". @see
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export const RULES_PER_EVENT_BUS = 300;

/**
 * Rules of one bus in the regions that have another default. @see
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export const RULES_PER_EVENT_BUS_IN: { readonly [region: string]: number } = { 'af-south-1': 100, 'eu-south-1': 100 };

/** Targets of one rule. @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
export const TARGETS_PER_RULE = 5;

/**
 * Characters of an event pattern. Adjustable: Service Quotas, "Event pattern size". @see
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export const EVENT_PATTERN_CHARACTERS = 2_048;

/** Characters of a managed policy. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const MANAGED_POLICY_CHARACTERS = 6_144;

/**
 * Managed policies that a role can have. @see
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const MANAGED_POLICIES_PER_ROLE = 20;

/** Characters of an external id. @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const EXTERNAL_ID_CHARACTERS = { min: 2, max: 1_224 };

/** Rules that a trust policy names one by one, as far as they fit. Ours: usual names do. */
export const TRUSTED_RULES = 8;
