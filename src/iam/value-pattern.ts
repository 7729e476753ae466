import { getOwn } from './statement';

/** Characters that stand in one place of a text, and how many of them. */
export interface Part {
  readonly characters: ReadonlySet<string>;
  readonly min: number;
  readonly max: number;
}

/** The parts of a text, from left to right. */
export type Shape = readonly Part[];

/**
 * The shapes of all texts that a regular expression matches as a whole, and maybe of more; nothing where it says more
 * than this reads, such as what must follow.
 */
export function shapesOf(pattern: string): readonly Shape[] | undefined {
  if (pattern.length > MOST_CHARACTERS) return undefined;
  const parser = new Parser(pattern);
  try {
    const shapes = parser.alternatives();
    return parser.isAtEnd() ? shapes : undefined;
  } catch (e) {
    if (e instanceof Unsupported) return undefined;
    throw e;
  }
}

class Unsupported extends Error {}

/** Stands for all characters that are not printable ASCII. */
const OTHERS = '\u{10FFFF}';

const ALL = [...Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)), OTHERS];

const CLASSES: { readonly [escaped: string]: readonly string[] } = {
  d: ALL.filter((c) => /^\d$/.test(c)),
  w: ALL.filter((c) => /^\w$/.test(c)),
  s: [' ', OTHERS],
  D: ALL.filter((c) => !/^\d$/.test(c)),
  W: ALL.filter((c) => !/^\w$/.test(c)),
  S: ALL.filter((c) => c !== ' '),
};

/** Longer patterns are not read. */
const MOST_CHARACTERS = 1_000;

/** More than this are not told apart. */
const MOST_SHAPES = 256;

/** Reads what Java and JavaScript have in common. Anchors only take texts away, and pass. */
class Parser {
  private at = 0;

  constructor(private readonly pattern: string) {}

  public isAtEnd(): boolean {
    return this.at >= this.pattern.length;
  }

  public alternatives(): Shape[] {
    const shapes = this.sequence();
    while (this.skip('|')) shapes.push(...this.sequence());
    return shapes;
  }

  private sequence(): Part[][] {
    let shapes: Part[][] = [[]];
    while (!this.isAtEnd() && !'|)'.includes(this.pattern[this.at])) {
      if (this.skip('^') || this.skip('$')) continue;
      const next = this.repeated(this.atom());
      if (next.length === 1) shapes.forEach((shape) => shape.push(...next[0]));
      else shapes = shapes.flatMap((shape) => next.map((more) => [...shape, ...more]));
      if (shapes.length > MOST_SHAPES) throw new Unsupported();
    }
    return shapes;
  }

  private atom(): Shape[] {
    if (this.skip('(')) return this.group();
    if (this.skip('[')) return [one(this.characterClass())];
    const character = this.next();
    if (character === '\\') return [one(this.escaped())];
    if ('*+?{}]'.includes(character)) throw new Unsupported();
    return [one(character === '.' ? ALL : [character])];
  }

  private group(): Shape[] {
    if (this.skip('?') && !this.skip(':')) throw new Unsupported();
    const shapes = this.alternatives();
    if (!this.skip(')')) throw new Unsupported();
    return shapes;
  }

  private escaped(): readonly string[] {
    const character = this.next();
    if (/^[^A-Za-z0-9]$/.test(character)) return [character];
    const known = getOwn(CLASSES, character);
    if (!known) throw new Unsupported();
    return known;
  }

  private characterClass(): readonly string[] {
    const negated = this.skip('^');
    const characters = new Set<string>();
    let allOthers = false;
    do {
      const from = this.member();
      const isRange = from.length === 1 && this.pattern[this.at] === '-' && this.pattern[this.at + 1] !== ']';
      for (const character of isRange ? this.range(from) : from) characters.add(character);
      allOthers ||= [CLASSES.D, CLASSES.W, CLASSES.S].includes(from);
    } while (!this.skip(']'));
    const left = ALL.filter((character) => (character === OTHERS ? !allOthers : !characters.has(character)));
    if (negated && left.length === 0) throw new Unsupported();
    return negated ? left : [...characters];
  }

  /** Classes within classes, and what they have in common, are Java's alone. */
  private member(): readonly string[] {
    const character = this.next();
    if (character === '[' || character === '&' || character === ']') throw new Unsupported();
    return character === '\\' ? this.escaped() : [character];
  }

  private range(from: readonly string[]): readonly string[] {
    this.next();
    const to = this.member();
    if (from.length !== 1 || to.length !== 1 || from[0] > to[0] || !ALL.includes(to[0]) || !ALL.includes(from[0])) {
      throw new Unsupported();
    }
    return ALL.slice(ALL.indexOf(from[0]), ALL.indexOf(to[0]) + 1);
  }

  private repeated(shapes: Shape[]): Shape[] {
    const times = this.quantifier();
    if (!times) return shapes;
    // Greedy or not, it matches the same texts.
    if (!this.skip('?')) this.skip('+');
    if (times.min === 0 && times.max === 1) return [[], ...shapes];
    const parts = shapes.flat();
    const lengths = (of: 'min' | 'max') => shapes.map((shape) => shape.reduce((sum, part) => sum + part[of], 0));
    return [
      [
        {
          characters: new Set(parts.flatMap(({ characters }) => [...characters])),
          min: times.min * Math.min(...lengths('min')),
          max: times.max === 0 ? 0 : times.max * Math.max(...lengths('max')),
        },
      ],
    ];
  }

  private quantifier(): { min: number; max: number } | undefined {
    if (this.skip('*')) return { min: 0, max: Infinity };
    if (this.skip('+')) return { min: 1, max: Infinity };
    if (this.skip('?')) return { min: 0, max: 1 };
    const [text, min, open, max] = /^\{(\d+)(,?)(\d*)\}/.exec(this.pattern.slice(this.at)) ?? [];
    if (text === undefined) return undefined;
    this.at += text.length;
    if (open === '') return { min: Number(min), max: Number(min) };
    return { min: Number(min), max: max === '' ? Infinity : Number(max) };
  }

  private skip(character: string): boolean {
    if (this.pattern[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private next(): string {
    if (this.isAtEnd()) throw new Unsupported();
    const character = this.pattern[this.at++];
    if (!ALL.includes(character)) throw new Unsupported();
    return character;
  }
}

function one(characters: readonly string[]): Shape {
  return [{ characters: new Set(characters), min: 1, max: 1 }];
}
