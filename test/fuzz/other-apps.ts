import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { AppDescription, apps } from './description';
import { placeOf, synthesized, unusable } from './examine';
import { requireEqual } from './properties';
import { Value, strange } from './values';
import { ReportEntry } from '../../src/checks/engine/report';
import { TOPOLOGY_FILE } from '../../src/topology/topology-file';

/** An app, another app whose file it reads, and changes of that file. */
export interface AppsDescription {
  readonly app: AppDescription;
  readonly other: AppDescription;
  readonly mutations: readonly Mutation[];
}

/** A value in the file that is removed, or replaced by any JSON. */
export interface Mutation {
  /** The position at each level, counted on from the first one. */
  readonly path: readonly number[];
  readonly value?: Value;
}

export function appsWithOthers(): fc.Arbitrary<AppsDescription> {
  const mutation = fc.record({
    path: fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 6 }),
    value: fc.option(strange, { nil: undefined }),
  });
  const [app, other] = [apps('any'), apps('any')];
  return fc.record({ app, other, mutations: fc.array(mutation, { maxLength: 3 }) });
}

/** Throws an error unless the file is read, or one error names it. Returns what was found. */
export function requireReadable({ app, mutations, other }: AppsDescription): readonly ReportEntry[] {
  const { directory: otherDirectory } = synthesized(other);
  if (otherDirectory === undefined) return [];
  const file = join(otherDirectory, TOPOLOGY_FILE);
  const directories = [otherDirectory];
  const findingsWith = (path: string) => {
    const { directory, findings } = synthesized(app, { otherApps: [path] });
    if (directory === undefined) return undefined;
    directories.push(directory);
    requireEqual('the findings without a place', unusable(findings, directory), []);
    return findings;
  };
  try {
    // A stage has a file of its own.
    const isWhole = other.stacks.every(({ within }) => within !== 'stage');
    if (mutations.length === 0 && isWhole) {
      const [ofFile, ofAssembly] = [findingsWith(file), findingsWith(otherDirectory)];
      requireEqual('the findings with an assembly', placesOf(ofAssembly), placesOf(ofFile));
      return ofFile ?? [];
    }
    const topology = JSON.parse(readFileSync(file, 'utf8')) as Value;
    writeFileSync(file, JSON.stringify(mutations.reduce(mutated, topology) ?? null));
    return findingsWith(file) ?? [];
  } catch (error) {
    if (!isAboutFile(error as Error, file)) throw error;
    return [];
  } finally {
    for (const one of directories) rmSync(one, { recursive: true, force: true });
  }
}

const placesOf = (findings: readonly ReportEntry[] = []) => findings.map(placeOf);

/** One line that names the file and what to do. */
function isAboutFile({ message }: Error, file: string): boolean {
  const begin = `CrossAccountEventChecks.applyTo(): 'otherApps' cannot be read: ${file}: `;
  return message.startsWith(begin) && /^[^\n]+; [^\n;]+$/.test(message);
}

function mutated(json: Value, { path, value }: Mutation): Value {
  const [at, ...rest] = path;
  if (typeof json !== 'object' || json === null) return value ?? null;
  const keys = Object.keys(json);
  const key = keys[at % Math.max(keys.length, 1)];
  if (key === undefined) return json;
  const old = (json as { readonly [name: string]: Value })[key];
  const isLeaf = rest.length === 0 || typeof old !== 'object' || old === null;
  const changed = isLeaf ? value : mutated(old, { path: rest, value });
  if (Array.isArray(json)) {
    const others = (i: number) => String(i) !== key;
    return json.flatMap((one: Value, i) => (others(i) ? [one] : [changed].filter((it) => it !== undefined)));
  }
  const entries = Object.entries(json).map(([name, one]) => [name, name === key ? changed : one]);
  return Object.fromEntries(entries.filter(([, one]) => one !== undefined)) as Value;
}
