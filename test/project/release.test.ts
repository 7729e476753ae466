import { hasBreakingLine, hasEntries, unreleasedSection, withRelease } from '../../projenrc/release/changelog';
import { Checkout, missingFor, obstacles } from '../../projenrc/release/requirements';
import { isGreater, lowestBreakingVersion } from '../../projenrc/release/version';

const BREAKING = '### Changed\n\n- **Breaking:** `bus` is `eventBus`.';
const HEAD = '# Changelog\n\nNothing is published yet.\n';

describe('a version', () => {
  test.each([
    ['0.2.0', '0.1.9', true],
    ['0.10.0', '0.9.0', true],
    ['1.0.0', '0.99.99', true],
    ['0.1.0', '0.1.0', false],
    ['0.1.9', '0.2.0', false],
    ['1.0.9', '1.1.0', false],
  ])('%s is greater than %s: %p', (version, other, expected) => {
    expect(isGreater(version, other)).toBe(expected);
  });

  test.each(['1.0', 'v1.0.0', '1.0.0-rc.1', '01.0.0', '1.0.0\n', ''])('fails for %j', (version) => {
    expect(() => isGreater(version, '0.1.0')).toThrow('MAJOR.MINOR.PATCH');
  });

  test.each([
    ['0.1.4', '0.2.0'],
    ['0.9.0', '0.10.0'],
    ['1.2.3', '2.0.0'],
  ])('with a breaking change since %s is %s at least', (last, expected) => {
    expect(lowestBreakingVersion(last)).toBe(expected);
  });
});

describe('the changelog', () => {
  const released = '## 0.1.0 (2026-11-01)\n\n### Added\n\n- All of it.\n';

  test.each([
    ['before a release', `${HEAD}\n## Unreleased\n\n${BREAKING}\n\n${released}`],
    ['at the end', `${HEAD}\n## Unreleased\n\n${BREAKING}\n`],
  ])('has the section of what is not released yet %s', (_, changelog) => {
    expect(unreleasedSection(changelog)).toBe(BREAKING);
  });

  test('fails without that section', () => {
    expect(() => unreleasedSection(`${HEAD}\n${released}`)).toThrow('## Unreleased');
  });

  test('has the section under its version, below an empty one', () => {
    const section = "- Costs `$1` and `$&`, not `$'`.";
    const changelog = withRelease(`${HEAD}\n## Unreleased\n\n${section}\n\n${released}`, '0.2.0', '2026-11-30');
    expect(changelog).toBe(`${HEAD}\n## Unreleased\n\n## 0.2.0 (2026-11-30)\n\n${section}\n\n${released}`);
    expect(unreleasedSection(changelog)).toBe('');
  });

  test('has the section of the first release at its end', () => {
    expect(withRelease(`${HEAD}\n## Unreleased\n\n- One.\n`, '0.1.0', '2026-11-30')).toBe(
      `${HEAD}\n## Unreleased\n\n## 0.1.0 (2026-11-30)\n\n- One.\n`,
    );
  });

  test('has entries, or headings only', () => {
    expect(hasEntries(BREAKING)).toBe(true);
    expect(hasEntries('### Changed\n\n### Added')).toBe(false);
  });

  test('has a breaking change only in an entry that begins with it', () => {
    expect(hasBreakingLine(BREAKING)).toBe(true);
    expect(hasBreakingLine('- No **Breaking:** change.')).toBe(false);
  });
});

describe('a breaking change', () => {
  const changes = { last: '0.1.0', isApiBroken: true, changedNames: [] };

  test('fails without a minor version and a line in the changelog', () => {
    const missing = missingFor('0.1.1', '- Fixed.', changes);
    expect(missing).toEqual([
      expect.stringMatching(/the API since 0\.1\.0 .* version 0\.2\.0 or later .* got 0\.1\.1/),
      expect.stringContaining('**Breaking:**'),
    ]);
  });

  test.each([
    ['0.1.1', BREAKING],
    ['0.2.0', '- Fixed.'],
  ])('fails if %s has one of both', (version, unreleased) => {
    expect(missingFor(version, unreleased, changes)).toHaveLength(1);
  });

  test.each(['0.2.0', '0.3.0', '1.0.0'])('is accepted in %s', (version) => {
    expect(missingFor(version, BREAKING, changes)).toEqual([]);
  });

  test('fails in a minor version after 1.0.0', () => {
    expect(missingFor('1.1.0', BREAKING, { ...changes, last: '1.0.0' })).toHaveLength(1);
    expect(missingFor('2.0.0', BREAKING, { ...changes, last: '1.0.0' })).toEqual([]);
  });

  test('is a changed name in a template, too', () => {
    const names = { last: '0.1.0', isApiBroken: false, changedNames: ['Hub/Bus AWS::Events::EventBus'] };
    expect(missingFor('0.1.1', '', names)).toEqual([
      expect.stringContaining('of names since'),
      expect.stringContaining('of names since'),
    ]);
    expect(missingFor('0.1.0', '', { ...names, changedNames: [] })).toEqual([]);
  });
});

describe('a checkout', () => {
  const checkout: Checkout = { branch: 'main', status: '', last: '0.1.0', tags: ['v0.1.0'], unreleased: '- Fixed.' };

  test('can be released', () => {
    expect(obstacles('0.1.1', checkout)).toEqual([]);
    expect(obstacles('0.1.0', { ...checkout, last: undefined, tags: [] })).toEqual([]);
  });

  test.each<[string, Partial<Checkout>, string]>([
    ['changed files', { status: ' M README.md' }, 'README.md'],
    ['another branch', { branch: 'feature' }, "not on 'feature'"],
    ['no branch', { branch: '' }, "not on ''"],
    ['a later release', { last: '0.1.1' }, 'greater than 0.1.1'],
    ['a tag that HEAD does not contain', { tags: ['v0.1.1'] }, 'the tag v0.1.1'],
    ['no entry in the changelog', { unreleased: '### Added' }, 'CHANGELOG.md'],
  ])('fails with %s', (_, state, expected) => {
    expect(obstacles('0.1.1', { ...checkout, ...state })).toEqual([expect.stringContaining(expected)]);
  });
});
