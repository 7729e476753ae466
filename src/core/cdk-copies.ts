import { IConstruct } from 'constructs';
import { validationError } from './validation-error';
import { CDK_VERSION, cdkVersionOf } from '../app-model/cdk-internals';

/**
 * Throws an error if another release of `aws-cdk-lib` than the one of this library defines the app. The two do not find
 * each other's members. Two copies of one release work together.
 */
export function requireOneCdkRelease(scope: IConstruct): void {
  const version = cdkVersionOf(scope.node.root);
  if (version === undefined || version === CDK_VERSION) return;
  throw validationError(
    scope.node.path || 'App',
    `'aws-cdk-lib' must be one release in an app, got ${version} for the app and ${CDK_VERSION} for ` +
      "cdk-cross-account-eventbridge; run 'npm ls aws-cdk-lib', and remove the copy below this library",
  );
}
