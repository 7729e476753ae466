/**
 * Text with parts that are known only at deployment. Each of these parts is a placeholder, `‹description›`. The app
 * model creates such text, and this folder interprets it. AWS accepts these marks in no policy.
 */
export const PLACEHOLDER = /‹[^‹›]*›/g;

/** A placeholder for a value that is known only at deployment. */
export function unresolved(description: string): string {
  return `‹${MARKS.test(description) ? withoutMarks(description) : description}›`;
}

/** The characters that have a meaning in a placeholder. */
const MARKS = /[‹›¦]/;

function withoutMarks(description: string): string {
  return description.replace(/¦[^‹›]*(?=›)/g, '').replace(/[‹›¦]/g, '');
}

/**
 * A placeholder for a value whose form or possible values are known. They follow the description, each after a `¦`.
 */
export function partlyKnown(description: string, form: string, possibleValues: readonly string[]): string {
  return `${unresolved(description).slice(0, -1)}${['', form, ...possibleValues].join('¦')}›`;
}

/** The text with placeholders for its dynamic references, which CloudFormation replaces at deployment. */
export function withoutDynamicReferences(text: string, stackPath: string): string {
  return text.replace(DYNAMIC_REFERENCE, (_, reference: string) =>
    // Without colons, so that it is one part of an ARN.
    unresolved(`dynamic reference ${reference.replaceAll(':', ' ')} in ${stackPath}`),
  );
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html */
const DYNAMIC_REFERENCE = /\{\{resolve:((?:ssm|ssm-secure|secretsmanager):[^{}]*)\}\}/g;

export function hasDynamicReference(text: string): boolean {
  return text.includes('‹dynamic reference ');
}

/** A condition key value that can be anything, such as the source of an event that is not known. */
export const ANYTHING = unresolved('anything');

export function hasUnresolved(text: string): boolean {
  return text.includes('‹');
}

/** The number of literal characters and of placeholders. */
export function knownLength(text: string): { characters: number; unknownParts: number } {
  return { characters: withoutUnresolved(text).length, unknownParts: (text.match(PLACEHOLDER) ?? []).length };
}

/** The literal parts of a text. */
export function withoutUnresolved(text: string): string {
  return hasUnresolved(text) ? text.replace(PLACEHOLDER, '') : text;
}

/** The account of a stack whose account is known only at deployment. */
export const OWN_ACCOUNT = unresolved('AWS::AccountId');

export function isOwnAccount(text: string): boolean {
  return text === OWN_ACCOUNT;
}

/** The Region of a stack whose Region is known only at deployment. Without colons, so that it is one part of an ARN. */
export const OWN_REGION = unresolved('region');

/** The text with a sample account and Region in place of those of a stack whose environment is unresolved. */
export function withSampleEnvironment(text: string): string {
  return text.replace(OWN_ACCOUNTS, '111111111111').replace(OWN_REGIONS, 'us-east-1');
}

const OWN_ACCOUNTS = new RegExp(OWN_ACCOUNT, 'g');
const OWN_REGIONS = new RegExp(OWN_REGION, 'g');

/**
 * Whether the ARN of a resource is known only at deployment. An ARN of which only the account and Region of the stack
 * are unresolved is known: it is that of one resource in each environment of the stack.
 */
export function isArnUnresolved(arn: string): boolean {
  return mayEqualAnyText(arn) && mayEqualAnyText(withSampleEnvironment(arn));
}

/** An attribute of a resource that is defined in this app. It identifies one resource, whatever its value is. */
export function attribute(name: string, path: string): string {
  return unresolved(`${name} of ${path}`);
}

export function isAttribute(text: string): boolean {
  return /^‹[\w.]+ of [^‹›]+›$/.test(text);
}

/**
 * Whether a text can equal any other text at deployment. A name that CloudFormation generates for a resource of this
 * app cannot, because no other text contains it.
 */
export function mayEqualAnyText(text: string): boolean {
  return hasUnresolved(text) && hasUnresolved(text.replace(GENERATED_NAME, ''));
}

const NAME_ATTRIBUTES =
  'Name|RoleName|UserName|GroupName|ManagedPolicyName|FunctionName|QueueName|TopicName|AliasName|KeyId|Version|' +
  'DeliveryStreamName|ClusterName|PipelineName|LogGroupName|StateMachineName|JobQueueName|JobDefinitionName|Family|' +
  'Revision|ApiDestinationId|ApiId|RestApiId|GraphQLEndpoint';

/** A name that CloudFormation generates for a resource of this app. */
export const GENERATED_NAME = new RegExp(`‹(${NAME_ATTRIBUTES}) of [^‹›]+›`, 'g');

/** An attribute that code returns at deployment, such as that of a custom resource. It can have any value. */
export function computedAttribute(name: string, path: string): string {
  return unresolved(`${name} computed by ${path}`);
}

export function isComputed(text: string): boolean {
  return /‹[\w.]+ computed by /.test(text);
}

/**
 * The text for messages. An attribute is shown as the path of its resource, within ARNs in angle brackets, and possible
 * values are listed.
 */
export function displayText(text: string): string {
  if (!hasUnresolved(text)) return text;
  return text
    .replace(/¦([a-z]*)((?:¦[^‹›¦]*)*)›/g, (_, __, values: string) =>
      values === '' ? '›' : `, one of ${values.slice(1).split('¦').join(', ')}›`,
    )
    .replace(/‹[\w.]+ (?:of|computed by) ([^‹›]+)›/g, (_, path: string, offset: number, whole: string) =>
      /arn:[^\s'"]*$/.test(whole.slice(0, offset)) ? `<${path}>` : path,
    );
}

/**
 * Splits text at a delimiter, but not within placeholders, which can contain it as part of a path.
 *
 * @param limit the number of parts, of which the last one is all the rest
 */
export function splitText(text: string, delimiter: string, limit = Infinity): string[] {
  const hasPlaceholders = hasUnresolved(text);
  if (!hasPlaceholders && limit === Infinity) return text.split(delimiter);
  const parts: string[] = [];
  let [start, position] = [0, 0];
  while (parts.length < limit - 1) {
    const end = text.indexOf(delimiter, position);
    if (end === -1) break;
    const open = hasPlaceholders ? text.indexOf('‹', position) : -1;
    const close = open === -1 || open > end ? -1 : text.indexOf('›', open);
    if (close === -1) {
      parts.push(text.slice(start, end));
      start = position = end + delimiter.length;
    } else {
      position = close + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}
