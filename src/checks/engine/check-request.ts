import { IConstruct } from 'constructs';
import { Finding } from './finding';
import { AssemblyFile } from './report';
import { AppIndex } from '../../app-model/app-index';
import { OtherApps } from '../../topology/other-apps';

/** One check. An aspect for the app and one for a stage run the same check if it has the same name. */
export interface Check {
  readonly name: string;
  /** @param together the names of the checks that run with it, which may report the same */
  readonly findings: (app: AppIndex, together: ReadonlySet<string>) => Finding[];
}

/** How findings are reported. */
export interface ReportOptions {
  /** The reasons for disabling findings, by ID. A disabled finding is not annotated, but is in the report. */
  readonly disabled: ReadonlyMap<string, string>;
  /** Whether all findings in the app or stage are written to a file. */
  readonly report: boolean;
  /** Whether what the app or stage deploys is written to a file for other apps. */
  readonly topology?: boolean;
  /** Other files about the app or stage that are written. */
  readonly files?: readonly AssemblyFile[];
  /** The apps that are deployed separately and are evaluated too. Called when the app is complete. */
  readonly otherApps?: OtherApps;
}

/** Checks to run, and the construct whose findings are reported. */
export interface CheckRequest {
  readonly scope: IConstruct;
  readonly checks: Check[];
  readonly reporting: ReportOptions;
}

export function checkNames({ checks }: CheckRequest): string[] {
  return checks.map(({ name }) => name);
}

/** Whether a construct is another one, or is defined in its scope. */
export function isWithin(construct: IConstruct, scope: IConstruct): boolean {
  return construct.node.scopes.includes(scope);
}
