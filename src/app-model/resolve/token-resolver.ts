import { IPostProcessor, IResolvable, IResolveContext, Reference, Stack, Tokenization } from 'aws-cdk-lib';
import type { Json } from '../../iam/statement';
import { unresolved } from '../../iam/unresolved-text';
import { producerOf } from '../cdk-internals';

/** What stands for what only the template has. */
export interface ReferenceResolver {
  /** Text for a reference, whichever stack it is made in. */
  reference(reference: Reference): string;
  /**
   * The value of a function of CloudFormation, whose argument still has functions in it; nothing where the template
   * leaves it out.
   */
  call(name: string, argument: Json, within: TokenResolver): Json | undefined;
}

/**
 * Resolves the tokens of a stack as the CDK does, but to text where the template has references and functions. The CDK
 * also notes the place of each value and of what type it is, which takes most of its time.
 */
export class TokenResolver {
  /**
   * @param early whether values that are made later are left unknown: asked now, some of them would stay as they are
   * now
   */
  constructor(
    public readonly stack: Stack,
    private readonly meanings: ReferenceResolver,
    private readonly early = false,
  ) {}

  /**
   * A value without tokens and functions; nothing where the template leaves it out. Throws on what the CDK cannot
   * resolve either.
   */
  public resolve(value: unknown): Json | undefined {
    return this.value(value, 0, RESOLVE_ALL);
  }

  /** A value as text. */
  public text(value: unknown): string {
    return plainText(this.resolve(value));
  }

  /** @param depth how many values this one is in */
  private value(value: unknown, depth: number, how: ResolveOptions): Json | undefined {
    switch (typeof value) {
      case 'string':
        return TOKEN_MARKER.test(value) ? this.string(value, depth, how) : value;
      case 'number':
        return Number.isSafeInteger(value) ? value : this.number(value, depth, how);
      case 'boolean':
        return value;
      case 'undefined':
        return undefined;
      case 'object':
        break;
      default:
        throw new Error(`a ${typeof value} is no value`);
    }
    if (value === null) return null;
    if (depth > MAX_DEPTH) throw new Error('a value that has itself in it');
    if (Array.isArray(value)) return this.list(value, depth + 1, how);
    if (Tokenization.isResolvable(value)) return this.token(value as IResolvable, depth + 1, how);
    return value instanceof Date
      ? value.toISOString()
      : this.object(value as { [key: string]: unknown }, depth + 1, how);
  }

  private string(value: string, depth: number, how: ResolveOptions): Json | undefined {
    if (LIST_TOKEN_MARKER.test(value)) throw new Error('a list in the place of a text');
    const fragments = Tokenization.reverseString(value);
    if (fragments.length === 1) return fragments.firstToken ? this.token(fragments.firstToken, depth, how) : value;
    return fragments
      .mapTokens({ mapToken: (token) => this.value(token, depth, RESOLVE_ALL) })
      .join(TEXT_CONCAT) as string;
  }

  private number(value: number, depth: number, how: ResolveOptions): Json | undefined {
    const token = Tokenization.reverseNumber(value);
    return token === undefined ? value : this.token(token, depth, how);
  }

  private list(values: unknown[], depth: number, how: ResolveOptions): Json | undefined {
    if (values.some((value) => typeof value === 'string' && LIST_TOKEN_MARKER.test(value))) {
      const token = Tokenization.reverseList(values as string[]);
      if (!token) throw new Error('a list that is known only at deployment among other values');
      return this.token(token, depth, how);
    }
    const made: Json[] = [];
    for (const value of values) {
      const one = this.value(value, depth, how);
      if (one !== undefined || how.keepEmpty) made.push(one!);
    }
    return made;
  }

  private token(token: IResolvable, depth: number, how: ResolveOptions): Json | undefined {
    if (Reference.isReference(token)) return this.meanings.reference(token);
    if (this.early && producerOf(token)) return MADE_LATER;
    let postProcessor: IPostProcessor | undefined;
    const context: IResolveContext = {
      scope: this.stack,
      preparing: false,
      documentPath: [],
      registerPostProcessor: (one) => {
        postProcessor = one;
      },
      // Only what writes JSON allows functions as keys: it writes them as text.
      resolve: (value, { allowIntrinsicKeys: calling = false, removeEmpty = true } = {}) =>
        this.value(value, depth, { evaluateFunctions: calling, keepEmpty: !removeEmpty }),
    };
    const resolved = token.resolve(context);
    if (!postProcessor) return this.value(resolved, depth, how);
    // It may put functions in.
    const processed = postProcessor.postProcess(
      this.value(resolved, depth, { ...how, evaluateFunctions: false }),
      context,
    );
    return how.evaluateFunctions ? this.value(processed, depth, how) : processed;
  }

  private object(value: { [key: string]: unknown }, depth: number, how: ResolveOptions): Json | undefined {
    const keys = Object.keys(value);
    if (!how.evaluateFunctions || !keys.some(isFunction)) return this.members(value, keys, depth, how);
    // It is a function if nothing else is left beside its name.
    const left = this.members(value, keys, depth, KEEP_FUNCTIONS);
    const names = Object.keys(left);
    const [name] = names;
    if (names.length !== 1 || !isFunction(name)) return this.members(left, names, depth, how);
    return this.meanings.call(name, left[name], this);
  }

  private members(
    value: { [key: string]: unknown },
    keys: string[],
    depth: number,
    how: ResolveOptions,
  ): { [key: string]: Json } {
    const made: { [key: string]: any } = {};
    for (const key of keys) {
      const one = this.value(value[key], depth, how);
      if (one !== undefined || how.keepEmpty) made[TOKEN_MARKER.test(key) ? this.text(key) : key] = one;
    }
    return made;
  }
}

/** What stands for a value that is made later. */
export const MADE_LATER = unresolved('a value that is made later');

interface ResolveOptions {
  /** Whether functions get their values now: what asks for the value of another token expects functions in it. */
  readonly evaluateFunctions: boolean;
  /** Whether what the template leaves out stays, as nothing: for overrides, it deletes. */
  readonly keepEmpty: boolean;
}

const RESOLVE_ALL: ResolveOptions = { evaluateFunctions: true, keepEmpty: false };
const KEEP_FUNCTIONS: ResolveOptions = { evaluateFunctions: false, keepEmpty: false };

/** How deep values are resolved, tokens included: deeper than the CDK does. */
const MAX_DEPTH = 1_000;

/** What stands for a list in its first element. */
const LIST_TOKEN_MARKER = /#\{Token\[[\w:.-]+\]\}/;

/** What stands in text for a token: of text or of a list, or of a number. */
const TOKEN_MARKER = /\{Token\[|e\+289/;

const TEXT_CONCAT = {
  join: (left: unknown, right: unknown) =>
    [left, right]
      .filter((part) => part !== undefined)
      .map(plainText)
      .join(''),
};

/** Whether a text may have something in it that is still to be resolved. */
export function mayHoldTokens(text: string): boolean {
  return TOKEN_MARKER.test(text);
}

function isFunction(key: string): boolean {
  return key === 'Ref' || key.startsWith('Fn::');
}

function plainText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : unresolved('a value that is no text');
}
