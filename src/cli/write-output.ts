import { writeFileSync } from 'node:fs';
import { whileReading } from './unusable-input';

/** Writes the output of the command to a file. Throws an error if that is not possible. */
export function writeOutput(file: string, text: string): void {
  whileReading(`${file}: the file cannot be written`, () => writeFileSync(file, text));
}
