import { CollectionTag, Pair, Scalar, ScalarTag, Tags, YAMLMap, YAMLSeq, parseDocument } from 'yaml';
import { UnusableInput } from './unusable-input';

/**
 * The content of a template in YAML, with the short forms of CloudFormation functions in their full form. Like
 * CloudFormation, it reads YAML 1.1 without dates: the version of a policy is text.
 */
export function parseYamlTemplate(text: string): unknown {
  const document = parseDocument(text, {
    version: '1.1',
    customTags: templateTags,
    stringKeys: true,
    prettyErrors: false,
  });
  // A warning is about a tag that is unknown, without which the value would be another one.
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw new UnusableInput(problem.message.split('\n')[0]);
  // Only JSON is left: no sets, no numbers without an end, and an error for an anchor that contains itself.
  return JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: MAX_ALIASES })));
}

/** More uses of anchors are an attempt to exhaust the memory. */
const MAX_ALIASES = 1_000;

/** Functions with a short form, `!Sub` for `Fn::Sub`. */
const FUNCTIONS = [
  ...['And', 'Base64', 'Cidr', 'Equals', 'FindInMap', 'GetAZs', 'GetAtt', 'If', 'ImportValue', 'Join', 'Length'],
  ...['Not', 'Or', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform'],
];

function templateTags(tags: Tags): Tags {
  const isUsed = (tag: Tags[number]) => tag !== 'timestamp' && !(typeof tag === 'object' && isDate(tag));
  return [
    ...tags.filter(isUsed),
    ...shortForms('Ref', 'Ref'),
    ...shortForms('Condition', 'Condition'),
    ...FUNCTIONS.flatMap((name) => shortForms(name, `Fn::${name}`)),
  ];
}

function isDate({ tag }: ScalarTag | CollectionTag): boolean {
  return tag === 'tag:yaml.org,2002:timestamp';
}

/** The tag of a function, for an argument that is text, a list or an object. */
function shortForms(shortName: string, name: string): (ScalarTag | CollectionTag)[] {
  const tag = `!${shortName}`;
  return [
    { tag, resolve: (text) => ({ [name]: shortName === 'GetAtt' ? attributeParts(text) : text }) },
    { tag, collection: 'seq', resolve: (list) => functionCall(name, list) },
    { tag, collection: 'map', resolve: (object) => functionCall(name, object) },
  ];
}

/** The logical ID and the attribute in `!GetAtt Bus.Arn`. */
function attributeParts(text: string): string[] {
  const dot = text.indexOf('.');
  return dot < 0 ? [text] : [text.slice(0, dot), text.slice(dot + 1)];
}

function functionCall(name: string, argument: YAMLMap | YAMLSeq): YAMLMap {
  const call = new YAMLMap();
  call.items.push(new Pair(new Scalar(name), argument));
  return call;
}
