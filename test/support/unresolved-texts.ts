import * as fc from 'fast-check';
import { OWN_ACCOUNT, OWN_REGION, attribute, partlyKnown, unresolved } from '../../src/iam/unresolved-text';

/** The values that placeholders have at deployment. */
export type DeployedValues = { readonly [placeholder: string]: string };

const VALUES = ['', 'a', 'b', 'ab', '*', 'a*', 'x/y', '111111111111', 'aws', 'sqs', 'eu-west-1'];
const TEXT = unresolved('parameter Text');
/** The only placeholder between the colons of an ARN that can be any text. It is one part, as a name is. */
const PART = unresolved('parameter Part');
const STAGE = partlyKnown('parameter Stage', '', ['a', 'b', 'ab']);
const ACCOUNT = partlyKnown('parameter Account', 'account', ['111111111111', '222222222222']);
const ANY_ACCOUNT = partlyKnown('parameter AnyAccount', 'account', []);
const NAME = attribute('QueueName', 'Hub/Queue');

/** Values that the placeholders can have, of each what CloudFormation, the user or AWS can choose. */
const POSSIBLE: { readonly [placeholder: string]: fc.Arbitrary<string> } = {
  [TEXT]: fc.constantFrom(...VALUES, ':', 'a:b', 'arn:aws:sqs:eu-west-1:111111111111:a', 'sqs:eu-west-1:111111111111'),
  [PART]: fc.constantFrom(...VALUES),
  [STAGE]: fc.constantFrom('a', 'b', 'ab'),
  [ACCOUNT]: fc.constantFrom('111111111111', '222222222222'),
  [ANY_ACCOUNT]: fc.constantFrom('111111111111', '333333333333'),
  [OWN_ACCOUNT]: fc.constantFrom('111111111111', '333333333333'),
  [OWN_REGION]: fc.constantFrom('eu-west-1', 'us-east-1'),
  // No other text has the end of a generated name, but it may have the beginning.
  [NAME]: fc.constantFrom('Hub-Queue-1X2Y3Z', 'a-Queue-1X2Y3Z'),
};

export const PLACEHOLDERS: readonly string[] = Object.keys(POSSIBLE);

export const deployedValues: fc.Arbitrary<DeployedValues> = fc.record(POSSIBLE);

/** The text as it is at deployment. */
export function deployed(text: string, values: DeployedValues): string {
  return Object.entries(values).reduce((result, [placeholder, value]) => result.split(placeholder).join(value), text);
}

const PIECES = ['a', 'b', 'ab', '-', '/', ':', '*', '?', 'Queue', ...PLACEHOLDERS, TEXT, NAME];
const shortTexts = fc.array(fc.constantFrom(...PIECES), { maxLength: 4 }).map((pieces) => pieces.join(''));
const part = (...literals: string[]) => fc.constantFrom(...literals, ...literals, PART, OWN_REGION);
const arns = fc
  .tuple(
    fc.constantFrom('arn', 'arn', 'arn', PART),
    fc.constantFrom('aws', '*', PART),
    part('sqs', 'events', '*'),
    part('eu-west-1', '*', ''),
    fc.constantFrom('111111111111', '*', '', '1?1111111111', ACCOUNT, ANY_ACCOUNT, OWN_ACCOUNT, PART),
    shortTexts,
  )
  .map((parts) => parts.join(':'));

/** Texts and ARNs with wildcards, and with parts that are known only at deployment. */
export const partlyUnresolvedTexts: fc.Arbitrary<string> = fc.oneof(
  shortTexts,
  arns,
  fc.tuple(arns, shortTexts).map(([arn, text]) => `${arn.split(':').slice(0, 4).join(':')}:${text}`),
);

/** The same texts without wildcards, as in a request. */
export const partlyUnresolvedValues: fc.Arbitrary<string> = partlyUnresolvedTexts.map((text) =>
  text.replace(/[*?]/g, 'x'),
);
