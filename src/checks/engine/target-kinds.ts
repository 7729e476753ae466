/** A kind of rule target that has a resource-based policy. */
export interface TargetKind {
  readonly noun: 'bus' | 'function' | 'queue' | 'topic';
  /** The action that EventBridge calls. */
  readonly action: string;
  /** The part of an ARN by which the kind is recognized. */
  readonly arnMarker: string;
  /** The name of the policy in messages. */
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
  policyName: 'the function policy',
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
