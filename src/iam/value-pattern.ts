import { getOwn } from './statement';

/** A part of a text: its possible characters, and how many of them there are. */
export interface Part {
  readonly characters: ReadonlySet<string>;
  readonly min: number;
  readonly max: number;
}

/** The parts of a text, from left to right. */
export type Shape = readonly Part[];

/** The smallest or largest number of characters of a text with this shape. */
export function totalLength(shape: Shape, limit: 'min' | 'max'): number {
  return shape.reduce((sum, part) => sum + part[limit], 0);
}

/**
 * The shapes of all texts that a regular expression matches. They can include other texts, but leave none out. Returns
 * undefined for an expression with features that are not supported, such as lookahead.
 */
export function shapesOf(pattern: string): readonly Shape[] | undefined {
  if (pattern.length > MAX_PATTERN_LENGTH) return undefined;
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

/** Represents all characters that are not printable ASCII. */
const NON_ASCII = '\u{10FFFF}';

const ALL = [...Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)), NON_ASCII];

const CLASSES: { readonly [escaped: string]: readonly string[] } = {
  d: ALL.filter((c) => /^\d$/.test(c)),
  w: ALL.filter((c) => /^\w$/.test(c)),
  s: [' ', NON_ASCII],
  D: ALL.filter((c) => !/^\d$/.test(c)),
  W: ALL.filter((c) => !/^\w$/.test(c)),
  S: ALL.filter((c) => c !== ' '),
};

const MAX_PATTERN_LENGTH = 1_000;

const MAX_SHAPES = 256;

/**
 * Parser for the syntax that regular expressions of Java and JavaScript have in common. Anchors only exclude texts, so
 * they are ignored.
 */
class Parser {
  private position = 0;

  constructor(private readonly pattern: string) {}

  public isAtEnd(): boolean {
    return this.position >= this.pattern.length;
  }

  public alternatives(): Shape[] {
    const shapes = this.sequence();
    while (this.skip('|')) shapes.push(...this.sequence());
    return shapes;
  }

  private sequence(): Part[][] {
    let shapes: Part[][] = [[]];
    while (!this.isAtEnd() && !'|)'.includes(this.pattern[this.position])) {
      if (this.skip('^') || this.skip('$')) continue;
      const next = this.repeated(this.atom());
      if (next.length === 1) shapes.forEach((shape) => shape.push(...next[0]));
      else shapes = shapes.flatMap((shape) => next.map((more) => [...shape, ...more]));
      if (shapes.length > MAX_SHAPES) throw new Unsupported();
    }
    return shapes;
  }

  private atom(): Shape[] {
    if (this.skip('(')) return this.group();
    if (this.skip('[')) return [singleCharacter(this.characterClass())];
    const character = this.next();
    if (character === '\\') return [singleCharacter(this.escaped())];
    if ('*+?{}]'.includes(character)) throw new Unsupported();
    return [singleCharacter(character === '.' ? ALL : [character])];
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
    let includesNonAscii = false;
    do {
      const from = this.member();
      const isRange =
        from.length === 1 && this.pattern[this.position] === '-' && this.pattern[this.position + 1] !== ']';
      for (const character of isRange ? this.range(from) : from) characters.add(character);
      includesNonAscii ||= [CLASSES.D, CLASSES.W, CLASSES.S].includes(from);
    } while (!this.skip(']'));
    const remaining = ALL.filter((character) =>
      character === NON_ASCII ? !includesNonAscii : !characters.has(character),
    );
    if (negated && remaining.length === 0) throw new Unsupported();
    return negated ? remaining : [...characters];
  }

  /** A member of a character class. Nested classes and intersections exist only in Java and are not supported. */
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
    // Lazy and possessive quantifiers match the same texts.
    if (!this.skip('?')) this.skip('+');
    if (times.min === 0 && times.max === 1) return [[], ...shapes];
    const minLength = Math.min(...shapes.map((shape) => totalLength(shape, 'min')));
    const maxLength = Math.max(...shapes.map((shape) => totalLength(shape, 'max')));
    const repeated: Part = {
      characters: new Set(shapes.flat().flatMap(({ characters }) => [...characters])),
      min: times.min * minLength,
      max: times.max === 0 ? 0 : times.max * maxLength,
    };
    return [[repeated]];
  }

  private quantifier(): { min: number; max: number } | undefined {
    if (this.skip('*')) return { min: 0, max: Infinity };
    if (this.skip('+')) return { min: 1, max: Infinity };
    if (this.skip('?')) return { min: 0, max: 1 };
    const [text, min, comma, max] = /^\{(\d+)(,?)(\d*)\}/.exec(this.pattern.slice(this.position)) ?? [];
    if (text === undefined) return undefined;
    this.position += text.length;
    if (comma === '') return { min: Number(min), max: Number(min) };
    return { min: Number(min), max: max === '' ? Infinity : Number(max) };
  }

  private skip(character: string): boolean {
    if (this.pattern[this.position] !== character) return false;
    this.position++;
    return true;
  }

  private next(): string {
    if (this.isAtEnd()) throw new Unsupported();
    const character = this.pattern[this.position++];
    if (!ALL.includes(character)) throw new Unsupported();
    return character;
  }
}

function singleCharacter(characters: readonly string[]): Shape {
  return [{ characters: new Set(characters), min: 1, max: 1 }];
}
