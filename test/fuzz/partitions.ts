import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppDescription } from './description';
import { findingsInAssembly, pathOf } from './examine';
import { ReportEntry } from '../../src/checks/engine/report';

/** Texts in a cloud assembly, and those in AWS GovCloud (US). */
const REPLACEMENTS: readonly (readonly [string, string])[] = [
  ['arn:aws:', 'arn:aws-us-gov:'],
  ['eu-west-1', 'us-gov-west-1'],
  ['us-east-1', 'us-gov-east-1'],
];
const inGovCloud = (text: string) => REPLACEMENTS.reduce((result, [from, to]) => result.replaceAll(from, to), text);

/** Whether the partition of all stacks is known. */
export function hasPartitions({ stacks }: AppDescription): boolean {
  return stacks.every(({ region }) => region !== undefined);
}

/** The findings about a cloud assembly in another partition. */
export function findingsInGovCloud(directory: string, description: AppDescription): ReportEntry[] {
  const moved = `${directory}-us-gov`;
  try {
    for (const file of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.json')) continue;
      const to = join(moved, inGovCloud(file));
      mkdirSync(dirname(to), { recursive: true });
      writeFileSync(to, inGovCloud(readFileSync(join(directory, file), 'utf8')));
    }
    return findingsInAssembly(moved, description);
  } finally {
    rmSync(moved, { recursive: true, force: true });
  }
}

/** Findings about sizes, to which the length of ARNs and Regions adds. */
const ABOUT_SIZE = /(Policy|Pattern)Size$/;

/** The findings that do not depend on the partition. */
export function placesInAnyPartition(findings: readonly ReportEntry[]): string[] {
  const compared = findings.filter(({ id }) => !ABOUT_SIZE.test(id));
  return [...new Set(compared.map((one) => `${one.level} ${one.id} ${pathOf(one)}`))].sort();
}
