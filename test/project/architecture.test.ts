import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { preProcessFile } from 'typescript';
import { FindingId } from '../../src/checks/finding-id';
import { filesIn } from '../support/repository';

const ROOT = resolve(__dirname, '../..');
const SRC = join(ROOT, 'src');

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => join(SRC, file));
const read = (file: string) => readFileSync(file, 'utf8');
const name = (file: string) => relative(SRC, file).replace(/\.ts$/, '');

/** The imports, re-exports and requires of a file: packages by name, files of `src` by their path in it. */
function importsOf(file: string): string[] {
  const found = preProcessFile(read(file), true, true).importedFiles.map(({ fileName }) => fileName);
  return found.map((target) => (target.startsWith('.') ? relative(SRC, resolve(dirname(file), target)) : target));
}

/** The folders of `src`, lowest layer first: a folder imports from lower layers only. */
const LAYERS = [
  ['util'],
  ['iam'],
  ['eventbridge'],
  ['app-model'],
  ['core'],
  ['cloud-assembly'],
  ['topology'],
  ['checks'],
  ['delivery-paths'],
  ['delivery-graph'],
  ['page'],
  ['event-checks'],
  ['assertions'],
  ['permissions'],
  ['event-bus'],
  ['publisher', 'targets'],
  ['cli'],
];

/** The folders that use neither the CDK nor Node.js, except for hashes and IP address ranges. */
const PURE = ['util', 'iam', 'eventbridge'];

const CDK = /^(aws-cdk-lib(\/.*)?|constructs)$/;
const NODE = /^(node:)?(crypto|fs|net|path|util)$/;

/** What the command needs in addition is part of its file in the package. */
const BUNDLED = [{ file: 'cli/yaml-template', target: 'yaml' }];

const folderOf = (file: string) => file.split('/')[0];
const folderOfFile = (file: string) => folderOf(name(file));
const isInSrc = (target: string) => files.some((file) => name(file) === target);
const imports = files.flatMap((file) => importsOf(file).map((target) => ({ file: name(file), target })));

describe('the imports between folders', () => {
  test('are read from the files', () => {
    expect(importsOf(join(SRC, 'checks/quotas/identity-policies.ts'))).toEqual(
      expect.arrayContaining(['constructs', 'checks/finding-id', 'app-model/app-model', 'iam/policy-size']),
    );
  });

  test('are between folders that belong to one layer each', () => {
    const folders = readdirSync(SRC, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    expect(LAYERS.flat().sort()).toEqual(folders.sort());
  });

  test('lead to a lower layer, and not to another folder in the same layer', () => {
    const layerOf = (file: string) => LAYERS.findIndex((folders) => folders.includes(folderOf(file)));
    const between = imports.filter(
      ({ file, target }) => isInSrc(target) && file !== 'index' && folderOf(file) !== folderOf(target),
    );
    expect(between.length).toBeGreaterThan(100);
    expect(between.filter(({ file, target }) => layerOf(target) >= layerOf(file))).toEqual([]);
  });

  test('lead into a private folder only from the folder around it', () => {
    const entered = imports.filter(({ target }) => target.includes('/private/'));
    expect(entered.length).toBeGreaterThan(20);
    expect(entered.filter(({ file, target }) => folderOf(file) !== folderOf(target))).toEqual([]);
  });

  test('have no cycle of files', () => {
    expect(cycles(new Map(files.map((file) => [name(file), importsOf(file).filter(isInSrc)])))).toEqual([]);
  });

  test('lead from pure folders only to hashes and IP address ranges', () => {
    const outside = imports.filter(({ file, target }) => PURE.includes(folderOf(file)) && !isInSrc(target));
    expect(outside.filter(({ target }) => !/^(node:)?(crypto|net)$/.test(target))).toEqual([]);
  });

  test('lead only to the CDK and to Node.js', () => {
    expect(imports.filter(({ target }) => !isInSrc(target) && !CDK.test(target) && !NODE.test(target))).toEqual(
      BUNDLED,
    );
  });
});

test('a cycle of files is found', () => {
  expect(
    cycles(
      new Map([
        ['a', ['b']],
        ['b', ['c']],
        ['c', ['b']],
      ]),
    ),
  ).toEqual([['b', 'c']]);
});

/** Groups of files that import each other, directly or indirectly. */
function cycles(graph: Map<string, string[]>): string[][] {
  const reached = new Map([...graph.keys()].map((file) => [file, reachable(graph, file)]));
  const members = [...graph.keys()].filter((file) => reached.get(file)!.has(file));
  const found = members.map((file) =>
    members.filter((other) => reached.get(file)!.has(other) && reached.get(other)!.has(file)).sort(),
  );
  return found.filter((cycle, i) => found.findIndex((other) => other.join() === cycle.join()) === i);
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
  test('are written only by the report of the checks, and by the command', () => {
    const writing = /\b(write|append|mkdir|rm|cp|copy|rename|unlink|open)\w*(Sync|Stream)?\b/;
    const imported = (file: string) => /import \{([^}]*)\} from '(?:node:)?fs'/.exec(read(file))?.[1] ?? '';
    expect(
      files
        .filter((file) => writing.test(imported(file)))
        .map(name)
        .sort(),
    ).toEqual(['checks/engine/report', 'cli/write-output']);
  });

  test('are read only in cloud assemblies, topology files and this package, by the command and for it', () => {
    const reading = files
      .filter((file) => importsOf(file).some((target) => /^(node:)?fs/.test(target)))
      .map(folderOfFile);
    expect(new Set(reading)).toEqual(new Set(['checks', 'cli', 'cloud-assembly', 'page', 'topology']));
  });

  test('have at most 250 lines', () => {
    const pageFiles = filesIn('page', /\.(ts|css|html)$/).map((file) => join(ROOT, file));
    const long = [...files, ...pageFiles].filter((file) => read(file).trimEnd().split('\n').length > 250);
    expect(pageFiles.length).toBeGreaterThan(10);
    expect(long.map(name)).toEqual([]);
  });

  test('that the index exports have one public class each, with the name of the file', () => {
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
    // Overrides the synthesis of a resource, which it has from its template.
    'cloud-assembly/template-elements',
  ]);
});

test('the index only has named exports', () => {
  const statements = read(join(SRC, 'index.ts'))
    .split(';')
    .map((statement) => statement.trim())
    .filter(Boolean);
  expect(statements.length).toBeGreaterThan(5);
  expect(statements.filter((statement) => !/^export \{[\w\s,]+\} from '\.\/[\w-]+\/[\w-]+'$/.test(statement))).toEqual(
    [],
  );
});

test('no ARN that is written to a template has a literal partition', () => {
  // These files evaluate ARNs of AWS, and the forms of patterns and messages.
  const evaluating = /^(app-model\/|iam\/|eventbridge\/(policy-capacity|formats|unresolved-values)$)/;
  const literal = files.filter(
    (file) =>
      !evaluating.test(name(file)) && /arn:aws(-[a-z-]+)?:/.test(read(file).replace(/^\s*(\/\/|\/?\*).*$/gm, '')),
  );
  expect(literal.map(name)).toEqual([]);
});

describe('ids of findings', () => {
  const docs = read(join(ROOT, 'docs/checks.md'));
  const sections = docs
    .split(/^## /m)
    .slice(1)
    .map((section) => [/^`([^`]+)`$/m.exec(section)?.[1], section] as const);

  test('have a section in the documentation', () => {
    expect(sections.map(([id]) => id)).toEqual(Object.values(FindingId));
  });

  test('are in the table of the documentation, each with a link to its section', () => {
    const links = new Map([...docs.matchAll(/^(\[`\w+`\]): #([\w-]+)$/gm)].map(([, label, anchor]) => [label, anchor]));
    const rows = [...docs.matchAll(/^\| (\[`(\w+)`\]) \|/gm)].map(([, label, id]) => [
      `cdk-cross-account-eventbridge:${id}`,
      links.get(label),
    ]);
    expect(rows).toEqual(Object.values(FindingId).map((id) => [id, id.toLowerCase().replace(':', '')]));
  });

  test('are API and do not change', () => {
    expect(FindingId).toEqual({
      EVENT_BUS_POLICY_SIZE: 'cdk-cross-account-eventbridge:eventBusPolicySize',
      FUNCTION_POLICY_SIZE: 'cdk-cross-account-eventbridge:functionPolicySize',
      ROLE_POLICY_SIZE: 'cdk-cross-account-eventbridge:rolePolicySize',
      TRUST_POLICY_SIZE: 'cdk-cross-account-eventbridge:trustPolicySize',
      QUEUE_POLICY_SIZE: 'cdk-cross-account-eventbridge:queuePolicySize',
      TOPIC_POLICY_SIZE: 'cdk-cross-account-eventbridge:topicPolicySize',
      STREAM_POLICY_SIZE: 'cdk-cross-account-eventbridge:streamPolicySize',
      API_POLICY_SIZE: 'cdk-cross-account-eventbridge:apiPolicySize',
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
      RESOURCE_NOT_FOUND: 'cdk-cross-account-eventbridge:resourceNotFound',
      EVENT_BUS_NOT_FOUND: 'cdk-cross-account-eventbridge:eventBusNotFound',
      TARGET_ROLE_INVALID: 'cdk-cross-account-eventbridge:targetRoleInvalid',
      TARGET_ACCESS_DENIED: 'cdk-cross-account-eventbridge:targetAccessDenied',
      TARGET_REGION_UNSUPPORTED: 'cdk-cross-account-eventbridge:targetRegionUnsupported',
      TARGET_ACCOUNT_UNSUPPORTED: 'cdk-cross-account-eventbridge:targetAccountUnsupported',
      TARGET_ARN_INVALID: 'cdk-cross-account-eventbridge:targetArnInvalid',
      TARGET_POLICY_DEPENDENCY_MISSING: 'cdk-cross-account-eventbridge:targetPolicyDependencyMissing',
      EVENT_FORWARDED_TOO_FAR: 'cdk-cross-account-eventbridge:eventForwardedTooFar',
      DEAD_LETTER_QUEUE_ACCESS_DENIED: 'cdk-cross-account-eventbridge:deadLetterQueueAccessDenied',
      KMS_KEY_ACCESS_DENIED: 'cdk-cross-account-eventbridge:kmsKeyAccessDenied',
      RULE_MANAGEMENT_ACCESS_DENIED: 'cdk-cross-account-eventbridge:ruleManagementAccessDenied',
      PATTERN_NEVER_MATCHES: 'cdk-cross-account-eventbridge:patternNeverMatches',
      RULE_REJECTED: 'cdk-cross-account-eventbridge:ruleRejected',
      GLOBAL_ENDPOINT_INVALID: 'cdk-cross-account-eventbridge:globalEndpointInvalid',
      RULE_WITHOUT_TARGETS: 'cdk-cross-account-eventbridge:ruleWithoutTargets',
      BUCKET_EVENTS_DISABLED: 'cdk-cross-account-eventbridge:bucketEventsDisabled',
      EVENTS_WITHOUT_RULE: 'cdk-cross-account-eventbridge:eventsWithoutRule',
      INVALID_STATEMENT: 'cdk-cross-account-eventbridge:invalidStatement',
      INVALID_ARN: 'cdk-cross-account-eventbridge:invalidArn',
      CONDITION_NEVER_MATCHES: 'cdk-cross-account-eventbridge:conditionNeverMatches',
      DUPLICATE_STATEMENT_ID: 'cdk-cross-account-eventbridge:duplicateStatementId',
      DELIVERY_UNVERIFIED: 'cdk-cross-account-eventbridge:deliveryUnverified',
      RESOURCE_POLICY_CONFLICT: 'cdk-cross-account-eventbridge:resourcePolicyConflict',
      MANUALLY_ADD_EVENT_BUS_POLICY: 'cdk-cross-account-eventbridge:manuallyAddEventBusPolicy',
      MANUALLY_ADD_FUNCTION_PERMISSION: 'cdk-cross-account-eventbridge:manuallyAddFunctionPermission',
      MANUALLY_ADD_QUEUE_POLICY: 'cdk-cross-account-eventbridge:manuallyAddQueuePolicy',
      MANUALLY_ADD_TOPIC_POLICY: 'cdk-cross-account-eventbridge:manuallyAddTopicPolicy',
      MANUALLY_ADD_STREAM_POLICY: 'cdk-cross-account-eventbridge:manuallyAddStreamPolicy',
      MANUALLY_ADD_API_POLICY: 'cdk-cross-account-eventbridge:manuallyAddApiPolicy',
      MANUALLY_ADD_LOGS_POLICY: 'cdk-cross-account-eventbridge:manuallyAddLogsPolicy',
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

  test('are literals only in their own file', () => {
    const users = files.filter(
      (file) => name(file) !== 'checks/finding-id' && Object.values(FindingId).some((id) => read(file).includes(id)),
    );
    expect(users.map(name)).toEqual([]);
  });
});
