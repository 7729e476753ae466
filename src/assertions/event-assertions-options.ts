/** Options of `EventAssertions`. */
export interface EventAssertionsOptions {
  /**
   * Other apps, as paths of the cloud assemblies that they synthesized, or of their `event-topology.json`. A relative
   * path is relative to the working directory.
   *
   * What they deploy counts as deployed. Stacks that are also in the given apps are ignored. An error is thrown for a
   * path that cannot be read, and for a stack without an account or Region.
   *
   * @default - only the given apps are known
   */
  readonly otherApps?: string[];
}
