import { Stack } from 'aws-cdk-lib';
import { invalidArnFindings } from '../../../../src/checks/delivery/lib/invalid-arns';
import { FindingId } from '../../../../src/checks/finding-id';
import { testStack } from '../../../support/apps';
import { busArn } from '../../../support/three-accounts';

let hub: Stack;
beforeEach(() => (hub = testStack('Hub')));

const inPlace = (account: string, region: string) => busArn('orders', { account, region });

test.each([undefined, busArn(), inPlace('‹Account›', 'eu-west-1'), inPlace('', '')])(
  'an ARN is valid, or known only at deployment: %s',
  (arn) => {
    expect(invalidArnFindings(hub, "target 'T'", arn)).toEqual([]);
  },
);

test.each([
  [inPlace('1234', 'eu-west-1'), 'account', '1234', 'an account ID has 12 digits'],
  [inPlace('undefined', 'eu-west-1'), 'account', 'undefined', 'an account ID has 12 digits'],
  [inPlace('111111111111', 'undefined'), 'Region', 'undefined', 'there is no such Region'],
])('an ARN is an error with the part to correct: %s', (arn, part, value, reason) => {
  expect(invalidArnFindings(hub, "target 'T'", arn)).toEqual([
    {
      ...{ id: FindingId.INVALID_ARN, level: 'error', construct: hub, resource: arn, reason },
      problem: `target 'T' is ${arn}, whose ${part} is '${value}'`,
      fix: `write the ${part} of the resource in the ARN`,
    },
  ]);
});
