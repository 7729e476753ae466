import { App, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { CfnRole, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { CrossAccountEventChecks, PublisherRole } from '../../src';
import { SHOP, messagesOf } from '../support/apps';
import { appIn, command, emptyDirectory } from '../support/command';
import { idToAcknowledge } from '../support/messages';
import { role } from '../support/separate-apps';
import { busArn, queueArn } from '../support/three-accounts';

interface Event {
  readonly source: string;
  readonly detailType: string;
}

const EVENT = { source: 'com.shop', detailType: 'Tick' };

function schedule(stack: Stack, id: string, roleArn: string, eventBridgeParameters: Event): void {
  const target = { arn: busArn(), roleArn, eventBridgeParameters };
  const when = { scheduleExpression: 'rate(1 hour)', flexibleTimeWindow: { mode: 'OFF' } };
  new CfnSchedule(stack, id, { ...when, target });
}

/** What puts events on a bus of another account, with a role that may put any events. */
const KINDS: { readonly [kind: string]: (stack: Stack, ...events: Event[]) => void } = {
  'a schedule': (stack, ...events) => {
    role(SHOP, 'ticks', 'scheduler.amazonaws.com', busArn()).define(stack);
    const { attrArn } = stack.node.findChild('Role') as CfnRole;
    events.forEach((event, i) => schedule(stack, `Schedule${i}`, attrArn, event));
  },
  'a pipe': (stack, ...events) => {
    role(SHOP, 'ticks', 'pipes.amazonaws.com', busArn()).define(stack);
    const { attrArn: roleArn } = stack.node.findChild('Role') as CfnRole;
    events.forEach((eventBridgeEventBusParameters, i) => {
      const ends = { source: queueArn('in', SHOP), target: busArn() };
      new CfnPipe(stack, `Pipe${i}`, { ...ends, roleArn, targetParameters: { eventBridgeEventBusParameters } });
    });
  },
  'a schedule with a PublisherRole': (stack, ...events) => {
    const { roleArn } = new PublisherRole(stack, 'Role', {
      roleName: 'ticks',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
      eventBuses: [EventBus.fromEventBusArn(stack, 'Bus', busArn())],
    });
    events.forEach((event, i) => schedule(stack, `Schedule${i}`, roleArn, event));
  },
};

function appWith(kind: string, events: Event[]): { app: App; stack: Stack } {
  const app = appIn(emptyDirectory(), 'shop');
  const stack = new Stack(app, 'Shop', { env: SHOP });
  KINDS[kind](stack, ...events);
  CrossAccountEventChecks.applyTo(app, { topology: true });
  return { app, stack };
}

const idOf = (kind: string, ...events: Event[]) => idToAcknowledge(messagesOf(appWith(kind, events).stack));

describe.each(Object.keys(KINDS))('the fingerprint of a role that %s uses', (kind) => {
  test.each<[string, Event[]]>([
    ['the source', [{ ...EVENT, source: 'com.store' }]],
    ['the case of the detail type', [{ ...EVENT, detailType: 'tick' }]],
    ['a second one with another detail type', [EVENT, { ...EVENT, detailType: 'Tock' }]],
  ])('changes with %s', (_, events) => {
    expect(idOf(kind, ...events)).not.toBe(idOf(kind, EVENT));
  });

  test('stays with a second one that puts the same events, and with their order', () => {
    const other = { ...EVENT, detailType: 'Tock' };
    expect(idOf(kind, EVENT, EVENT)).toBe(idOf(kind, EVENT));
    expect(idOf(kind, other, EVENT)).toBe(idOf(kind, EVENT, other));
  });

  test('is the same from constructs, assembly and topology file', () => {
    const { app, stack } = appWith(kind, [EVENT]);
    const printed = idToAcknowledge(messagesOf(stack));
    expect(command('check', app.outdir).out).toContain(`warning ${printed}\n`);
    expect(command('check', `${app.outdir}/event-topology.json`).out).toContain(`warning ${printed}\n`);
  });
});
