/** A finding that is switched off. */
export interface DisabledFinding {
  /**
   * Its id in full, as `cdk synth` and `docs/checks.md` have it.
   *
   * What constructs say by themselves, without any check, stays: acknowledge that on the construct.
   */
  readonly id: string;

  /** Why nobody needs to know of it. Stands in `event-checks.json` beside what was found. */
  readonly reason: string;
}
