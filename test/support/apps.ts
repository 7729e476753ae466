import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, AppProps, Environment, Stack } from 'aws-cdk-lib';
import { Code, Function, FunctionProps, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { Construct, IConstruct } from 'constructs';
import { CrossAccountEventBus } from '../../src';

export const REGION = 'eu-west-1';
/** The accounts of all tests: the bus, the shop that publishes to it, and billing, which receives its events. */
export const HUB = { account: '111111111111', region: REGION };
export const SHOP = { account: '222222222222', region: REGION };
export const BILLING = { account: '333333333333', region: REGION };
export const ORGANIZATION = 'o-a1b2c3d4e5';

/** Where CloudFormation Validate is in the CDK, its findings are errors. */
export const STRICT = { '@aws-cdk/core:validateAgainstDefaultRules': true };

export function testApp(props: AppProps = {}): App {
  const outdir = mkdtempSync(join(tmpdir(), 'cdk-out-'));
  return new App({ outdir, analyticsReporting: false, ...props, context: { ...STRICT, ...props.context } });
}

export function testStack(id: string, env: Environment = HUB, app: App = testApp()): Stack {
  return new Stack(app, id, { env });
}

/** The stack of an app with an ID, which is created at the first call: a template without resources is an error. */
export function stackIn(app: App, id: string, env: Environment): Stack {
  return (app.node.tryFindChild(id) as Stack | undefined) ?? testStack(id, env, app);
}

/** An app with the bus `orders` in the stack `Hub`. */
export function ordersApp(): { app: App; hub: Stack; bus: CrossAccountEventBus } {
  const app = testApp();
  const hub = testStack('Hub', HUB, app);
  return { app, hub, bus: new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' }) };
}

export function testFunction(scope: Construct, id: string, props: Partial<FunctionProps> = {}): Function {
  return new Function(scope, id, {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {};'),
    ...props,
  });
}

/** The root principal of an account, as templates have it. */
export function root(account: string): unknown {
  return { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${account}:root`]] };
}

/** What `cdk synth` shows of stacks, the errors of each before its warnings: `warning /Hub/Bus text [ack: id]`. */
export function messagesOf(...stacks: Stack[]): string[] {
  const apps = [...new Set(stacks.map((stack) => stack.node.root as App))];
  // An app may have changed since it was synthesized before.
  const assemblies = new Map(apps.map((app) => [app, app.synth({ force: true })]));
  return stacks.flatMap((stack) => messagesIn(assemblies.get(stack.node.root as App)!, stack));
}

/** The same of all stacks of an app, those of its stages included. */
export function messagesOfApp(app: IConstruct): string[] {
  return messagesOf(...stacksWithArtifact(app));
}

/** All stacks of an app, those of its stages included, but no nested ones. */
export function stacksWithArtifact(app: IConstruct): Stack[] {
  return app.node.findAll().filter((c): c is Stack => Stack.isStack(c) && c.nestedStackParent === undefined);
}

function messagesIn(assembly: CloudAssembly, stack: Stack): string[] {
  const { messages } = assembly.getStackArtifact(stack.artifactId);
  return ['error', 'warning'].flatMap((level) =>
    messages.filter((one) => one.level === level).map(({ id, entry }) => `${level} ${id} ${String(entry.data)}`),
  );
}

/** As many things as are asked for. */
export function count<T>(n: number, make: (i: number) => T): T[] {
  return Array.from({ length: n }, (_, i) => make(i));
}
