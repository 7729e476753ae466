/** How an event reaches an event bus. */
export enum EventBusInvocation {
  /** By a rule on a bus in another account. */
  RULE = 'RULE',
  /** By a call of `PutEvents`. */
  DIRECT = 'DIRECT',
}
