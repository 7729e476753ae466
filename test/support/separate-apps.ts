import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Environment, Stack } from 'aws-cdk-lib';
import { CfnEventBus, CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { HUB, REGION, messagesOf, testApp, testStack } from './apps';
import { brief } from './messages';
import { CrossAccountEventChecks } from '../../src';

/** An app with one stack, of a repository of its own. */
export interface SeparateApp {
  readonly env: Environment;
  readonly define: (stack: Stack) => void;
}

/** The apps by name, which is also the ID of their stack. */
export interface SeparateApps {
  readonly [name: string]: SeparateApp;
}

/** How an app is known to the others. */
export const WAYS = {
  'cloud assemblies': (directory: string) => directory,
  'topology files': (directory: string) => join(directory, 'event-topology.json'),
};

export type Way = keyof typeof WAYS;

/** What one app reports, which knows the others by what they synthesized. */
export function messagesAmong(apps: SeparateApps, name: string, way: Way): string[] {
  const directory = mkdtempSync(join(tmpdir(), 'apps-'));
  try {
    const outdirOf = (other: string) => join(directory, other, 'cdk.out');
    const others = Object.keys(apps).filter((other) => other !== name);
    for (const other of others) {
      const stack = synthesizable(other, apps[other], outdirOf(other));
      CrossAccountEventChecks.applyTo(stack.node.root, { topology: true });
      (stack.node.root as App).synth();
    }
    const stack = synthesizable(name, apps[name]);
    CrossAccountEventChecks.applyTo(stack.node.root, { otherApps: others.map((other) => WAYS[way](outdirOf(other))) });
    return messagesOf(stack);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The levels, IDs and paths of what one app reports. */
export function findingsAmong(apps: SeparateApps, name: string, way: Way): string[] {
  return messagesAmong(apps, name, way).map(brief).sort();
}

function synthesizable(name: string, { env, define }: SeparateApp, outdir?: string): Stack {
  const app = outdir === undefined ? testApp() : testApp({ outdir });
  const stack = testStack(name, env, app);
  define(stack);
  return stack;
}

export const roleIn = ({ account }: typeof HUB, name: string) => `arn:aws:iam::${account}:role/${name}`;

/** An app with a role that may put events on a bus. */
export const role = (env: typeof HUB, roleName: string, service: string, busArn: string, condition?: object) => ({
  env,
  define: (stack: Stack) => {
    const trust = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole', Condition: condition };
    const statement = { Effect: 'Allow', Action: 'events:PutEvents', Resource: busArn };
    new CfnRole(stack, 'Role', {
      roleName,
      assumeRolePolicyDocument: { Statement: [trust] },
      policies: [{ policyName: 'Events', policyDocument: { Statement: [statement] } }],
    });
  },
});

/** An app with a bus and a statement of its policy. */
export const bus = (env: typeof HUB, name: string, principal: string, statement: object = {}) => ({
  env,
  define: (stack: Stack) => {
    new CfnEventBus(stack, 'Bus', { name });
    const arn = `arn:aws:events:${REGION}:${env.account}:event-bus/${name}`;
    const allow = { Effect: 'Allow', Principal: { AWS: principal }, Action: 'events:PutEvents', Resource: arn };
    const eventBusName = String('Resource' in statement ? statement.Resource : arn).split('/')[1];
    new CfnEventBusPolicy(stack, 'Policy', {
      eventBusName,
      statementId: 'Allow',
      statement: { ...allow, ...statement },
    });
  },
});
