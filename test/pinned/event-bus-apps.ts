import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import {
  AccountGrantForm,
  CrossAccountEventBus,
  CrossAccountEventBusPolicy,
  CrossAccountEventBusProps,
  EventBusAlarms,
  EventBusInvocation,
  EventBusProfile,
  EventPublisher,
} from '../../src';
import { BILLING, ORGANIZATION, SHOP } from '../support/apps';
import { busArn, inThreeAccounts, roleArn, ruleArn, ThreeAccounts } from '../support/three-accounts';

const eventBusName = 'orders';
const busIn = ({ hub }: ThreeAccounts, props: CrossAccountEventBusProps = {}) =>
  new CrossAccountEventBus(hub, 'Bus', { eventBusName, ...props });
const publishers = (...all: EventPublisher[]) => inThreeAccounts((three) => busIn(three, { publishers: all }));

/** Buses, with each kind of publisher, and what belongs to them. */
export const EVENT_BUS_APPS = {
  'bus with a generated name': inThreeAccounts(({ hub }) => new CrossAccountEventBus(hub, 'Bus')),
  organization: publishers(EventPublisher.organization(ORGANIZATION)),
  'organizational unit': publishers(EventPublisher.organizationalUnits(`${ORGANIZATION}/r-ab12/ou-ab12-11111111/*`)),
  'two accounts': publishers(EventPublisher.accounts(SHOP.account, BILLING.account)),
  'two accounts in one statement': inThreeAccounts((three) =>
    busIn(three, {
      accountGrantForm: AccountGrantForm.COMPACT,
      publishers: [EventPublisher.accounts(SHOP.account, BILLING.account)],
    }),
  ),
  'role by ARN': publishers(EventPublisher.role(roleArn('publisher'))),
  'role of this app': inThreeAccounts((three) => {
    const role = new Role(three.shop, 'Role', { roleName: 'publisher', assumedBy: new AccountPrincipal(SHOP.account) });
    busIn(three, { publishers: [EventPublisher.role(role)] });
  }),
  service: publishers(EventPublisher.service('events.amazonaws.com', { sourceAccounts: [SHOP.account] })),
  'allowed events': inThreeAccounts((three) =>
    busIn(three).allowPublisher(EventPublisher.accounts(SHOP.account), {
      sources: ['com.example.shop'],
      detailTypes: ['OrderPlaced'],
    }),
  ),
  'rules of another account': inThreeAccounts((three) =>
    busIn(three).allowPublisher(EventPublisher.accounts(SHOP.account), {
      invocation: EventBusInvocation.RULE,
      ruleArns: [ruleArn('forward', SHOP)],
    }),
  ),
  'rule management': inThreeAccounts((three) =>
    busIn(three).allowRuleManagement(EventPublisher.accounts(BILLING.account), { sources: ['com.example.shop'] }),
  ),
  'grant to a role': inThreeAccounts((three) => {
    const role = new Role(three.shop, 'Role', { roleName: 'publisher', assumedBy: new AccountPrincipal(SHOP.account) });
    busIn(three).grantPutEventsTo(role);
  }),
  'policy of a bus of the CDK': inThreeAccounts(({ hub }) => {
    const eventBus = new EventBus(hub, 'Bus', { eventBusName });
    new CrossAccountEventBusPolicy(hub, 'Policy', {
      eventBus,
      publishers: [EventPublisher.organization(ORGANIZATION), EventPublisher.accounts('444444444444')],
    });
  }),
  'policy of an imported bus': inThreeAccounts(({ hub }) => {
    const eventBus = EventBus.fromEventBusArn(hub, 'Bus', busArn('legacy'));
    new CrossAccountEventBusPolicy(hub, 'Policy', { eventBus, publishers: [EventPublisher.accounts(SHOP.account)] });
  }),
  'policy of the default bus': inThreeAccounts(({ hub }) => {
    const eventBus = EventBus.fromEventBusName(hub, 'Bus', 'default');
    new CrossAccountEventBusPolicy(hub, 'Policy', { eventBus, publishers: [EventPublisher.accounts(SHOP.account)] });
  }),
  'encrypted bus with an archive': inThreeAccounts((three) => {
    const kmsKey = new Key(three.hub, 'Key');
    const deadLetterQueue = new Queue(three.hub, 'DeadLetters');
    busIn(three, { kmsKey, deadLetterQueue }).archive('Archive', {
      eventPattern: { source: ['com.example.shop'] },
      retention: Duration.days(30),
    });
  }),
  'bus with logs': inThreeAccounts((three) => {
    const logGroup = new LogGroup(three.hub, 'Log', { removalPolicy: RemovalPolicy.DESTROY });
    busIn(three, { logGroup });
  }),
  'profile for production': inThreeAccounts((three) => busIn(three, { profile: EventBusProfile.production() })),
  alarms: inThreeAccounts((three) => {
    const eventBus = busIn(three);
    new EventBusAlarms(three.hub, 'Alarms', { eventBus, failedPutEvents: true });
  }),
};
