/** The candidate that takes the fewest letters to be changed, added or left out; the first of several. */
export function closestMatch(text: string, candidates: string[]): string | undefined {
  const ranked = candidates.map((candidate) => ({
    candidate,
    changes: editDistance(text.toLowerCase(), candidate.toLowerCase()),
  }));
  return ranked.sort((a, b) => a.changes - b.changes)[0]?.candidate;
}

/** The edit distance, row by row. */
export function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[to.length];
}
