import { ACCESS_FIXES } from './access';
import { ROLE_ACCESS_FIXES } from './access-roles';
import { ANY_ACCOUNT_FIXES } from './any-account';
import { CONDITION_FIXES } from './conditions-and-policies';
import { DENIED_PUBLISHER_FIXES } from './denied-publishers';
import { FixRow } from './fix-row';
import { MANUAL_BUS_FIXES } from './manual-bus-policies';
import { MANUAL_FIXES } from './manual-steps';
import { PUBLISHER_FIXES } from './publishers';
import { QUEUE_FIXES } from './queues-and-keys';
import { QUOTA_FIXES } from './quotas';
import { REJECTED_TARGET_FIXES } from './rejected-targets';
import { RULE_MANAGEMENT_FIXES } from './rule-management';
import { RULE_FIXES } from './rules';
import { STATEMENT_FIXES } from './statements';
import { TARGET_PERMISSION_FIXES } from './target-permissions';
import { TARGET_FIXES } from './targets';
import { OTHER_ACCOUNT_FIXES } from './targets-of-other-accounts';
import { UNSUPPORTED_TARGET_FIXES } from './unsupported-targets';
import { CrossAccountEventChecks } from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { Annotation, annotationsOf } from '../../support/faults';
import { expectMessage } from '../../support/messages';
import { LENIENT, ThreeAccounts } from '../../support/three-accounts';

const ROWS: readonly FixRow[] = [
  ...QUOTA_FIXES,
  ...ACCESS_FIXES,
  ...ROLE_ACCESS_FIXES,
  ...PUBLISHER_FIXES,
  ...DENIED_PUBLISHER_FIXES,
  ...TARGET_FIXES,
  ...TARGET_PERMISSION_FIXES,
  ...RULE_MANAGEMENT_FIXES,
  ...RULE_FIXES,
  ...REJECTED_TARGET_FIXES,
  ...QUEUE_FIXES,
  ...STATEMENT_FIXES,
  ...CONDITION_FIXES,
  ...MANUAL_BUS_FIXES,
  ...MANUAL_FIXES,
  ...OTHER_ACCOUNT_FIXES,
  ...ANY_ACCOUNT_FIXES,
  ...UNSUPPORTED_TARGET_FIXES,
];

const PREFIX = 'cdk-cross-account-eventbridge:';

function findingsOf({ app, options, context }: FixRow, fix?: string): Annotation[] {
  const three = new ThreeAccounts({ ...LENIENT, ...context });
  app(three, fix);
  CrossAccountEventChecks.applyTo(three.app, options?.(fix !== undefined));
  return annotationsOf(three.app);
}

const shown = ({ id, at, text }: Annotation) => `${id ?? text} ${at}`;

describe('the fix of a finding', () => {
  test.each(ROWS)('$finds: $what', (row) => {
    const faulty = findingsOf(row);
    const found = faulty.filter(({ id }) => id?.replace(/:[0-9a-f]{6}$/, '') === PREFIX + row.finds);
    expect(found.map(shown)).toHaveLength(1);
    const { text } = found[0];
    expectMessage(text);
    const fix = text.slice(text.indexOf('\nFix: ') + '\nFix: '.length);
    for (const name of [row.names].flat()) expect(fix).toContain(name);

    const others = faulty.filter((finding) => finding !== found[0]).map(shown);
    const fixed = findingsOf(row, fix);
    expect(fixed.filter((finding) => !others.includes(shown(finding))).map(({ text: left }) => left)).toEqual([]);
  });

  // A resource of another app is tested with the files of that app.
  test('is tested for every ID, except for faults of this library and of other apps', () => {
    const tested = new Set(ROWS.map(({ finds }) => PREFIX + finds));
    expect(Object.values(FindingId).filter((id) => !tested.has(id))).toEqual([
      FindingId.RESOURCE_NOT_FOUND,
      FindingId.CHECK_FAILED,
    ]);
  });

  test('is tested for each kind of change', () => {
    expect(ROWS.length).toBeGreaterThanOrEqual(60);
    expect(new Set(ROWS.map(({ finds, what }) => `${finds} ${what}`)).size).toBe(ROWS.length);
  });
});
