import { IConstruct } from 'constructs';
import { inAppLanguage } from './app-language';

/** The construct that an error is about, the path of a construct that is not created yet, or a call such as `of()`. */
export type ErrorScope = IConstruct | string;

/** An error about invalid input of the user, with the path of the construct. */
export function validationError(errorScope: ErrorScope, message: string): Error {
  return new Error(`${nameOf(errorScope)}: ${inAppLanguage(message)}`);
}

function nameOf(errorScope: ErrorScope): string {
  if (typeof errorScope !== 'string') return errorScope.node.path;
  return errorScope.endsWith('()') ? inAppLanguage(errorScope) : errorScope;
}

/** Adds a validation at synthesis, with its problems in the language of the app. */
export function addValidation(construct: IConstruct, validate: () => string[]): void {
  construct.node.addValidation({ validate: () => validate().map(inAppLanguage) });
}

/** The path of a construct that is not created yet. */
export function childPath(scope: IConstruct, id: string): ErrorScope {
  return [scope.node.path, id].filter(Boolean).join('/');
}
