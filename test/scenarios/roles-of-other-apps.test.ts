import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack, Stage } from 'aws-cdk-lib';
import { CfnRole, ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { CrossAccountEventBus, CrossAccountEventChecks, EventPublisher } from '../../src';
import { HUB, REGION, SHOP, messagesOf, testApp } from '../support/apps';
import { command, findingsOf } from '../support/command';
import { brief, expectMessage } from '../support/messages';
import { SeparateApp, WAYS, Way, bus, findingsAmong, messagesAmong, role, roleIn } from '../support/separate-apps';

const ARN = `arn:aws:events:${REGION}:${HUB.account}:event-bus/orders`;
const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
const assumeRolePolicyDocument = { Statement: [trust] };

/** An app with a role that has no policy for the bus in its template. */
const roleWithout = (properties: object) => ({
  env: SHOP,
  define: (stack: Stack) => void new CfnRole(stack, 'Role', { assumeRolePolicyDocument, ...properties }),
});
const shop = roleWithout({ roleName: 'publisher' });
const publisher = role(SHOP, 'publisher', 'lambda.amazonaws.com', ARN);
const hub = (...roles: string[]) => bus(HUB, 'orders', roles.map((name) => roleIn(SHOP, name)) as never);
const byCondition = (operator: string, name: string) =>
  bus(HUB, 'orders', '*', { Condition: { [operator]: { 'aws:PrincipalArn': roleIn(SHOP, name) } } });

/** A schedule that uses a role which its app does not define. */
const schedule = {
  env: SHOP,
  define: (stack: Stack) => {
    const eventBridgeParameters = { source: 'shop', detailType: 'Tick' };
    const target = { arn: ARN, roleArn: roleIn(SHOP, 'ticks'), eventBridgeParameters };
    const when = { scheduleExpression: 'rate(1 hour)', flexibleTimeWindow: { mode: 'OFF' } };
    new CfnSchedule(stack, 'Schedule', { ...when, target });
  },
};

const MISSING = ['error resourceNotFound /Hub/Policy'];

describe.each(Object.keys(WAYS) as Way[])('a role that a bus policy names, in an account known by %s', (way) => {
  test.each<[string, string[], SeparateApp, SeparateApp]>([
    ['exists', [], hub('publisher'), publisher],
    ['exists under another name', MISSING, hub('publishr'), shop],
    ['exists with another path', MISSING, hub('app/publisher'), shop],
    ['does not exist, in a condition', MISSING, byCondition('StringEquals', 'writer'), shop],
    ['does not exist, in a condition for patterns', MISSING, byCondition('ArnLike', 'writer'), shop],
    ['is one of several, by a wildcard', [], byCondition('ArnLike', 'write*'), shop],
    ['is allowed before its app defines it, beside the role it replaces', [], hub('publisher', 'writer'), publisher],
    ['is allowed beside the role whose misspelled name it corrects', [], hub('publisher', 'publishers'), publisher],
    ['has the name that CloudFormation generated', [], hub('Shop-Role-1A2B3C4D5E6F'), roleWithout({})],
    ['does not exist, in an app with generated names', MISSING, hub('writer'), roleWithout({})],
    ['is one of AWS', [], hub('aws-service-role/events.amazonaws.com/AWSServiceRoleForEvents'), shop],
    ['is one of AWS IAM Identity Center', [], hub('aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1a2b'), shop],
    ['is one of the bootstrap stack', [], hub(`cdk-hnb659fds-deploy-role-${SHOP.account}-${REGION}`), shop],
    ['is one of a bootstrap stack', [], hub(`cdk-custom-cfn-exec-role-${SHOP.account}-${REGION}`), shop],
    ['is used by a schedule of its app', [], hub('ticks'), schedule],
    [
      'is in an account that no app describes',
      [],
      bus(HUB, 'orders', roleIn(HUB, 'x').replace(/1{12}/, '9'.repeat(12))),
      shop,
    ],
  ])('%s', (_, expected, Hub, Shop) => {
    expect(findingsAmong({ Hub, Shop }, 'Hub', way)).toEqual(expected);
  });

  test('is misspelled, beside a role that exists', () => {
    const both = {
      env: SHOP,
      define: (stack: Stack) => {
        publisher.define(stack);
        new CfnRole(stack, 'Refunds', { assumeRolePolicyDocument, roleName: 'shop-refunds' });
      },
    };
    expect(findingsAmong({ Hub: hub('publisher', 'shop-refnds'), Shop: both }, 'Hub', way)).toEqual(MISSING);
  });

  test('is not reported beside the publisher that the bus denies because of it', () => {
    const apps = { Hub: hub('publishr'), Shop: publisher };
    expect(findingsAmong(apps, 'Hub', way)).toEqual(['error publisherAccessDenied /Hub/Bus']);
  });

  test('is one that the publisher may be renamed to, in the app of the publisher', () => {
    const [message, ...more] = messagesAmong({ Hub: hub('publishr'), Shop: publisher }, 'Shop', way);
    expect(more).toEqual([]);
    const fix = "change the name of the role to 'publishr', correct the ARN in the statement in app 'Hub' to ";
    expect(message).toContain(`Fix: ${fix}${roleIn(SHOP, 'publisher')}, or call allowPublisher(`);
    expectMessage(message);
  });

  test('has no nearest name if the roles there have generated names', () => {
    const [message] = messagesAmong({ Hub: hub('writer'), Shop: roleWithout({}) }, 'Hub', way);
    expect(message).toContain('does not define the role; no role there has a known name');
  });

  test('is reported once if it is allowed twice', () => {
    const twice = bus(HUB, 'orders', roleIn(SHOP, 'writer'), {
      Condition: { ArnEquals: { 'aws:PrincipalArn': roleIn(SHOP, 'writer') } },
    });
    expect(findingsAmong({ Hub: twice, Shop: shop }, 'Hub', way)).toEqual(MISSING);
  });

  test('is defined by a third app', () => {
    const Writers = role(SHOP, 'writer', 'lambda.amazonaws.com', ARN);
    expect(findingsAmong({ Hub: hub('writer'), Shop: shop, Writers }, 'Hub', way)).toEqual([]);
  });

  test('has the nearest name in the text', () => {
    expectMessage(messagesAmong({ Hub: hub('publishr'), Shop: shop }, 'Hub', way)[0]);
  });
});

describe('the command', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'apps-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  function check(apps: { [name: string]: SeparateApp }): string[] {
    const paths = Object.entries(apps).map(([name, { env, define }]) => {
      const outdir = join(directory, name, 'cdk.out');
      const app = testApp({ outdir });
      define(new Stack(app, name, { env }));
      app.synth();
      return outdir;
    });
    return findingsOf(command('check', '--json', ...paths).out);
  }

  test('reports a role of another app that does not exist, and none that exists', () => {
    expect(check({ Hub: hub('publishr'), Shop: shop })).toEqual(['Hub error resourceNotFound Hub/Policy']);
    expect(check({ Hub: hub('publisher'), Shop: publisher })).toEqual([]);
  });

  test('finds a role with a known name in the topology file of an environment-agnostic app', () => {
    const app = testApp({ outdir: join(directory, 'shop', 'cdk.out') });
    const assumedBy = new ServicePrincipal('lambda.amazonaws.com');
    const stack = new Stack(app, 'Shop');
    const managedPolicies = [ManagedPolicy.fromManagedPolicyName(stack, 'Policy', 'created-by-hand')];
    new Role(stack, 'Role', { roleName: 'publisher', assumedBy, managedPolicies });
    // Without another role about events, the first role of the account is listed in any case.
    new Role(stack, 'Rule', { assumedBy: new ServicePrincipal('events.amazonaws.com') });
    CrossAccountEventChecks.applyTo(app, { topology: true });
    app.synth();
    const hubApp = testApp({ outdir: join(directory, 'hub', 'cdk.out') });
    hub('publisher').define(new Stack(hubApp, 'Hub', { env: HUB }));
    hubApp.synth();
    const shopFile = join(directory, 'shop', 'cdk.out', 'event-topology.json');
    const paths = [join(directory, 'hub', 'cdk.out'), `${shopFile}@${SHOP.account}/${REGION}`];
    const found = findingsOf(command('check', '--json', ...paths).out);
    expect(found.filter((finding) => finding.includes(' error '))).toEqual([]);
  });
});

describe('a stage for each account', () => {
  function messages(allowed: string): string[] {
    const app = testApp();
    const platform = new Stack(new Stage(app, 'Platform'), 'Hub', { env: HUB });
    const eventBus = new CrossAccountEventBus(platform, 'Bus', { eventBusName: 'orders' });
    eventBus.allowPublisher(EventPublisher.role(roleIn(SHOP, allowed)));
    const services = new Stack(new Stage(app, 'Services'), 'Shop', { env: SHOP });
    new Role(services, 'Writer', { roleName: 'writer', assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    CrossAccountEventChecks.applyTo(app);
    app.synth();
    return [...messagesOf(platform), ...messagesOf(services)].map(brief);
  }

  test('knows which roles exist in the others', () => {
    expect(messages('publisher').map((text) => text.replace(/Roles-\w+/, ''))).toEqual([
      'error resourceNotFound /Platform/Hub/Bus/Policy/',
    ]);
  });

  test('reports nothing if the role exists', () => {
    expect(messages('writer').filter((text) => text.includes('resourceNotFound'))).toEqual([]);
  });
});
