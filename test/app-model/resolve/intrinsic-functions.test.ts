import { Stack } from 'aws-cdk-lib';
import { oneOfValues, valuesInMapping } from '../../../src/app-model/resolve/intrinsic-functions';
import { TemplateReader } from '../../../src/app-model/resolve/template-reader';
import { Json } from '../../../src/iam/statement';
import { constructsOfTemplates } from '../../support/template-constructs';

const TEMPLATE = {
  Parameters: {
    Name: { Type: 'String' },
    Account: { Type: 'String', AllowedPattern: '\\d{12}' },
    Bus: { Type: 'String', AllowedPattern: 'arn:aws:events:eu-west-1:\\d{12}:event-bus/[a-z]+' },
    Accounts: { Type: 'CommaDelimitedList', AllowedPattern: '\\d{12}' },
    Stage: { Type: 'String', AllowedValues: ['test', 'live'] },
  },
  Mappings: { Buses: { test: { name: 'a', list: ['x'] }, live: { name: 'b', region: 'us-east-1' } } },
};

let stack: Stack;
beforeAll(() => {
  stack = constructsOfTemplates({ Hub: TEMPLATE }).node.findChild('Hub') as Stack;
});

const read = (value: unknown) => new TemplateReader().resolve(stack, value);
const ref = (name: string) => ({ Ref: name });
const noValue = ref('AWS::NoValue');

test.each<[object, Json]>([
  [{ 'Fn::If': ['Big', 'a', 'b'] }, '‹Fn::If Big a b in Hub¦¦a¦b›'],
  [{ 'Fn::If': ['Big', 'a', 'a'] }, 'a'],
  [{ 'Fn::If': ['Big', { x: [1] }, { x: [1] }] }, { x: [1] }],
  [{ 'Fn::If': ['Big', 'a', ref('Stage')] }, '‹Fn::If Big a parameter Hub/Stage in Hub¦¦a¦test¦live›'],
  [{ 'Fn::If': ['Big', 'a', ref('Name')] }, "‹Fn::If ['Big','a','parameter Hub/Name'] in Hub›"],
  [{ 'Fn::If': ['Big', 'a', { x: 'y' }] }, "‹Fn::If ['Big','a',{'x':'y'}] in Hub›"],
  [{ 'Fn::If': ['Big', 'a', noValue] }, "‹Fn::If ['Big','a'] in Hub›"],
  [
    { 'Fn::If': ['Big', '111111111111', '222222222222'] },
    '‹Fn::If Big 111111111111 222222222222 in Hub¦account¦111111111111¦222222222222›',
  ],
  [{ 'Fn::If': ['Big', 'a'] }, '?'],
  [{ 'Fn::If': ['Big', 'a', 'b', 'c'] }, '?'],
  [{ 'Fn::If': 'Big' }, '?'],
  [{ 'Fn::Join': ['-', ['a', ref('AWS::Region'), 5, true]] }, 'a-eu-west-1-5-true'],
  [{ 'Fn::Join': ['-', ['a', { x: 1 }]] }, 'a-‹a value that is not text›'],
  [{ 'Fn::Join': ['-', 'a'] }, '?'],
  [{ 'Fn::Join': 'a' }, '?'],
  [{ 'Fn::Sub': 'a-${AWS::Region}-${Name}-${!x}-${}' }, 'a-eu-west-1-‹parameter Hub/Name›-${x}-${}'],
  [{ 'Fn::Sub': ['${a}-${b}', { a: ref('AWS::Region') }] }, 'eu-west-1-‹b in Hub›'],
  [{ 'Fn::Sub': ['${a.b}', 'text'] }, '‹a in Hub›'],
  [{ 'Fn::Select': [1, ['a', 'b']] }, 'b'],
  [{ 'Fn::Select': ['0', [ref('AWS::Region'), 'b']] }, 'eu-west-1'],
  [{ 'Fn::Select': [2, ref('Accounts')] }, '‹parameter item 2 of Hub/Accounts¦account›'],
  [{ 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
  [{ 'Fn::Select': [4, { 'Fn::Split': [':', ref('Bus')] }] }, '‹account in parameter Hub/Bus¦account›'],
  [{ 'Fn::Select': [4, { 'Fn::Split': [':', 'arn:aws:events:eu-west-1:111111111111:x'] }] }, '111111111111'],
  [{ 'Fn::Select': [4, { 'Fn::Split': ['/', ref('Bus')] }] }, '?'],
  [{ 'Fn::Select': [3, { 'Fn::Split': [':', ref('Bus')] }] }, '?'],
  [{ 'Fn::Select': [4, { 'Fn::Split': [':', ref('Account')] }] }, '?'],
  [{ 'Fn::Select': [0, { 'Fn::Split': [':', ref('Name')] }] }, '?'],
  [{ 'Fn::Select': [0, { 'Fn::Split': [':', 'a:b'] }] }, 'a'],
  [{ 'Fn::Select': [0, 'text'] }, '?'],
  [{ 'Fn::Select': [0, { x: 1 }] }, '?'],
  [{ 'Fn::Select': [0] }, '?'],
  [{ 'Fn::Select': 'text' }, '?'],
  [{ Ref: { 'Fn::Sub': 'AWS::Region' } }, 'eu-west-1'],
  [{ Ref: { 'Fn::Select': [1, ['x', 'AWS::Partition']] } }, 'aws'],
  [{ 'Fn::GetAtt': [{ 'Fn::Sub': 'Nope' }, 'Arn'] }, '‹Nope in Hub›'],
  [{ 'Fn::FindInMap': ['Buses', 'test', 'name'] }, 'a'],
  [{ 'Fn::FindInMap': ['Buses', 'test', 'list'] }, ['x']],
  [{ 'Fn::FindInMap': ['Buses', ref('Stage'), 'name'] }, '‹Fn::FindInMap Buses parameter Hub/Stage name in Hub¦¦a¦b›'],
  [{ 'Fn::FindInMap': ['Buses', ref('Name'), 'name'] }, '‹Fn::FindInMap Buses parameter Hub/Name name in Hub¦¦a¦b›'],
  [{ 'Fn::FindInMap': ['Buses', 'other', 'name', { DefaultValue: 'c' }] }, 'c'],
  [{ 'Fn::FindInMap': ['Buses', 'other', 'name'] }, '?'],
  [{ 'Fn::FindInMap': ['Other', 'test', 'name'] }, '?'],
  [{ 'Fn::FindInMap': 'Buses' }, '?'],
  [ref('Buses'), '‹Buses in Hub›'],
  [{ 'Fn::GetAZs': 'eu-west-1' }, '‹Fn::GetAZs eu-west-1 in Hub›'],
  [{ 'Fn::Base64': { a: ['"', '\\'] } }, "‹Fn::Base64 {'a':['''','''']} in Hub›"],
])('%j is %j', (value, expected) => {
  const [name] = Object.keys(value);
  const unknown = expect.stringMatching(new RegExp(`^‹${name} [^‹›¦]*in Hub›$`));
  expect(read(value)).toEqual(expected === '?' ? unknown : expected);
});

test.each<[string, object, number]>([
  ['two values', { 'Fn::If': ['Big', 'a', noValue] }, 2],
  ['one value', { 'Fn::If': ['Big', 'a'] }, 1],
  ['too many values', { 'Fn::If': ['Big', 'a', noValue, 'c'] }, 1],
  ['a condition that is no text', { 'Fn::If': [5, 'a', noValue] }, 1],
  ['text', { 'Fn::If': 'abc' }, 1],
  ['another function', { 'Fn::Other': ['Big', 'a', noValue] }, 1],
])('a choice with %s has branches', (_, value, count) => {
  const reader = new TemplateReader();
  expect(reader.branches.of(reader.resolve(stack, { a: value }))).toHaveLength(count);
});

const MAPPING = { a: { x: 1, y: 2 }, b: { x: 3 } };
const EITHER = '‹key¦¦a¦b›';

test.each<[string[], Json | undefined, Json[] | undefined]>([
  [[], undefined, [MAPPING]],
  [['a'], undefined, [{ x: 1, y: 2 }]],
  [['a', 'x'], undefined, [1]],
  [['a', 'x'], 9, [1]],
  [['a', 'z'], undefined, undefined],
  [['a', 'z'], 9, [9]],
  [['c', 'x'], 9, [9]],
  [['a', 'constructor'], undefined, undefined],
  [['a', 'x', 'more'], undefined, undefined],
  [[EITHER, 'x'], undefined, [1, 3]],
  [[EITHER, 'y'], undefined, undefined],
  [[EITHER, 'y'], 9, [2, 9]],
  [['‹key›', 'x'], undefined, [1, 3]],
  [['‹key›', 'x'], 9, [1, 3, 9]],
  [['‹key›', 'y'], 9, [2, 9, 9]],
  [['a', '‹key›'], undefined, [1, 2]],
])('the keys %j of a mapping, with the default value %j, select %j', (keys, defaultValue, expected) => {
  expect(valuesInMapping(MAPPING, keys, defaultValue)).toEqual(expected);
});

test('an unknown key of an empty mapping selects nothing', () => {
  expect(valuesInMapping({}, ['‹key›'])).toBeUndefined();
  expect(valuesInMapping({}, ['‹key›'], 9)).toEqual([9]);
});

test.each<[(Json | undefined)[], Json | undefined]>([
  [['a', 'a'], 'a'],
  [[{ x: 1 }, { x: 1 }], { x: 1 }],
  [[undefined, undefined], undefined],
  [['a', undefined], undefined],
  [['a', 5], undefined],
  [['a', '‹x›'], undefined],
  [['a', 'b'], '‹one¦¦a¦b›'],
  [['a', '‹x¦¦b¦c›'], '‹one¦¦a¦b¦c›'],
  [['a', 'b c'], undefined],
])('one of %j is %j', (values, expected) => {
  expect(oneOfValues('one', values)).toEqual(expected);
});
