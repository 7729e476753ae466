import type { CfnResource } from 'aws-cdk-lib';
import { Identity } from '../../../app-model/app-model';

/**
 * A role or user that the app does not define. Its identity-based policies are assumed to allow everything.
 *
 * @param construct what findings about it are reported on
 */
export function assumedIdentity(
  { arn, account, name }: Pick<Identity, 'arn' | 'account' | 'name'>,
  construct: CfnResource,
): Identity {
  return {
    construct,
    arn,
    account,
    name,
    region: '',
    conditional: false,
    statements: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    policies: [],
    managedPolicyArns: [],
    tags: {},
  };
}
