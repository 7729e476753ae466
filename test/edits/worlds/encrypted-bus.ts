import * as w from '../world';
import { BILLING, HUB, PLATFORM, REGION, SHOP, World } from '../world';

// Encrypted bus and queue, whose keys are in another account.

const BUS_KEY = w.keyArn(PLATFORM, '11111111-1111-1111-1111-111111111111');

const PUBLISHER = w.roleArn(SHOP, 'publisher');

const SECRETS = w.busArn(HUB, 'secrets');
export const ENCRYPTED_BUS: World = {
  name: 'encrypted-bus',
  apps: {
    hub: w.plain({
      Hub: {
        env: HUB,
        resources: {
          Bus: w.bus('secrets', { KmsKeyIdentifier: BUS_KEY }),
          Policy: w.busPolicy('secrets', 'Shop', w.allow({ AWS: PUBLISHER }, 'events:PutEvents', SECRETS), {
            DependsOn: 'Bus',
          }),
        },
      },
    }),
    shop: w.plain({
      Shop: { env: SHOP, resources: { Publisher: w.role('publisher', 'lambda.amazonaws.com', w.put(SECRETS)) } },
    }),
    platform: w.plain({
      Platform: {
        env: PLATFORM,
        resources: {
          Key: w.key(
            w.allow({ AWS: w.rootArn(PLATFORM) }, 'kms:*', '*'),
            w.allow({ Service: 'events.amazonaws.com' }, 'kms:DescribeKey', '*'),
            w.allow({ Service: 'events.amazonaws.com' }, ['kms:GenerateDataKey', 'kms:Decrypt'], '*', {
              StringEquals: { 'kms:EncryptionContext:aws:events:event-bus:arn': SECRETS, 'aws:SourceArn': SECRETS },
            }),
          ),
        },
      },
    }),
  },
  silent: ['hub: warning manuallyAddKeyPolicy'],
  questions: [
    {
      name: 'put',
      putEvents: {
        as: { account: SHOP.account, role: 'publisher' },
        bus: w.busAt(HUB, 'secrets'),
        source: 'com.shop',
        detailType: 'x',
      },
      expect: 'allow',
    },
    { name: 'strangers', strangers: true, bus: w.busAt(HUB, 'secrets'), welcome: [{ principalArn: PUBLISHER }] },
  ],
  edits: [
    {
      title: 'the key is of another account',
      app: 'hub',
      effect: 'breaks',
      oracle: 'no such key',
      unreported: 'IDs of keys are generated',
      change: (c) =>
        (c.Hub.resources.Bus.Properties.KmsKeyIdentifier = w.keyArn(BILLING, '11111111-1111-1111-1111-111111111111')),
    },
    {
      title: 'the key is in another Region',
      app: 'hub',
      effect: 'breaks',
      oracle: 'no such key',
      change: (c) => (c.Hub.resources.Bus.Properties.KmsKeyIdentifier = BUS_KEY.replace(REGION, 'us-east-1')),
      unreported: 'IDs of keys are generated',
    },
    {
      title: 'the bus is renamed in the hub alone',
      app: 'hub',
      effect: 'breaks',
      change: (c) => {
        c.Hub.resources.Bus.Properties.Name = 'secret';
        c.Hub.resources.Policy = w.busPolicy(
          'secret',
          'Shop',
          w.allow({ AWS: PUBLISHER }, 'events:PutEvents', w.busArn(HUB, 'secret')),
          { DependsOn: 'Bus' },
        );
      },
    },
    {
      title: 'the policy stays on the old name',
      oracle: 'what has a policy exists',
      app: 'hub',
      effect: 'breaks',
      change: (c) => (c.Hub.resources.Bus.Properties.Name = 'secret'),
    },
  ],
};
