/** A word that the sources and the documentation do not use, because AWS and the CDK have another one. */
export interface RetiredWord {
  /** The word, as the glossary in `CONTRIBUTING.md` lists it. */
  readonly word: string;
  /** All its forms: a regular expression in lower case, matched against whole words. */
  readonly forms: string;
  /** The word to use. */
  readonly better: string;
}

/** The glossary in `CONTRIBUTING.md` lists the same words. */
export const RETIRED_WORDS: readonly RetiredWord[] = [
  { word: 'half', forms: 'half|halves', better: 'resource-based policy, identity-based policy' },
  { word: 'let … in', forms: String.raw`let(s|ting)?\b(?:(?!\n\n)[^.;:!?{}=]){0,45}?\bin`, better: 'allow, grant' },
  { word: 'tell', forms: 'tell(s|ing)?|told', better: 'determine, report, know' },
  { word: 'hang on', forms: '(hangs?|hanging|hung) on', better: 'depend on, unresolved' },
  { word: 'elsewhere', forms: 'elsewhere', better: 'in another account, not defined in this app' },
  { word: 'whoever', forms: 'whoever|whomever', better: 'principal' },
  { word: 'whom', forms: 'whom', better: 'principal' },
  { word: 'somebody', forms: 'somebody', better: 'principal' },
  { word: 'anybody', forms: 'anybody', better: 'any principal, any AWS account' },
  { word: 'nobody', forms: 'nobody', better: 'no principal' },
  { word: 'everybody', forms: 'everybody', better: 'any AWS account' },
  { word: 'stranger', forms: 'strangers?', better: 'any AWS account, external principal' },
  { word: 'spell out', forms: 'spell(s|ed|ing)? out|spelled|spelt', better: 'literal' },
  { word: 'judge', forms: 'judg(e|es|ed|ing|e?ments?)', better: 'evaluate' },
  { word: 'say', forms: 'say(s|ing)?|said', better: 'report' },
  { word: 'undecided', forms: 'undecided', better: 'unresolved (value), unknown (decision)' },
  { word: 'in doubt', forms: 'in doubt', better: 'unknown' },
  { word: 'switch off', forms: String.raw`switch(es|ed|ing)?(\W+\w+)? off`, better: 'disable, acknowledge' },
  { word: 'world', forms: 'worlds?', better: 'app' },
  { word: 'stand for', forms: '(stands?|standing|stood) for', better: 'is, represent, match' },
  { word: 'refuse', forms: 'refus(e|es|ed|ing|als?)', better: 'reject, deny, throw an error' },
  { word: 'to the letter', forms: 'to the letter', better: 'exactly, exact match' },
  { word: 'bring', forms: 'bring(s|ing)?|brought', better: 'forward' },
  { word: 'keeper', forms: 'keepers?', better: 'source of dead letters' },
  { word: 'door', forms: 'doors?', better: 'permission' },
  { word: 'openness', forms: 'openness(es)?', better: 'access analysis' },
  { word: 'caller', forms: 'callers?', better: 'principal' },
  { word: 'made here', forms: 'made here', better: 'defined in this app' },
  { word: 'made elsewhere', forms: 'made elsewhere', better: 'not defined in this app, imported' },
  { word: 'verdict', forms: 'verdicts?', better: 'decision' },
];

/** Names that AWS gave: a condition key of AWS KMS and an action of AWS STS. */
const NAMES_OF_AWS = /\bkms:CallerAccount\b|\bget-?caller-?identity\b/gi;

/** A method of `EventAssertions`, in its declaration and in calls. */
const NAMES_OF_METHODS = /\brefused(?=\()/g;

/** The keyword that declares a variable, which is not the verb. */
const DECLARATIONS = /\blet (?=[[{]|[\w$]+(?:[=:;,]| [=|]| of ))/g;

/** A retired word in a text. */
export interface RetiredUse {
  /** The number of the line, from 1. */
  readonly line: number;
  /** The words as they are in the text. */
  readonly found: string;
  readonly retired: RetiredWord;
}

/** Every use of the retired words, in prose, in comments and within identifiers; also where a line break divides it. */
export function retiredUses(text: string, words: readonly RetiredWord[] = RETIRED_WORDS): RetiredUse[] {
  const plain = plainWords(text);
  return words.flatMap((retired) =>
    [...plain.matchAll(patternOf(retired))].map((match) => ({
      line: plain.slice(0, match.index).split('\n').length,
      found: match[0].replace(/\s+/g, ' '),
      retired,
    })),
  );
}

/** Spaces match line breaks, but not the end of a paragraph. */
function patternOf({ forms }: RetiredWord): RegExp {
  return new RegExp(String.raw`\b(?:${forms.replace(/ /g, String.raw`\s`)})\b`, 'gi');
}

/** The text with the parts of identifiers as separate words, and without comment marks; it has the same lines. */
function plainWords(text: string): string {
  return text
    .replace(NAMES_OF_AWS, '')
    .replace(NAMES_OF_METHODS, '')
    .replace(DECLARATIONS, 'const ')
    .replace(/^[ \t]*(\*|\/\/|>)[ \t]/gm, '')
    .replace(/_/g, ' ')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .split('\n')
    .map((line) => line.replace(/[ \t]+/g, ' ').trim())
    .join('\n')
    .replace(/[ \n]+/g, (gap) => (gap.includes('\n') ? gap.replace(/ /g, '') : ' '));
}
