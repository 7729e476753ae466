import { editDistance } from './edit-distance';

/** The most letters in which a misspelled text differs. */
const MAX_LETTERS = 2;

/**
 * Whether one name is probably a misspelling of the other: they differ only in case or separators, or by one or two
 * letters of long words. Names with other numbers, or with another word such as `dev` and `prd`, are two names.
 */
export function isMisspelledName(first: string, second: string): boolean {
  if (first === second) return false;
  if (letters(first) === letters(second)) return true;
  if (numbers(first) !== numbers(second)) return false;
  const [firstWords, secondWords] = [wordsOf(first), wordsOf(second)];
  if (firstWords.length !== secondWords.length) return false;
  const distances = firstWords.map((word, i) => wordDistance(word, secondWords[i]));
  return distances.reduce((sum, distance) => sum + distance, 0) <= MAX_LETTERS;
}

/** Whether two codes, such as account IDs, differ by one or two characters or transposed neighbors. */
export function isMisspelledCode(first: string, second: string): boolean {
  return first !== second && editDistance(first.toLowerCase(), second.toLowerCase()) <= MAX_LETTERS;
}

function letters(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function numbers(name: string): string {
  return (name.match(/\d+/g) ?? []).join();
}

/** The words of a name in lower case, also where only an upper case letter begins a word. */
function wordsOf(name: string): string[] {
  const separated = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return separated.split(/[^a-z]+/).filter((word) => word !== '');
}

/**
 * The number of misspelled letters of a word; `Infinity` if these are two words. Short words can differ by one
 * or two letters, such as `eu` and `us`, and so can words with another first letter, such as `sender` and `lender`.
 */
function wordDistance(first: string, second: string): number {
  const distance = editDistance(first, second);
  if (distance === 0) return 0;
  const [shorter, longer] = [first.length, second.length].sort((a, b) => a - b);
  if (distance === 1 && shorter !== longer) return longer >= 4 ? 1 : Infinity;
  if (distance === 1 && sorted(first) === sorted(second)) return shorter >= 3 ? 1 : Infinity;
  const minLength = distance === 1 ? 5 : 7;
  return first[0] === second[0] && shorter >= minLength ? distance : Infinity;
}

function sorted(word: string): string {
  return [...word].sort().join('');
}
