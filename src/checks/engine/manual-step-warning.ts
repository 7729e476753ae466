import { Annotations, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { TemplateReader } from '../../app-model/resolve/template-reader';
import { FindingId } from '../finding-id';

/**
 * A value as text that can be pasted: a text as it is, anything else as JSON. What only deployment tells stands as
 * `‹…›`.
 */
export type ToText = (value: unknown) => string;

/**
 * Warns of a half that the app cannot write, on the construct that does not work without it.
 *
 * @param message made with the means to write values out
 */
export function warnManualStep(construct: IConstruct, id: FindingId, message: (text: ToText) => string): void {
  const reader = new TemplateReader();
  const text = (value: unknown) => {
    const read = reader.resolve(Stack.of(construct), value);
    return typeof read === 'string' ? read : JSON.stringify(read);
  };
  Annotations.of(construct).addWarningV2(id, message(text));
}
