import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Format, problem } from '../policy/formats';

/** A construct, or the path of one that cannot be made. */
export type Place = IConstruct | string;

/** An error about what the user asked for, with the path of the construct that was asked. */
export function invalid(place: Place, message: string): Error {
  return new Error(`${typeof place === 'string' ? place : place.node.path}: ${message}`);
}

/** The path of a construct that is about to be made. */
export function placeOf(scope: IConstruct, id: string): Place {
  return [scope.node.path, id].filter(Boolean).join('/');
}

/** Refuses a value of the wrong format; what is known only at deployment passes. */
export function checkFormat(place: Place, property: string, value: string | undefined, format: Format): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  const wrong = typeof value === 'string' ? format(value) : problem('be text', value, 'write it as a quoted string');
  if (wrong) throw invalid(place, `'${property}' ${wrong}`);
}

/** Refuses a list with nothing in it, or with a value of the wrong format; a list known only at deployment passes. */
export function checkList(place: Place, property: string, values: string[] | undefined, format: Format, remedy: string): void {
  if (values === undefined || Token.isUnresolved(values)) return;
  if (values.length === 0) throw invalid(place, `'${property}' must name at least one, got none; ${remedy}`);
  for (const value of values) checkFormat(place, property, value, format);
}

/** Refuses a number out of bounds; what is known only at deployment passes. */
export function checkNumber(place: Place, property: string, value: number | undefined, format: (value: number) => string | undefined): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  const wrong = format(value);
  if (wrong) throw invalid(place, `'${property}' ${wrong}`);
}
