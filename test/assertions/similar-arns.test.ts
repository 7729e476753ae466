import { Rule } from 'aws-cdk-lib/aws-events';
import { CrossAccountEventBus, EventAssertions, LambdaEventTarget } from '../../src';
import { HUB, SHOP, testApp, testFunction, testStack } from '../support/apps';
import { expectError } from '../support/messages';
import { functionArn } from '../support/three-accounts';

const event = { source: 'com.shop', detailType: 'OrderPlaced' };

describe('an assertion with an ARN of none of the apps', () => {
  const app = testApp();
  const hub = testStack('Hub', HUB, app);
  const eventBus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
  const handler = testFunction(hub, 'Handler', { functionName: 'create-invoice' });
  new Rule(hub, 'Rule', {
    eventBus,
    eventPattern: { source: ['com.shop'] },
    targets: [new LambdaEventTarget(handler)],
  });
  const events = EventAssertions.of(app);
  const refused = (targetArn: string) => () => events.refused({ publisherAccount: SHOP.account, event, targetArn });
  const known = functionArn('create-invoice');

  test.each([
    ['name', functionArn('create-invoic')],
    ['account', known.replace(HUB.account, '111111111112')],
    ['Region', known.replace('eu-west-1', 'eu-west-2')],
    ['service', known.replace(':lambda:', ':lamda:')],
  ])('names the one that differs in its %s', (_, arn) => {
    expectError(refused(arn), `got '${arn}'; correct the ARN to '${known}', or pass the other apps`);
  });

  test.each([
    ['name', functionArn('send-parcel')],
    ['account', known.replace(HUB.account, SHOP.account)],
    ['name and account', functionArn('create-invoic').replace(HUB.account, '111111111112')],
  ])('names none that has another %s', (_, arn) => {
    expectError(refused(arn), `got '${arn}'; correct the ARN, or pass the other apps`);
  });
});
