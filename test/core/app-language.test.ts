import { App, Stack } from 'aws-cdk-lib';
import { CfnEventBus, EventBus } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventBusPolicy, CrossAccountEventChecks, EventPublisher, PublisherRole } from '../../src';
import { appLanguage } from '../../src/core/app-language';
import { messagesOf } from '../support/apps';
import { errorOf } from '../support/messages';

const service = new ServicePrincipal('lambda.amazonaws.com');

afterEach(() => {
  delete process.env.JSII_AGENT;
});

test.each([
  ['Python/3.11.7', 'python'],
  ['Java/17.0.15', 'java'],
  ['go1.26.8/linux/amd64', 'go'],
  ['DotNet/8.0.1/.NETCoreApp,Version=v6.0/1.0.0.0', 'dotnet'],
  ['node.js/v20.16.0', undefined],
  [undefined, undefined],
])('the language of %p is %p', (agent, language) => {
  expect(appLanguage(agent)).toBe(language);
});

describe('an app in Python', () => {
  const hub = () => new Stack(new App(), 'Hub', { env: { account: '111111111111', region: 'eu-west-1' } });

  beforeEach(() => {
    process.env.JSII_AGENT = 'Python/3.11.7';
  });

  test('fails with the names of Python for an invalid value', () => {
    const error = errorOf(() => new PublisherRole(hub(), 'Role', { assumedBy: service, eventBuses: [] }));
    expect(error).toContain("'event_buses' must hold at least one bus");
  });

  test('fails with the names of Python for a problem that is known only at synthesis', () => {
    const stack = hub();
    const eventBus = new CfnEventBus(stack, 'Bus', {
      name: 'orders',
      policy: { Version: '2012-10-17', Statement: [] },
    });
    new CrossAccountEventBusPolicy(stack, 'Grants', {
      eventBus,
      publishers: [EventPublisher.accounts('222222222222')],
    });
    const error = errorOf(() => (stack.node.root as App).synth());
    expect(error).toContain("'event_bus' must not have a 'policy' property");
    expect(error).toContain('move its statements to add_to_resource_policy()');
  });

  test('names a call of Python that fails', () => {
    const error = errorOf(() => CrossAccountEventChecks.applyTo(new App(), { otherApps: ['no/such'] }));
    expect(error).toContain("CrossAccountEventChecks.apply_to(): 'other_apps' cannot be read: no/such");
  });

  test('reports findings with the calls of Python', () => {
    const app = new App();
    const central = new Stack(app, 'Hub', { env: { account: '111111111111', region: 'eu-west-1' } });
    const shop = new Stack(app, 'Shop', { env: { account: '222222222222', region: 'eu-west-1' } });
    const arn = 'arn:aws:events:eu-west-1:111111111111:event-bus/orders';
    new EventBus(central, 'Bus', { eventBusName: 'orders' });
    new PublisherRole(shop, 'Role', {
      roleName: 'shop',
      assumedBy: service,
      eventBuses: [EventBus.fromEventBusArn(shop, 'Imported', arn)],
    });
    CrossAccountEventChecks.applyTo(app);
    app.synth();
    expect(messagesOf(shop).join('\n')).toContain(
      'call allow_publisher(EventPublisher.role("arn:aws:iam::222222222222:role/shop")) on a CrossAccount',
    );
  });
});
