import { App, AppProps, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { isOfEvents } from './event-types';
import { forward, forwardAll } from './hub';
import { fillWithOthers } from './others';
import { countResources } from './resources';
import { addServices } from './services';
import { TeamStack, teamOf } from './team-stack';

/**
 * Resources of each stack, and how many of them concern events: buses, rules, functions, queues, keys and all that lets
 * somebody in.
 */
export const RESOURCES = 350;
export const EVENT_RESOURCES = 140;
/** Resources of the app of another team that concern events: about a hundred of them are in its topology file. */
const GUEST_RESOURCES = 132;
/**
 * Stacks of a group: one hub and its spokes. Twice the stacks are twice the groups, so that no policy grows with the
 * app.
 */
const GROUP = 10;
/** Other apps that publish on the bus of each hub. */
const GUESTS = 13;
/** Numbers of the teams that have those apps, above those of the app itself. */
const FIRST_GUEST = 1_000;

/** As `cdk init` turns them on, where they are about what is measured. */
const FLAGS = {
  '@aws-cdk/core:aspectStabilization': true,
  '@aws-cdk/aws-events:requireEventBusPolicySid': true,
  '@aws-cdk/aws-iam:minimizePolicies': true,
};

/**
 * The app of a platform team and its service teams, each stack in an account of its own. In each group of ten the first
 * stack has the hub: services of the others publish there, and of the next group's hub too; the hub forwards to the
 * buses of the others and invokes their audit functions. Constructs of this library, L2s of aws-cdk-lib and L1s take
 * turns. Every event arrives, and nobody is let in whom nobody named.
 */
export function benchApp(stacks: number, props: AppProps = {}): App {
  return fillApp(emptyApp(props), stacks);
}

export function emptyApp(props: AppProps = {}): App {
  return new App({ analyticsReporting: false, ...props, context: { ...FLAGS, ...props.context } });
}

/** Adds the stacks of `benchApp()` to an app. */
export function fillApp(app: App, stacks: number): App {
  const teams = Array.from({ length: stacks }, (_, i) => new TeamStack(app, i, { hub: i % GROUP === 0 }));
  const groups = Array.from({ length: Math.ceil(stacks / GROUP) }, (_, g) => teams.slice(g * GROUP, (g + 1) * GROUP));
  groups.forEach((group, g) => {
    const [hub, ...spokes] = group;
    const before = groups[(g + groups.length - 1) % groups.length];
    const next = groups[(g + 1) % groups.length][0];
    const guests = Array.from({ length: GUESTS }, (_, i) => teamOf(FIRST_GUEST + g * GUESTS + i, { hub: false }));
    hub.letIn([...[...new Set([...spokes, ...before])].filter((team) => team !== hub), ...guests]);
    spokes.forEach((spoke, i) => forward(hub, spoke, { kind: i, from: i === 0 ? hub : spokes[i - 1] }));
    for (const team of group) team.publishesOn = [...new Set([hub.bus, next.bus])];
  });
  // Last, when the others are through with what they add to a stack.
  for (const group of groups) {
    group.forEach((team, i) => addServices(team, { hears: i < 2 ? group[0] : group[i - 1], upTo: EVENT_RESOURCES }));
  }
  for (const team of teams) fillWithOthers(team, RESOURCES);
  return app;
}

/**
 * The app of a team in another repository, with services in the same ways. They publish on the bus of a hub, and rules
 * forward their events to the bus of the guest before; both are known by their ARN.
 */
export function guestApp(index: number, props: AppProps = {}): App {
  const app = emptyApp(props);
  const team = new TeamStack(app, FIRST_GUEST + index, { hub: false });
  const hub = teamOf(Math.floor(index / GUESTS) * GROUP, { hub: true });
  const before = teamOf(FIRST_GUEST + index - 1, { hub: false });
  team.letIn([teamOf(FIRST_GUEST + index + 1, { hub: false })]);
  team.publishesOn = [EventBus.fromEventBusArn(team, 'Hub', hub.eventBusArn)];
  if (index > 0) forwardAll(team, EventBus.fromEventBusArn(team, 'Before', before.eventBusArn));
  addServices(team, { hears: team, upTo: GUEST_RESOURCES });
  return app;
}

/** How many resources a stack of the app has, and how many of them concern events. */
export function counts(stack: Stack): { all: number; events: number } {
  return { all: countResources(stack), events: countResources(stack, isOfEvents) };
}
