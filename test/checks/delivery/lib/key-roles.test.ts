import { CfnResource } from 'aws-cdk-lib';
import { AppIndex } from '../../../../src/app-model/app-index';
import { AppResource } from '../../../../src/app-model/app-model';
import { assumedIdentity } from '../../../../src/checks/delivery/lib/assumed-identity';
import { keyArnFor, roleName, roleOfOtherApp } from '../../../../src/checks/delivery/lib/key-roles';
import { BILLING, HUB, REGION } from '../../../support/apps';
import { roleArn } from '../../../support/three-accounts';

const construct = { node: { path: 'Hub/Sender' } } as CfnResource;
const elsewhere = { node: { path: 'Billing/Key' } } as CfnResource;
const resource: AppResource = { construct, arn: '', account: HUB.account, region: REGION, conditional: false };

describe('the role of another app', () => {
  test('has the account of its ARN, and is named by it', () => {
    const arn = roleArn('partner', BILLING);
    const role = roleOfOtherApp(resource, arn)!;
    expect(role).toMatchObject({ construct, arn, account: BILLING.account });
    expect(roleName(role)).toBe(arn);
  });

  test('is not known if its ARN is known only at deployment', () => {
    expect(roleOfOtherApp(resource, `arn:aws:iam::${HUB.account}:role/‹name›`)).toBeUndefined();
  });
});

test('a role of the app is named by its path', () => {
  const role = assumedIdentity({ arn: roleArn('sender'), account: HUB.account, name: 'sender' }, construct);
  expect(roleName(role)).toBe("'Hub/Sender'");
});

describe('the ARN by which a role names a key', () => {
  const keyOf = (id: string, { account, region } = BILLING) => `arn:aws:kms:${region}:${account}:key/${id}`;
  const KEY = keyOf('‹id›');
  const NAMED = keyOf('1234abcd-12ab');

  /** @param hasOtherApp whether the key is of another app than the role */
  const arnFor = (resources: string[], hasOtherApp = true) => {
    const app: Pick<AppIndex, 'otherAppOf'> = {
      otherAppOf: (one) => (hasOtherApp && one === elsewhere ? ({ name: 'billing' } as never) : undefined),
    };
    const role = assumedIdentity({ arn: roleArn('sender'), account: HUB.account, name: 'sender' }, construct);
    const statements = ['‹statement›', { Effect: 'Allow', Action: 'kms:*', Resource: resources }];
    const key = { ...resource, ...BILLING, construct: elsewhere, arn: KEY };
    return keyArnFor(app as AppIndex, { ...role, statements }, key);
  };

  test('is the one of a key in its account and Region, if the key is of another app', () => {
    expect(arnFor(['*', keyOf('1-a', HUB), NAMED])).toBe(NAMED);
  });

  test('is the one of the key itself within an app', () => {
    expect(arnFor([NAMED], false)).toBe(KEY);
  });

  test.each([
    '*',
    'not-an-arn',
    keyOf('*'),
    keyOf('1234abcd-*'),
    keyOf('‹other›'),
    NAMED.replace(':key/', ':alias/key/'),
    NAMED.replace(':kms:', ':sqs:'),
    keyOf('1234abcd-12ab', HUB),
    keyOf('1234abcd-12ab', { ...BILLING, region: 'us-east-1' }),
  ])('is not %s', (other) => {
    expect(arnFor([other])).toBe(KEY);
  });
});
