/** An event of which delivery is tested. */
export interface ExpectedEvent {
  /** The source of the event, such as `com.shop`. */
  readonly source: string;

  /** The detail type of the event, such as `OrderPlaced`. */
  readonly detailType: string;
}
