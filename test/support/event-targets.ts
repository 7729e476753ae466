import { App, Stack } from 'aws-cdk-lib';
import { CfnRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BILLING, HUB, REGION, testApp, testStack } from './apps';
import { propertiesOf } from './templates';
import { CrossAccountEventBus } from '../../src';

/** What the tests of targets with a role have in common. */

export const EVENTS = new ServicePrincipal('events.amazonaws.com');
export const eventPattern = { source: ['com.shop'] };
/** The ARN of a key in the account of billing. */
export const KEY_ARN = `arn:aws:kms:${REGION}:${BILLING.account}:key/11111111-2222-3333-4444-555555555555`;

/** An app with the bus `orders` in the stack `Hub`, whose stacks may refer to each other. */
export function targetApp(): { app: App; hub: Stack; bus: CrossAccountEventBus } {
  // The newest CDK warns of references between stacks unless it is told which.
  const app = testApp({ context: { '@aws-cdk/core:defaultCrossStackReferences': 'strong' } });
  const hub = testStack('Hub', HUB, app);
  return { app, hub, bus: new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' }) };
}

/** The statements of all identity-based policies in a stack. */
export const identityOf = (stack: Stack) =>
  propertiesOf(stack, 'AWS::IAM::Policy').flatMap(({ PolicyDocument }) => PolicyDocument.Statement);

export const targetsOf = (stack: Stack) => propertiesOf(stack, 'AWS::Events::Rule').flatMap(({ Targets }) => Targets);

/** The role that the first target in a stack created. */
export const ruleRoleOf = (stack: Stack) =>
  stack.node.children.find((child): child is Role => child.node.id.startsWith('RuleRole'))!;

export const ruleRoleNameOf = (stack: Stack) => (ruleRoleOf(stack).node.defaultChild as CfnRole).roleName!;

/** The statement that the fix of a message shows. */
export const statementIn = (message: string): any => JSON.parse(/: (\{.*\})/.exec(message.split('Fix:')[1])![1]);
