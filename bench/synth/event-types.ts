const EVENT_SERVICES = /^AWS::(Events|IAM|Lambda|SQS|KMS)::/;

/** Whether a type is one of those that the checks are about. */
export function isOfEvents(type: string): boolean {
  return EVENT_SERVICES.test(type);
}
