import { IConstruct } from 'constructs';

/** The construct that an error is about, or the path of a construct that is not created yet. */
export type ErrorScope = IConstruct | string;

/** An error about invalid input of the user, with the path of the construct. */
export function validationError(errorScope: ErrorScope, message: string): Error {
  return new Error(`${typeof errorScope === 'string' ? errorScope : errorScope.node.path}: ${message}`);
}

/** The path of a construct that is not created yet. */
export function childPath(scope: IConstruct, id: string): ErrorScope {
  return [scope.node.path, id].filter(Boolean).join('/');
}
