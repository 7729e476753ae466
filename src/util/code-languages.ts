import { CodeCall, CodeValue } from './code-values';

/** The languages of apps, other than TypeScript and JavaScript. */
export type CodeLanguage = 'python' | 'java' | 'go' | 'dotnet';

/** The types of the last argument of methods, which is an object in TypeScript. */
const ARGUMENT_TYPES: { readonly [method: string]: string } = {
  allowPublisher: 'AllowedEvents',
  allowRuleManagement: 'AllowedRules',
};

/** The packages of classes in Go, if it is not that of this library. */
const GO_PACKAGES: { readonly [type: string]: string } = {
  AuthorizationType: 'awsapigateway',
  EventBus: 'awsevents',
  Fn: 'awscdk',
  PhysicalName: 'awscdk',
  QueueEncryption: 'awssqs',
  RestApi: 'awsapigateway',
  StreamEncryption: 'awskinesis',
};

/** The members that are functions in Go: properties of classes. Others are members of enums. */
const GO_FUNCTIONS = ['PhysicalName'];

/** How a language writes names and values. */
interface Syntax {
  readonly property: (name: string) => string;
  /** A property that is set to a boolean. */
  readonly flag: (name: string, value: boolean) => string;
  readonly method: (name: string) => string;
  readonly staticMethod: (type: string, name: string) => string;
  readonly member: (type: string, name: string) => string;
  readonly text: (text: string) => string;
  readonly texts: (texts: readonly string[]) => string;
  readonly object: (type: string, properties: readonly (readonly [string, string])[]) => string;
}

const capitalize = (name: string) => name[0].toUpperCase() + name.slice(1);
const toSnakeCase = (name: string) => name.replace(/[A-Z]+/g, (capitals) => `_${capitals.toLowerCase()}`);
const quoted = (text: string) => JSON.stringify(text);
const same = (name: string) => name;
const withDot = (type: string, name: string) => `${type}.${name}`;
const list = (parts: readonly string[]) => parts.join(', ');

const SYNTAXES: { readonly [language in CodeLanguage]: Syntax } = {
  python: {
    property: toSnakeCase,
    flag: (name, value) => `${toSnakeCase(name)}=${capitalize(String(value))}`,
    method: toSnakeCase,
    staticMethod: (type, name) => `${type}.${toSnakeCase(name)}`,
    member: withDot,
    text: quoted,
    texts: (texts) => `[${list(texts.map(quoted))}]`,
    // The properties of the last argument are keyword arguments.
    object: (_, properties) => list(properties.map(([name, value]) => `${toSnakeCase(name)}=${value}`)),
  },
  java: {
    property: same,
    flag: (name, value) => `${name}(${value})`,
    method: same,
    staticMethod: withDot,
    member: withDot,
    text: quoted,
    texts: (texts) => `List.of(${list(texts.map(quoted))})`,
    object: (type, properties) => {
      const setters = properties.map(([name, value]) => `.${name}(${value})`);
      return `${type}.builder()${setters.join('')}.build()`;
    },
  },
  go: {
    property: capitalize,
    flag: (name, value) => `${capitalize(name)}: jsii.Bool(${value})`,
    method: capitalize,
    staticMethod: (type, name) => `${goPackage(type)}.${type}_${capitalize(name)}`,
    member: (type, name) => `${goPackage(type)}.${type}_${name}${GO_FUNCTIONS.includes(type) ? '()' : ''}`,
    text: (text) => `jsii.String(${quoted(text)})`,
    texts: (texts) => `jsii.Strings(${list(texts.map(quoted))})`,
    object: (type, properties) => {
      const fields = properties.map(([name, value]) => `${capitalize(name)}: ${value}`);
      return `&${goPackage(type)}.${type}{${list(fields)}}`;
    },
  },
  dotnet: {
    property: capitalize,
    flag: (name, value) => `${capitalize(name)} = ${value}`,
    method: capitalize,
    staticMethod: (type, name) => `${type}.${capitalize(name)}`,
    member: withDot,
    text: quoted,
    texts: (texts) => `new[] { ${list(texts.map(quoted))} }`,
    object: (type, properties) => {
      const fields = properties.map(([name, value]) => `${capitalize(name)} = ${value}`);
      return `new ${type} { ${list(fields)} }`;
    },
  },
};

function goPackage(type: string): string {
  return GO_PACKAGES[type] ?? 'crossaccounteventbridge';
}

/** The name of a property in a language. */
export function propertyIn(language: CodeLanguage, name: string): string {
  return SYNTAXES[language].property(name);
}

/** A property that is set to a boolean, in a language. */
export function flagIn(language: CodeLanguage, name: string, value: boolean): string {
  return SYNTAXES[language].flag(name, value);
}

/** A member of a class or enum in a language. */
export function memberIn(language: CodeLanguage, type: string, name: string): string {
  return SYNTAXES[language].member(type, name);
}

/** A call in a language. */
export function callIn(language: CodeLanguage, { on, method, args }: CodeCall): string {
  const values = args.map((value) => valueIn(language, value, ARGUMENT_TYPES[method] ?? ''));
  return `${calleeIn(language, on, method)}(${list(values)})`;
}

/** The name of a method in a language, with its class or variable. */
export function calleeIn(language: CodeLanguage, on: string | undefined, method: string): string {
  const syntax = SYNTAXES[language];
  if (on === undefined) return syntax.method(method);
  return /^[A-Z]/.test(on) ? syntax.staticMethod(on, method) : `${on}.${syntax.method(method)}`;
}

function valueIn(language: CodeLanguage, value: CodeValue, type: string): string {
  const syntax = SYNTAXES[language];
  switch (value.kind) {
    case 'text':
      return syntax.text(value.text);
    case 'texts':
      return syntax.texts(value.texts);
    case 'object': {
      const properties = value.properties.map(([name, child]) => [name, valueIn(language, child, '')] as const);
      return syntax.object(type, properties);
    }
    case 'member':
      return syntax.member(value.type, value.name);
    case 'call':
      return callIn(language, value);
  }
}
