/** What events are sent to and has a policy, and what EventBridge does there. */
export interface Destination {
  readonly thing: 'bus' | 'function' | 'queue' | 'topic';
  readonly action: string;
  /** How its ARN is told. */
  readonly service: string;
  /** What its policy is called. */
  readonly policy: string;
}

export const BUS: Destination = { thing: 'bus', action: 'events:PutEvents', service: ':event-bus/', policy: 'the bus policy' };
export const FUNCTION: Destination = { thing: 'function', action: 'lambda:InvokeFunction', service: ':lambda:', policy: "the function's policy" };
export const QUEUE: Destination = { thing: 'queue', action: 'sqs:SendMessage', service: ':sqs:', policy: 'the queue policy' };
export const TOPIC: Destination = { thing: 'topic', action: 'sns:Publish', service: ':sns:', policy: 'the topic policy' };

export function destinationOf(arn: string): Destination | undefined {
  return [BUS, FUNCTION, QUEUE, TOPIC].find(({ service }) => arn.includes(service));
}
