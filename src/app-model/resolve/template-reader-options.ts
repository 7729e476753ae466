import { IConstruct } from 'constructs';

/** How constructs are read. */
export interface TemplateReaderOptions {
  /** Whether to leave lazy values unresolved: resolving them before synthesis may fix their value. */
  readonly skipLazyValues?: boolean;
  /** The app or stage that is synthesized, followed by those that are read too but synthesized separately. */
  readonly roots?: readonly IConstruct[];
}
