import { IConstruct } from 'constructs';

/** A construct, or the path of one that cannot be made. */
export type ErrorScope = IConstruct | string;

/** An error about what the user asked for, with the path of the construct that was asked. */
export function validationError(place: ErrorScope, message: string): Error {
  return new Error(`${typeof place === 'string' ? place : place.node.path}: ${message}`);
}

/** The path of a construct that is about to be made. */
export function childPath(scope: IConstruct, id: string): ErrorScope {
  return [scope.node.path, id].filter(Boolean).join('/');
}
