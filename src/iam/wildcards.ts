/**
 * Whether a text matches a pattern, of which each `*` matches any characters. A regular expression with several
 * asterisks can take time that grows exponentially with their number. Here, after a difference, only the last asterisk
 * is tried with one more character, because earlier ones have matched as few as possible.
 *
 * @param pattern the elements of the pattern, each of which matches one character unless it is `*`
 */
export function matchesWildcards(
  pattern: ArrayLike<string>,
  text: string,
  matchesCharacter: (element: string, character: string) => boolean,
): boolean {
  let [inPattern, inText] = [0, 0];
  let afterAsterisk: { inPattern: number; inText: number } | undefined;
  while (inText < text.length) {
    if (pattern[inPattern] === '*') {
      inPattern++;
      afterAsterisk = { inPattern, inText };
    } else if (inPattern < pattern.length && matchesCharacter(pattern[inPattern], text[inText])) {
      inPattern++;
      inText++;
    } else {
      if (!afterAsterisk) return false;
      afterAsterisk.inText++;
      ({ inPattern, inText } = afterAsterisk);
    }
  }
  while (pattern[inPattern] === '*') inPattern++;
  return inPattern === pattern.length;
}
