import { Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { CfnResourcePolicy } from 'aws-cdk-lib/aws-logs';
import { FixRow, arnIn } from './fix-row';
import { RULE, eventPattern, forward, handlerIn, l1RuleTo, ruleWith } from './targets';
import { CrossAccountEventBus, CrossAccountEventBusTarget, EventPublisher, LambdaEventTarget } from '../../../src';
import { HUB, SHOP } from '../../support/apps';
import {
  ThreeAccounts,
  cfnEventBus,
  cfnEventBusPolicy,
  cfnPermission,
  cfnRule,
  functionArn,
  queueArn,
  rootArn,
  ruleArn,
} from '../../support/three-accounts';

/** A rule that sends to a function in its account, with a permission. */
function toFunction({ hub, billing }: ThreeAccounts, permission: object | undefined, inBilling = false): void {
  const handler = handlerIn(hub);
  const arn = functionArn('handler');
  l1RuleTo(hub, { arn });
  if (!permission) return;
  const created = cfnPermission(inBilling ? billing : hub, 'handler', RULE, permission);
  if (!inBilling) created.node.addDependency(handler);
}

function logsPolicy(stack: Stack, resource: string): void {
  const Statement = [
    {
      Effect: 'Allow',
      Principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: resource,
    },
  ];
  const document = JSON.stringify({ Version: '2012-10-17', Statement });
  new CfnResourcePolicy(stack, 'LogsPolicy', { policyName: 'logs', policyDocument: document });
}

export const TARGET_PERMISSION_FIXES: readonly FixRow[] = [
  {
    what: 'a permission for the rule',
    finds: 'targetAccessDenied',
    names: ['allow events.amazonaws.com to call lambda:InvokeFunction', `'aws:SourceArn' ${RULE}`],
    app: (three, fix) => toFunction(three, fix ? {} : undefined),
  },
  {
    what: "a permission for another rule gets the rule's ARN",
    finds: 'targetAccessDenied',
    names: [ruleArn('orders/other'), RULE],
    app: (three, fix) => {
      toFunction(three, { sourceArn: ruleArn(fix ? 'orders/rule' : 'orders/other') });
      cfnRule(three.hub, { arn: queueArn('q') }, { eventBusName: 'orders', state: 'DISABLED', eventPattern }, 'Other');
    },
  },
  {
    what: 'a permission in the account of the function',
    finds: 'targetAccessDenied',
    names: "'Hub/Handler'",
    app: (three, fix) => toFunction(three, {}, !fix),
  },
  {
    what: 'a permission on the function in place of an alias',
    finds: 'targetAccessDenied',
    names: 'add the permission to the unqualified function',
    app: (three, fix) => toFunction(three, { functionName: fix ? 'handler' : `${functionArn('handler')}:live` }),
  },
  {
    what: 'the action of a permission is corrected',
    finds: 'targetAccessDenied',
    names: 'lambda:InvokeFunction',
    app: (three, fix) => toFunction(three, fix ? {} : { action: 'lambda:GetFunction' }),
  },
  {
    what: 'a rule in the Region of its target',
    finds: 'targetRegionUnsupported',
    names: ['forward the events to a bus in us-east-1', 'CrossAccountEventBusTarget'],
    app: (three, fix) => {
      const { hub } = three;
      const far = three.stack('Far', { account: HUB.account, region: 'us-east-1' });
      const handler = handlerIn(far);
      const bus = new CrossAccountEventBus(far, 'Bus', { eventBusName: 'far' });
      if (!fix) return l1RuleTo(hub, { arn: functionArn('handler', { account: HUB.account, region: 'us-east-1' }) });
      ruleWith(hub, new CrossAccountEventBusTarget(bus));
      new Rule(far, 'ToFunction', { eventBus: bus, eventPattern, targets: [new LambdaEventTarget(handler)] });
      return undefined;
    },
  },
  {
    what: 'the ARN of a log group',
    finds: 'targetArnInvalid',
    names: 'use the ARN of the log group, arn:aws:logs:eu-west-1:111111111111:log-group:/aws/events/orders',
    app: ({ hub }, fix) => {
      const arn = 'arn:aws:logs:eu-west-1:111111111111:log-group:/aws/events/orders';
      logsPolicy(hub, `${arn}:*`);
      l1RuleTo(hub, { arn: fix ? arnIn(fix) : `${arn}:*` });
    },
  },
  {
    what: 'stacks in the right order',
    finds: 'targetPolicyDependencyMissing',
    names: "make stack 'Shop' depend on stack 'Hub' with 'addDependency()'",
    app: (three, fix) => {
      const { hub, shop } = three;
      new CrossAccountEventBus(hub, 'Bus', {
        eventBusName: 'orders',
        publishers: [EventPublisher.accounts(SHOP.account)],
      });
      forward(three);
      if (fix) shop.addDependency(hub);
    },
  },
  {
    what: 'a statement on a bus before the rule that needs it',
    finds: 'targetAccessDenied',
    names: 'CrossAccountEventBusPolicy',
    app: (three, fix) => {
      const { hub, shop } = three;
      cfnEventBus(hub);
      shop.addDependency(hub);
      forward(three);
      if (fix) cfnEventBusPolicy(hub, { Principal: { AWS: rootArn(SHOP) } });
    },
  },
];
