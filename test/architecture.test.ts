import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { preProcessFile } from 'typescript';
import { FindingId } from '../src/finding-id';

const ROOT = resolve(__dirname, '..');
const SRC = join(ROOT, 'src');

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts')).map((file) => join(SRC, file));
const read = (file: string) => readFileSync(file, 'utf8');
const name = (file: string) => relative(SRC, file).replace(/\.ts$/, '');

/** What a file imports, exports from elsewhere or requires: packages by name, files of `src` by their path in it. */
function importsOf(file: string): string[] {
  const found = preProcessFile(read(file), true, true).importedFiles.map(({ fileName }) => fileName);
  return found.map((target) => (target.startsWith('.') ? relative(SRC, resolve(dirname(file), target)) : target));
}

/** Files in a folder of `src` with their imports that no pattern allows. */
function strays(folder: string, allowed: RegExp[]): string[] {
  const inside = files.filter((file) => name(file).startsWith(folder));
  expect(inside.length).toBeGreaterThan(0);
  return inside.flatMap((file) => importsOf(file).filter((target) => !allowed.some((a) => a.test(target))).map((target) => `${name(file)} imports ${target}`));
}

const POLICY = /^policy\//;
const MODEL = /^model\//;
const CHECKS = /^checks\//;
const CDK = /^(aws-cdk-lib(\/.*)?|constructs)$/;

describe('the arrows between folders', () => {
  test('are read from the imports', () => {
    expect(importsOf(join(SRC, 'checks/sizes/identity-policies.ts'))).toEqual(expect.arrayContaining(['constructs', 'finding-id', 'model/app-model', 'policy/size']));
  });

  test('policy is pure but for hashes and ranges of addresses: it knows neither the CDK nor anything beside it', () => {
    expect(strays('policy/', [POLICY, /^(node:)?(crypto|net)$/])).toEqual([]);
  });

  test('model knows the CDK and policy, but no construct of ours and no check', () => {
    expect(strays('model/', [MODEL, POLICY, CDK])).toEqual([]);
  });

  test('checks judge everybody: they know the model, policy and ids of findings, but no construct of ours', () => {
    expect(strays('checks/', [CHECKS, MODEL, POLICY, CDK, /^finding-id$/, /^node:(fs|path)$/])).toEqual([]);
  });

  test('checks are known to aspects alone, to what runs those of all aspects, and to one file for what constructs refuse', () => {
    const outside = files.filter((file) => !CHECKS.test(name(file)) && importsOf(file).some((target) => CHECKS.test(target)));
    expect(outside.map(name).filter((file) => !/-aspect$|^private\/(all-checks|refusals)$|^cross-account-event-checks(-plugin)?$/.test(file))).toEqual([]);
  });

  test('nothing but the CDK and what Node has is imported', () => {
    const packages = new Set(files.flatMap(importsOf).filter((target) => !/^(policy|model|checks|private)\//.test(target)));
    expect([...packages].filter((target) => !CDK.test(target) && !/^(node:)?(crypto|fs|net|path)$/.test(target) && !files.map(name).includes(target))).toEqual([]);
  });
});

describe('files', () => {
  test('are written by the report of the checks alone', () => {
    expect(files.filter((file) => importsOf(file).some((target) => /^(node:)?fs/.test(target))).map(name)).toEqual(['checks/report']);
  });

  test('have 250 lines at most', () => {
    expect(files.filter((file) => read(file).trimEnd().split('\n').length > 250).map(name)).toEqual([]);
  });

  test('at the top each have one public class or interface of their name', () => {
    const top = files.filter((file) => dirname(file) === SRC && basename(file) !== 'index.ts');
    const classes = top.map((file) => [name(file), [...read(file).matchAll(/^export (?:class|enum) (\w+)/gm)].map(([, c]) => c)] as const);
    const pascal = (file: string) => file.split('-').map((part) => part[0].toUpperCase() + part.slice(1)).join('');
    expect(classes.filter(([file, names]) => names.length > 1 || (names.length === 1 && names[0] !== pascal(file)))).toEqual([]);
  });

  test('keep no state between apps', () => {
    expect(files.filter((file) => /^(export )?(let|var) /m.test(read(file))).map(name)).toEqual([]);
  });
});

test('the index has named exports and nothing else', () => {
  const statements = read(join(SRC, 'index.ts')).split(';').map((statement) => statement.trim()).filter(Boolean);
  expect(statements.length).toBeGreaterThan(5);
  expect(statements.filter((statement) => !/^export \{[\w\s,]+\} from '\.\/[\w-]+'$/.test(statement))).toEqual([]);
});

test('no ARN that goes into a template has its partition written out', () => {
  // What AWS stores, and what patterns and advice look like, is no template.
  const judging = /^(model\/|policy\/(size|capacity|formats|openness|partly-known|request)$)/;
  const literal = files.filter((file) => !judging.test(name(file)) && /arn:aws(-[a-z-]+)?:/.test(read(file).replace(/^\s*(\/\/|\/?\*).*$/gm, '')));
  expect(literal.map(name)).toEqual([]);
});

describe('ids of findings', () => {
  const docs = read(join(ROOT, 'docs/checks.md'));
  const sections = docs.split(/^## /m).slice(1).map((section) => [/^`([^`]+)`$/m.exec(section)?.[1], section] as const);

  test('are those that the documentation explains', () => {
    expect(sections.map(([id]) => id)).toEqual(Object.values(FindingId));
  });

  test('are in the table of the documentation, each with a link to its section', () => {
    const rows = [...docs.matchAll(/^\| \[`(\w+)`\]\(#([\w-]+)\) \|/gm)].map(([, id, anchor]) => [`cdk-cross-account-eventbridge:${id}`, anchor]);
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
      WILDCARD_EVENT_BUS: 'cdk-cross-account-eventbridge:wildcardEventBus',
      UNTRUSTED_PRINCIPAL: 'cdk-cross-account-eventbridge:untrustedPrincipal',
      RULE_ROLE_TRUST: 'cdk-cross-account-eventbridge:ruleRoleTrust',
      RULE_MANAGEMENT_CREATOR: 'cdk-cross-account-eventbridge:ruleManagementCreator',
      RULE_WITHOUT_ACCOUNT: 'cdk-cross-account-eventbridge:ruleWithoutAccount',
      WILDCARD_RULE: 'cdk-cross-account-eventbridge:wildcardRule',
      PUBLISHER_ROLE_TRUST: 'cdk-cross-account-eventbridge:publisherRoleTrust',
      PUBLISHER_REFUSED: 'cdk-cross-account-eventbridge:publisherRefused',
      PUBLISHER_WITHOUT_POLICY: 'cdk-cross-account-eventbridge:publisherWithoutPolicy',
      EVENT_BUS_UNKNOWN: 'cdk-cross-account-eventbridge:eventBusUnknown',
      TARGET_ROLE: 'cdk-cross-account-eventbridge:targetRole',
      TARGET_REFUSED: 'cdk-cross-account-eventbridge:targetRefused',
      TARGET_REGION: 'cdk-cross-account-eventbridge:targetRegion',
      TARGET_ORDER: 'cdk-cross-account-eventbridge:targetOrder',
      SECOND_HOP: 'cdk-cross-account-eventbridge:secondHop',
      DEAD_LETTER_REFUSED: 'cdk-cross-account-eventbridge:deadLetterRefused',
      KEY_REFUSED: 'cdk-cross-account-eventbridge:keyRefused',
      RULE_REFUSED: 'cdk-cross-account-eventbridge:ruleRefused',
      PATTERN_NEVER_MATCHES: 'cdk-cross-account-eventbridge:patternNeverMatches',
      CONDITION_NEVER_MATCHES: 'cdk-cross-account-eventbridge:conditionNeverMatches',
      STATEMENT_ID_TWICE: 'cdk-cross-account-eventbridge:statementIdTwice',
      DELIVERY_UNDECIDED: 'cdk-cross-account-eventbridge:deliveryUndecided',
      RESOURCE_POLICY_CONFLICT: 'cdk-cross-account-eventbridge:resourcePolicyConflict',
      EVENT_BUS_GRANT_ELSEWHERE: 'cdk-cross-account-eventbridge:eventBusGrantElsewhere',
      FUNCTION_GRANT_ELSEWHERE: 'cdk-cross-account-eventbridge:functionGrantElsewhere',
      QUEUE_GRANT_ELSEWHERE: 'cdk-cross-account-eventbridge:queueGrantElsewhere',
      KEY_GRANT_ELSEWHERE: 'cdk-cross-account-eventbridge:keyGrantElsewhere',
      RULE_MANAGEMENT_ELSEWHERE: 'cdk-cross-account-eventbridge:ruleManagementElsewhere',
      ROLE_GRANT_ELSEWHERE: 'cdk-cross-account-eventbridge:roleGrantElsewhere',
      BOUNDARY_ELSEWHERE: 'cdk-cross-account-eventbridge:boundaryElsewhere',
      CHECK_FAILED: 'cdk-cross-account-eventbridge:checkFailed',
    });
  });

  test.each(sections)('%s is explained by cause, reason, fix and blind spots', (_, section) => {
    expect([...section.matchAll(/^\*\*([^*]+)\.\*\*/gm)].map(([, heading]) => heading)).toEqual(['Cause', 'Why it matters', 'Fix', 'Blind spots']);
  });

  test('are written nowhere but in their file', () => {
    const elsewhere = files.filter((file) => name(file) !== 'finding-id' && Object.values(FindingId).some((id) => read(file).includes(id)));
    expect(elsewhere.map(name)).toEqual([]);
  });
});
