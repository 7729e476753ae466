const WIDTH = 120;

/** JSON that keeps on one line what fits there. `lead` is what its first line has before it, besides the indent. */
export function json(value: unknown, indent = '', lead = 0): string {
  const flat = oneLine(value);
  if (typeof value !== 'object' || value === null || indent.length + lead + flat.length <= WIDTH) return flat;
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((v) => inner + json(v, inner))
    : entriesOf(value)
        .map(([key, v]) => [`${inner}"${key}": `, v] as const)
        .map(([start, v]) => start + json(v, inner, start.length - inner.length));
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${parts.join(',\n')}\n${indent}${close}`;
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = entriesOf(value).map(([key, v]) => `"${key}": ${oneLine(v)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function entriesOf(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, v]) => v !== undefined);
}
