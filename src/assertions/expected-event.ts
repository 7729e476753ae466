/** An event of which delivery is tested. */
export interface ExpectedEvent {
  /** The source of the event, such as `com.shop`. */
  readonly source: string;

  /** The detail type of the event, such as `OrderPlaced`. */
  readonly detailType: string;

  /**
   * The content of the event, as an object and not as JSON text. A field that it does not have is absent in the event.
   *
   * Values must be literal. Each number, text and Boolean is compared as it is: `42` does not match `'42'`.
   *
   * @default - the content is not known: delivery by a rule whose pattern depends on it is unknown
   */
  readonly detail?: { [field: string]: any };

  /**
   * The ARNs of the resources that the event is about.
   *
   * @default - they are not known: delivery by a rule whose pattern depends on them is unknown
   */
  readonly resources?: string[];
}
