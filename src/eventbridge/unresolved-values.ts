import type { Format } from './formats';
import { possibleValuesOf } from '../iam/chosen-values';
import { PLACEHOLDER, hasUnresolved, displayText, withSampleEnvironment } from '../iam/unresolved-text';

/** Sample values for placeholders, one of each kind that a format requires. */
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
  'arn:aws:events:us-east-1:111111111111:rule/x',
  'arn:aws:lambda:us-east-1:111111111111:function:x',
  'arn:aws:lambda:us-east-1:111111111111:function:x:1',
  'arn:aws:sqs:us-east-1:111111111111:x',
  'arn:aws:sns:us-east-1:111111111111:x',
  'arn:aws:kinesis:us-east-1:111111111111:stream/x',
];

/** The number of placeholders up to which all combinations of samples are tried. */
const MAX_PLACEHOLDERS = 3;

/**
 * Why a text does not have a format, whatever the values of its placeholders are. Returns undefined if some values make
 * the text valid. A literal wildcard, account or service can make it invalid in any case.
 */
export function problemWithEveryValue(format: Format, text: string): string | undefined {
  if (!hasUnresolved(text)) return format(text);
  const template = withSampleEnvironment(text);
  const placeholders = [...new Set(template.match(PLACEHOLDER) ?? [])];
  if (placeholders.length > MAX_PLACEHOLDERS) return undefined;
  let candidates = [template];
  for (const placeholder of placeholders) {
    const values = possibleValuesOf(placeholder) ?? SAMPLES;
    candidates = candidates.flatMap((candidate) => values.map((value) => candidate.split(placeholder).join(value)));
  }
  if (candidates.some((candidate) => format(candidate) === undefined)) return undefined;
  const [first] = candidates;
  return format(first)!.replace(`'${first}'`, `'${displayText(text)}'`);
}
