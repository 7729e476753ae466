import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { CrossAccountEventBus, CrossAccountInvokePermission, EventPublisher } from '../../src';
import { HUB, SHOP, messagesOf, testFunction } from '../support/apps';
import { ROOT } from '../support/repository';
import { CONTENT, Content, EDITS, NAMES, Name, arnOf, stackOf } from '../support/three-repositories';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'apps-'))));
afterEach(() => rmSync(directory, { recursive: true }));

/** What an app is changed to in a deployment. */
interface Version {
  readonly content?: Partial<Content>;
  readonly add?: (stack: Stack) => void;
}
type Step = [string, Name, Version];

const EVENTS = { sources: [CONTENT.allowedSource], detailTypes: [CONTENT.allowedDetailType] };
const role = (name: string) => EventPublisher.role(`arn:aws:iam::${SHOP.account}:role/${name}`);
const busArn = (name: string) => arnOf('events', HUB, `event-bus/${name}`);
const busIn = (stack: Stack) => stack.node.findChild('Bus') as CrossAccountEventBus;

const account = EventPublisher.accounts(SHOP.account);
const secondBus = (name: string, publisher: EventPublisher) => (stack: Stack) =>
  void new CrossAccountEventBus(stack, 'NewBus', { eventBusName: name }).allowPublisher(publisher, EVENTS);

/** The steps of docs/across-repositories.md. */
const RENAMES: [string, Step[]][] = [
  [
    'a role',
    [
      ['the hub allows both roles', 'hub', { add: (stack) => busIn(stack).allowPublisher(role('orders'), EVENTS) }],
      ['the shop renames the role', 'shop', { content: { publisherName: 'orders' } }],
      ['the hub allows the new role only', 'hub', { content: { allowedRole: 'orders' } }],
    ],
  ],
  [
    'a bus',
    [
      [
        'the hub defines both buses, and allows the account',
        'hub',
        {
          content: { allowedRole: undefined },
          add: (stack) => {
            busIn(stack).allowPublisher(account, EVENTS);
            secondBus('all-orders', account)(stack);
          },
        },
      ],
      ['the shop can publish on both', 'shop', { content: { busArns: [...CONTENT.busArns, busArn('all-orders')] } }],
      ['the shop publishes on the new bus', 'shop', { content: { busArns: [busArn('all-orders')] } }],
      ['the hub defines the new bus only, and allows the role', 'hub', { content: { busName: 'all-orders' } }],
    ],
  ],
  [
    'a function',
    [
      [
        'billing defines both functions',
        'billing',
        {
          add: (stack) => {
            const handler = testFunction(stack, 'NewHandler', { functionName: 'bills' });
            new CrossAccountInvokePermission(stack, 'NewFromHub', { handler, eventBusAccount: HUB.account });
          },
        },
      ],
      [
        'the hub invokes the new function',
        'hub',
        { content: { targetArn: CONTENT.targetArn.replace(/[^:]+$/, 'bills') } },
      ],
      ['billing defines the new function only', 'billing', { content: { functionName: 'bills' } }],
    ],
  ],
  [
    'a detail type',
    [
      [
        'the hub allows both',
        'hub',
        { add: (stack) => busIn(stack).allowPublisher(role('shop-publisher'), { ...EVENTS, detailTypes: ['Placed'] }) },
      ],
      ['the shop publishes both', 'shop', { content: { publishedDetailTypes: ['OrderPlaced', 'Placed'] } }],
      ['the shop publishes the new one', 'shop', { content: { publishedDetailTypes: ['Placed'] } }],
      ['the hub allows the new one only', 'hub', { content: { allowedDetailType: 'Placed' } }],
    ],
  ],
];

const fileOf = (name: Name) => join(directory, name, 'cdk.out', 'event-topology.json');

function synthesize(name: Name, { content, add }: Version): void {
  const stack = stackOf(name, { ...CONTENT, ...content }, { topology: true }, join(directory, name, 'cdk.out'));
  add?.(stack);
  (stack.node.root as App).synth();
}

/** What an app reports with the files that the others wrote last. */
function findingsOf(name: Name, { content, add }: Version): string[] {
  const otherApps = NAMES.filter((other) => other !== name).map(fileOf);
  const stack = stackOf(name, { ...CONTENT, ...content }, { otherApps });
  add?.(stack);
  return messagesOf(stack);
}

test.each(RENAMES)('renaming %s reports nothing in any app if it is done in steps', (_, steps) => {
  const versions: { [name in Name]: Version } = { hub: {}, shop: {}, billing: {} };
  NAMES.forEach((name) => synthesize(name, versions[name]));
  for (const [title, changed, version] of steps) {
    versions[changed] = version;
    // The pull request of the step, and then the other apps after its deployment.
    const messages = findingsOf(changed, version);
    synthesize(changed, version);
    expect([title, ...messages, ...NAMES.flatMap((name) => findingsOf(name, versions[name]))]).toEqual([title]);
  }
});

test('the table in docs/across-repositories.md has the findings of all edits', () => {
  const page = readFileSync(join(ROOT, 'docs/across-repositories.md'), 'utf8');
  const [, table] = /^\| edit \|.*\n\|-.*\n((?:\|.*\n)+)/m.exec(page)!;
  const rows = table.trimEnd().split('\n');
  const cells = rows.map((row) => row.split('|').map((cell) => cell.trim().replace(/`/g, '')));
  const expected = EDITS.map(([title, edited, , findings]) => [
    title,
    edited,
    ...NAMES.map((name) =>
      findings
        .filter((finding) => finding.startsWith(`${name}: `))
        .map((finding) => finding.replace(/^\w+: (error )?/, ''))
        .join(', '),
    ),
  ]);
  expect(cells.map((row) => row.slice(1, -1))).toEqual(expected);
});
