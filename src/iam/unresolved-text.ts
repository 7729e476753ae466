/**
 * Text of which a part is known only at deployment: that part stands as `‹what it is›`. The model writes such text, the
 * rules of this folder read it; nothing that AWS accepts in a policy contains these marks.
 */
export const UNKNOWN = /‹[^‹›]*›/g;

export function unresolved(what: string): string {
  return `‹${what.replace(/¦[^‹›]*(?=›)/g, '').replace(/[‹›¦]/g, '')}›`;
}

/**
 * Text for a part of which something is known: its form, and what it may be. Within `‹…›`, these stand behind the first
 * and later `¦`.
 */
export function partlyKnown(what: string, form: string, choices: readonly string[]): string {
  return `${unresolved(what).slice(0, -1)}${['', form, ...choices].join('¦')}›`;
}

/** A value of a key that may be any: that of an event of which nothing is known. */
export const ANYTHING = unresolved('anything');

export function hasUnresolved(text: string): boolean {
  return text.includes('‹');
}

/** Characters for certain, and how many parts are unknown. */
export function knownLength(text: string): { characters: number; unknownParts: number } {
  return { characters: withoutUnresolved(text).length, unknownParts: (text.match(UNKNOWN) ?? []).length };
}

/** What is there for certain. */
export function withoutUnresolved(text: string): string {
  return text.replace(UNKNOWN, '');
}

/** The account of a stack that does not know it before deployment. */
export const OWN_ACCOUNT = unresolved('AWS::AccountId');

/** An attribute of a resource of the app: one thing, whatever its value will be. */
export function attribute(name: string, path: string): string {
  return unresolved(`${name} of ${path}`);
}

export function isAttribute(text: string): boolean {
  return /^‹[\w.]+ of [^‹›]+›$/.test(text);
}

/**
 * Whether deployment may turn a text into one that is written elsewhere. The name that is made for a resource of the
 * app is none of that kind: nobody else writes it.
 */
export function mayEqualAnyText(text: string): boolean {
  return hasUnresolved(text) && hasUnresolved(text.replace(GENERATED_NAME, ''));
}

const NAMES =
  'Name|RoleName|UserName|GroupName|ManagedPolicyName|FunctionName|QueueName|TopicName|AliasName|KeyId|Version';

const GENERATED_NAME = new RegExp(`‹(${NAMES}) of [^‹›]+›`, 'g');

/** What code that runs at deployment tells of a resource: anything. */
export function computedAttribute(name: string, path: string): string {
  return unresolved(`${name} computed by ${path}`);
}

export function isComputed(text: string): boolean {
  return /‹[\w.]+ computed by /.test(text);
}

/**
 * For people: the path alone where a name is made only at deployment; in angle brackets within an ARN, as it is no
 * name.
 */
export function displayText(text: string): string {
  if (!hasUnresolved(text)) return text;
  return text
    .replace(/¦([a-z]*)((?:¦[^‹›¦]*)*)›/g, (_, __, choices: string) =>
      choices === '' ? '›' : `, one of ${choices.slice(1).split('¦').join(', ')}›`,
    )
    .replace(/(?<=(arn:[^\s'"]*)?)‹[\w.]+ (?:of|computed by) ([^‹›]+)›/g, (_, arn: string | undefined, path: string) =>
      arn ? `<${path}>` : path,
    );
}

function outsideUnknown(delimiter: string): RegExp {
  return new RegExp(`${delimiter.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![^‹]*›)`);
}

/** What ARNs are split by: made once, since a pattern takes long to make. */
const COLON = outsideUnknown(':');

/** Splits text, but not within the `‹…›` parts, which may hold the delimiter as part of a path. */
export function splitText(text: string, delimiter: string): string[] {
  if (!hasUnresolved(text)) return text.split(delimiter);
  return delimiter === ':' ? text.split(COLON) : text.split(outsideUnknown(delimiter));
}
