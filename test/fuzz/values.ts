import * as fc from 'fast-check';
import { strangeJson } from '../support/strange-json';

/** Whether all values are literals that the delivery oracle can read, or there is whatever a template can have. */
export type Mode = 'known' | 'any';

/** JSON with placeholders, such as `{ $: 'parameter' }`, which the builder of the app replaces. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };

/** The lists of elements that a value can refer to by `{ $: 'arn', of: 'buses', at: 0 }`. */
export type Referable =
  | ('keys' | 'queues' | 'buses' | 'functions' | 'topics' | 'streams' | 'apis' | 'logGroups')
  | ('stateMachines' | 'roles' | 'rules');

export const ACCOUNTS = ['111111111111', '222222222222', '333333333333'];
export const EXTERNAL_ACCOUNT = '909090909090';
export const REGIONS = ['eu-west-1', 'us-east-1'];
export const ORGANIZATIONS = ['o-a1b2c3d4e5', 'o-bbbbbbbbbb'];
export const SOURCES = ['com.shop', 'com.web', 'aws.s3', 'aws.ec2'];
export const DETAIL_TYPES = ['Placed', 'Paid', 'Object Created'];
export const BUS_NAMES = ['orders', 'audit', 'local', 'stock', 'bills', 'returns'];

/** The index of an element in a list. If the list is shorter, the builder counts on from its first element. */
export const index = fc.nat({ max: 5 });

export const arnOf = (of: Referable): fc.Arbitrary<Value> => index.map((at) => ({ $: 'arn', of, at }));

/** One of some values, the first ones more often than the last one. */
export function mostly<T>(usual: fc.Arbitrary<T>, unusual: fc.Arbitrary<T>, times = 8): fc.Arbitrary<T> {
  return fc.oneof({ weight: times, arbitrary: usual }, { weight: 1, arbitrary: unusual });
}

export const maybe = <T>(value: fc.Arbitrary<T>, freq = 2): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined, freq });

/** Text that is known, and in the mode `any` sometimes a value that is known only at deployment. */
export function text(mode: Mode, ...texts: readonly string[]): fc.Arbitrary<Value> {
  const literal: fc.Arbitrary<Value> = fc.constantFrom(...texts);
  if (mode === 'known') return literal;
  return mostly(
    literal,
    fc.oneof(
      fc.constantFrom<Value>({ $: 'parameter' }, { $: 'import' }),
      fc.tuple(literal, literal).map(([yes, no]): Value => ({ $: 'if', yes, no })),
      fc.constantFrom(...texts).map((start): Value => ({ $: 'sub', text: `${start}-\${AWS::Region}` })),
      fc.constantFrom(...texts).map((only): Value => ({ $: 'parameter', allowed: [only] })),
    ),
  );
}

const STRANGE_KEYS = [
  ...['Ref', 'Fn::GetAtt', 'Fn::Join', 'Fn::Sub', 'Fn::Select', 'Fn::Split', 'Fn::If', 'Fn::ImportValue', 'toString'],
  ...['Effect', 'Principal', 'NotPrincipal', 'AWS', 'Service', 'Action', 'NotAction', 'Resource', 'NotResource'],
  ...['Condition', 'StringEquals', 'ForAllValues:StringEquals', 'ArnLike', 'Null', 'Statement', 'Version', 'Id', 'Arn'],
  ...['aws:SourceArn', 'aws:PrincipalOrgID', 'source', 'detail-type', 'detail', 'account', 'prefix', 'anything-but'],
  ...['$or', 'numeric', 'wildcard', 'exists', 'Fn::Transform', 'Fn::FindInMap', 'Fn::Base64', 'constructor'],
];
const STRANGE_TEXTS = [
  ...['*', 'AWS::NoValue', 'AWS::Region', 'AWS::AccountId', 'Allow', 'Deny', 'events:PutEvents', 'arn:', ''],
  ...['arn:aws:events:::event-bus/', 'arn:aws:events:eu-west-1:111111111111:event-bus/orders', '${AWS::Region}', '>'],
  ...['${aws:PrincipalArn}', '${', 'com.*', 'constructor', '__proto__', 'Bus0', 'Bus0.Arn', '‹Name of Bus0›', '::::::'],
];

/** Any JSON where a template should have something else. */
export const strange = strangeJson(STRANGE_KEYS, STRANGE_TEXTS) as fc.Arbitrary<Value>;

/** A usual value, and in the mode `any` sometimes any JSON instead. */
export function malformable(mode: Mode, usual: fc.Arbitrary<Value>, times = 25): fc.Arbitrary<Value> {
  return mode === 'known' ? usual : mostly(usual, strange, times);
}
