import { mayBeAnyText, partsOf } from './text';
import { Truth, every } from './truth';

/** How values of policies are compared with those of a request. What deployment may make equal is undecided. */

export function equals(value: string, given: string): Truth {
  if (value === given) return true;
  return mayBeAnyText(value) || mayBeAnyText(given) ? undefined : false;
}

/** Wildcards of IAM: `*` for any characters, `?` for one. */
export function like(pattern: string, given: string): Truth {
  if (pattern === given || pattern === '*') return true;
  if (!/[*?]/.test(pattern)) return equals(pattern, given);
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.');
  if (new RegExp(`^${source}$`, 's').test(given)) return true;
  return mayBeAnyText(pattern) || mayBeAnyText(given) ? undefined : false;
}

/** ARNs are compared part by part: a wildcard does not reach over a colon, but in the last part. */
export function arnLike(pattern: string, given: string): Truth {
  if (pattern === given) return true;
  if (!/[*?]/.test(pattern) || (!pattern.startsWith('arn:') && mayBeAnyText(pattern))) return equals(pattern, given);
  const parts = (arn: string) => [...partsOf(arn, ':').slice(0, 5), partsOf(arn, ':').slice(5).join(':')];
  const wanted = parts(pattern);
  return every(parts(given), (part, i) => like(wanted[i] ?? '', part));
}

/** Whether an action of a statement, which may have wildcards and is in any case, stands for one that is called. */
export function standsFor(action: string, called: string): Truth {
  return like(action.toLowerCase(), called.toLowerCase());
}
