import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { CommandResult, command, emptyDirectory, write } from '../support/command';
import { NO_CHANGE, diffJson, matchesSchema } from '../support/diffs';
import { EXAMPLES, exampleApp } from '../support/examples';
import { expectMessage } from '../support/messages';
import { CONTENT, Content, EDITS, NAMES, Name, stackOf } from '../support/three-repositories';

/** A directory with the cloud assemblies of the hub, the shop and billing, one of them with other content. */
function threeApps(changed?: Name, content: Partial<Content> = {}): string {
  const directory = emptyDirectory();
  for (const name of NAMES) synthesize(name, name === changed ? content : {}, join(directory, name, 'cdk.out'));
  return directory;
}

function synthesize(name: Name, content: Partial<Content>, outdir: string): string {
  const stack = stackOf(name, { ...CONTENT, ...content }, undefined, outdir);
  return (stack.node.root as App).synth().directory;
}

const diff = (...args: string[]): CommandResult => command('diff', ...args);

/** What the output must have for each edit of docs/across-repositories.md: its own change, in one line of a table. */
const NAMED: { readonly [edit: string]: RegExp[] } = {
  'the bus is renamed': [/`hub\/Bus\/Resource` \(hub\) \| replaced: `Name` \| `orders` \| `all-orders` \|/],
  'the role is misspelled in the grant': [
    /role `shop-publisher` .*bus `orders`.* allowed \| \*\*denied\*\* \|/,
    /role `shop-publish` .*bus `orders`.* none \| allowed \|/,
  ],
  'the grant is deleted': [/role `shop-publisher` .*bus `orders`.* allowed \| \*\*denied\*\* \| .*no statement allows/],
  'the grant is for another source': [/role `shop-publisher` .* allowed \| \*\*denied\*\* \| .*'events:source'/],
  'the target has another name': [
    /function `invoices` .* delivered \| none \| no rule sends these events to the target/,
    /function `invoice` .* none \| \*\*not delivered\*\* \|/,
  ],
  'the role has a generated name': [
    /role `shop-publisher` .*function `invoices` .* delivered \| none \| the role or user is not defined any more/,
    /role `shop-publisher` .*bus `orders`.* allowed \| none \| the role or user is not defined any more/,
    /AWS::IAM::Role `shop\/Publisher\/Resource` \(shop\) \| deleted \| `shop-publisher` \|/,
    /role `shop-Renamed-eu-west-1-\w+` .*bus `orders`.* none \| \*\*denied\*\* \|/,
  ],
  'another source is published': [
    /source 'com.shop' .*bus `orders`.* allowed \| none \|/,
    /source 'com.shops' .*bus `orders`.* none \| \*\*denied\*\* \|/,
  ],
  'a detail type is added': [
    /detail type 'OrderPaid' .*bus `orders`.* none \| \*\*denied\*\* \| .*'events:detail-type'/,
  ],
  'the bus is in another account': [
    /bus `orders` \(111111111111\) \| allowed \| \*\*denied\*\* \|/,
    /bus `orders` \(999999999999\) \| none \| unknown \|/,
  ],
  'a second bus is added': [/bus `payments` \(111111111111\) \| none \| \*\*denied\*\* \|/],
  'the function is renamed': [/\(billing\) \| replaced: `FunctionName` \| `invoices` \| `all-invoices` \|/],
  'the permission is deleted': [/function `invoices` .* delivered \| \*\*not delivered\*\* \|.*no statement allows/],
  'the permission is moved to an alias': [/function `invoices` .* delivered \| \*\*not delivered\*\* \|/],
};

describe('an edit of docs/across-repositories.md', () => {
  let before: string;
  beforeAll(() => (before = threeApps()));

  test('has a line here', () => {
    expect(Object.keys(NAMED)).toEqual(EDITS.map(([title]) => title));
  });

  test.each(EDITS)('is named: %s', (title, edited, content, findings) => {
    const after = threeApps(edited, content);
    const { err, out, status } = diff(before, after);

    expect([status, err]).toEqual([0, '']);
    expect(out).toMatch(/^\*\*EventBridge deliveries:\*\* \d/);
    for (const line of NAMED[title]) expect(out.split('\n').filter((one) => line.test(one))).toHaveLength(1);
    const ids = [...new Set(findings.map((finding) => finding.split(' ')[2]))];
    const came = diffJson(before, after).findings.filter((finding) => finding.before === undefined);
    for (const id of ids) expect(came.map((finding) => finding.id).join()).toContain(`:${id}`);
  });

  test('has a summary, and a table for each kind of change', () => {
    expectMessage(diff(before, threeApps('hub', { busName: 'all-orders' })).out.trim());
  });

  test.each(EDITS)('is named the other way round if it is undone: %s', (_, edited, content) => {
    const edit = threeApps(edited, content);
    const [forth, back] = [diffJson(before, edit), diffJson(edit, before)];

    const reversed = ({ after, before: first }: { after?: string; before?: string }) => [after ?? '', first ?? ''];
    const same = ({ after, before: first }: { after?: string; before?: string }) => [first ?? '', after ?? ''];
    for (const list of ['deliveries', 'publishers', 'findings'] as const) {
      expect(back[list].map(reversed).sort()).toEqual(forth[list].map(same).sort());
    }
  });

  test('is named in the same way with one app and the others beside it', () => {
    const after = threeApps('hub', { allowedRole: undefined });
    const others = ['--with', join(before, 'shop/cdk.out'), '--with', join(before, 'billing/cdk.out')];
    const found = diffJson(join(before, 'hub/cdk.out'), join(after, 'hub/cdk.out'), ...others);

    expect(found).toEqual(diffJson(before, after));
    expect(found.deliveries).toHaveLength(1);
  });

  test('of the only app is found though the directories have different names', () => {
    const directory = emptyDirectory();
    const old = synthesize('hub', {}, join(directory, 'main'));
    const is = synthesize('hub', { allowedSource: 'com.web' }, join(directory, 'cdk.out'));

    const { publishers, resources } = diffJson(old, is);
    expect(publishers.map(({ change, event }) => `${change} ${event.source}`)).toEqual([
      'removed com.shop',
      'added com.web',
    ]);
    expect(resources).toEqual([]);
    expect(diff(old, synthesize('hub', {}, join(directory, 'same'))).out).toBe(NO_CHANGE);
  });
});

describe('apps that are the same', () => {
  test.each(EXAMPLES)('have no changes: %s', (_, examples) => {
    const sides = [0, 1].map(() => {
      const directory = emptyDirectory();
      examples.forEach((example, index) => {
        renameSync(exampleApp(example).synth().directory, join(directory, `app${index}`));
      });
      return directory;
    });

    expect(diff(...sides).out).toBe(NO_CHANGE);
    expect(diffJson(...sides).elements).toEqual([]);
  });

  test('have the same output each time, also if the paths are in another order', () => {
    const [before, after] = [threeApps(), threeApps('shop', { publishedSource: 'com.shops' })];
    const [hub, billing] = ['hub', 'billing'].map((name) => ['--with', join(before, name, 'cdk.out')]);
    const shops = [join(before, 'shop/cdk.out'), join(after, 'shop/cdk.out')];

    const { out } = diff(...shops, ...hub, ...billing);
    expect(diff(...billing, ...hub, ...shops).out).toBe(out);
    expect(diff(...shops, ...hub, ...billing).out).toBe(out);
  });
});

test('names in templates are no markup', () => {
  const source = 'shop|`<img src=x>` @octocat #12 [a](b)';
  const template = (bucket: string) => {
    const EventPattern = { source: [source], detail: { bucket: [bucket] } };
    const statement = { Effect: 'Allow', Principal: { AWS: '222222222222' }, Action: 'events:PutEvents' };
    const Condition = { StringEquals: { 'events:source': bucket === 'a' ? 'shop' : source } };
    const Resource = 'arn:aws:events:eu-west-1:111111111111:event-bus/orders';
    const Statement = { ...statement, Resource, Condition };
    const Policy = { EventBusName: 'orders', StatementId: 'S', Statement };
    return {
      Resources: {
        Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'orders' } },
        Policy: { Type: 'AWS::Events::EventBusPolicy', Properties: Policy },
        Rule: { Type: 'AWS::Events::Rule', Properties: { EventBusName: 'orders', EventPattern, Targets: [] } },
      },
    };
  };
  const directory = emptyDirectory();
  const paths = ['a', 'b'].map((name) => write(directory, `${name}.json`, template(name)));
  const { out, status } = diff(...paths, '--account', '111111111111', '--region', 'eu-west-1');

  expect(status).toBe(0);
  const escaped = 'shop\\|\\`\\<img src=x\\>\\` @<!-- -->octocat \\#<!-- -->12 \\[a\\](b)';
  expect(out).toContain(
    `| \`account 222222222222\` | events with source '${escaped}' | bus \`orders\` (111111111111) |`,
  );
  expect(out).toContain('``{"detail":{"bucket":["b"]},"source":["shop\\|`<img src=x>` @octocat #12 [a](b)"]}``');
  for (const row of out.split('\n').filter((line) => line.startsWith('|'))) {
    expect(row.replace(/\\\|/g, '').split('|').length).toBeGreaterThan(4);
  }
});

describe('a directory with several apps', () => {
  test('has topology files as well as cloud assemblies', () => {
    const [before, directory] = [threeApps(), emptyDirectory()];
    for (const name of NAMES) {
      const { out } = command('topology', join(before, name, 'cdk.out'));
      write(directory, name === 'hub' ? 'hub/event-topology.json' : `${name}.event-topology.json`, out);
    }
    write(directory, 'README.md', 'no app');

    expect(diff(before, directory).out).toBe(NO_CHANGE);
  });

  test('has a new app', () => {
    const after = threeApps();
    const before = emptyDirectory();
    for (const name of ['hub', 'billing'] as const) synthesize(name, {}, join(before, name, 'cdk.out'));

    const { findings, publishers } = diffJson(before, after);
    expect(findings.map(({ after: status }) => status)).toEqual(publishers.map(() => undefined));
    expect(publishers.filter(({ change }) => change === 'removed')).toEqual([]);
  });
});

describe('the exit status', () => {
  let [before, after] = ['', ''];
  beforeAll(() => {
    before = threeApps();
    after = threeApps('billing', { functionName: 'all-invoices' });
  });

  test.each([
    ['no option', [], 0],
    ['a delivery that is removed', ['--fail-on', 'removed-delivery'], 1],
    ['a replacement', ['--fail-on', 'replacement'], 1],
    ['open access, which there is not', ['--fail-on', 'open-access'], 0],
    ['one of several', ['--fail-on', 'open-access', '--fail-on', 'replacement', '--json'], 1],
  ])('with %s', (_, options, status) => {
    expect(diff(before, after, ...options).status).toBe(status);
    expect(diff(before, before, ...options).err).toBe('');
    expect(diff(before, threeApps(), ...options).status).toBe(0);
  });

  test.each([
    ['one path', () => [before], /^arguments: diff needs OLD and NEW/],
    ['three paths', () => [before, after, after], /^arguments: diff needs OLD and NEW/],
    ['a path that does not exist', () => [before, join(after, 'web')], /web: there is no such file or directory/],
    ['a directory without apps', () => [emptyDirectory(), after], /contains no apps: use the output of 'cdk synth'/],
    [
      'a directory of apps and one app',
      () => [before, join(after, 'hub/cdk.out')],
      /^arguments: OLD has the apps billing, hub, shop, and NEW is one app: give two directories of apps, or two /,
    ],
    [
      'one app and a directory of apps',
      () => [join(before, 'hub/cdk.out'), after, '--with', join(before, 'shop/cdk.out')],
      /^arguments: NEW has the apps billing, hub, shop, and OLD is one app/,
    ],
    ['an unknown change', () => [before, after, '--fail-on', 'doors'], /'--fail-on' is one of 'open-access', /],
    ['an app beside itself', () => [before, after, '--with', join(before, 'hub/cdk.out')], /hub\/cdk.out: .* twice/],
  ])('is 2 with %s', (_, args, message) => {
    const { err, out, status } = diff(...args());
    expect([status, out]).toEqual([2, '']);
    expect(err).toMatch(message);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  test('is explained on standard error, with those options that apply', () => {
    const options = ['replacement', 'open-access', 'removed-delivery', 'replacement'].flatMap((one) => [
      '--fail-on',
      one,
    ]);
    expect(diff(before, after, ...options).err).toBe(
      'diff fails with --fail-on replacement and --fail-on removed-delivery\n',
    );
  });

  test('is 2 for options of diff with another command', () => {
    expect(command('check', before, '--fail-on', 'open-access')).toMatchObject({ status: 2, out: '' });
    expect(command('mermaid', before, '--with', after).err).toBe("arguments: '--with' and '--fail-on' are for diff\n");
  });

  test('is 2 if a directory has two apps with one name', () => {
    const directory = threeApps();
    write(directory, 'hub.event-topology.json', command('topology', join(directory, 'hub/cdk.out')).out);
    expect(diff(before, directory).err).toMatch(/two apps in the directory have the name 'hub'/);
  });
});

test.each(EDITS)('the JSON output matches its schema: %s', (_, edited, content) => {
  const found = diffJson(threeApps(), threeApps(edited, content));
  expect(matchesSchema(found)).toBe(true);
});
