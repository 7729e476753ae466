import { createHash } from 'node:crypto';

/** Id of the queue policy statement that allows rules and buses to send to a dead-letter queue. */
export const DEAD_LETTERS_STATEMENT_ID = 'EventBridgeDeadLetters';

/** Id of the queue policy statement that allows rules to send their events to the queue. */
export const EVENTS_STATEMENT_ID = 'EventBridgeEvents';

/** Prefix of the IDs of statements that allow principals in other accounts to send to a target of their rules. */
export const TARGET_STATEMENT_ID_PREFIX = 'EventBridge';

/** The name of the state of a resource that has such statements. */
export const TARGET_STATEMENTS_STATE = 'targetStatements';

/**
 * A readable physical name from the parts of a construct path, valid for buses, rules and roles. The hash of the parts
 * keeps names apart that are shortened to the same text.
 */
export function physicalName(parts: string[], max: number): string {
  const suffix = `-${hash(parts.join('/'), 8)}`;
  const readable = parts
    .map((part) => part.replace(/[^A-Za-z0-9_-]+/g, ''))
    .filter(Boolean)
    .join('-');
  return readable.slice(0, max - suffix.length) + suffix;
}

/** The first hexadecimal characters of the SHA-256 hash of a text. */
export function hash(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}
