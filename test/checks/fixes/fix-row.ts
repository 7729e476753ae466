import { CrossAccountEventChecksOptions } from '../../../src';
import { ThreeAccounts } from '../../support/three-accounts';

/** A faulty app, and the change that the fix of its finding asks for. */
export interface FixRow {
  /** The fault and the fix, for the title of the test. */
  readonly what: string;
  /** The ID of the finding, without the prefix. */
  readonly finds: string;
  /** What the text of the fix contains: the call, property or value that the change has. */
  readonly names: string | readonly string[];
  /**
   * Creates the app. Without `fix`, it has the fault. With it, the fix is applied literally; `fix` is its text, to copy
   * a statement or ARN from it.
   */
  readonly app: (three: ThreeAccounts, fix?: string) => unknown;
  /** The options of the checks, for an app with the fault and for one with the fix. */
  readonly options?: (isFixed: boolean) => CrossAccountEventChecksOptions;
  /** The context of the app. */
  readonly context?: object;
}

/** The first statement or other JSON object in a text. */
export function jsonIn<T extends object = any>(text: string): T {
  const start = text.indexOf('{"');
  for (let end = text.indexOf('}', start); end >= 0; end = text.indexOf('}', end + 1)) {
    try {
      return JSON.parse(text.slice(start, end + 1));
    } catch {
      // The object is longer.
    }
  }
  throw new Error(`no JSON in '${text}'`);
}

/** The first ARN in a text. */
export function arnIn(text: string): string {
  return /arn:[^\s,'")]+/.exec(text)![0];
}
