import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { preProcessFile } from 'typescript';
import { FindingId } from '../../src/checks/finding-id';

const ROOT = resolve(__dirname, '../..');
const SRC = join(ROOT, 'src');

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => join(SRC, file));
const read = (file: string) => readFileSync(file, 'utf8');
const name = (file: string) => relative(SRC, file).replace(/\.ts$/, '');

/** What a file imports, exports from elsewhere or requires: packages by name, files of `src` by their path in it. */
function importsOf(file: string): string[] {
  const found = preProcessFile(read(file), true, true).importedFiles.map(({ fileName }) => fileName);
  return found.map((target) => (target.startsWith('.') ? relative(SRC, resolve(dirname(file), target)) : target));
}

/** The rooms of `src`, from the ground up: each knows those below it, and never one above. */
const FLOORS = [
  ['util'],
  ['iam'],
  ['eventbridge'],
  ['app-model'],
  ['core'],
  ['checks'],
  ['permissions'],
  ['event-bus'],
  ['publisher', 'targets'],
];

/** Those that know neither the CDK nor Node, but for hashes and ranges of addresses. */
const PURE = ['util', 'iam', 'eventbridge'];

const CDK = /^(aws-cdk-lib(\/.*)?|constructs)$/;
const NODE = /^(node:)?(crypto|fs|net|path)$/;

const roomOf = (file: string) => file.split('/')[0];
const isOfSrc = (target: string) => files.some((file) => name(file) === target);
const imports = files.flatMap((file) => importsOf(file).map((target) => ({ file: name(file), target })));

describe('the arrows between rooms', () => {
  test('are read from the imports', () => {
    expect(importsOf(join(SRC, 'checks/quotas/identity-policies.ts'))).toEqual(
      expect.arrayContaining(['constructs', 'checks/finding-id', 'app-model/app-model', 'iam/policy-size']),
    );
  });

  test('lead between rooms that are here, each on one floor', () => {
    const rooms = readdirSync(SRC, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    expect(FLOORS.flat().sort()).toEqual(rooms.sort());
  });

  test('lead down, and not from one room to another on the same floor', () => {
    const floorOf = (file: string) => FLOORS.findIndex((rooms) => rooms.includes(roomOf(file)));
    const between = imports.filter(
      ({ file, target }) => isOfSrc(target) && file !== 'index' && roomOf(file) !== roomOf(target),
    );
    expect(between.length).toBeGreaterThan(100);
    expect(between.filter(({ file, target }) => floorOf(target) >= floorOf(file))).toEqual([]);
  });

  test('lead into no private folder from without', () => {
    const entered = imports.filter(({ target }) => target.includes('/private/'));
    expect(entered.length).toBeGreaterThan(20);
    expect(entered.filter(({ file, target }) => roomOf(file) !== roomOf(target))).toEqual([]);
  });

  test('make no circle of files', () => {
    expect(circles(new Map(files.map((file) => [name(file), importsOf(file).filter(isOfSrc)])))).toEqual([]);
  });

  test('lead from pure rooms to nothing but hashes and ranges of addresses', () => {
    const outside = imports.filter(({ file, target }) => PURE.includes(roomOf(file)) && !isOfSrc(target));
    expect(outside.filter(({ target }) => !/^(node:)?(crypto|net)$/.test(target))).toEqual([]);
  });

  test('lead to nothing but the CDK and what Node has', () => {
    expect(imports.filter(({ target }) => !isOfSrc(target) && !CDK.test(target) && !NODE.test(target))).toEqual([]);
  });
});

test('a circle of files is noticed', () => {
  expect(
    circles(
      new Map([
        ['a', ['b']],
        ['b', ['c']],
        ['c', ['b']],
      ]),
    ),
  ).toEqual([['b', 'c']]);
});

/** Files that import each other, by way of others or not. */
function circles(graph: Map<string, string[]>): string[][] {
  const reached = new Map([...graph.keys()].map((file) => [file, reachable(graph, file)]));
  const members = [...graph.keys()].filter((file) => reached.get(file)!.has(file));
  const found = members.map((file) =>
    members.filter((other) => reached.get(file)!.has(other) && reached.get(other)!.has(file)).sort(),
  );
  return found.filter((circle, i) => found.findIndex((other) => other.join() === circle.join()) === i);
}

function reachable(graph: Map<string, string[]>, from: string): Set<string> {
  const seen = new Set<string>();
  const left = [...(graph.get(from) ?? [])];
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    left.push(...(graph.get(file) ?? []));
  }
  return seen;
}

describe('files', () => {
  test('are written by the report of the checks alone', () => {
    expect(files.filter((file) => importsOf(file).some((target) => /^(node:)?fs/.test(target))).map(name)).toEqual([
      'checks/engine/report',
    ]);
  });

  test('have 250 lines at most', () => {
    expect(files.filter((file) => read(file).trimEnd().split('\n').length > 250).map(name)).toEqual([]);
  });

  test('that the index exports each have one public class of their name', () => {
    const top = files.filter((file) => importsOf(join(SRC, 'index.ts')).includes(name(file)));
    expect(top.length).toBeGreaterThan(20);
    const classes = top.map(
      (file) => [name(file), [...read(file).matchAll(/^export (?:class|enum) (\w+)/gm)].map(([, c]) => c)] as const,
    );
    const pascal = (file: string) =>
      basename(file)
        .split('-')
        .map((part) => part[0].toUpperCase() + part.slice(1))
        .join('');
    expect(
      classes.filter(([file, names]) => names.length > 1 || (names.length === 1 && names[0] !== pascal(file))),
    ).toEqual([]);
  });

  test('keep no state between apps', () => {
    expect(files.filter((file) => /^(export )?(let|var) /m.test(read(file))).map(name)).toEqual([]);
  });
});

test('private fields of the CDK are read in one file', () => {
  const fields =
    /rawOverrides|_toCloudFormation|shouldSynthesize|CFN_RESOURCE_TYPE_NAME|core\.Acknowl|\.assembly\b|\bproducer\?/;
  expect(files.filter((file) => fields.test(read(file).replace(/^\s*(\/\/|\/?\*).*$/gm, ''))).map(name)).toEqual([
    'app-model/cdk-internals',
  ]);
});

test('the index has named exports and nothing else', () => {
  const statements = read(join(SRC, 'index.ts'))
    .split(';')
    .map((statement) => statement.trim())
    .filter(Boolean);
  expect(statements.length).toBeGreaterThan(5);
  expect(statements.filter((statement) => !/^export \{[\w\s,]+\} from '\.\/[\w-]+\/[\w-]+'$/.test(statement))).toEqual(
    [],
  );
});

test('no ARN that goes into a template has its partition written out', () => {
  // What AWS stores, and what patterns and advice look like, is no template.
  const judging = /^(app-model\/|iam\/|eventbridge\/(policy-capacity|formats|unresolved-values)$)/;
  const literal = files.filter(
    (file) => !judging.test(name(file)) && /arn:aws(-[a-z-]+)?:/.test(read(file).replace(/^\s*(\/\/|\/?\*).*$/gm, '')),
  );
  expect(literal.map(name)).toEqual([]);
});

describe('ids of findings', () => {
  const docs = read(join(ROOT, 'docs/checks.md'));
  const sections = docs
    .split(/^## /m)
    .slice(1)
    .map((section) => [/^`([^`]+)`$/m.exec(section)?.[1], section] as const);

  test('are those that the documentation explains', () => {
    expect(sections.map(([id]) => id)).toEqual(Object.values(FindingId));
  });

  test('are in the table of the documentation, each with a link to its section', () => {
    const rows = [...docs.matchAll(/^\| \[`(\w+)`\]\(#([\w-]+)\) \|/gm)].map(([, id, anchor]) => [
      `cdk-cross-account-eventbridge:${id}`,
      anchor,
    ]);
    expect(rows).toEqual(Object.values(FindingId).map((id) => [id, id.toLowerCase().replace(':', '')]));
  });

  test('are what users acknowledge, and do not change', () => {
    expect(FindingId).toEqual({
      EVENT_BUS_POLICY_SIZE: 'cdk-cross-account-eventbridge:eventBusPolicySize',
      FUNCTION_POLICY_SIZE: 'cdk-cross-account-eventbridge:functionPolicySize',
      ROLE_POLICY_SIZE: 'cdk-cross-account-eventbridge:rolePolicySize',
      TRUST_POLICY_SIZE: 'cdk-cross-account-eventbridge:trustPolicySize',
      QUEUE_POLICY_SIZE: 'cdk-cross-account-eventbridge:queuePolicySize',
      KEY_POLICY_SIZE: 'cdk-cross-account-eventbridge:keyPolicySize',
      RULES_PER_EVENT_BUS: 'cdk-cross-account-eventbridge:rulesPerEventBus',
      TARGETS_PER_RULE: 'cdk-cross-account-eventbridge:targetsPerRule',
      EVENT_PATTERN_SIZE: 'cdk-cross-account-eventbridge:eventPatternSize',
      WILDCARD_PRINCIPAL: 'cdk-cross-account-eventbridge:wildcardPrincipal',
      WILDCARD_ACTION: 'cdk-cross-account-eventbridge:wildcardAction',
      WILDCARD_PUT_EVENTS_RESOURCE: 'cdk-cross-account-eventbridge:wildcardPutEventsResource',
      UNTRUSTED_PRINCIPAL: 'cdk-cross-account-eventbridge:untrustedPrincipal',
      RULE_ROLE_TRUST_TOO_BROAD: 'cdk-cross-account-eventbridge:ruleRoleTrustTooBroad',
      CREATOR_ACCOUNT_CONDITION_MISSING: 'cdk-cross-account-eventbridge:creatorAccountConditionMissing',
      RULE_MATCHES_ANY_ACCOUNT: 'cdk-cross-account-eventbridge:ruleMatchesAnyAccount',
      WILDCARD_RULE: 'cdk-cross-account-eventbridge:wildcardRule',
      PUBLISHER_ROLE_TRUST_TOO_BROAD: 'cdk-cross-account-eventbridge:publisherRoleTrustTooBroad',
      PUBLISHER_ACCESS_DENIED: 'cdk-cross-account-eventbridge:publisherAccessDenied',
      PUBLISHER_IDENTITY_POLICY_MISSING: 'cdk-cross-account-eventbridge:publisherIdentityPolicyMissing',
      EVENT_BUS_NOT_FOUND: 'cdk-cross-account-eventbridge:eventBusNotFound',
      TARGET_ROLE_INVALID: 'cdk-cross-account-eventbridge:targetRoleInvalid',
      TARGET_ACCESS_DENIED: 'cdk-cross-account-eventbridge:targetAccessDenied',
      TARGET_REGION_UNSUPPORTED: 'cdk-cross-account-eventbridge:targetRegionUnsupported',
      TARGET_POLICY_DEPENDENCY_MISSING: 'cdk-cross-account-eventbridge:targetPolicyDependencyMissing',
      EVENT_FORWARDED_TOO_FAR: 'cdk-cross-account-eventbridge:eventForwardedTooFar',
      DEAD_LETTER_QUEUE_ACCESS_DENIED: 'cdk-cross-account-eventbridge:deadLetterQueueAccessDenied',
      KMS_KEY_ACCESS_DENIED: 'cdk-cross-account-eventbridge:kmsKeyAccessDenied',
      RULE_MANAGEMENT_ACCESS_DENIED: 'cdk-cross-account-eventbridge:ruleManagementAccessDenied',
      PATTERN_NEVER_MATCHES: 'cdk-cross-account-eventbridge:patternNeverMatches',
      CONDITION_NEVER_MATCHES: 'cdk-cross-account-eventbridge:conditionNeverMatches',
      DUPLICATE_STATEMENT_ID: 'cdk-cross-account-eventbridge:duplicateStatementId',
      DELIVERY_UNVERIFIED: 'cdk-cross-account-eventbridge:deliveryUnverified',
      RESOURCE_POLICY_CONFLICT: 'cdk-cross-account-eventbridge:resourcePolicyConflict',
      MANUALLY_ADD_EVENT_BUS_POLICY: 'cdk-cross-account-eventbridge:manuallyAddEventBusPolicy',
      MANUALLY_ADD_FUNCTION_PERMISSION: 'cdk-cross-account-eventbridge:manuallyAddFunctionPermission',
      MANUALLY_ADD_QUEUE_POLICY: 'cdk-cross-account-eventbridge:manuallyAddQueuePolicy',
      MANUALLY_ADD_KEY_POLICY: 'cdk-cross-account-eventbridge:manuallyAddKeyPolicy',
      MANUALLY_ALLOW_RULE_MANAGEMENT: 'cdk-cross-account-eventbridge:manuallyAllowRuleManagement',
      MANUALLY_ADD_ROLE_POLICY: 'cdk-cross-account-eventbridge:manuallyAddRolePolicy',
      MANUALLY_CHECK_PERMISSIONS_BOUNDARY: 'cdk-cross-account-eventbridge:manuallyCheckPermissionsBoundary',
      CHECK_FAILED: 'cdk-cross-account-eventbridge:checkFailed',
    });
  });

  test.each(sections)('%s is explained by cause, reason, fix and blind spots', (_, section) => {
    expect([...section.matchAll(/^\*\*([^*]+)\.\*\*/gm)].map(([, heading]) => heading)).toEqual([
      'Cause',
      'Why it matters',
      'Fix',
      'Blind spots',
    ]);
  });

  test('are written nowhere but in their file', () => {
    const elsewhere = files.filter(
      (file) => name(file) !== 'checks/finding-id' && Object.values(FindingId).some((id) => read(file).includes(id)),
    );
    expect(elsewhere.map(name)).toEqual([]);
  });
});
