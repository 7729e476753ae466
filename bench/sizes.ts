/**
 * What templates and policies come to, beside those of aws-cdk-lib: the rules that one function can have, resources and
 * bytes of templates with 50, 100 and 300 publishers, and the size of the package. Part of `npm run bench`.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { EventBus, IEventBus, IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { AccountPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function, IFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { mostThatFit } from './capacity';
import { table } from './synth/figures';
import {
  CrossAccountEventBus,
  EventPublisher,
  LambdaEventTarget,
  LambdaPermissionScope,
  PublisherRole,
} from 'cdk-cross-account-eventbridge';

const ROOT = resolve(__dirname, '..');
const REGION = 'eu-west-1';
const HUB = { account: '999999999999', region: REGION };
/** Characters of the resource-based policies of a function, and of a bus. */
const FUNCTION_POLICY = 20_480;

export const PUBLISHERS = [50, 100, 300];

/** An app without flags of its own, but with statement IDs of the CDK. */
const newApp = () =>
  new App({ analyticsReporting: false, context: { '@aws-cdk/aws-events:requireEventBusPolicySid': true } });

type Target = (handler: IFunction) => IRuleTarget;

export const TARGETS: { readonly [name: string]: Target } = {
  'aws-cdk-lib, LambdaFunction': (handler) => new LambdaFunction(handler),
  LambdaEventTarget: (handler) => new LambdaEventTarget(handler),
  'LambdaEventTarget, LambdaPermissionScope.EVENT_BUS': (handler) =>
    new LambdaEventTarget(handler, { permissionScope: LambdaPermissionScope.EVENT_BUS }),
};

/** Characters of the policy of a function that is the target of rules, as AWS Lambda stores it. */
export function functionPolicy(target: Target, rules: number): number {
  const stack = new Stack(newApp(), 'Invoices', { env: HUB });
  const eventBus = new EventBus(stack, 'Bus', { eventBusName: 'orders' });
  const [runtime, code] = [Runtime.NODEJS_22_X, Code.fromInline('exports.handler = () => {};')];
  const handler = new Function(stack, 'Handler', { functionName: 'invoices', runtime, handler: 'index.handler', code });
  for (let i = 0; i < rules; i++) {
    const ruleName = `rule-${String(i).padStart(3, '0')}`;
    const eventPattern = { source: [`com.example.${i}`] };
    new Rule(stack, ruleName, { eventBus, ruleName, eventPattern, targets: [target(handler)] });
  }
  const statements = Object.entries<any>(templateOf(stack).Resources)
    .filter(([, { Type }]) => Type === 'AWS::Lambda::Permission')
    .map(([logicalId, { Properties }]) => ({
      Sid: `Invoices-${logicalId}-A1B2C3D4E5F6`,
      Effect: 'Allow',
      Principal: { Service: Properties.Principal },
      Action: Properties.Action,
      Resource: `arn:aws:lambda:${REGION}:${HUB.account}:function:invoices`,
      Condition: {
        ...(Properties.SourceAccount && { StringEquals: { 'AWS:SourceAccount': HUB.account } }),
        ArnLike: { 'AWS:SourceArn': sourceArn(Properties.SourceArn) },
      },
    }));
  return JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements }).length;
}

/** As deployment makes it of a template: of a rule on the bus `orders` with a name of eight characters. */
function sourceArn(value: unknown): string {
  const rule = `arn:aws:events:${REGION}:${HUB.account}:rule/orders/`;
  return JSON.stringify(value).includes('/*') ? `${rule}*` : `${rule}rule-000`;
}

/** The quota of rules on a bus. */
const RULES = 300;

/** The most rules that a function can have, up to as many as a bus has. */
export function rulesPerFunction(target: Target): number {
  return mostThatFit((rules) => functionPolicy(target, rules) <= FUNCTION_POLICY, RULES);
}

type Backbone = (app: App, accounts: readonly string[]) => unknown;

/** A bus, and accounts with a role each that publishes on it. */
export const BACKBONES: { readonly [name: string]: Backbone } = {
  'aws-cdk-lib': (app, accounts) => {
    const hub = new Stack(app, 'Hub', { env: HUB });
    const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
    accounts.forEach((account) => bus.grantPutEventsTo(new AccountPrincipal(account), `Account${account}`));
    accounts.forEach((account) => {
      const stack = new Stack(app, `Publisher${account}`, { env: { account, region: REGION } });
      const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
      busIn(stack).grantPutEventsTo(role);
    });
  },
  'this library': (app, accounts) => {
    const hub = new Stack(app, 'Hub', { env: HUB });
    const publishers = [EventPublisher.accounts(...accounts)];
    const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders', publishers });
    accounts.forEach((account) => {
      const stack = new Stack(app, `Publisher${account}`, { env: { account, region: REGION } });
      const assumedBy = new ServicePrincipal('lambda.amazonaws.com');
      new PublisherRole(stack, 'Role', { eventBuses: [bus], assumedBy });
    });
  },
};

const busIn = (stack: Stack): IEventBus =>
  EventBus.fromEventBusArn(stack, 'Bus', `arn:aws:events:${REGION}:${HUB.account}:event-bus/orders`);

/** Resources and bytes of all templates, and those of the bus alone. */
export function templatesOf(backbone: Backbone, publishers: number): Record<'hub' | 'all', [number, number]> {
  const app = newApp();
  backbone(
    app,
    Array.from({ length: publishers }, (_, i) => String(100_000_000_000 + i * 1_234_567)),
  );
  const sizes = app.node.children.filter(Stack.isStack).map((stack) => {
    const template = templateOf(stack);
    return [Object.keys(template.Resources).length, JSON.stringify(template).length];
  });
  const [[hubResources, hubBytes]] = sizes;
  const sum = (at: number) => sizes.reduce((total, size) => total + size[at], 0);
  return { hub: [hubResources, hubBytes], all: [sum(0), sum(1)] };
}

/** The template of a stack, as it is deployed. */
function templateOf(stack: Stack): { readonly Resources: Record<string, unknown> } {
  const app = stack.node.root as App;
  return app.synth().getStackArtifact(stack.artifactId).template;
}

/** Bytes of the package, packed and unpacked; nothing where the library is not compiled. */
function packageSize(): [number, number] | undefined {
  if (!existsSync(join(ROOT, 'lib/index.js'))) return undefined;
  const [{ size, unpackedSize }] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT, encoding: 'utf8' }),
  );
  return [size, unpackedSize];
}

export function tables(): string[] {
  const rules = Object.entries(TARGETS).map(([name, target]) => {
    const fitting = rulesPerFunction(target);
    return [name, `${fitting}${fitting === RULES ? ' (quota of a bus)' : ''}`, String(functionPolicy(target, 10))];
  });
  const templates = PUBLISHERS.flatMap((publishers) =>
    Object.entries(BACKBONES).map(([name, backbone]) => {
      const { hub, all } = templatesOf(backbone, publishers);
      return [`${publishers} publishers, ${name}`, ...[...hub, ...all].map(String)];
    }),
  );
  return [
    table([['target', 'rules that fit on a function', 'characters of ten'], ...rules]),
    table([['templates', 'resources of the bus', 'bytes', 'resources of all', 'bytes'], ...templates]),
  ];
}

function main(): void {
  for (const text of tables()) console.log(`${text}\n`);
  const size = packageSize();
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`;
  console.log(
    size === undefined
      ? 'SKIPPED the size of the package: run `npx projen compile && npx projen post-compile` first\n'
      : `package: ${megabytes(size[0])} packed, ${megabytes(size[1])} unpacked\n`,
  );
}

if (require.main === module) main();
