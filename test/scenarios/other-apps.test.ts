import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Annotations, App } from 'aws-cdk-lib';
import { CrossAccountEventChecks, EventAssertions } from '../../src';
import { run } from '../../src/cli/main';
import { HUB, BILLING, messagesOf } from '../support/apps';
import { brief, expectError, idToAcknowledge } from '../support/messages';
import { CONTENT, Content, EDITS, NAMES, Name, arnOf, stackOf } from '../support/three-repositories';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'apps-'))));
afterEach(() => rmSync(directory, { recursive: true }));

/** How an app is known to the others. */
const KINDS = {
  'cloud assemblies': (name: string) => join(directory, name, 'cdk.out'),
  'topology files': (name: string) => join(directory, name, 'cdk.out', 'event-topology.json'),
};
type Kind = keyof typeof KINDS;

/** Synthesizes an app as another repository does, without knowing the others. */
function synthesize(name: Name, content: Content): void {
  const stack = stackOf(name, content, { topology: true }, join(directory, name, 'cdk.out'));
  (stack.node.root as App).synth();
}

const synthesizeAll = (content: Content = CONTENT) => NAMES.forEach((name) => synthesize(name, content));

/** What the checks of an app report, with what the other apps synthesized. */
function findingsOf(
  name: Name,
  content: Content,
  kind: Kind,
  others = NAMES.filter((other) => other !== name),
): string[] {
  return messagesOf(stackOf(name, content, { otherApps: others.map(KINDS[kind]) }));
}

describe.each<Kind>(['cloud assemblies', 'topology files'])('apps that know each other by %s', (kind) => {
  test.each(NAMES)('the app %s reports nothing if the other apps allow what it needs', (name) => {
    synthesizeAll();
    expect(findingsOf(name, CONTENT, kind)).toEqual([]);
  });

  test.each(EDITS)('%s', (_, edited, change, expected) => {
    synthesizeAll();
    const content = { ...CONTENT, ...change };
    synthesize(edited, content);
    const found = NAMES.flatMap((name) =>
      findingsOf(name, name === edited ? content : CONTENT, kind).map((message) => `${name}: ${brief(message)}`),
    ).map((text) => text.replace(/ \/.*$/, ''));
    expect(found.sort()).toEqual([...expected].sort());
  });

  test('an older copy of a stack of this app is ignored', () => {
    synthesizeAll({ ...CONTENT, busName: 'older' });
    expect(findingsOf('hub', CONTENT, kind, ['hub', 'billing'])).toEqual([]);
  });
});

describe.each<Kind>(['cloud assemblies', 'topology files'])('the command, on %s', (kind) => {
  const check = () => {
    let text = '';
    const status = run(['check', '--json', ...NAMES.map(KINDS[kind])], {
      out: (more) => (text += more),
      err: (more) => (text += more),
    });
    const { findings } = JSON.parse(text) as { findings: { id: string; level: string }[] };
    return { status, ids: findings.map(({ level, id }) => `${level} ${id}`) };
  };

  test('reports nothing if the apps agree', () => {
    synthesizeAll();
    expect(check()).toEqual({ status: 0, ids: [] });
  });

  test.each(EDITS)('reports what an edit breaks: %s', (_, edited, change, expected) => {
    synthesizeAll();
    synthesize(edited, { ...CONTENT, ...change });
    const { status, ids } = check();
    const known = new Set(expected.map((text) => text.replace(/^\w+: (\w+) /, '$1 cdk-cross-account-eventbridge:')));
    expect(status).toBe([...known].some((text) => text.startsWith('error')) ? 1 : 0);
    expect(new Set(ids)).toEqual(known);
  });
});

/** The warnings of an app that knows no others, and in which the needs of another content are acknowledged. */
function unacknowledgedOf(name: Name, content: Content, acknowledged: Content): string[] {
  const make = (made: Content) => stackOf(name, made, {});
  const stack = make(content);
  for (const message of messagesOf(make(acknowledged))) {
    Annotations.of(stack).acknowledgeWarning(idToAcknowledge([message]), 'done in the other repository');
  }
  return messagesOf(stack).map(brief);
}

describe('an acknowledgement, where no other app is known', () => {
  test.each(NAMES)('is accepted in %s as long as nothing changes', (name) => {
    expect(unacknowledgedOf(name, CONTENT, CONTENT)).toEqual([]);
  });

  const POLICY = 'warning manuallyAddEventBusPolicy';
  test.each<[string, Name, Partial<Content>, string]>([
    ['the role', 'shop', { publisherId: 'Renamed', publisherName: undefined }, `${POLICY} /shop/Renamed`],
    ['the source', 'shop', { publishedSource: 'com.shops' }, `${POLICY} /shop/Publisher`],
    ['a detail type', 'shop', { publishedDetailTypes: ['OrderPlaced', 'OrderPaid'] }, `${POLICY} /shop/Publisher`],
    [
      'the account of the bus',
      'shop',
      { busArns: [arnOf('events', { ...HUB, account: '999999999999' }, 'event-bus/orders')] },
      `${POLICY} /shop/Publisher`,
    ],
    [
      'a second bus',
      'shop',
      { busArns: [...CONTENT.busArns, arnOf('events', HUB, 'event-bus/payments')] },
      `${POLICY} /shop/Publisher`,
    ],
    [
      'the function',
      'hub',
      { targetArn: arnOf('lambda', BILLING, 'function:invoice') },
      'warning manuallyAddFunctionPermission /hub/Rule',
    ],
  ])('does not apply to another need: %s', (_, name, change, expected) => {
    expect(unacknowledgedOf(name, { ...CONTENT, ...change }, CONTENT)).toEqual([expected]);
  });
});

test('an app that nobody describes stays a warning', () => {
  synthesize('hub', CONTENT);
  const messages = findingsOf('hub', CONTENT, 'cloud assemblies', []);
  expect(messages.map(brief)).toEqual(['warning manuallyAddFunctionPermission /hub/Rule']);
});

test.each([
  ['a directory that does not exist', () => 'no/such/cdk.out'],
  ['a file that does not exist', () => 'no/such/event-topology.json'],
  [
    'a file of a newer version',
    () => {
      const file = join(directory, 'event-topology.json');
      writeFileSync(file, JSON.stringify({ version: 99, eventBuses: [] }));
      return file;
    },
  ],
])('an error names %s', (_, path) => {
  const file = path();
  expect(() => CrossAccountEventChecks.applyTo(new App(), { otherApps: [file] })).toThrow(file);
});

describe('the error about a path has the reason and the fix', () => {
  test('if it does not exist', () => {
    const app = new App();
    expectError(() => CrossAccountEventChecks.applyTo(app, { otherApps: ['no/such/cdk.out'] }), 'no/such/cdk.out');
  });

  test('if the file is something else', () => {
    expectError(() => CrossAccountEventChecks.applyTo(new App(), { otherApps: ['package.json'] }), 'package.json');
  });
});

test('a path that is not in a list is an error', () => {
  const stack = stackOf('hub', CONTENT);
  const otherApps: any = 'contracts/shop.event-topology.json';
  expectError(() => CrossAccountEventChecks.applyTo(stack, { otherApps }), "'otherApps'");
  expectError(() => EventAssertions.of(stack.node.root as App, { otherApps }), "'otherApps'");
});
