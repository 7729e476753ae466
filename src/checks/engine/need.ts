import { createHash } from 'node:crypto';
import { canonical } from '../../iam/statement';

/** What an app needs another app to allow. */
export interface Need {
  /** The ARN, account or service that makes the call. */
  readonly principal: string;
  readonly action: string;
  /** The ARN of the resource whose policy must allow the call. */
  readonly resource: string;
  /** The rule or bus for which a service makes the call. */
  readonly source?: string;
  /** The events that are put on a bus, if they are limited. */
  readonly events?: readonly NeededEvent[];
}

/** A source and a detail type; undefined for any. */
export interface NeededEvent {
  readonly source?: string;
  readonly detailType?: string;
}

/**
 * A short text that changes with its content. It ends the ID of a warning, so that an acknowledgement applies to what
 * was needed when it was written, and no longer if that changes.
 */
export function fingerprintOf(content: Need | readonly string[]): string {
  const sorted = 'principal' in content ? { ...content, events: sortedEvents(content.events) } : [...content].sort();
  return createHash('sha256').update(canonical(sorted)).digest('hex').slice(0, FINGERPRINT_CHARACTERS);
}

const FINGERPRINT_CHARACTERS = 6;

function sortedEvents(events: readonly NeededEvent[] = []): string[] {
  return [...new Set(events.map(canonical))].sort();
}
