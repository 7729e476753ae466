import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventChecks } from '../../../../src';
import { messagesOf } from '../../../support/apps';
import { ThreeAccounts, cfnEventBus, cfnEventBusPolicy, publisherRole, roleArn } from '../../../support/three-accounts';

/** The fix for the role `publisher`, which the policy of the bus does not allow. */
function fixFor(statement: object, define: (three: ThreeAccounts) => unknown = () => undefined): string {
  const three = new ThreeAccounts();
  cfnEventBus(three.hub);
  cfnEventBusPolicy(three.hub, statement);
  publisherRole(three.shop);
  define(three);
  CrossAccountEventChecks.applyTo(three.app);
  const denied = messagesOf(three.shop).filter((text) => text.includes('publisherAccessDenied'));
  expect(denied).toHaveLength(1);
  return denied[0].split('\nFix: ')[1];
}

const CORRECT = 'correct the ARN';
const naming = (name: string, condition?: object) => ({ Principal: { AWS: roleArn(name) }, Condition: condition });
const byCondition = (value: string) => ({ Condition: { StringLike: { 'aws:PrincipalArn': value } } });

test.each([
  ['as the principal', naming('publsher')],
  ['in a condition', byCondition(roleArn('publsher'))],
  ['in another case', naming('Publisher')],
])('a role whose name is misspelled %s is to be corrected', (_, statement) => {
  expect(fixFor(statement)).toContain(`${CORRECT} in the statement to ${roleArn('publisher')}`);
});

test.each<[string, object]>([
  ['has another name', naming('reader')],
  ['has another number', naming('publisher2')],
  ['has a wildcard', byCondition(roleArn('publsher*'))],
  ['is a user', { Principal: { AWS: roleArn('publsher').replace(':role/', ':user/') } }],
  ['may do something else', { ...naming('publsher'), Action: 'events:DescribeEventBus' }],
  ['is denied', { ...naming('publsher'), Effect: 'Deny' }],
  ['is allowed events of rules only', naming('publsher', { Bool: { 'events:eventBusInvocation': 'true' } })],
])('a role that %s is not', (_, statement) => {
  expect(fixFor(statement)).not.toContain(CORRECT);
});

test('another role of the app is not', () => {
  const assumedBy = new ServicePrincipal('lambda.amazonaws.com');
  const fix = fixFor(
    naming('publishers'),
    ({ shop }) => new Role(shop, 'Other', { roleName: 'publishers', assumedBy }),
  );
  expect(fix).not.toContain(CORRECT);
});
