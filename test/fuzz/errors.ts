import { sep } from 'node:path';
import { ROOT } from '../support/repository';

/** An error of a construct or of the CDK that tells users what is wrong with their input. */
export class Refusal extends Error {
  constructor(
    public readonly by: 'this library' | 'the CDK',
    public readonly reason: string,
  ) {
    super(reason);
  }
}

const SRC = `${ROOT}${sep}src${sep}`;

/**
 * The refusal that an error is. An error that is none is a fault of this library: one of JavaScript itself with a
 * function of this library on its stack, or one that this library throws in another form than its own.
 */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof Error)) throw new Error(`not an error was thrown: ${String(error)}`);
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const isOurs = frames.some((frame) => frame.includes(SRC));
  if (isOurs && LANGUAGE_ERRORS.some((type) => error instanceof type)) throw error;
  const [first = ''] = frames;
  if (!first.includes(SRC)) return new Refusal('the CDK', error.message);
  if (!FORM.test(error.message)) throw error;
  return new Refusal('this library', error.message);
}

const LANGUAGE_ERRORS = [TypeError, RangeError, ReferenceError, SyntaxError, EvalError];

/** The path of a construct or a call, the property, what is wrong, and what to do. */
const FORM = /^[^\n]+: '[\w. ]+' [^]+; [^]+[^.\n]$/;
