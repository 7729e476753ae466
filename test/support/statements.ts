/** A statement that allows any AWS account to put events on the bus of the tests. */
export const OPEN = {
  Effect: 'Allow',
  Principal: '*',
  Action: 'events:PutEvents',
  Resource: 'arn:aws:events:eu-west-1:111111111111:event-bus/orders',
};

/** One for an account that is longer than a policy may be. */
export const TOO_LONG = {
  ...OPEN,
  Principal: { AWS: '222222222222' },
  Condition: { StringEquals: { 'events:source': 'x'.repeat(11_000) } },
};
