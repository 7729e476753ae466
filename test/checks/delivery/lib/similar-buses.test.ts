import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { AppIndex } from '../../../../src/app-model/app-index';
import { isBusUnresolved, isUnknownBus, mostSimilarBus } from '../../../../src/checks/delivery/lib/similar-buses';
import { OWN_REGION } from '../../../../src/iam/unresolved-text';
import { BILLING, HUB, SHOP, testApp, testStack } from '../../../support/apps';
import { busArn, cfnEventBus, cfnEventBusPolicy } from '../../../support/three-accounts';

let app: App;
let hub: Stack;
beforeEach(() => {
  app = testApp();
  hub = testStack('Hub', HUB, app);
  cfnEventBus(hub);
});

describe('a bus that the app does not define', () => {
  const similarTo = (arn: string, referrer = BILLING) => mostSimilarBus(AppIndex.of(app), arn, referrer)?.difference;
  const other = (part: Partial<typeof HUB>, name?: string) => busArn(name, { ...HUB, ...part });

  test.each([
    [busArn('order'), "name is 'order' instead of 'orders'"],
    [busArn().replace('aws', 'aws-cn'), "partition is 'aws-cn' instead of 'aws'"],
    [other({ account: '111111111121' }), "account is '111111111121' instead of '111111111111'"],
    [other({ account: BILLING.account }), "account is '333333333333' instead of '111111111111'"],
    [other({ region: 'eu-west-2' }), "region is 'eu-west-2' instead of 'eu-west-1'"],
    [other({ region: 'eu-wset-1' }), "region is 'eu-wset-1' instead of 'eu-west-1'"],
  ])('is one of the app that is misspelled: %s', (arn, difference) => {
    expect(similarTo(arn)).toBe(difference);
  });

  test.each([
    ['it is defined', busArn()],
    ['its name is another one', busArn('ledger')],
    ['two parts differ', other({ account: '111111111121' }, 'order')],
    ['it is the default bus', busArn('default')],
    ['it is no bus', busArn().replace('event-bus/', 'archive/')],
    ['it is a bus of no name', busArn('')],
    ['it is of another service', busArn().replace(':events:', ':schemas:')],
    ['it is no ARN', 'order'],
    ['its account is another one', other({ account: '555555555555' })],
    ['its Region exists', other({ region: 'eu-north-1' })],
    ['its Region is known only at deployment', other({ region: OWN_REGION })],
  ])('is not one of the app if %s', (_, arn) => {
    expect(similarTo(arn)).toBeUndefined();
  });

  test('is not one of the app if the app deploys to its account or Region', () => {
    cfnEventBus(testStack('Twin', { ...HUB, account: '111111111121' }, app), 'Bus', 'twins');
    cfnEventBus(testStack('West', { ...HUB, region: 'eu-west-2' }, app), 'Bus', 'replicas');
    expect(similarTo(other({ account: '111111111121' }))).toBeUndefined();
    expect(similarTo(other({ region: 'eu-west-2' }))).toBeUndefined();
    // what is there may have been meant to be where the referrer is
    expect(similarTo(other({ region: 'eu-west-2' }), { ...SHOP, region: 'eu-west-2' })).toBeDefined();
  });

  test('is unknown unless its policy is in the app', () => {
    cfnEventBusPolicy(hub, {}, { bus: 'imported' });
    const index = AppIndex.of(app);
    expect(['orders', 'imported', 'else'].map((name) => isUnknownBus(index, busArn(name)))).toEqual([
      false,
      false,
      true,
    ]);
  });
});

describe('a bus is known only at deployment', () => {
  const ACCOUNT = '‹Account›';

  test.each<[string, string, boolean]>([
    ['if its name is', busArn('‹Name›'), true],
    ['if its Region is a parameter', busArn('ledger', { ...HUB, region: '‹Place›' }), true],
    ['if its account is', busArn('orders', { ...HUB, account: ACCOUNT }), true],
    ['if its Region is, and the app has it in one', busArn('orders', { ...HUB, region: OWN_REGION }), true],
    ['not if its Region is, but not its name', busArn('ledger', { ...HUB, region: OWN_REGION }), false],
    ['not if its Region is, but it is in another account', busArn('orders', { ...SHOP, region: OWN_REGION }), false],
    ['not if it is in the account of the principal', busArn('‹Name›', BILLING), false],
    ['not if nothing of it is', busArn('else'), false],
  ])('%s', (_, arn, expected) => {
    expect(isBusUnresolved(AppIndex.of(app), arn, BILLING.account)).toBe(expected);
  });

  test('not if the app defines it under a name that is', () => {
    const bus = cfnEventBus(hub, 'Late', new CfnParameter(hub, 'Name').valueAsString);
    const { arn } = AppIndex.of(app).model.eventBuses.find(({ construct }) => construct === bus)!;
    expect(arn).toContain('‹');
    expect(isBusUnresolved(AppIndex.of(app), arn, BILLING.account)).toBe(false);
  });
});
