import { IConstruct } from 'constructs';

/** The path of a construct in messages: that of the L2, for the resource in it. */
export function pathOf({ node }: IConstruct): string {
  return displayPath(node.path);
}

function displayPath(path: string): string {
  return path.replace(/\/(Resource|Default)$/, '');
}

/** An ARN in a text that ends with the path of a construct, because its name is known only at deployment. */
const ARN_WITH_PATH = /(?<!["'])(?<noun>\b[\w-]+ )?\barn:[^\s,'"<>]*<(?<path>[^<>]+)>(?![\w/'"-]|:\S)/g;

/** Nouns after which the path alone is enough. */
const NOUNS = new Set(
  'bus role user group rule function queue topic stream key policy project cluster destination machine pipeline'
    .split(' ')
    .map((noun) => `${noun} `),
);

/** A statement that has the path of its resource in place of an ID. An ID has no slash. */
const STATEMENT_OF = /\bstatement '([^'\s]*\/[^'\s]*)'/g;

/**
 * The text with constructs in place of ARNs whose name is known only at deployment: `role 'Shop/Publisher'`. No request
 * has an ARN with the path of a construct, so it must not be copied. The same applies to statement IDs.
 */
export function nameConstructs(text: string): string {
  return text.replace(STATEMENT_OF, "the statement of '$1'").replace(ARN_WITH_PATH, (...match) => {
    const { noun = '', path } = match[match.length - 1] as { noun?: string; path: string };
    return NOUNS.has(noun) ? `${noun}'${displayPath(path)}'` : `${noun}the ARN of '${displayPath(path)}'`;
  });
}
