import { assumedIdentity } from './assumed-identity';
import { AppIndex } from '../../../app-model/app-index';
import { AppResource, Identity } from '../../../app-model/app-model';
import { accountOf, parseArn, regionOf } from '../../../iam/arn';
import { isObject, toList } from '../../../iam/statement';
import { isArnUnresolved } from '../../../iam/unresolved-text';

/** A role that this app does not define. Its identity-based policies are assumed to allow everything. */
export function roleOfOtherApp({ construct }: AppResource, arn: string): Identity | undefined {
  if (isArnUnresolved(arn)) return undefined;
  return assumedIdentity({ arn, account: accountOf(arn), name: arn }, construct);
}

/** The role in messages. */
export function roleName({ construct, arn, name }: Identity): string {
  return name === arn ? arn : `'${construct.node.path}'`;
}

/**
 * The ARN by which the policies of a role name a key. The ID of a key is generated, so that of a key of another app
 * cannot be compared: it is the one of a key in its account and Region.
 */
export function keyArnFor(app: AppIndex, role: Identity, key: AppResource): string {
  if (app.otherAppOf(role.construct) === app.otherAppOf(key.construct)) return key.arn;
  const resources = role.statements.flatMap((statement) => (isObject(statement) ? toList(statement.Resource) : []));
  const isLiteral = (arn: string) => /^key\/[\w-]+$/.test(parseArn(arn)?.resource ?? '');
  const isThere = (arn: string) => accountOf(arn) === key.account && regionOf(arn) === key.region;
  return resources.find((arn) => arn.includes(':kms:') && isLiteral(arn) && isThere(arn)) ?? key.arn;
}
