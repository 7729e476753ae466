/** How an event comes onto a bus. */
export enum EventBusInvocation {
  /** By a rule on a bus of another account. */
  RULE = 'RULE',
  /** By a call of `PutEvents`. */
  DIRECT = 'DIRECT',
}
