import { Format, problem } from './formats';

/** The formats of the ARNs of targets. */

export const queueArn: Format = (value) =>
  /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}(\.fifo)?$/.test(value)
    ? undefined
    : problem("be 'arn:PARTITION:sqs:REGION:ACCOUNT:NAME'", value, "copy it from 'aws sqs get-queue-attributes'");

export const topicArn: Format = (value) =>
  /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(\.fifo)?$/.test(value)
    ? undefined
    : problem("be 'arn:PARTITION:sns:REGION:ACCOUNT:NAME'", value, "copy it from 'aws sns list-topics'");

export const streamArn: Format = (value) =>
  /^arn:aws[a-z-]*:kinesis:[a-z0-9-]+:\d{12}:stream\/[\w.-]{1,128}$/.test(value)
    ? undefined
    : problem(
        "be 'arn:PARTITION:kinesis:REGION:ACCOUNT:stream/NAME'",
        value,
        "copy it from 'aws kinesis describe-stream-summary'",
      );

/** The ARN of one method of a REST API. */
export const apiMethodArn: Format = (value) =>
  /^arn:aws[a-z-]*:execute-api:[a-z0-9-]+:\d{12}:[a-z0-9]+\/[\w-]+\/(\*|[A-Z]+)\/.*$/.test(value)
    ? undefined
    : problem(
        "be 'arn:PARTITION:execute-api:REGION:ACCOUNT:ID/STAGE/METHOD/PATH'",
        value,
        "correct 'stage', 'method' and 'path'",
      );

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
export const messageGroupId: Format = (value) =>
  /^[!-~]{1,128}$/.test(value)
    ? undefined
    : problem('be 1 to 128 letters, digits or punctuation characters', value, 'choose another group');

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_KinesisParameters.html */
export const partitionKeyPath: Format = (value) =>
  /^\$\.\S+$/.test(value) && value.length <= 256
    ? undefined
    : problem("be a JSON path such as '$.detail.id', up to 256 characters", value, 'use a path of the event');

/** A path, or a pattern for paths. */
export const apiPath: Format = (value) => {
  if (!value.startsWith('/')) return problem("begin with '/'", value, `use '/${value}'`);
  if (/[{}]/.test(value)) return problem('not contain the names of parameters', value, `use '${withWildcards(value)}'`);
  return /[\s#]/.test(value) ? problem("not contain white space or '#'", value, 'encode or remove them') : undefined;
};

function withWildcards(path: string): string {
  return path.replace(/\{[^}/]*\}?|\}/g, '*');
}

export const apiTargetPath: Format = (value) => {
  if (!value.includes('?')) return apiPath(value);
  return problem('have no query string', value, "use 'queryStringParameters'");
};

/** The name of a stage, or a pattern for names. */
export const apiStagePattern: Format = (value) =>
  /^[\w*?-]+$/.test(value) ? undefined : problem('be the name of a stage', value, "correct it, such as 'prod'");

export const apiMethod: Format = (value) =>
  /^(DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT)$/.test(value)
    ? undefined
    : problem('be an HTTP method in upper case', value, "use a method of the API, such as 'POST'");

/**
 * The headers that EventBridge does not allow, in lower case.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-gateway-target.html
 */
const RESERVED_HEADERS = [
  'authorization',
  'connection',
  'content-encoding',
  'content-length',
  'host',
  'max-forwards',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
  'www-authenticate',
  'x-forwarded-for',
];

export const headerName: Format = (value) => {
  const name = value.toLowerCase();
  // https://www.rfc-editor.org/rfc/rfc9110#name-tokens
  if (!/^[!#$%&'*+.^`|~\w-]+$/.test(value)) {
    return problem('hold names of headers', value, 'use letters, digits and hyphens');
  }
  if (!name.startsWith('x-amz') && !RESERVED_HEADERS.includes(name)) return undefined;
  return problem('hold headers that EventBridge does not reserve', value, 'use another name');
};
