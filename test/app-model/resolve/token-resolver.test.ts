import { App, Aws, CfnParameter, CfnResource, Fn, IResolveContext, Lazy, Stack, Token } from 'aws-cdk-lib';
import { CfnEventBus } from 'aws-cdk-lib/aws-events';
import { benchApp } from '../../../bench/synth/app';
import { TemplateReader } from '../../../src/app-model/resolve/template-reader';
import { Json, canonical, isObject } from '../../../src/iam/statement';

const stack = new Stack(new App(), 'Hub', { env: { account: '111111111111', region: 'eu-west-1' } });
const bus = new CfnEventBus(stack, 'Bus', { name: 'orders' });
const ARN = 'arn:aws:events:eu-west-1:111111111111:event-bus/orders';

const read = (value: unknown) => new TemplateReader().resolve(stack, value);
const lazy = (value: unknown) => Lazy.uncachedAny({ produce: () => value });

/** The CDK sorts some lists by what stands in them, which is another order for text than for functions. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted).sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, v]) => [key, sorted(v)])) : value;
}

test('what a resource is before synthesis is what its template has, for every resource of a large app', () => {
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
  ['a number that is none of the CDK', { number: -1.5e289 }],
  ['a number in text', `after ${Token.asNumber(lazy(30))} s`],
  ['nothing in a list', [lazy(undefined), 'a', undefined]],
  ['nothing in an object', { a: lazy(undefined), b: undefined, c: null }],
  ['text in an object of one key', { [Token.asString(lazy('key'))]: 'value' }],
  ['a time', { at: new Date(0) }],
  ['JSON text', stack.toJsonString({ list: [1, true, lazy('x')], text: `"${Token.asString(lazy('y'))}"` })],
  ['many tokens in each other', Array.from({ length: 250 }).reduce<unknown>((within) => lazy(within), 'x')],
  ['what looks like a list', 'a#{Token[b'],
  ['a function without argument', { 'Fn::Foo': undefined, 'Fn::Bar': lazy(undefined) }],
  ['text with what looks like a token', '{Token[nothing] 1e+289'],
])('%s is what the CDK makes of it', (_, value) => {
  expect(canonical(read(value))).toBe(canonical(JSON.parse(JSON.stringify(stack.resolve(value)))));
});

test.each<[string, unknown, unknown]>([
  ['a reference in text in a list in an object', { a: [`${bus.attrArn}/x`] }, { a: [`${ARN}/x`] }],
  [
    'a reference of which the value is asked',
    Lazy.uncachedAny({ produce: (context: IResolveContext) => [context.resolve(bus.attrArn)].flat() }),
    [ARN],
  ],
  [
    'a function that another value is asked for',
    Lazy.uncachedAny({
      produce: ({ resolve }: IResolveContext) => Object.keys(resolve(Fn.join('-', [Aws.REGION, bus.ref]))),
    }),
    ['Fn::Join'],
  ],
  [
    'a function beside what is left out',
    { Ref: 'AWS::AccountId', 'Fn::Sub': lazy(undefined), x: undefined },
    '111111111111',
  ],
  [
    'a name of a function beside another value',
    { Ref: 'AWS::AccountId', x: { Ref: 'AWS::Region' } },
    { Ref: 'AWS::AccountId', x: 'eu-west-1' },
  ],
  ['a function in the key of an object', { [Fn.join('', ['a', bus.ref])]: 1 }, { aorders: 1 }],
  ['nothing, where a function leaves it out', { a: Aws.NO_VALUE, b: [{ Ref: 'AWS::NoValue' }, 'c'] }, { b: ['c'] }],
])('stands for %s', (_, value, expected) => {
  expect(read(value)).toEqual(expected);
});

const itself: { [key: string]: unknown } = {};
itself.itself = itself;

test.each<[string, unknown, RegExp]>([
  ['a list in the place of a text', `${Token.asList(lazy(['a']))[0]}`, /a list in the place of a text/],
  ['a list among other values', ['a', ...Token.asList(lazy(['b']))], /among other values/],
  ['an object with itself in it', itself, /itself/],
  ['a token that stands for itself', Lazy.uncachedAny({ produce: () => again() }), /itself/],
  ['a function of the language', { f: () => 1 }, /function is no value/],
  [
    'an error',
    Lazy.any({
      produce: () => {
        throw new Error('not yet\nat all');
      },
    }),
    /^‹.*not yet›$/,
  ],
])('%s is unknown', (_, value, expected) => {
  expect(read(value)).toMatch(expected);
});

function again(): unknown {
  return Lazy.uncachedAny({ produce: () => again() });
}

test('a parameter stands for itself in text', () => {
  expect(read(`bus-${new CfnParameter(stack, 'Name').valueAsString}`)).toBe('bus-‹parameter Hub/Name›');
});
