import { App, Aws, CfnParameter, CfnResource, Fn, IResolveContext, Lazy, SecretValue, Stack, Token } from 'aws-cdk-lib';
import { CfnEventBus } from 'aws-cdk-lib/aws-events';
import { benchApp } from '../../../bench/synth/app';
import { TemplateReader } from '../../../src/app-model/resolve/template-reader';
import { isFunctionName, mayContainTokens } from '../../../src/app-model/resolve/token-resolver';
import { Json, canonical, isObject } from '../../../src/iam/statement';
import { expectMessage } from '../../support/messages';

const stack = new Stack(new App(), 'Hub', { env: { account: '111111111111', region: 'eu-west-1' } });
const bus = new CfnEventBus(stack, 'Bus', { name: 'orders' });
const ARN = 'arn:aws:events:eu-west-1:111111111111:event-bus/orders';

const read = (value: unknown) => new TemplateReader().resolve(stack, value);
const lazy = (value: unknown) => Lazy.uncachedAny({ produce: () => value });

/** The CDK sorts some lists by their elements, which gives a different order for text than for functions. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted).sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, v]) => [key, sorted(v)])) : value;
}

test('a resource before synthesis equals the one in its template, for every resource of a large app', () => {
  const app = benchApp(11);
  const assembly = app.synth();
  const reader = new TemplateReader();
  const resources = app.node.findAll().filter((c): c is CfnResource => CfnResource.isCfnResource(c));
  const differences = resources.filter((resource) => {
    const { Resources } = assembly.getStackArtifact(resource.stack.artifactId).template;
    const written = Resources[resource.stack.resolve(resource.logicalId)].Properties ?? {};
    return (
      canonical(sorted(reader.resolve(resource.stack, written))) !==
      canonical(sorted(reader.resource(resource)!.properties))
    );
  });
  expect(resources.length).toBe(3_850);
  expect(differences.map(({ node }) => node.path)).toEqual([]);
});

test.each<[string, unknown]>([
  ['a value in a value', lazy(lazy({ a: lazy([lazy(1), lazy('x')]) }))],
  ['a list', { list: Token.asList(lazy(['a', 'b'])) }],
  ['a number', { number: Token.asNumber(lazy(30)) }],
  ['a number that looks like a token', { number: -1.5e289 }],
  ['a number in text', `after ${Token.asNumber(lazy(30))} s`],
  ['nothing in a list', [lazy(undefined), 'a', undefined]],
  ['nothing in an object', { a: lazy(undefined), b: undefined, c: null }],
  ['text in an object of one key', { [Token.asString(lazy('key'))]: 'value' }],
  ['a time', { at: new Date(0) }],
  ['JSON text', stack.toJsonString({ list: [1, true, lazy('x')], text: `"${Token.asString(lazy('y'))}"` })],
  ['many nested tokens', Array.from({ length: 250 }).reduce<unknown>((within) => lazy(within), 'x')],
  ['text that looks like a list token', 'a#{Token[b'],
  ['a function without argument', { 'Fn::Foo': undefined, 'Fn::Bar': lazy(undefined) }],
  ['text that looks like a token', '{Token[nothing] 1e+289'],
])('%s resolves as in the CDK', (_, value) => {
  expect(canonical(read(value))).toBe(canonical(JSON.parse(JSON.stringify(stack.resolve(value)))));
});

test.each<[string, unknown, unknown]>([
  ['a reference in text in a list in an object', { a: [`${bus.attrArn}/x`] }, { a: [`${ARN}/x`] }],
  [
    'a reference that a token resolves',
    Lazy.uncachedAny({ produce: (context: IResolveContext) => [context.resolve(bus.attrArn)].flat() }),
    [ARN],
  ],
  [
    'a function that a token resolves',
    Lazy.uncachedAny({
      produce: ({ resolve }: IResolveContext) => Object.keys(resolve(Fn.join('-', [Aws.REGION, bus.ref]))),
    }),
    ['Fn::Join'],
  ],
  [
    'a function beside omitted values',
    { Ref: 'AWS::AccountId', 'Fn::Sub': lazy(undefined), x: undefined },
    '111111111111',
  ],
  [
    'a name of a function beside another value',
    { Ref: 'AWS::AccountId', x: { Ref: 'AWS::Region' } },
    { Ref: 'AWS::AccountId', x: 'eu-west-1' },
  ],
  ['a function in the key of an object', { [Fn.join('', ['a', bus.ref])]: 1 }, { aorders: 1 }],
  ['values that a function omits', { a: Aws.NO_VALUE, b: [{ Ref: 'AWS::NoValue' }, 'c'] }, { b: ['c'] }],
])('resolves %s', (_, value, expected) => {
  expect(read(value)).toEqual(expected);
});

const itself: { [key: string]: unknown } = {};
itself.itself = itself;

test.each<[string, unknown]>([
  ['a list where text is expected', `${Token.asList(lazy(['a']))[0]}`],
  ['a list among other values', ['a', ...Token.asList(lazy(['b']))]],
  ['an object that contains itself', itself],
  ['a token that resolves to itself', Lazy.uncachedAny({ produce: () => again() })],
  ['a JavaScript function', { f: () => 1 }],
  [
    'an error',
    Lazy.any({
      produce: () => {
        throw new Error('not yet\nat all');
      },
    }),
  ],
])('%s is unresolved', (_, value) => {
  const text = String(read(value));
  expect(text).toMatch(/^‹[^‹›]+›$/);
  expectMessage(text);
});

function again(): unknown {
  return Lazy.uncachedAny({ produce: () => again() });
}

test.each<[string, boolean]>([
  ['text', false],
  [Token.asString(lazy('x')), true],
  [`a${Token.asString(lazy('x'))}b`, true],
  [Token.asList(lazy(['x']))[0], true],
  [String(Token.asNumber(lazy(1))), true],
  ['${Token', false],
])('the text %j may contain tokens: %s', (text, expected) => {
  expect(mayContainTokens(text)).toBe(expected);
});

test.each([
  ['Ref', true],
  ['Fn::Sub', true],
  ['Refs', false],
  ['AFn::Sub', false],
  ['Condition', false],
])('%s is the name of a function: %s', (name, expected) => {
  expect(isFunctionName(name)).toBe(expected);
});

test('text has Booleans and numbers of tokens, but no objects', () => {
  const text = [true, 5, { a: 1 }].map((value) => Token.asString(lazy(value))).join(' ');
  expect(read(text)).toBe('true 5 ‹a value that is not text›');
});

test('a token resolves others without what they omit', () => {
  const resolved = Lazy.uncachedAny({
    produce: ({ resolve }: IResolveContext) => Object.keys(resolve({ a: 1, b: undefined, c: lazy(undefined) })).join(),
  });
  expect(read(resolved)).toBe('a');
});

test('a lazy value may be left unresolved', () => {
  const reader = new TemplateReader({ skipLazyValues: true });
  expect(reader.resolve(stack, [lazy('x'), bus.ref])).toEqual(['‹a lazy value›', 'orders']);
});

test('a parameter in text is unresolved', () => {
  expect(read(`bus-${new CfnParameter(stack, 'Name').valueAsString}`)).toBe('bus-‹parameter Hub/Name›');
});

test.each<[string, unknown, string]>([
  ['as the whole text', '{{resolve:ssm:/x}}', '‹dynamic reference ssm /x in Hub›'],
  [
    'of the CDK',
    SecretValue.secretsManager('x').unsafeUnwrap(),
    expect.stringMatching(/^‹dynamic reference secrets.+›$/),
  ],
  ['in an ARN', 'arn:aws:iam::{{resolve:ssm:/x:2}}:root', 'arn:aws:iam::‹dynamic reference ssm /x 2 in Hub›:root'],
  ['twice in a text', '{{resolve:ssm:a}}{{resolve:ssm:a}}', '‹dynamic reference ssm a in Hub›'.repeat(2)],
  ['made of a token', `{{resolve:ssm:/${bus.ref}}}`, '‹dynamic reference ssm /orders in Hub›'],
  ['made by a function', Fn.sub('{{resolve:ssm:/${AWS::Region}}}'), '‹dynamic reference ssm /eu-west-1 in Hub›'],
  ['of an unknown service', '{{resolve:x:y}}', '{{resolve:x:y}}'],
])('a dynamic reference %s is unresolved', (_, value, expected) => {
  expect(read(value)).toEqual(expected);
});
