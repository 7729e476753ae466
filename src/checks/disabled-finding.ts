/** A finding that is disabled. */
export interface DisabledFinding {
  /** The full ID of the finding, as in `docs/checks.md`. An error is thrown for an unknown ID. */
  readonly id: string;

  /**
   * The reason for disabling the finding, which must not be empty. `event-checks.json` contains it next to the
   * findings.
   */
  readonly reason: string;
}
