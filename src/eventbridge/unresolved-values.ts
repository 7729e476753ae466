import type { Format } from './formats';
import { possibleValuesOf } from '../iam/chosen-values';
import { OWN_ACCOUNT, UNKNOWN, hasUnresolved, displayText } from '../iam/unresolved-text';

/** What deployment may put in place of a part that is not known: one of each kind that a format asks for. */
const SAMPLES = [
  'x',
  '111111111111',
  'us-east-1',
  'aws',
  'o-a1b2c3d4e5',
  'r-ab12',
  'ou-ab12-11111111',
  'o-a1b2c3d4e5/r-ab12',
  'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111',
  'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/',
  'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*',
  'ses.amazonaws.com',
  'arn:aws:iam::111111111111:role/x',
  'arn:aws:events:us-east-1:111111111111:event-bus/x',
  'arn:aws:lambda:us-east-1:111111111111:function:x',
  'arn:aws:lambda:us-east-1:111111111111:function:x:1',
];

/** More parts than this are not tried in all combinations. */
const MAX_PARTS = 3;

/**
 * What is wrong with a text whatever deployment puts in place of the parts that are not known; nothing where some value
 * makes it right. A wildcard, a wrong account or a wrong service is wrong already.
 */
export function problemWithEveryValue(format: Format, text: string): string | undefined {
  if (!hasUnresolved(text)) return format(text);
  const placed = text.split(OWN_ACCOUNT).join('111111111111').split('‹region›').join('us-east-1');
  const parts = [...new Set(placed.match(UNKNOWN) ?? [])];
  if (parts.length > MAX_PARTS) return undefined;
  const candidates = parts.reduce<string[]>(
    (texts, part) => {
      const samples = possibleValuesOf(part) ?? SAMPLES;
      return texts.flatMap((one) => samples.map((sample) => one.split(part).join(sample)));
    },
    [placed],
  );
  if (candidates.some((candidate) => format(candidate) === undefined)) return undefined;
  const [first] = candidates;
  return format(first)!.replace(`'${first}'`, `'${displayText(text)}'`);
}
