import { App, Stack } from 'aws-cdk-lib';
import { IFunction } from 'aws-cdk-lib/aws-lambda';

/**
 * The constructs that a sample gets: an app, a stack in each of three accounts, and a function. A stack that the sample
 * does not use is not created.
 */
export interface Accounts {
  readonly app: App;
  readonly hub: Stack;
  readonly publisher: Stack;
  readonly consumer: Stack;
  /** The function `invoices`, in the stack of the consumer. */
  readonly handler: IFunction;
}

/** Code that the page shows unchanged, with the result of its synthesis and the value that it returns. */
export type Sample = (accounts: Accounts) => unknown;

/** A case that aws-cdk-lib does not solve, as code with aws-cdk-lib and with this library. */
export interface Gap {
  /** The file of the gap. Its name starts with the number of the gap. */
  readonly file: string;
  readonly title: string;
  /** The problem in a few words, for the table of contents. */
  readonly inShort: string;
  /** Why it matters, in Markdown. */
  readonly why: string;

  readonly withAwsCdkLib: Sample;
  /** The result in a few sentences. */
  readonly thenAwsCdkLib: string;

  readonly withThisLibrary: Sample;
  /** The result in a few sentences. */
  readonly thenThisLibrary: string;

  /** Types of the resources to show, or a type with the properties to show. */
  readonly shows?: (string | [type: string, ...properties: string[]])[];
  /** Types of the resources whose policies are counted, not shown. */
  readonly counts?: string[];
  /** Whether to show the deployment order of the stacks. */
  readonly showsOrder?: boolean;
  /** Whether the result of aws-cdk-lib differs in a project without feature flags. */
  readonly dependsOnFlags?: boolean;
}

/** The message of the error that a call throws, so that a sample can continue. */
export function thrown(action: () => unknown): string {
  try {
    action();
    return 'nothing was thrown';
  } catch (e) {
    return messageOf(e);
  }
}

/**
 * The message of an error, without stack traces and file paths, which differ between machines. The page shows
 * annotations separately, so it does not repeat their report.
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
