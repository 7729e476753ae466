import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { memberAccounts } from '../../examples/typescript/member-accounts/app';
import { HubStack, MemberStack } from '../../examples/typescript/member-accounts/stacks';
import {
  CrossAccountEventBus,
  CrossAccountEventChecks,
  CrossAccountEventChecksOptions,
  EventPublisher,
} from '../../src';
import { HUB, ORGANIZATION, REGION, SHOP, messagesOfApp, testApp, testStack } from '../support/apps';
import { expectFindings } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { busArn } from '../support/three-accounts';

const OTHER_ORGANIZATION = 'o-z9y8x7w6v5';
const OPTIONS = { trustedOrganizations: [ORGANIZATION] };
const SECURITY_BUS = busArn('security');
const FINDING = { source: 'aws.guardduty', detailType: 'GuardDuty Finding' };

/** The template of the members, with a hub or none. */
function membersOf(hub: (app: App) => unknown, options: CrossAccountEventChecksOptions = OPTIONS): App {
  const app = testApp();
  hub(app);
  new MemberStack(app, 'Member', { hubBusArn: SECURITY_BUS });
  CrossAccountEventChecks.applyTo(app, options);
  return app;
}

const hubFor = (organization: string) => (app: App) => new HubStack(app, 'Hub', { env: HUB, organization });

/** A hub whose policy allows one publisher, if any. */
const hubWith = (publisher?: EventPublisher) => (app: App) =>
  new CrossAccountEventBus(testStack('Hub', HUB, app), 'Bus', {
    eventBusName: 'security',
    publishers: publisher && [publisher],
  });

const findings = (app: App) => messagesOfApp(app);

describe('the template of member accounts', () => {
  test('needs nothing but the account that it is deployed to', () => {
    const { dependencies, template } = memberAccounts({ outdir: testApp().outdir }).synth().getStackByName('Member');

    expect(dependencies).toEqual([]);
    expect(Object.keys(template)).toEqual(['Resources']);
    const accounts = JSON.stringify(template).match(/(?<!\d)\d{12}(?!\d)/g);
    expect(new Set(accounts)).toEqual(new Set([HUB.account]));
  });

  test('has a role with another name in each Region, if the stack has a Region', () => {
    const names = [REGION, 'us-east-1'].map((region) => {
      const app = testApp();
      new MemberStack(app, 'Member', { hubBusArn: SECURITY_BUS, env: { region } });
      const { Resources } = app.synth().getStackByName('Member').template;
      return Object.values<any>(Resources).find(({ Type }) => Type === 'AWS::IAM::Role').Properties.RoleName;
    });
    expect(names).toEqual([expect.stringContaining(REGION), expect.stringContaining('us-east-1')]);
  });
});

describe('the rule of member accounts', () => {
  test('has no finding if the hub allows the organization, whether its app has the hub or knows it', () => {
    expect(findings(membersOf(hubFor(ORGANIZATION)))).toEqual([]);

    const outdir = mkdtempSync(join(tmpdir(), 'hub-'));
    const hub = testApp({ outdir });
    hubFor(ORGANIZATION)(hub);
    CrossAccountEventChecks.applyTo(hub, { ...OPTIONS, topology: true });
    hub.synth();
    const otherApps = [join(outdir, 'event-topology.json')];
    expect(findings(membersOf(() => undefined, { otherApps }))).toEqual([]);
  });

  test('fails without the hub', () => {
    expectFindings(findings(membersOf(() => undefined)), ['warning manuallyAddEventBusPolicy /Member/Findings']);
  });

  test.each<[string, (app: App) => unknown]>([
    ['allows no other account', hubWith()],
    [
      'allows the source of another service only',
      (app) => {
        const bus = hubWith()(app);
        bus.allowPublisher(EventPublisher.organization(ORGANIZATION), { sources: ['aws.health'] });
      },
    ],
    ['allows one account only', hubWith(EventPublisher.accounts(HUB.account, SHOP.account))],
  ])('fails if the hub %s', (_, hub) => {
    const trustedAccounts = [SHOP.account];
    expectFindings(findings(membersOf(hub, { ...OPTIONS, trustedAccounts })), [
      'warning deliveryUnverified /Member/Findings/Resource',
    ]);
  });

  test('fails if the hub allows another organization than the trusted one', () => {
    expectFindings(findings(membersOf(hubFor(OTHER_ORGANIZATION))), [
      'error untrustedPrincipal /Hub/Bus/Policy/Organizations-1aae8d89dee4',
    ]);
  });
});

describeWithOracle('findings in a member account', () => {
  const memberIn = (account: string, orgId: string) => ({
    defaults: { account, region: REGION },
    accounts: { [account]: { orgId, orgPaths: [`${orgId}/r-ab12/ou-ab12-11111111/`] } },
  });
  const path = (account: string, expected: object) => ({
    path: {
      from: { account },
      to: { bus: { account, region: REGION, name: 'default' } },
      event: FINDING,
      ...expected,
    },
  });
  const rule = (account: string) => ({ account, region: REGION, bus: 'default', name: 'Member/Findings' });

  test.each(['222222222222', '333333333333', '444444444444'])('are delivered to the hub from account %s', (account) => {
    expectAnswers(membersOf(hubFor(ORGANIZATION)), {
      ...memberIn(account, ORGANIZATION),
      questions: [{ noProblems: true }, path(account, { reaches: ['Hub/Handler'], allDelivered: true })],
    });
  });

  test.each([
    ['of another organization', hubFor(ORGANIZATION), OTHER_ORGANIZATION],
    ['if the hub allows another organization', hubFor(OTHER_ORGANIZATION), ORGANIZATION],
    ['if the hub allows no other account', hubWith(), ORGANIZATION],
  ])('are not delivered %s', (_, hub, organization) => {
    expectAnswers(membersOf(hub), {
      ...memberIn('333333333333', organization),
      questions: [
        { deliver: { rule: rule('333333333333'), event: FINDING }, expect: 'deny' },
        path('333333333333', { notReaches: ['Hub/Bus'] }),
      ],
    });
  });
});
