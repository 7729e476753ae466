import { App, Stack } from 'aws-cdk-lib';
import { IFunction } from 'aws-cdk-lib/aws-lambda';

/**
 * What a sample finds: an app, a stack in each of three accounts, and a function. A stack that it does not use is not
 * made.
 */
export interface Accounts {
  readonly app: App;
  readonly hub: Stack;
  readonly publisher: Stack;
  readonly consumer: Stack;
  /** The function `invoices`, in the stack of the consumer. */
  readonly handler: IFunction;
}

/**
 * Code that the page shows as it is written here, and that is run to find what comes of it. What it returns is shown
 * too.
 */
export type Sample = (accounts: Accounts) => unknown;

/** Something in which aws-cdk-lib leaves its user alone, as code on both sides. */
export interface Gap {
  /** The file that this is in. Its name starts with the number of the gap. */
  readonly file: string;
  readonly title: string;
  /** What goes wrong, in a few words for the table of contents. */
  readonly inShort: string;
  /** Why it matters, in Markdown. */
  readonly why: string;

  readonly withAwsCdkLib: Sample;
  /** What comes of it, in a line. */
  readonly thenAwsCdkLib: string;

  readonly withThisLibrary: Sample;
  /** What comes of it, in a line. */
  readonly thenThisLibrary: string;

  /** Types of the resources to show, or a type with the only properties that are to the point. */
  readonly shows?: (string | [type: string, ...properties: string[]])[];
  /** Types of the resources whose policies are counted, not shown. */
  readonly counts?: string[];
  /** Whether to show which stack waits for which. */
  readonly showsOrder?: boolean;
  /** Whether aws-cdk-lib does something else in a project that has none of the feature flags of new ones. */
  readonly dependsOnFlags?: boolean;
}

/** The message of what is thrown, so that a sample can go on after it. */
export function thrown(action: () => unknown): string {
  try {
    action();
    return 'nothing was thrown';
  } catch (e) {
    return messageOf(e);
  }
}

/**
 * Without what differs from machine to machine: stack traces, and places in the file system. A report of annotations
 * says again what they say.
 */
export function messageOf(error: unknown): string {
  const { message } = error as Error;
  if (message.includes('(Annotation)') && !message.includes('(CloudFormation Validate)')) {
    return 'a report of the following';
  }
  return message
    .split('\n')
    .filter((line) => !/^\s+at |^Object creation stack|^A copy of this report/.test(line))
    .join('\n')
    .trim();
}
