import type { CheckedApp, CheckedFinding } from './check-apps';
import { annotationId, describeProblem } from '../checks/engine/finding';
import { ReportEntry } from '../checks/engine/report';

/** The version of the format, described in `docs/check-command.schema.json`. A change that breaks readers raises it. */
const VERSION = 1;

/** How many findings there are. Those that are acknowledged or disabled are counted apart. */
export interface Summary {
  readonly errors: number;
  readonly warnings: number;
  readonly acknowledged: number;
  readonly disabled: number;
}

export function summaryOf(apps: readonly CheckedApp[]): Summary {
  const findings = apps.flatMap((app) => app.findings);
  const open = findings.filter(isOpen);
  return {
    errors: open.filter(({ level }) => level === 'error').length,
    warnings: open.filter(({ level }) => level === 'warning').length,
    acknowledged: findings.filter(({ acknowledged }) => acknowledged).length,
    disabled: findings.filter(({ disabled }) => disabled !== undefined).length,
  };
}

function isOpen({ acknowledged, disabled }: ReportEntry): boolean {
  return !acknowledged && disabled === undefined;
}

/** All findings as JSON, with those that are acknowledged or disabled. */
export function jsonOutput(apps: readonly CheckedApp[]): string {
  const document = {
    version: VERSION,
    apps: apps.map(({ name, path }) => ({ name, path })),
    summary: summaryOf(apps),
    findings: apps.flatMap(({ name, findings }) => findings.map((finding) => ({ app: name, ...finding }))),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** The findings as text, grouped by app, with errors first. */
export function textOutput(apps: readonly CheckedApp[]): string {
  const groups = apps.flatMap(({ name, findings }) => {
    const open = findings.filter(isOpen);
    const sorted = [...open.filter(({ level }) => level === 'error'), ...open.filter(({ level }) => level !== 'error')];
    return sorted.length === 0 ? [] : [[printable(name), ...sorted.map(findingText)].join('\n')];
  });
  return `${[...groups, summaryLine(apps)].join('\n\n')}\n`;
}

function findingText(finding: CheckedFinding): string {
  const { level, path, stack, logicalId, fix } = finding;
  const places = [
    ...(stack === undefined ? [] : [`stack ${stack}`]),
    ...(logicalId === undefined ? [] : [`logical ID ${logicalId}`]),
  ];
  const place = places.length === 0 ? '' : ` (${places.join(', ')})`;
  const lines = [`${path}${place}`, describeProblem(finding), ...resourceLine(finding), `Fix: ${fix}`];
  return [`  ${level} ${annotationId(finding)}`, ...lines.map((line) => `    ${line}`)].map(printable).join('\n');
}

function resourceLine({ resource, resourceApp, resourcePath }: CheckedFinding): string[] {
  return resourceApp === undefined ? [] : [`Resource: ${resource}, which is '${resourcePath}' in app '${resourceApp}'`];
}

function summaryLine(apps: readonly CheckedApp[]): string {
  const { errors, warnings, acknowledged, disabled } = summaryOf(apps);
  const counts = [
    counted(errors, 'error'),
    counted(warnings, 'warning'),
    ...(acknowledged === 0 ? [] : [`${acknowledged} acknowledged`]),
    ...(disabled === 0 ? [] : [`${disabled} disabled`]),
  ];
  return `${counts.join(', ')} in ${counted(apps.length, 'app')}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** One line without control characters, which a template may contain. */
export function printable(line: string): string {
  return line.replace(/\p{Cc}+/gu, ' ');
}
