import { Annotations, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { FindingId } from '../finding-id';
import { Reader } from '../model/reader';

/** A value as text that can be pasted: a text as it is, anything else as JSON. What only deployment tells stands as `‹…›`. */
export type Pasteable = (value: unknown) => string;

/**
 * Warns of a half that the app cannot write, on the construct that does not work without it.
 *
 * @param message made with the means to write values out
 */
export function warnOfOutside(construct: IConstruct, id: FindingId, message: (text: Pasteable) => string): void {
  const reader = new Reader();
  const text = (value: unknown) => {
    const read = reader.resolve(Stack.of(construct), value);
    return typeof read === 'string' ? read : JSON.stringify(read);
  };
  Annotations.of(construct).addWarningV2(id, message(text));
}
