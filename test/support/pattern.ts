/** A regular expression in several lines: the parts one after the other. */
export function pattern(...parts: RegExp[]): RegExp {
  return new RegExp(parts.map(({ source }) => source).join(''));
}
