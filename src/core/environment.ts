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
import { MADE_LATER } from '../app-model/resolve/token-resolver';
import { ROLE_NAME_CHARACTERS } from '../eventbridge/quotas';
import { Json } from '../iam/statement';
import { hash, physicalName } from '../util/names';

/** Two accounts or two Regions compared, as far as they are known at synthesis. */
export type Relation = 'same' | 'different' | 'unknown';

/**
 * Whether two accounts, or two regions, are one. 'unknown': only deployment tells. Two stacks that both leave it to
 * deployment are taken to go to the same place; a parameter or an import may be of any place.
 */
export function compareEnvironments(one: string, other: string): Relation {
  if (one === other) return 'same';
  return Token.compareStrings(one, other) === TokenComparison.DIFFERENT ? 'different' : 'unknown';
}

/**
 * Whether an account is that of a construct's stack in its template, as `Aws.ACCOUNT_ID` is, wherever it comes from.
 */
export function isOwnAccount(scope: IConstruct, account: string): boolean {
  return readNow(scope, account) === readNow(scope, Stack.of(scope).account);
}

/** Whether two things are certainly of different accounts or regions. */
export function isCrossEnvironment(one: ResourceEnvironment, other: ResourceEnvironment): boolean {
  return (
    compareEnvironments(one.account, other.account) === 'different' ||
    compareEnvironments(one.region, other.region) === 'different'
  );
}

/** Refuses what must be of the account and region of a construct's stack, for as much as is known of both. */
export function requireSameEnvironment(
  place: IConstruct,
  property: string,
  { env }: { env: ResourceEnvironment },
  reason: string,
): void {
  const { account, region } = Stack.of(place);
  if (!isCrossEnvironment(env, { account, region })) return;
  throw validationError(
    place,
    `'${property}' must be of account ${account} in ${region}, got one of account ${env.account} ` +
      `in ${env.region}; ${reason}`,
  );
}

/**
 * Refuses what cannot be written into this template: across accounts that takes a physical name, and in a nested stack
 * the CDK cannot make one.
 */
export function requirePhysicalName(
  consumer: IConstruct,
  property: string,
  { node }: IConstruct,
  arn: string,
  nameProperty: string,
): void {
  if (!canResolve(consumer, arn)) {
    throw validationError(
      consumer,
      `'${property}' must have a name to be known in another account, got the unnamed '${node.path}'; ` +
        `give it a '${nameProperty}', such as PhysicalName.GENERATE_IF_NEEDED`,
    );
  }
  // The CDK makes names of that of the stack, which for a nested one is a token.
  if (!/\$\{token\[/i.test(JSON.stringify(resolveNow(consumer, arn)))) return;
  throw validationError(
    consumer,
    `'${property}' must not be named by the CDK in a nested stack, where it cannot make a legal ` +
      `name, got '${node.path}'; write the '${nameProperty}' out`,
  );
}

/**
 * Whether a value of another stack can be written into this one's template: across accounts that takes a physical name.
 */
function canResolve(consumer: IConstruct, value: string): boolean {
  try {
    resolveNow(consumer, value);
    return true;
  } catch {
    return false;
  }
}

/** A value as it is known before synthesis, with text in place of tokens. */
export function readNow(scope: IConstruct, value: unknown): Json {
  return new TemplateReader(true).resolve(Stack.of(scope), value);
}

/**
 * What the CDK makes of a value before synthesis: as in the template, but where it holds what is made later, which is
 * asked for without being kept.
 */
export function resolveNow(scope: IConstruct, value: unknown): any {
  const stack = Stack.of(scope);
  if (!JSON.stringify(readNow(scope, value)).includes(MADE_LATER)) return stack.resolve(value);
  return Tokenization.resolve(value, { scope: stack, preparing: false, resolver: new Peek({ join: concatenated }) });
}

/** Text put together as the CDK does for a template: with `Fn::Join` where a part of it is none. */
function concatenated(left: unknown, right: unknown): unknown {
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

/** Asks for what is made later, also within other tokens, without having it kept. */
class Peek extends DefaultTokenResolver {
  public override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): any {
    const producer = producerOf(token);
    const asked = producer && Lazy.uncachedAny({ produce: () => producer.produce(context) });
    return super.resolveToken(asked ?? token, context, postProcessor);
  }
}

/** A value as text, unless it refers to a resource: that may still change, and is not read. */
export function literalText(scope: IConstruct, value: string): string | undefined {
  const refers = Tokenization.reverseString(value).tokens.some(
    (token) => Reference.isReference(token) && !token.displayName.startsWith('AWS::'),
  );
  return refers ? undefined : String(readNow(scope, value));
}

/** Each value once, in an order that does not depend on how tokens are numbered. */
export function uniqueSortedTokens(scope: IConstruct, values: string[]): string[] {
  const byText = new Map(values.map((value) => [JSON.stringify(Stack.of(scope).resolve(value)), value]));
  return [...byText.keys()].sort().map((text) => byText.get(text)!);
}

/** What tells a construct apart from all others in its account and region, also from those of other apps. */
export function pathParts(scope: IConstruct, ...more: string[]): string[] {
  const stack = rootStackOf(scope);
  return [stack.stackName, ...scope.node.scopes.slice(stack.node.scopes.length).map((s) => s.node.id), ...more];
}

/** A legal physical name for a construct, or for one that is about to be made below it: then `more` holds its id. */
export function physicalNameOf(scope: IConstruct, more: string[], max: number): string {
  return physicalName(pathParts(scope, ...more), max);
}

/** A name for a role that another app must be able to name: roles of one account are not apart by region. */
export function roleNameOf(scope: IConstruct, id: string): string {
  const { region } = Stack.of(scope);
  return physicalNameOf(scope, Token.isUnresolved(region) ? [id] : [id, region], ROLE_NAME_CHARACTERS);
}

/**
 * A short, stable name for what a construct keeps of another one. Content with tokens counts as what it resolves to.
 */
export function shortHash(scope: IConstruct, content: unknown): string {
  return hash(JSON.stringify(resolveNow(scope, content)), 8);
}

/** The stack that is deployed by itself: the name of a nested one is known only at deployment. */
export function rootStackOf(scope: IConstruct): Stack {
  let stack = Stack.of(scope);
  while (stack.nestedStackParent) stack = stack.nestedStackParent;
  return stack;
}
