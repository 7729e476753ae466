import {
  IPostProcessor,
  IResolvable,
  IResolveContext,
  Reference,
  Stack,
  TokenizedStringFragments,
  Tokenization,
} from 'aws-cdk-lib';
import type { Json } from '../../iam/statement';
import { unresolved, withoutDynamicReferences } from '../../iam/unresolved-text';
import { isBuiltFromName, isPolicyDocument, producerOf } from '../cdk-internals';

/** The text of a lazy value that is left unresolved. */
export const UNRESOLVED_LAZY_VALUE = unresolved('a lazy value');

/** Supplies the values of references and CloudFormation functions. */
export interface ReferenceResolver {
  /** The tokens in a text, and the text between them. */
  fragmentsOf(text: string): TokenizedStringFragments;
  /** The text of a reference, to a resource in any stack. */
  reference(reference: Reference): string;
  /**
   * The value of a CloudFormation function, whose argument may contain functions; undefined if the template omits the
   * value.
   */
  call(name: string, argument: Json, resolver: TokenResolver): Json | undefined;
}

/** How tokens are resolved. */
export interface TokenOptions {
  /** Whether to leave lazy values unresolved: resolving some of them fixes their value. */
  readonly skipLazyValues?: boolean;
  /** Whether statements of policies can still be changed afterwards. */
  readonly keepPoliciesOpen?: boolean;
  /** Whether the stack was synthesized before, so that text that looks like a token is text. */
  readonly isTemplate?: boolean;
}

/**
 * Resolves the tokens of a stack as the CDK does, but to text in place of references and functions. The CDK also
 * records the location and type of each value, which takes most of its time.
 */
export class TokenResolver {
  constructor(
    public readonly stack: Stack,
    private readonly references: ReferenceResolver,
    private readonly options: TokenOptions = {},
  ) {}

  /**
   * A value without tokens and functions; undefined if the template omits it. Throws an error for values that the CDK
   * cannot resolve either.
   */
  public resolve(value: unknown): Json | undefined {
    return this.resolveValue(value, 0, RESOLVE_ALL);
  }

  /** A value as text. */
  public text(value: unknown): string {
    return plainText(this.resolve(value));
  }

  /** @param depth the number of values around this one */
  private resolveValue(value: unknown, depth: number, options: ResolveOptions): Json | undefined {
    switch (typeof value) {
      case 'string':
        if (!TOKEN_MARKER.test(value)) return value;
        return this.options.isTemplate
          ? withoutDynamicReferences(value, this.stack.node.path)
          : this.resolveString(value, depth, options);
      case 'number':
        return Number.isSafeInteger(value) || this.options.isTemplate
          ? value
          : this.resolveNumber(value, depth, options);
      case 'boolean':
        return value;
      case 'undefined':
        return undefined;
      case 'object':
        return value === null ? null : this.resolveObjectOrToken(value, depth, options);
      default:
        throw new Error(`a ${typeof value} is not a JSON value`);
    }
  }

  private resolveObjectOrToken(value: object, depth: number, options: ResolveOptions): Json | undefined {
    if (depth > MAX_DEPTH) throw new Error('a value that contains itself');
    if (Array.isArray(value)) return this.resolveList(value, depth + 1, options);
    if (Tokenization.isResolvable(value)) return this.resolveToken(value as IResolvable, depth + 1, options);
    if (value instanceof Date) return value.toISOString();
    return this.resolveObject(value as { [key: string]: unknown }, depth + 1, options);
  }

  private resolveString(value: string, depth: number, options: ResolveOptions): Json | undefined {
    if (LIST_TOKEN_MARKER.test(value)) throw new Error('a list where text is expected');
    const fragments = this.references.fragmentsOf(value);
    if (fragments.length === 1 && fragments.firstToken) return this.resolveToken(fragments.firstToken, depth, options);
    const text = fragments
      .mapTokens({ mapToken: (token) => this.resolveValue(token, depth, RESOLVE_ALL) })
      .join(TEXT_CONCAT) as string;
    return withoutDynamicReferences(text, this.stack.node.path);
  }

  private resolveNumber(value: number, depth: number, options: ResolveOptions): Json | undefined {
    const token = Tokenization.reverseNumber(value);
    return token === undefined ? value : this.resolveToken(token, depth, options);
  }

  private resolveList(values: unknown[], depth: number, options: ResolveOptions): Json | undefined {
    if (
      !this.options.isTemplate &&
      values.some((value) => typeof value === 'string' && LIST_TOKEN_MARKER.test(value))
    ) {
      const token = Tokenization.reverseList(values as string[]);
      if (!token) throw new Error('a list that is known only at deployment among other values');
      return this.resolveToken(token, depth, options);
    }
    const resolved: Json[] = [];
    for (const value of values) {
      const element = this.resolveValue(value, depth, options);
      if (element !== undefined || options.keepEmpty) resolved.push(element!);
    }
    return resolved;
  }

  private resolveToken(token: IResolvable, depth: number, options: ResolveOptions): Json | undefined {
    if (Reference.isReference(token) && !isBuiltFromName(token, this.stack)) return this.references.reference(token);
    if (this.options.skipLazyValues && producerOf(token)) return UNRESOLVED_LAZY_VALUE;
    let postProcessor: IPostProcessor | undefined;
    const context: IResolveContext = {
      scope: this.stack,
      preparing: false,
      documentPath: [],
      registerPostProcessor: (registered) => {
        postProcessor = registered;
      },
      // Only the serialization to JSON text allows functions as keys: it converts them to text.
      resolve: (value, { allowIntrinsicKeys: evaluateFunctions = false, removeEmpty = true } = {}) =>
        this.resolveValue(value, depth, { evaluateFunctions, keepEmpty: !removeEmpty }),
    };
    const keepOpen = this.options.keepPoliciesOpen && isPolicyDocument(token);
    const resolved = keepOpen ? token.toJSON() : token.resolve(context);
    if (!postProcessor) return this.resolveValue(resolved, depth, options);
    // That of a policy only leaves out duplicates. Others may add functions, so functions are evaluated after them.
    if (isPolicyDocument(token)) {
      return postProcessor.postProcess(this.resolveValue(resolved, depth, options), context);
    }
    const unevaluated = this.resolveValue(resolved, depth, { ...options, evaluateFunctions: false });
    const processed = postProcessor.postProcess(unevaluated, context);
    return options.evaluateFunctions ? this.resolveValue(processed, depth, options) : processed;
  }

  private resolveObject(value: { [key: string]: unknown }, depth: number, options: ResolveOptions): Json | undefined {
    const keys = Object.keys(value);
    if (!options.evaluateFunctions || !keys.some(isFunctionName)) {
      return this.resolveMembers(value, keys, depth, options);
    }
    // The object is a function if all its other members are omitted.
    const members = this.resolveMembers(value, keys, depth, KEEP_FUNCTIONS);
    const names = Object.keys(members);
    const [name] = names;
    if (names.length > 1 && names.some(isTransform)) {
      return this.references.call('Fn::Transform', Object.entries(members), this);
    }
    if (names.length !== 1 || !isFunctionName(name)) return this.resolveMembers(members, names, depth, options);
    const result = this.references.call(name, members[name], this);
    return typeof result === 'string' ? withoutDynamicReferences(result, this.stack.node.path) : result;
  }

  private resolveMembers(
    value: { [key: string]: unknown },
    keys: string[],
    depth: number,
    options: ResolveOptions,
  ): { [key: string]: Json } {
    const resolved: { [key: string]: any } = {};
    for (const key of keys) {
      const member = this.resolveValue(value[key], depth, options);
      if (member === undefined && !options.keepEmpty) continue;
      resolved[TOKEN_MARKER.test(key) ? this.text(key) : key] = member;
    }
    return resolved;
  }
}

interface ResolveOptions {
  /** Whether to evaluate functions now. Tokens that resolve other tokens expect functions in the result. */
  readonly evaluateFunctions: boolean;
  /** Whether to keep values that the template omits, as undefined. In overrides they delete a value. */
  readonly keepEmpty: boolean;
}

const RESOLVE_ALL: ResolveOptions = { evaluateFunctions: true, keepEmpty: false };
const KEEP_FUNCTIONS: ResolveOptions = { evaluateFunctions: false, keepEmpty: false };

/** The maximum depth of nested values, including tokens. It is greater than in the CDK. */
const MAX_DEPTH = 1_000;

/** The first element of a list that is a token. */
const LIST_TOKEN_MARKER = /#\{Token\[[\w:.-]+\]\}/;

/** A token in text: a string, a list or a number. Or a dynamic reference, which is text in the CDK. */
const TOKEN_MARKER = /\{Token\[|e\+289|\{\{resolve:/;

const TEXT_CONCAT = {
  join: (left: unknown, right: unknown) =>
    [left, right]
      .filter((part) => part !== undefined)
      .map(plainText)
      .join(''),
};

/** Whether a text may contain tokens. */
export function mayContainTokens(text: string): boolean {
  return TOKEN_MARKER.test(text);
}

/** Whether a key of an object is the name of a CloudFormation function. */
export function isFunctionName(key: string): boolean {
  return key === 'Ref' || key.startsWith('Fn::');
}

/** Whether a key of an object is a macro or loop, which adds members to it and can change those beside it. */
function isTransform(key: string): boolean {
  return key === 'Fn::Transform' || key.startsWith('Fn::ForEach::');
}

function plainText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : unresolved('a value that is not text');
}
