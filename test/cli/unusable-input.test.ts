import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../src/cli/main';
import { command, emptyDirectory, write } from '../support/command';

const directory = emptyDirectory();
const TEMPLATE = { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } };
const usable = write(directory, 'usable.json', TEMPLATE);
const ENVIRONMENT = ['--account', '111111111111', '--region', 'eu-west-1'];
const file = (name: string, content: unknown) => ['check', ...ENVIRONMENT, write(directory, name, content)];
const config = (name: string, content: unknown) => [
  ...['check', ...ENVIRONMENT, usable, '--config'],
  write(directory, name, content),
];
const assembly = (name: string, manifest: unknown) => {
  write(directory, `${name}/manifest.json`, manifest);
  return ['check', ...ENVIRONMENT, join(directory, name)];
};

mkdirSync(join(directory, 'empty'));

test.each<[string, string[], string]>([
  ['no command', [], 'no command'],
  ['an unknown command', ['chekc', usable], "'chekc'"],
  ['no path', ['check'], 'PATH'],
  ['an unknown option', ['check', usable, '--jsn'], "'--jsn'"],
  ['JSON of a flowchart', ['mermaid', ...ENVIRONMENT, usable, '--json'], "'--json'"],
  ['JSON of a page', ['page', ...ENVIRONMENT, usable, '--json'], "'--json'"],
  ['JSON of a topology, which is JSON', ['topology', ...ENVIRONMENT, usable, '--json'], "'--json'"],
  ['an option without a value', ['check', usable, '--account'], '--account'],
  ['a wrong account', ['check', usable, '--account', '123', '--region', 'eu-west-1'], "'123'"],
  ['a wrong Region', ['check', usable, '--account', '111111111111', '--region', 'Ireland'], "'Ireland'"],
  ['a wrong account of a path', ['check', `${usable}@123/eu-west-1`], "'123'"],
  ['a path that does not exist', ['check', join(directory, 'missing')], 'missing'],
  ['a path with an account alone', ['check', `${usable}@111111111111`], 'PATH@ACCOUNT/REGION'],
  ['a path twice', ['check', ...ENVIRONMENT, usable, usable], 'twice'],
  ['a directory without a manifest', ['check', join(directory, 'empty')], 'manifest.json'],
  ['a manifest that is not JSON', assembly('broken', '{'), 'broken'],
  ['an assembly without stacks', assembly('stackless', { version: '48.0.0' }), 'stackless: the cloud assembly has no'],
  ['a manifest of another form', assembly('strange', { version: 5, artifacts: [] }), 'strange'],
  [
    'an assembly without its template',
    assembly('gone', { version: '48.0.0', artifacts: artifacts('gone.json') }),
    'gone.json',
  ],
  ['a template without an account', ['check', usable], '--account'],
  ['a template without a Region', ['check', usable, '--account', '111111111111'], '--region'],
  ['broken JSON', file('broken.json', '{"Resources": {'), 'broken.json'],
  ['broken YAML', file('broken.yaml', 'Resources: {'), 'broken.yaml'],
  ['YAML with an unknown tag', file('tag.yaml', 'Resources: {A: !Nope x}'), '!Nope'],
  ['YAML with the same key twice', file('twice.yaml', 'Resources: {}\nResources: {}'), 'unique'],
  ['an empty file', file('empty.yaml', ''), 'Resources'],
  ['a file that is no template', file('package.json', { name: 'x' }), 'Resources'],
  ['resources that are a list', file('list.json', { Resources: [] }), 'Resources'],
  ['a resource that is no object', file('number.json', { Resources: { Bus: 5 } }), "'Bus'"],
  ['a resource without a type', file('typeless.json', { Resources: { Bus: { Type: 3 } } }), "'Bus'"],
  ['a resource without a logical ID', file('nameless.json', { Resources: { '': { Type: 'x' } } }), 'logical ID'],
  [
    'a SAM template before its transform',
    file('sam.json', { Transform: ['AWS::Serverless-2016-10-31'], ...TEMPLATE }),
    'transform',
  ],
  ['a configuration that does not exist', ['check', usable, '--config', join(directory, 'no.json')], 'no.json'],
  ['a configuration that is not JSON', config('c1.json', 'x'), 'c1.json'],
  ['a configuration with an unknown option', config('c2.json', { trustedAcounts: [] }), "'trustedAccounts'"],
  ['a configuration with text for a list', config('c3.json', { trustedAccounts: '111111111111' }), 'a list'],
  ['a configuration with a wrong account', config('c4.json', { trustedAccounts: ['1'] }), "'1'"],
  ['a configuration with an unknown limit', config('c5.json', { policySize: { rules: 1 } }), "'rules'"],
  ['a configuration with null for a finding', config('c6.json', { disabledFindings: [null] }), 'an object'],
  [
    'a configuration with an unknown finding',
    config('c7.json', { disabledFindings: [{ id: 'x', reason: 'y' }] }),
    "'x'",
  ],
  [
    'a limit that is no number',
    ['check', ...ENVIRONMENT, usable, '--limit', 'eventBusPolicyLimit=x'],
    'eventBusPolicyLimit',
  ],
  ['a limit without a number', ['check', ...ENVIRONMENT, usable, '--limit', 'eventBusPolicyLimit'], '--limit'],
  ['an unknown limit', ['check', ...ENVIRONMENT, usable, '--limit', 'eventBusLimit=5'], "'eventBusPolicyLimit'"],
  ['a finding that is disabled without a reason', ['check', ...ENVIRONMENT, usable, '--disable', 'x'], '--disable'],
])('fails with exit status 2 and one line for %s', (_, args, part) => {
  const { status, out, err } = command(...args);

  expect(err).toContain(part);
  expect(err).toMatch(/^[^\n]+\n$/);
  expect(out).toBe('');
  expect(status).toBe(2);
});

describe('a name that does not exist', () => {
  const errorOf = (...args: string[]) => command('check', ...ENVIRONMENT, usable, ...args).err;

  test.each<[string, string[], string]>([
    ['a limit', ['--limit', 'trustPolicyLimits=1'], "'trustPolicyLimit'"],
    ['a finding', ['--disable', 'wildcardPrincipals=x'], "'cdk-cross-account-eventbridge:wildcardPrincipal'"],
    ['an option in a file', config('c8.json', { trustedAcounts: [] }).slice(-2), "'trustedAccounts'"],
  ])('is compared with those that exist, for %s', (_, args, part) => {
    expect(errorOf(...args)).toContain(`use ${part}`);
  });

  test('has no similar one if it is something else', () => {
    expect(errorOf('--limit', 'a=1')).toContain("use one of 'eventBusPolicyLimit', 'functionPolicyLimit'");
    expect(errorOf('--disable', 'a=x')).not.toMatch(/use 'cdk-cross|similar/);
  });

  test('is named without the error of Node, for a file', () => {
    const err = errorOf('--config', join(directory, 'no.json'));
    expect(err).toMatch(/no\.json: there is no such file; .*'--config'/);
    expect(err).not.toContain('ENOENT');
  });
});

function artifacts(templateFile: string): object {
  const environment = 'aws://111111111111/eu-west-1';
  return { S: { type: 'aws:cloudformation:stack', environment, properties: { templateFile } } };
}

test('the usable template is usable', () => {
  expect(command('check', ...ENVIRONMENT, usable)).toEqual({
    status: 0,
    out: '0 errors, 0 warnings in 1 app\n',
    err: '',
  });
});

test('--help prints all options', () => {
  const { status, out } = command('--help');

  expect(status).toBe(0);
  for (const option of ['account', 'region', 'config', 'trusted-account', 'limit', 'disable', 'json']) {
    expect(out).toContain(`  --${option}`);
  }
  expect(out.split('\n').filter((line) => line.length > 120)).toEqual([]);
});

test('an error of the command itself has another exit status than a finding', () => {
  let err = '';
  const broken = () => {
    throw new Error('a bug');
  };
  expect(run(['--help'], { out: broken, err: (text) => (err += text) })).toBe(70);
  expect(err).toMatch(/^internal error, report it.*: Error: a bug\n {4}at /);
});
