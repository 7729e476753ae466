import { App, Aspects, Stack } from 'aws-cdk-lib';
import { messagesOf } from './apps';
import { PolicySizeAspect, PolicySizeAspectProps } from '../../src';

/** What is wrong on purpose in tests of sizes is not for CloudFormation Validate to say. */
export const LENIENT_SIZES = {
  '@aws-cdk/core:validateAgainstDefaultRules': false,
  '@aws-cdk/core:defaultCrossStackReferences': 'strong',
};

/** Everything that is said of an app under the check of sizes. */
export function sizesFound(app: App, props?: PolicySizeAspectProps): string[] {
  Aspects.of(app).add(new PolicySizeAspect(props));
  return app.node
    .findAll()
    .filter((c): c is Stack => Stack.isStack(c) && !c.nestedStackParent)
    .flatMap(messagesOf);
}

/** `error /Hub/Bus` of each message. */
export function brief(messages: string[]): string[] {
  return messages.map((m) => m.split(' ').slice(0, 2).join(' ')).sort();
}
