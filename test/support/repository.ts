import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The folder of this repository. */
export const ROOT = resolve(__dirname, '../..');

/** The files of a folder and all below it, as paths from the repository. */
export function filesIn(folder: string, ending: RegExp): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => ending.test(file))
    .map((file) => join(folder, file))
    .sort();
}
