import { Statement } from '../iam/statement';

/** The actions with which CloudFormation creates, changes and deletes a rule. */
const ACTIONS = ['PutRule', 'PutTargets', 'DeleteRule', 'RemoveTargets', 'DescribeRule'];

/** The statement that allows an account to manage one rule on a bus, for messages. */
export function ruleManagementStatement(account: string, ruleArn: string): Statement {
  return {
    Effect: 'Allow',
    Principal: { AWS: account },
    Action: ACTIONS.map((action) => `events:${action}`),
    Resource: ruleArn,
    Condition: { StringEqualsIfExists: { 'events:creatorAccount': '${aws:PrincipalAccount}' } },
  };
}
