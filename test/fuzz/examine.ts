import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildApp } from './build';
import { AppDescription } from './description';
import { Rejection, rejectionOf } from './errors';
import { CrossAccountEventChecks, CrossAccountEventChecksOptions } from '../../src';
import { allChecks, disabledReasons } from '../../src/checks/all-checks';
import { REPORT_FILE, ReportEntry } from '../../src/checks/engine/report';
import { FindingId } from '../../src/checks/finding-id';
import { checkApps } from '../../src/cli/check-apps';
import { readApps } from '../../src/cli/inputs';
import { readAssembly } from '../../src/cloud-assembly/read-assembly';

/** What became of a random app. */
export interface Examined {
  readonly findings: readonly ReportEntry[];
  readonly rejections: readonly Rejection[];
  /** The directory of the cloud assembly; undefined if the CDK did not synthesize the app. */
  readonly directory?: string;
}

/** Builds and synthesizes an app with all checks. Throws an error only for a fault of this library. */
export function synthesized(description: AppDescription, options: CrossAccountEventChecksOptions = {}): Examined {
  const all = { ...description.options, report: true, topology: true, ...options };
  const { app, isIncomplete, rejections } = buildApp(description, (built) =>
    CrossAccountEventChecks.applyTo(built, all),
  );
  if (isIncomplete) return { findings: [], rejections };
  try {
    const { directory } = app.synth();
    return { findings: reportsIn(directory), rejections, directory };
  } catch (error) {
    rmSync(app.outdir, { recursive: true, force: true });
    return { findings: [], rejections: [...rejections, failureOf(error)] };
  }
}

/** The CDK throws one error with what all validations returned, those of this library among them. */
function failureOf(error: unknown): Rejection {
  const { message } = error as Error;
  if (message.startsWith('Validation failed with the following errors:')) return new Rejection('this library', message);
  return rejectionOf(error);
}

/** The findings about an app and its stages, as the constructs have them. */
function reportsIn(directory: string): ReportEntry[] {
  const files = readAssembly(directory).directories.map((one) => join(one, REPORT_FILE));
  return files
    .filter((file) => existsSync(file))
    .flatMap((file) => (JSON.parse(readFileSync(file, 'utf8')) as { findings: ReportEntry[] }).findings);
}

/** The findings about the cloud assembly, as the command has them. */
export function findingsInAssembly(directory: string, { options }: AppDescription): ReportEntry[] {
  const checks = allChecks(options);
  const disabled = disabledReasons('fuzz', options.disabledFindings);
  return checkApps(readApps([{ path: directory }]), { checks, disabled }).flatMap(({ findings }) => findings);
}

/** A finding as it is compared: a construct has another text, and reports on itself instead of on its resource. */
export function placeOf(finding: ReportEntry): string {
  const { disabled, fingerprint, id, level } = finding;
  return [level, id, pathOf(finding), fingerprint, disabled].filter((part) => part !== undefined).join(' ');
}

/** The path of the construct of a resource. */
export function pathOf({ path }: ReportEntry): string {
  return path.replace(/(\/DefaultPolicy)?\/Resource$/, '');
}

/** The findings that do not lead to what must be changed, or that are about a check that failed. */
export function unusable(findings: readonly ReportEntry[], directory: string): string[] {
  const stacks = new Map(readAssembly(directory).stacks.map((stack) => [stack.path, stack]));
  const isUsable = ({ id, logicalId, path, stack }: ReportEntry) => {
    if (id === FindingId.CHECK_FAILED || path === '' || stack === undefined) return false;
    const template = stacks.get(stack)?.template as { Resources?: object } | undefined;
    return template === undefined || logicalId === undefined || logicalId in (template.Resources ?? {});
  };
  return findings.filter((finding) => !isUsable(finding)).map((finding) => JSON.stringify(finding));
}
