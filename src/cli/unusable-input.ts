/** Input that the command cannot use. The message is shown on one line. */
export class UnusableInput extends Error {}

/** Adds what was being read to the message of any error, and makes it one about unusable input. */
export function whileReading<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UnusableInput(`${what}: ${messageOf(error)}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
