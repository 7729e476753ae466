import { forEveryChoice } from './chosen-values';
import { UNKNOWN, hasUnknown, mayBeAnyText, partsOf } from './text';
import { Truth, every } from './truth';

/** How values of policies are compared with those of a request. What deployment may make equal is undecided. */

export function equals(value: string, given: string): Truth {
  if (value === given) return true;
  return mayBeAnyText(value) || mayBeAnyText(given) ? forEveryChoice([value, given], equalTexts) : false;
}

function equalTexts(value: string, given: string): Truth {
  return value === given || (mayBeAnyText(value) || mayBeAnyText(given) ? undefined : false);
}

/** Wildcards of IAM: `*` for any characters, `?` for one. */
export function like(pattern: string, given: string): Truth {
  if (pattern === given || pattern === '*') return true;
  return /[*?]/.test(pattern) ? forEveryChoice([pattern, given], likeText) : equals(pattern, given);
}

function likeText(pattern: string, given: string): Truth {
  const [wanted, text] = hasUnknown(pattern) || hasUnknown(given) ? marked(pattern, given) : [pattern, given];
  const source = wanted.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '[^\\uE000-\\uF8FF]');
  if (new RegExp(`^${source}$`, 's').test(text)) return true;
  return mayBeAnyText(pattern) || mayBeAnyText(given) || mayBeMade(pattern, given) ? undefined : false;
}

/** Whether a wildcard may stand for a name that CloudFormation makes: it does where what is known before and behind it agrees. */
function mayBeMade(pattern: string, given: string): boolean {
  if (!hasUnknown(given)) return false;
  const [wanted, known] = [pattern.split(/[*?‹›]/), given.split(/[‹›]/)];
  const agree = (at: 'startsWith' | 'endsWith', one: string, other: string) => one[at](other) || other[at](one);
  return agree('startsWith', wanted[0], known[0]) && agree('endsWith', wanted[wanted.length - 1], known[known.length - 1]);
}

/** Texts with one character for each part that is known only at deployment, which no letters match: the same one for the same part. */
function marked(...texts: string[]): string[] {
  const marks = new Map<string, string>();
  const markOf = (part: string) => marks.get(part) ?? marks.set(part, String.fromCharCode(0xE000 + marks.size)).get(part)!;
  return texts.map((text) => text.replace(UNKNOWN, markOf));
}

/** ARNs are compared part by part: a wildcard does not reach over a colon, but in the last part. */
export function arnLike(pattern: string, given: string): Truth {
  if (pattern === given) return true;
  if (!/[*?]/.test(pattern) || (!pattern.startsWith('arn:') && mayBeAnyText(pattern))) return equals(pattern, given);
  return forEveryChoice([pattern, given], partsLike);
}

function partsLike(pattern: string, given: string): Truth {
  const parts = (arn: string) => [...partsOf(arn, ':').slice(0, 5), partsOf(arn, ':').slice(5).join(':')];
  const wanted = parts(pattern);
  return every(parts(given), (part, i) => like(wanted[i] ?? '', part));
}

/** Whether an action of a statement, which may have wildcards and is in any case, stands for one that is called. */
export function standsFor(action: string, called: string): Truth {
  return like(action.toLowerCase(), called.toLowerCase());
}
