import { Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { FixRow } from './fix-row';
import { CrossAccountEventBus, CrossAccountEventBusTarget, EventPublisher, PublisherRole } from '../../../src';
import { ORGANIZATION } from '../../support/apps';
import { ThreeAccounts, busArn } from '../../support/three-accounts';

/** Stacks whose template is for many accounts. */

/** The bus of the hub, which allows an organization if the fix says so. */
function hubBus({ hub }: ThreeAccounts, fix?: string): void {
  const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
  if (fix) bus.allowPublisher(EventPublisher.organization(ORGANIZATION));
}

const member = ({ app }: ThreeAccounts) => new Stack(app, 'Member');
const busIn = (stack: Stack) => EventBus.fromEventBusArn(stack, 'Orders', busArn());

function forwardFrom(stack: Stack): void {
  const targets = [new CrossAccountEventBusTarget(busIn(stack))];
  new Rule(stack, 'Rule', { eventPattern: { source: ['com.shop'] }, targets });
}

function publishFrom(stack: Stack): void {
  const assumedBy = new ServicePrincipal('lambda.amazonaws.com');
  new PublisherRole(stack, 'Role', { assumedBy, eventBuses: [busIn(stack)] });
}

export const ANY_ACCOUNT_FIXES: readonly FixRow[] = [
  {
    what: 'the organization of the accounts of a rule, on a bus that the app did not know',
    finds: 'manuallyAddEventBusPolicy',
    names: 'call allowPublisher(EventPublisher.organization()) there for all accounts of the organization',
    app: (three, fix) => {
      if (fix) hubBus(three, fix);
      forwardFrom(member(three));
    },
  },
  {
    what: 'the organization of the accounts of a rule',
    finds: 'deliveryUnverified',
    names: 'allow the organization of the accounts with EventPublisher.organization()',
    app: (three, fix) => {
      hubBus(three, fix);
      forwardFrom(member(three));
    },
  },
  {
    what: 'the organization of the accounts of a publisher',
    finds: 'deliveryUnverified',
    names: 'allow the organization of the accounts with EventPublisher.organization()',
    app: (three, fix) => {
      hubBus(three, fix);
      publishFrom(member(three));
    },
  },
];
