/** The candidate with the smallest edit distance to a text, ignoring case. Of equal candidates it is the first. */
export function closestMatch(text: string, candidates: string[]): string | undefined {
  const ranked = candidates.map((candidate) => ({
    candidate,
    distance: editDistance(text.toLowerCase(), candidate.toLowerCase()),
  }));
  return ranked.sort((a, b) => a.distance - b.distance)[0]?.candidate;
}

/** The candidate that a text probably misspells: it differs in a few characters of many. */
export function misspelled(text: string, candidates: string[]): string | undefined {
  const closest = closestMatch(text, candidates);
  if (closest === undefined) return undefined;
  const maxDistance = Math.min(MAX_WRONG_CHARACTERS, Math.floor(text.length / CHARACTERS_PER_SLIP));
  return editDistance(text.toLowerCase(), closest.toLowerCase()) <= maxDistance ? closest : undefined;
}

const MAX_WRONG_CHARACTERS = 2;
const CHARACTERS_PER_SLIP = 4;

/** The number of characters to insert, delete or replace, or of neighbors to transpose, each at most once. */
export function editDistance(from: string, to: string): number {
  let previous: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replacement = row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1);
      const isTransposed = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const transposition = isTransposed ? previous[j - 2] + 1 : Infinity;
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, replacement, transposition));
    }
    [previous, row] = [row, next];
  }
  return row[to.length];
}
