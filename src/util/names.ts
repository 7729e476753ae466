import { createHash } from 'node:crypto';

/**
 * Id of the statement of a queue that serves all rules and buses which send their undelivered events there. It is
 * shortened where the list would be too long.
 */
export const DEAD_LETTERS_STATEMENT_ID = 'EventBridgeDeadLetters';

/**
 * A physical name from the parts of a path: readable, legal for buses, rules and roles, never longer than `max`.
 * The hash is over the parts themselves, so that names that are cut or cleaned alike stay apart.
 */
export function physicalName(parts: string[], max: number): string {
  const tail = `-${hash(parts.join('/'), 8)}`;
  const readable = parts
    .map((p) => p.replace(/[^A-Za-z0-9_-]+/g, ''))
    .filter(Boolean)
    .join('-');
  return readable.slice(0, max - tail.length) + tail;
}

/** Hexadecimal characters of SHA-256. */
export function hash(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}
