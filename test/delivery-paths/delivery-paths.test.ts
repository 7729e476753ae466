import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { AppIndex } from '../../src/app-model/app-index';
import { DeliveryPath } from '../../src/delivery-paths/delivery-path';
import { deliveryPaths } from '../../src/delivery-paths/delivery-paths';
import { testFunction } from '../support/apps';
import {
  ThreeAccounts,
  busArn,
  cfnEventBus,
  cfnEventBusPolicy,
  cfnPermission,
  cfnRule,
  functionArn,
  publisherRole,
  roleArn,
  ruleArn,
} from '../support/three-accounts';

const HANDLER = functionArn('handler');

/** A publisher in one account, and a bus with a rule and a function in another one. */
function pathsIn({ permission = true, policy = true } = {}): DeliveryPath[] {
  const { app, hub, shop } = new ThreeAccounts();
  publisherRole(shop);
  cfnEventBus(hub);
  if (policy) cfnEventBusPolicy(hub);
  testFunction(hub, 'Handler', { functionName: 'handler' });
  if (permission) cfnPermission(hub, 'handler', ruleArn('orders/rule'));
  cfnRule(hub, { arn: HANDLER }, { eventBusName: 'orders' });
  app.synth();
  const index = AppIndex.of(app);
  return deliveryPaths(index, {
    publisher: { kind: 'identity', identity: index.role(roleArn('publisher'))! },
    event: { source: 'com.shop', 'detail-type': 'OrderPlaced' },
    targetArn: HANDLER,
    isTarget: (arn) => arn === HANDLER,
  });
}

const briefly = ({ steps }: DeliveryPath) =>
  steps.map(({ kind, from, to, decision }) => [kind, from.arn, to.arn, decision]);

test('a path has a step for each decision, with the statements that allow it', () => {
  const paths = pathsIn();
  expect(paths.map(({ decision }) => decision)).toEqual(['allowed']);
  expect(briefly(paths[0])).toEqual([
    ['putEvents', roleArn('publisher'), busArn(), 'allowed'],
    ['match', busArn(), ruleArn('orders/rule'), 'allowed'],
    ['send', ruleArn('orders/rule'), HANDLER, 'allowed'],
  ]);
  const [put, , send] = paths[0].steps;
  expect(put.allowedBy.map(({ policyType, construct }) => [policyType, construct.node.path])).toEqual([
    ['identity', 'Shop/Publisher/Resource'],
    ['resource', 'Hub/Policy'],
  ]);
  expect(send.allowedBy.map(({ construct }) => construct)).toEqual([expect.any(CfnPermission)]);
});

test('each step that is denied has the statement that is missing', () => {
  const [{ decision, steps }] = pathsIn({ permission: false, policy: false });
  expect(decision).toBe('denied');
  expect(steps.map((step) => step.decision)).toEqual(['denied', 'allowed', 'denied']);
  expect(steps.map(({ missing }) => missing?.policyOf)).toEqual([busArn(), undefined, HANDLER]);
  expect(steps[2].missing!.statement).toEqual({
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'lambda:InvokeFunction',
    Resource: HANDLER,
    Condition: { ArnEquals: { 'aws:SourceArn': ruleArn('orders/rule') } },
  });
});

/** The statement that a path lacks is enough: with it, the path is allowed. */
test('the missing statement of a bus policy allows the step', () => {
  const [{ steps }] = pathsIn({ policy: false });
  const { app, hub, shop } = new ThreeAccounts();
  publisherRole(shop);
  cfnEventBus(hub);
  cfnEventBusPolicy(hub, steps[0].missing!.statement as object);
  app.synth();
  const index = AppIndex.of(app);
  const [path] = deliveryPaths(index, {
    publisher: { kind: 'identity', identity: index.role(roleArn('publisher'))! },
    event: { source: 'com.shop', 'detail-type': 'OrderPlaced' },
    targetArn: busArn(),
    isTarget: (arn) => arn === busArn(),
  });
  expect(path.decision).toBe('allowed');
});
