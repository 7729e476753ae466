import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constructMetadata } from '../../src/cloud-assembly/construct-metadata';

const directory = mkdtempSync(join(tmpdir(), 'construct-metadata-'));

function metadataOf(manifest: { readonly metadata?: unknown; readonly additionalMetadataFile?: unknown }) {
  return constructMetadata(directory, { manifest } as never);
}

const entry = { type: 'aws:cdk:logicalId', data: 'Bus' };
const read = { path: 'Hub/Bus', ...entry };

test.each<[string, unknown, unknown[]]>([
  ['are read without the slash at the beginning of their path', { '/Hub/Bus': [entry] }, [read]],
  ['may have a path without a slash', { 'Hub/Bus': [entry] }, [read]],
  ['may be several of one construct', { '/Hub/Bus': [entry, entry] }, [read, read]],
  ['may have no data', { '/Hub': [{ type: 'a' }] }, [{ path: 'Hub', type: 'a', data: null }]],
  ['without a type are ignored', { '/Hub': [{ data: 'no type' }, { type: 5 }, null, 'text', ['list']] }, []],
  ['that are no list are ignored', { '/Hub': 5, '/Shop': null, '/Billing': entry }, []],
  ['may be missing', undefined, []],
  ['that are no object are ignored', null, []],
])('the entries of the manifest, and those of a file, %s', (_, metadata, expected) => {
  expect(metadataOf({ metadata })).toEqual(expected);

  writeFileSync(join(directory, 'more.json'), JSON.stringify(metadata ?? null));
  expect(metadataOf({ additionalMetadataFile: 'more.json' })).toEqual(expected);
  const other = { path: 'Shop', type: 'b', data: 1 };
  const ofBoth = metadataOf({ metadata: { '/Shop': [other] }, additionalMetadataFile: 'more.json' });
  expect(ofBoth).toEqual([other, ...expected]);
});

test('a name of a file that is no text is ignored', () => {
  expect(metadataOf({ metadata: { '/Hub/Bus': [entry] }, additionalMetadataFile: 5 })).toEqual([read]);
});
