import {
  DefaultTokenResolver,
  IPostProcessor,
  IResolvable,
  IResolveContext,
  Lazy,
  Reference,
  ResourceEnvironment,
  Stack,
  Token,
  TokenComparison,
  Tokenization,
} from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { validationError } from './validation-error';
import { producerOf } from '../app-model/cdk-internals';
import { TemplateReader } from '../app-model/resolve/template-reader';
import { UNRESOLVED_LAZY_VALUE } from '../app-model/resolve/token-resolver';
import { ROLE_NAME_CHARACTERS } from '../eventbridge/quotas';
import { Json } from '../iam/statement';
import { hash, physicalName } from '../util/names';

/** Two accounts or two Regions compared, as far as they are known at synthesis. */
export type Relation = 'same' | 'different' | 'unknown';

/**
 * Compares two accounts, or two Regions. 'unknown' if that is known only at deployment. Two environment-agnostic stacks
 * are assumed to be in the same environment; parameters and imports may have any value.
 */
export function compareEnvironments(first: string, second: string): Relation {
  if (first === second) return 'same';
  return Token.compareStrings(first, second) === TokenComparison.DIFFERENT ? 'different' : 'unknown';
}

/** Whether an account is the account of a construct's stack, however it is written, such as `Aws.ACCOUNT_ID`. */
export function isOwnAccount(scope: IConstruct, account: string): boolean {
  return readNow(scope, account) === readNow(scope, Stack.of(scope).account);
}

/** Whether two resources are certainly in different accounts or Regions. */
export function isCrossEnvironment(first: ResourceEnvironment, second: ResourceEnvironment): boolean {
  return (
    compareEnvironments(first.account, second.account) === 'different' ||
    compareEnvironments(first.region, second.region) === 'different'
  );
}

/** Rejects a resource that is certainly in another account or Region than a construct. */
export function requireSameEnvironment(
  scope: IConstruct,
  property: string,
  { env }: { env: ResourceEnvironment },
  fix: string,
): void {
  const { account, region } = Stack.of(scope);
  if (!isCrossEnvironment(env, { account, region })) return;
  throw validationError(
    scope,
    `'${property}' must be in account ${account} in ${region}, got one in account ${env.account} ` +
      `in ${env.region}; ${fix}`,
  );
}

/**
 * Rejects a resource whose ARN cannot be in the template of the consumer. Another account can refer to it only by a
 * physical name, which the CDK cannot generate in a nested stack.
 */
export function requirePhysicalName(
  consumer: IConstruct,
  property: string,
  { node }: IConstruct,
  arn: string,
  nameProperty: string,
  fix = `give it a '${nameProperty}', such as PhysicalName.GENERATE_IF_NEEDED`,
): void {
  if (!canResolve(consumer, arn)) {
    throw validationError(
      consumer,
      `'${property}' must have a name to be known in another account, got the unnamed '${node.path}'; ` + fix,
    );
  }
  // Generated names contain the name of the stack, which is a token for nested stacks.
  if (!/\$\{token\[/i.test(JSON.stringify(resolveNow(consumer, arn)))) return;
  throw validationError(
    consumer,
    `'${property}' must not be named by the CDK in a nested stack, where the CDK cannot generate a valid name, ` +
      `got '${node.path}'; set '${nameProperty}' to a literal name`,
  );
}

/** Whether the template of the consumer can contain a value of another stack. Across accounts, it needs a name. */
function canResolve(consumer: IConstruct, value: string): boolean {
  try {
    resolveNow(consumer, value);
    return true;
  } catch {
    return false;
  }
}

/** A value as known before synthesis, with text in place of tokens. */
export function readNow(scope: IConstruct, value: unknown): Json {
  return new TemplateReader({ skipLazyValues: true }).resolve(Stack.of(scope), value);
}

/** A value as it would be in the template now. Resolving it does not fix the values of lazy tokens. */
export function resolveNow(scope: IConstruct, value: unknown): any {
  const stack = Stack.of(scope);
  if (!JSON.stringify(readNow(scope, value)).includes(UNRESOLVED_LAZY_VALUE)) return stack.resolve(value);
  const resolver = new UncachedTokenResolver({ join: concatenate });
  return Tokenization.resolve(value, { scope: stack, preparing: false, resolver });
}

/** Concatenates text as the CDK does for a template: with `Fn::Join` if a part is not literal. */
function concatenate(left: unknown, right: unknown): unknown {
  const parts: unknown[] = [];
  for (const part of [left, right].flatMap(partsOfJoin)) {
    const last = parts[parts.length - 1];
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
    else parts.push(part);
  }
  return parts.length === 1 ? parts[0] : { 'Fn::Join': ['', parts] };
}

function partsOfJoin(part: unknown): unknown[] {
  if (part === undefined) return [];
  const [delimiter, joined] = (Object(part) as { 'Fn::Join'?: [string, unknown] })['Fn::Join'] ?? [];
  if (delimiter === '' && Array.isArray(joined)) return joined;
  return [typeof part === 'number' ? String(part) : part];
}

/** Resolves lazy tokens without caching their values, also within other tokens. */
class UncachedTokenResolver extends DefaultTokenResolver {
  public override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): any {
    const producer = producerOf(token);
    const uncached = producer && Lazy.uncachedAny({ produce: () => producer.produce(context) });
    return super.resolveToken(uncached ?? token, context, postProcessor);
  }
}

/** A value as text; undefined if it refers to a resource, whose name may still change. */
export function literalText(scope: IConstruct, value: string): string | undefined {
  const refersToResource = Tokenization.reverseString(value).tokens.some(
    (token) => Reference.isReference(token) && !token.displayName.startsWith('AWS::'),
  );
  return refersToResource ? undefined : String(readNow(scope, value));
}

/** The distinct values, sorted by what they resolve to, because the numbers of tokens change. */
export function uniqueSortedTokens(scope: IConstruct, values: string[]): string[] {
  const byText = new Map(values.map((value) => [JSON.stringify(Stack.of(scope).resolve(value)), value]));
  return [...byText.keys()].sort().map((text) => byText.get(text)!);
}

/**
 * The IDs that identify a construct in its account and Region, also among those of other apps.
 *
 * @param childIds ids of a construct below the scope that is not created yet
 */
export function pathParts(scope: IConstruct, ...childIds: string[]): string[] {
  const stack = rootStackOf(scope);
  const ids = scope.node.scopes.slice(stack.node.scopes.length).map(({ node }) => node.id);
  return [stack.stackName, ...ids, ...childIds];
}

/**
 * A valid physical name for a construct.
 *
 * @param childIds ids of a construct below the scope that is not created yet
 */
export function physicalNameOf(scope: IConstruct, childIds: string[], maxLength: number): string {
  return physicalName(pathParts(scope, ...childIds), maxLength);
}

/** A name for a role that other apps refer to. It contains the Region, because role names are unique in an account. */
export function roleNameOf(scope: IConstruct, id: string): string {
  const { region } = Stack.of(scope);
  return physicalNameOf(scope, Token.isUnresolved(region) ? [id] : [id, region], ROLE_NAME_CHARACTERS);
}

/** A short, stable hash. Tokens in the content are resolved first. */
export function shortHash(scope: IConstruct, content: unknown): string {
  return hash(JSON.stringify(resolveNow(scope, content)), 8);
}

/** The outermost stack around a construct. The name of a nested stack is known only at deployment. */
export function rootStackOf(scope: IConstruct): Stack {
  let stack = Stack.of(scope);
  while (stack.nestedStackParent) stack = stack.nestedStackParent;
  return stack;
}
