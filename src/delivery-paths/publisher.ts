import type { CfnResource } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Identity, Rule } from '../app-model/app-model';
import { assumedIdentity } from '../checks/delivery/lib/assumed-identity';
import { accountOf } from '../iam/arn';
import { ANYTHING } from '../iam/unresolved-text';

/** The first element of a path. */
export type Publisher =
  /** A role or user of the apps, which puts the event itself, or with which a resource puts it. */
  | { readonly kind: 'identity'; readonly identity: Identity; readonly resource?: CfnResource }
  | ExternalPublisher
  | { readonly kind: 'service'; readonly service: string }
  /** An event that a rule matches, or that is on a bus already. */
  | { readonly kind: 'rule'; readonly rule: Rule }
  | { readonly kind: 'bus'; readonly busArn: string };

/** A principal that no app defines. Its identity-based policies are assumed to allow everything. */
export interface ExternalPublisher {
  readonly kind: 'external';
  readonly identity: Identity;
  readonly name: string;
}

/** A role or user that no app defines. */
export function externalIdentity(arn: string, root: IConstruct): ExternalPublisher {
  const noun = arn.includes(':user/') ? 'user' : 'role';
  return external(`${noun} ${arn}`, { arn, account: accountOf(arn), name: arn.split('/').slice(-1)[0] }, root);
}

/** Any role or user in an account. */
export function anyIdentityIn(account: string, root: IConstruct): ExternalPublisher {
  return external(`a role or user in account ${account}`, { arn: ANYTHING, account, name: ANYTHING }, root);
}

/** Any role or user in accounts that are not known, such as those of an organization. */
export function anyIdentityOf(accounts: string, root: IConstruct): ExternalPublisher {
  return external(`a role or user in ${accounts}`, { arn: ANYTHING, account: ANYTHING, name: ANYTHING }, root);
}

function external(
  name: string,
  identity: Pick<Identity, 'arn' | 'account' | 'name'>,
  root: IConstruct,
): ExternalPublisher {
  // No message names the construct of a principal that no app defines.
  return { kind: 'external', name, identity: assumedIdentity(identity, root as CfnResource) };
}
