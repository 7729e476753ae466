import { sep } from 'node:path';
import { ROOT } from '../support/repository';

/** An error of a construct or of the CDK that tells users what is wrong with their input. */
export class Rejection extends Error {
  constructor(
    public readonly by: 'this library' | 'the CDK',
    public readonly reason: string,
  ) {
    super(reason);
  }
}

const SRC = `${ROOT}${sep}src${sep}`;

/**
 * The rejection that an error is. An error that is none is a fault of this library: one of JavaScript itself with a
 * function of this library on its stack, or one that this library throws in another form than its own.
 */
export function rejectionOf(error: unknown): Rejection {
  if (!(error instanceof Error)) throw new Error(`not an error was thrown: ${String(error)}`);
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const [first = ''] = frames;
  const isOurs = frames.some((frame) => frame.includes(SRC)) && !TARGET_OF_THE_CDK.test(first);
  if (isOurs && LANGUAGE_ERRORS.some((type) => error instanceof type)) throw error;
  if (!first.includes(SRC)) return new Rejection('the CDK', error.message);
  if (!FORM.test(error.message)) throw error;
  return new Rejection('this library', error.message);
}

/** Where a target of the CDK fails, such as one for an imported API, also if a rule of this library calls it. */
const TARGET_OF_THE_CDK = /\.bind \(.*aws-events-targets/;

const LANGUAGE_ERRORS = [TypeError, RangeError, ReferenceError, SyntaxError, EvalError];

/** The path of a construct or a call, the property, what is wrong, and what to do. */
const FORM = /^[^\n]+: '[\w. ]+' [^]+; [^]+[^.\n]$/;
