/** A finding that is switched off. */
export interface DisabledFinding {
  /**
   * Its id in full, as `docs/checks.md` has it.
   */
  readonly id: string;

  /** Why nobody needs to know of it. Stands in `event-checks.json` beside what was found. */
  readonly reason: string;
}
