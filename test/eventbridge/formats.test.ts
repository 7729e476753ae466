import * as formats from '../../src/eventbridge/formats';
import { isDefaultBusPattern, isOnDefaultBus, regionName, ruleArnPattern } from '../../src/eventbridge/rule-formats';
import * as targets from '../../src/eventbridge/target-formats';
import { expectMessage } from '../support/messages';

const ACCOUNT = '111111111111';
const a = (count: number) => 'a'.repeat(count);

/** Formats, with values that they accept and values that they reject. The problems are in `test/messages.txt`. */
const FORMATS: { readonly [name: string]: [format: formats.Format, valid: string[], invalid: string[]] } = {
  'account ID': [formats.accountId, [ACCOUNT], ['11111111111', `${ACCOUNT}1`, `x${ACCOUNT}`, '']],
  'publishing account': [
    formats.publishingAccount,
    [ACCOUNT],
    ['1', 'ses.amazonaws.com', 'ses.amazonaws.com.cn', 'ses.amazonaws.com.de', 'ses.eu-west-1.amazonaws.com'],
  ],
  'organization ID': [
    formats.organizationId,
    ['o-a1b2c3d4e5', `o-${a(32)}`],
    ['o-a1b2c3d4e', `o-${a(33)}`, 'O-a1b2c3d4e5', 'x o-a1b2c3d4e5', 'o-A1b2c3d4e5', 'o-a1b2c3d4e5/'],
  ],
  'path of a unit': [
    formats.organizationalUnitPath,
    [
      ...['o-a1b2c3d4e5/r-ab12/*', 'o-a1b2c3d4e5/r-ab12/', 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*'],
      ...['o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/ou-ab12-22222222/', `o-${a(32)}/r-${a(32)}/ou-${a(32)}-${a(32)}/`],
    ],
    [
      ...['o-a1b2c3d4e5/', 'o-a1b2c3d4e5/*', 'x o-a1b2c3d4e5/', 'o-a1b2c3d4e5/**', 'o-a1b2c3d4e5'],
      ...['o-a1b2c3d4e5/r-ab12', 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111', 'x o-a1b2c3d4e5/r-ab12', 'o-A/r-ab12'],
      ...['o-a1b2c3d4e5/r-*b', 'o-a1b2c3d4e5/r-abc/', 'o-a1b2c3d4e5/r-ab12/ou-ab12-1111111/', 'ou-ab12-11111111/*'],
      ...['o-a1b2c3d4e5/r-ab12/ou-abc-11111111/', 'o-a1b2c3d4e5/r-ab12/**', 'o-a1b2c3d4e5/r-AB12/*'],
      ...['x o-a1b2c3d4e5/r-ab12/*', 'o-a1b2c3d4e5/r-ab12/* x/', 'o-a1b2c3d4e/r-ab12/*', 'o-A1b2c3d4e5/r-ab12/'],
      ...['o-a1b2c3d4e5/r-ab12/ou-AB12-11111111/', 'o-a1b2c3d4e5/r-ab12/ou-ab12-1111111A/'],
    ],
  ],
  'service principal': [
    formats.servicePrincipal,
    ['ses.amazonaws.com', 's3.eu-west-1.amazonaws.com', 'logs.amazonaws.com.cn', 'my-lambda.amazonaws.com'],
    [
      ...['apigateway', 'batch', 'codebuild', 'ec2', 'ecs-tasks', 'eks', 'glue', 'lambda', 'pipes', 'sagemaker'].map(
        (service) => `${service}.amazonaws.com`,
      ),
      ...['scheduler.amazonaws.com', 'states.eu-west-1.amazonaws.com', 'ses', 'SES.amazonaws.com', ACCOUNT, ''],
      ...['ses..amazonaws.com', 'ses.amazonaws.com.', 'x ses.amazonaws.com', 'ses.amazonaws.coms', 'ses.example.com'],
    ],
  ],
  'name of a service': [formats.serviceName, ['lambda.amazonaws.com'], ['lambda', '']],
  'ARN of a source': [
    formats.sourceArn,
    [`arn:aws:ses:eu-west-1:${ACCOUNT}:identity/a*`, 'arn:aws-cn:s3:::bucket', `arn:aws:iam::${ACCOUNT}:*`],
    [
      ...['arn:aws:s3:::', 'arn:aws:*:::bucket', 'arn:aws:s3:*::bucket', 'arn:aws:s3::*:bucket', 'x arn:aws:s3:::a'],
      ...['arn:aws:s3::11:bucket', 'arn:awS:s3:::bucket', 'arn:aws::::bucket', 'bucket'],
    ],
  ],
  'ARN of a target': [
    formats.targetArn,
    [`arn:aws:lambda:*:${ACCOUNT}:function:*`, `arn:aws-cn:sqs:cn-north-1:${ACCOUNT}:q`, `arn:aws:iam::${ACCOUNT}:a`],
    [
      ...['arn:aws:s3:::bucket', `arn:aws:*:*:${ACCOUNT}:a`, `arn:aws:sqs:*:${ACCOUNT}:`, 'arn:aws:sqs:*:*:a'],
      ...[`x arn:aws:sqs:*:${ACCOUNT}:a`, `arn:awS:sqs:*:${ACCOUNT}:a`, `arn:aws:sqs:E:${ACCOUNT}:a`, 'a'],
    ],
  ],
  'name of a bus': [
    formats.eventBusName,
    ['orders', 'Orders.2_a-b', a(256), 'a', 'defaults'],
    ['default', 'a/b', '', a(257), 'a b', 'a*', 'ä'],
  ],
  'ARN of a bus': [
    formats.eventBusArn,
    [
      ...[`arn:aws:events:eu-west-1:${ACCOUNT}:event-bus/orders`, `arn:aws-cn:events:cn:${ACCOUNT}:event-bus/a/B_.-1`],
      `arn:aws:events:eu-west-1:${ACCOUNT}:event-bus/${a(256)}`,
    ],
    [
      `arn:aws:events:eu-west-1:${ACCOUNT}:event-busv2/orders`,
      ...['', ' x', '*', a(257)].map((name) => `arn:aws:events:eu-west-1:${ACCOUNT}:event-bus/${name}`),
      ...[`x arn:aws:events:a:${ACCOUNT}:event-bus/a`, `arn:aws:events:a:1${ACCOUNT}:event-bus/a`, 'orders'],
      ...[`arn:awS:events:a:${ACCOUNT}:event-bus/a`, `arn:aws:events:A:${ACCOUNT}:event-bus/a`],
      `arn:aws:events::${ACCOUNT}:event-bus/a`,
    ],
  ],
  'ARN of a function': [
    formats.functionArn,
    ['f', 'F-_1:$LATEST', 'f:live', 'f:1'].map((name) => `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:${name}`),
    [
      ...['', 'f:', 'f:1:2', 'f*', 'a/b'].map((name) => `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:${name}`),
      ...[`x arn:aws:lambda:e:${ACCOUNT}:function:f`, `arn:aws:lambda::${ACCOUNT}:function:f`, 'f'],
      ...[`arn:awS:lambda:e:${ACCOUNT}:function:f`, `arn:aws:lambda:E:${ACCOUNT}:function:f`],
      ...['arn:aws:lambda:e:1:function:f', `arn:aws:lambda:e:${ACCOUNT}:layer:f`],
    ],
  ],
  'ARN of a role': [
    formats.roleArn,
    [
      ...['shop', 'team/shop', 'a+=,.@_-1', a(576)].map((name) => `arn:aws:iam::${ACCOUNT}:role/${name}`),
      `arn:aws-us-gov:iam::${ACCOUNT}:role/Resource`,
    ],
    [
      ...[`arn:aws:sts::${ACCOUNT}:assumed-role/shop/session`, 'ses.amazonaws.com', `arn:aws:iam::${ACCOUNT}:role/a*`],
      ...['a?', '<Hub/Role>', '‹a', 'Hub/Role/Resource', 'Hub/Role/Default', '', 'a b', a(577)].map(
        (name) => `arn:aws:iam::${ACCOUNT}:role/${name}`,
      ),
      ...['arn:aws:iam::1:role/a', `arn:aws:iam::${ACCOUNT}:user/a`, `x arn:aws:iam::${ACCOUNT}:role/a`, 'shop'],
      ...[`arn:awS:iam::${ACCOUNT}:role/a`, `arn:aws:sts::${ACCOUNT}:role/a`],
    ],
  ],
  'name of a role': [formats.roleName, ['a', a(64), 'a+=,.@_-1'], ['', a(65), 'a/b', 'a b', ' a']],
  'external ID': [formats.externalId, ['ab', a(1224), 'a+=,.@:/-_1'], ['a', a(1225), 'a b', ' ab', 'ab*']],
  'statement ID': [formats.statementId, ['a', a(64), 'A_-1'], ['', a(65), 'a b', ' a', 'a.b']],
  'field of an event': [
    formats.eventField,
    ['a', a(256), 'com.shop', 'a $ b', '{a}'],
    ['', a(257), ' a', 'a ', 'a*', 'a?', '${aws:SourceAccount}'],
  ],
  'name of a Region': [
    regionName,
    ['eu-west-1', 'us-gov-west-1', 'ap-southeast-12', 'ca-central-1', 'me-south-1', 'cn-north-1', 'af-east-1'],
    ['eu-west', 'west-1', 'eu-west-123', 'x eu-west-1', 'eu-west-1a', 'EU-west-1', 'eu-middle-1', 'eu-northup-1', ''],
  ],
  'ARN of rules': [
    ruleArnPattern,
    [
      ...['orders/all', 'all', 'orders/*', '*', `orders/${a(64)}`, 'aws.partner/a/b/c', 'a.-_B/1', 'a/b/*'].map(
        (name) => `arn:aws:events:eu-west-1:${ACCOUNT}:rule/${name}`,
      ),
      ...[`arn:aws:events:*:${ACCOUNT}:rule/*`, 'arn:aws:events:eu-west-1:*:rule/*', 'arn:aws:events:*:*:rule/a*'],
      `arn:aws-cn:events:eu-*-?:${ACCOUNT}:rule/*`,
    ],
    [
      ...['orders/', '/all', 'a/b/c', `orders/${a(65)}`, a(65), 'default/all', 'a b', ''].map(
        (name) => `arn:aws:events:eu-west-1:${ACCOUNT}:rule/${name}`,
      ),
      ...[`arn:aws:events:eu-west-1:${ACCOUNT}:event-bus/orders`, `arn:aws:events:eu-west:${ACCOUNT}:rule/all`],
      ...['arn:aws:events:*:*:rule/*', 'arn:aws:events:*:*:rule/*/?*', 'arn:aws:events:eu-west-1:1:rule/all', 'all'],
      ...[`x arn:aws:events:*:${ACCOUNT}:rule/a`, `arn:awS:events:*:${ACCOUNT}:rule/a`],
      ...[`arn:aws:events::${ACCOUNT}:rule/a`, `arn:aws:events:E:${ACCOUNT}:rule/a`],
    ],
  ],
  'ARN of a queue': [
    targets.queueArn,
    ['q', 'Q_-1', a(80), 'q.fifo'].map((name) => `arn:aws:sqs:eu-west-1:${ACCOUNT}:${name}`),
    [
      ...['', a(81), 'q.fif', 'q.fifo.fifo', 'a/b'].map((name) => `arn:aws:sqs:eu-west-1:${ACCOUNT}:${name}`),
      ...[`x arn:aws:sqs:e:${ACCOUNT}:q`, `arn:aws:sqs::${ACCOUNT}:q`, `arn:awS:sqs:e:${ACCOUNT}:q`, 'q'],
      ...[`arn:aws:sqs:E:${ACCOUNT}:q`, 'arn:aws:sqs:e:1:q'],
    ],
  ],
  'ARN of a topic': [
    targets.topicArn,
    ['t', 'T_-1', a(256), 't.fifo'].map((name) => `arn:aws-cn:sns:eu-west-1:${ACCOUNT}:${name}`),
    [
      ...['', a(257), 't.fif', 't:1'].map((name) => `arn:aws:sns:eu-west-1:${ACCOUNT}:${name}`),
      ...[`x arn:aws:sns:e:${ACCOUNT}:t`, `arn:aws:sns::${ACCOUNT}:t`, `arn:awS:sns:e:${ACCOUNT}:t`],
      ...[`arn:aws:sns:E:${ACCOUNT}:t`, 'arn:aws:sns:e:1:t'],
    ],
  ],
  'ARN of a stream': [
    targets.streamArn,
    ['s', 'S_.-1', a(128)].map((name) => `arn:aws-cn:kinesis:eu-west-1:${ACCOUNT}:stream/${name}`),
    [
      ...['', a(129), 's/a', 's*'].map((name) => `arn:aws:kinesis:eu-west-1:${ACCOUNT}:stream/${name}`),
      ...[`x arn:aws:kinesis:e:${ACCOUNT}:stream/s`, `arn:aws:kinesis::${ACCOUNT}:stream/s`],
      ...[`arn:awS:kinesis:e:${ACCOUNT}:stream/s`, `arn:aws:kinesis:E:${ACCOUNT}:stream/s`],
      'arn:aws:kinesis:e:1:stream/s',
    ],
  ],
  'ARN of a method': [
    targets.apiMethodArn,
    ['a1/prod/POST/orders', 'a1/pr_-1/*/', 'a1/prod/GET/a/*'].map((name) => `arn:aws:execute-api:e:${ACCOUNT}:${name}`),
    [
      ...['a1/prod/post/a', 'a1/*/POST/a', 'A1/prod/POST/a', 'a1/prod/POST', '/prod/POST/a', 'a1//POST/a'].map(
        (name) => `arn:aws:execute-api:e:${ACCOUNT}:${name}`,
      ),
      ...['a1/prod//a', 'a1/prod/**/a'].map((name) => `arn:aws:execute-api:e:${ACCOUNT}:${name}`),
      ...[`x arn:aws:execute-api:e:${ACCOUNT}:a/p/GET/`, `arn:aws:execute-api::${ACCOUNT}:a/p/GET/`],
      ...[`arn:awS:execute-api:e:${ACCOUNT}:a/p/GET/`, `arn:aws:execute-api:E:${ACCOUNT}:a/p/GET/`],
      'arn:aws:execute-api:e:1:a/p/GET/',
    ],
  ],
  'message group': [targets.messageGroupId, ['a', a(128), '!~'], ['', a(129), 'a b', ' a', 'ä']],
  'partition key': [
    targets.partitionKeyPath,
    ['$.detail.id', `$.${a(254)}`],
    ['$.', '$detail', 'x$.detail', '$.a b', `$.${a(255)}`, 'detail'],
  ],
  'path of an API': [
    targets.apiPath,
    ['/', '/orders/*', '/a?b=1'],
    ['', 'orders', '/orders/{id}', '/{id}/{a', '/a}', '/a b', '/a#b', '/{a/b}'],
  ],
  'path of a target': [targets.apiTargetPath, ['/', '/orders/*'], ['/a?b=1', 'orders', '/{id}']],
  'stage of an API': [targets.apiStagePattern, ['prod', '*', 'a?-_1'], ['', 'a b', '/prod', 'prod/']],
  'method of an API': [
    targets.apiMethod,
    ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'],
    ['post', 'ANY', 'XGET', 'PUTS', ''],
  ],
  'name of a header': [
    targets.headerName,
    ['X-Shop', "a!#$%&'*+.^`|~_1", 'xx-amz', 'accept'],
    [
      ...['', 'a b', 'a:', ' a', 'ä', 'x-amz-date', 'X-AMZN', 'authorization', 'Connection', 'content-encoding'],
      ...['content-length', 'host', 'max-forwards', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'via'],
      ...['www-authenticate', 'x-forwarded-for'],
    ],
  ],
};

describe.each(Object.entries(FORMATS))('the format of: %s', (_, [format, valid, invalid]) => {
  test('accepts values', () => {
    expect(valid.filter((value) => format(value) !== undefined)).toEqual([]);
  });

  test('fails for others', () => {
    expect(invalid.filter((value) => format(value) === undefined)).toEqual([]);
    expectMessage(
      invalid
        .map(format)
        .join('\n')
        .replace(/a{60,}/g, (text) => `a (${text.length} times)`),
    );
  });
});

test('a number is whole and between limits', () => {
  const format = formats.integerBetween({ min: 1, max: 3 }, 'days');
  expect([1, 2, 3].map(format)).toEqual([undefined, undefined, undefined]);
  expectMessage([0, 4, 1.5, NaN].map(format).join('\n'));
});

test.each([
  ['all', true, false],
  ['all*', true, true],
  ['al?', true, true],
  ['*', false, false],
  ['?*', false, false],
  ['orders/*', false, false],
  ['orders/all', false, false],
])('the rule %s is on the default bus: %s, and a pattern: %s', (name, isOn, isPattern) => {
  const arn = `arn:aws:events:eu-west-1:${ACCOUNT}:rule/${name}`;
  expect([isOnDefaultBus(arn), isDefaultBusPattern(arn)]).toEqual([isOn, isPattern]);
});

test('another ARN is none of a rule on the default bus', () => {
  expect([isOnDefaultBus('all'), isDefaultBusPattern('a*')]).toEqual([false, false]);
});
