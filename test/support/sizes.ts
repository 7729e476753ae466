import { App, Aspects } from 'aws-cdk-lib';
import { messagesOfApp } from './apps';
import { PolicySizeAspect, PolicySizeAspectProps } from '../../src';

/** Context that turns CloudFormation Validate off, which reports the same resources as the tests of quotas. */
export const LENIENT_SIZES = {
  '@aws-cdk/core:validateAgainstDefaultRules': false,
  '@aws-cdk/core:defaultCrossStackReferences': 'strong',
};

/** All annotations of an app that is checked with `PolicySizeAspect`. */
export function sizesFound(app: App, props?: PolicySizeAspectProps): string[] {
  Aspects.of(app).add(new PolicySizeAspect(props));
  return messagesOfApp(app);
}

/** A size as messages contain it: `10,240`. */
export function formatted(size: number): string {
  return size.toLocaleString('en-US');
}
