/** What events are sent to and has a policy, and what EventBridge does there. */
export interface TargetKind {
  readonly noun: 'bus' | 'function' | 'queue' | 'topic';
  readonly action: string;
  /** How its ARN is told. */
  readonly arnMarker: string;
  /** What its policy is called. */
  readonly policyName: string;
}

export const BUS: TargetKind = {
  noun: 'bus',
  action: 'events:PutEvents',
  arnMarker: ':event-bus/',
  policyName: 'the bus policy',
};
export const FUNCTION: TargetKind = {
  noun: 'function',
  action: 'lambda:InvokeFunction',
  arnMarker: ':lambda:',
  policyName: "the function's policy",
};
export const QUEUE: TargetKind = {
  noun: 'queue',
  action: 'sqs:SendMessage',
  arnMarker: ':sqs:',
  policyName: 'the queue policy',
};
export const TOPIC: TargetKind = {
  noun: 'topic',
  action: 'sns:Publish',
  arnMarker: ':sns:',
  policyName: 'the topic policy',
};

export function targetKindOf(arn: string): TargetKind | undefined {
  return [BUS, FUNCTION, QUEUE, TOPIC].find(({ arnMarker }) => arn.includes(arnMarker));
}
