import { App, CfnElement, CfnResource, Environment, Stack } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import newProject from 'aws-cdk-lib/recommended-feature-flags.json';
import { Accounts, Sample, messageOf } from './gap';
import { inWords } from './intrinsics';
import { BILLING, HUB, SHOP, testApp, testFunction } from '../support/apps';

/**
 * Which feature flags a project has: those that `cdk init` writes today, or none, as one that was begun long ago.
 * Templates are checked by CloudFormation Validate, where it is in the CDK, except for samples of what it refuses.
 */
export type Project = 'new' | 'without flags' | 'without validation';

const CONTEXT: Record<Project, Record<string, unknown>> = {
  new: newProject,
  'without flags': {},
  'without validation': { '@aws-cdk/core:validateAgainstDefaultRules': false },
};

/** A synthesis whose findings are errors throws, instead of telling the CDK CLI. */
const AS_IN_A_TEST = { '@aws-cdk/core:appMode': 'inmemory' };

export interface Resource {
  readonly type: string;
  readonly properties: any;
}

export interface SynthesizedStack {
  readonly name: string;
  readonly account: string;
  readonly resources: Resource[];
  /** Names of the stacks that are deployed before. */
  readonly after: string[];
}

/** What comes of a sample. */
export interface Outcome {
  readonly app: App;
  readonly returned: unknown;
  /** What the sample or synthesis threw. */
  readonly error: string | undefined;
  /** Errors and warnings of the construct tree: `warning /Hub/Bus text`. */
  readonly messages: string[];
  /** None if something was thrown. */
  readonly stacks: SynthesizedStack[];
}

/** Runs a sample in an app of its own. */
export function outcomeOf(sample: Sample, project: Project = 'new'): Outcome {
  return quietly(() => {
    const app = testApp({ context: { ...CONTEXT[project], ...AS_IN_A_TEST } });
    let returned: unknown;
    try {
      returned = sample(accountsIn(app));
      dropEmptyStacks(app);
      return { app, returned, error: undefined, stacks: synthesized(app), messages: messagesOf(app) };
    } catch (e) {
      return { app, returned, error: messageOf(e), stacks: [], messages: messagesOf(app) };
    }
  });
}

/** The properties of all resources of a type, over all stacks or in one. */
export function propertiesIn({ stacks }: Outcome, type: string, stack?: string): any[] {
  return stacks
    .filter(({ name }) => stack === undefined || name === stack)
    .flatMap(({ resources }) => resources)
    .filter((resource) => resource.type === type)
    .map(({ properties }) => properties);
}

function accountsIn(app: App): Accounts {
  const made = new Map<string, Stack>();
  const stack = (id: string, env: Environment) => made.get(id) ?? made.set(id, new Stack(app, id, { env })).get(id)!;
  return {
    app,
    get hub() {
      return stack('Hub', HUB);
    },
    get publisher() {
      return stack('Publisher', SHOP);
    },
    get consumer() {
      return stack('Consumer', BILLING);
    },
    get handler() {
      const consumer = stack('Consumer', BILLING);
      return testFunction(consumer, 'Handler', {
        functionName: 'invoices',
        role: Role.fromRoleName(consumer, 'HandlerRole', 'invoices'),
      });
    },
  };
}

/** CloudFormation takes no template without resources, and the CDK says so. */
function dropEmptyStacks(app: App): void {
  for (const stack of stacksOf(app)) {
    if (!stack.node.findAll().some((c) => CfnResource.isCfnResource(c))) app.node.tryRemoveChild(stack.node.id);
  }
}

function synthesized(app: App): SynthesizedStack[] {
  const assembly = app.synth();
  return stacksOf(app).map((stack) => {
    const { template, dependencies } = assembly.getStackArtifact(stack.artifactId);
    const words = inWords(stack, namesOf(stack));
    const resources = Object.values<any>(template.Resources).map(({ Type, Properties }) => ({
      type: Type,
      properties: words(Properties ?? {}),
    }));
    const after = stacksOf(app)
      .filter(({ artifactId }) => dependencies.some(({ id }) => id === artifactId))
      .map(({ node }) => node.id);
    return { name: stack.node.id, account: stack.account, resources, after };
  });
}

/** The paths of what has a logical ID, within the stack. */
function namesOf(stack: Stack): Map<string, string> {
  const elements = stack.node.findAll().filter((c): c is CfnElement => CfnElement.isCfnElement(c));
  return new Map(
    elements.map((element) => [
      String(stack.resolve(element.logicalId)),
      element.node.path.slice(stack.node.path.length + 1).replace(/\/Resource$/, ''),
    ]),
  );
}

/** Read from the tree, since a synthesis that fails leaves no assembly. */
function messagesOf(app: App): string[] {
  const levels = new Map([
    ['aws:cdk:error', 'error'],
    ['aws:cdk:warning', 'warning'],
  ]);
  return app.node
    .findAll()
    .flatMap(({ node }) =>
      node.metadata
        .filter(({ type }) => levels.has(type))
        .map(({ type, data }) => `${levels.get(type)} /${node.path} ${String(data)}`),
    );
}

function stacksOf(app: App): Stack[] {
  return app.node.children.filter((c): c is Stack => Stack.isStack(c));
}

/**
 * The CDK tells the terminal of deprecated properties that it uses itself, and of what is annotated, which is read from
 * the tree here.
 */
function quietly<T>(action: () => T): T {
  const { JSII_DEPRECATED } = process.env;
  const { error } = console;
  process.env.JSII_DEPRECATED = 'quiet';
  console.error = () => undefined;
  try {
    return action();
  } finally {
    console.error = error;
    if (JSII_DEPRECATED === undefined) delete process.env.JSII_DEPRECATED;
    else process.env.JSII_DEPRECATED = JSII_DEPRECATED;
  }
}
