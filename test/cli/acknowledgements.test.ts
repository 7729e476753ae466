import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, App, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventChecks, PublisherRole } from '../../src';
import { FindingId } from '../../src/checks/finding-id';
import { SHOP, messagesOf } from '../support/apps';
import { appIn, command, emptyDirectory, findingsOf, write } from '../support/command';
import { idToAcknowledge } from '../support/messages';
import { busArn } from '../support/three-accounts';

const ID = FindingId.MANUALLY_ADD_EVENT_BUS_POLICY;

/** A shop that publishes to a bus of another app, of which its role warns. */
function shop(): { app: App; stack: Stack; publisher: PublisherRole } {
  const app = appIn(emptyDirectory(), 'shop');
  const stack = new Stack(app, 'Shop', { env: SHOP });
  const publisher = new PublisherRole(stack, 'Publisher', {
    roleName: 'shop-publisher',
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    eventBuses: [EventBus.fromEventBusArn(stack, 'Orders', busArn())],
  });
  return { app, stack, publisher };
}

/** The ID with the fingerprint of what the shop needs. */
const SHOWN_ID = idToAcknowledge(messagesOf(shop().stack));

const summary = (path: string, ...args: string[]) =>
  command('check', ...args, path)
    .out.trim()
    .split('\n')
    .pop();

test('fails with a warning if nothing is acknowledged', () => {
  expect(summary(shop().app.synth().directory)).toBe('0 errors, 1 warning in 1 app');
});

test('fails with the ID that acknowledges the warning', () => {
  expect(command('check', shop().app.synth().directory).out).toContain(`warning ${SHOWN_ID}\n`);
});

describe('a warning in the report of the app', () => {
  test('is not printed again if it is acknowledged on its construct', () => {
    const { app, publisher } = shop();
    CrossAccountEventChecks.applyTo(app, { report: true });
    Annotations.of(publisher).acknowledgeWarning(SHOWN_ID);

    expect(command('check', app.synth().directory).out).toBe('0 errors, 0 warnings, 1 acknowledged in 1 app\n');
  });

  test('is not printed again if it is disabled, and has its reason', () => {
    const { app } = shop();
    CrossAccountEventChecks.applyTo(app, { report: true, disabledFindings: [{ id: ID, reason: 'agreed' }] });
    const { directory } = app.synth();

    expect(summary(directory)).toBe('0 errors, 0 warnings, 1 disabled in 1 app');
    expect(JSON.parse(command('check', '--json', directory).out).findings).toMatchObject([{ disabled: 'agreed' }]);
  });

  test('fails if it is not acknowledged', () => {
    const { app } = shop();
    CrossAccountEventChecks.applyTo(app, { report: true });

    expect(summary(app.synth().directory)).toBe('0 errors, 1 warning in 1 app');
  });
});

describe('an acknowledgement', () => {
  const bus = (account: string) => ({
    Resources: {
      Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'orders' } },
      Policy: {
        Type: 'AWS::Events::EventBusPolicy',
        Properties: { EventBusName: 'orders', StatementId: 'S', Action: 'events:PutEvents', Principal: account },
      },
    },
  });
  const hub = (account: string) => `${write(emptyDirectory(), 'hub.json', bus(account))}@111111111111/eu-west-1`;

  test('of a warning fails to hide the error that other apps prove', () => {
    const { app, publisher } = shop();
    CrossAccountEventChecks.applyTo(app, { report: true });
    Annotations.of(publisher).acknowledgeWarning(SHOWN_ID);
    const { directory } = app.synth();

    expect(summary(directory, hub('222222222222'))).toBe('0 errors, 0 warnings in 2 apps');
    expect(summary(directory, hub('333333333333'))).toBe('1 error, 0 warnings in 2 apps');
  });

  test('fails to hide an error with the same ID', () => {
    const { app } = shop();
    const { directory } = app.synth();
    const { id, path } = { id: FindingId.PUBLISHER_ACCESS_DENIED, path: 'Shop/Publisher' };
    write(directory, 'event-checks.json', {
      version: 1,
      findings: [{ id, path, level: 'warning', acknowledged: true }],
    });

    expect(summary(directory, hub('333333333333'))).toBe('1 error, 0 warnings in 2 apps');
  });

  test.each([
    ['on the construct', '/Shop/Publisher', SHOWN_ID, '0 errors, 0 warnings, 1 acknowledged in 1 app'],
    ['on the stack', '/Shop', SHOWN_ID, '0 errors, 0 warnings, 1 acknowledged in 1 app'],
    ['on another construct', '/Shop/Pub', SHOWN_ID, '0 errors, 1 warning in 1 app'],
    ['of another warning', '/Shop', FindingId.DELIVERY_UNVERIFIED, '0 errors, 1 warning in 1 app'],
  ])('%s is read from the metadata of newer releases of the CDK', (_, path, id, expected) => {
    const { directory } = shop().app.synth();
    const file = join(directory, 'manifest.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8'));
    const { additionalMetadataFile = '' } = manifest.artifacts.Shop;
    const known = additionalMetadataFile && JSON.parse(readFileSync(join(directory, additionalMetadataFile), 'utf8'));
    manifest.artifacts.Shop.additionalMetadataFile = 'Shop.acknowledged.json';
    writeFileSync(file, JSON.stringify(manifest));
    const data = { [`Annotation::${id}`]: 'a reason' };
    const entries = [...(known[path] ?? []), { type: 'aws:cdk:acknowledged-rules', data }];
    write(directory, 'Shop.acknowledged.json', { ...known, [path]: entries });

    expect(summary(directory)).toBe(expected);
  });
});

test.each([
  ['not JSON', '{', 2],
  ['of another form', '{"findings": [null, 5, {"id": 3, "acknowledged": true}]}', 0],
])('a report that is %s is never taken for an acknowledgement', (_, report, status) => {
  const { directory } = shop().app.synth();
  write(directory, 'event-checks.json', report);
  const result = command('check', '--json', directory);

  expect(result.status).toBe(status);
  if (status === 0) expect(findingsOf(result.out)).toHaveLength(1);
});
