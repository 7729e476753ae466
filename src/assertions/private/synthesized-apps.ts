import { CfnResource, Stage } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { AppIndex } from '../../app-model/app-index';
import { SynthesizedApp, walkAssembly } from '../../app-model/assembly';
import { OtherApp } from '../../app-model/other-apps';
import { TemplateReader } from '../../app-model/resolve/template-reader';
import { stacksInAssembly } from '../../cloud-assembly/read-assembly';
import { addStacks, rootOfStacks } from '../../cloud-assembly/stack-constructs';
import { SynthesizedStack } from '../../cloud-assembly/synthesized-stack';
import { validationError } from '../../core/validation-error';
import { otherAppScope, readOtherStacks } from '../../topology/other-apps';
import { stackKey } from '../../topology/stack-copies';

/** The name of the class in error messages. */
export const CLASS_NAME = 'EventAssertions';

/**
 * Apps as they were synthesized, together with other apps. Everything is read from the cloud assemblies, as the command
 * `check` does: the result does not depend on what later changes a construct.
 */
export class SynthesizedApps {
  public readonly index: AppIndex;
  public readonly root: Construct = rootOfStacks();

  /** The resources by the app and the logical ID. */
  private readonly resources: ReadonlyMap<string, CfnResource>;
  private readonly scopes = new Map<IConstruct, IConstruct>();
  private readonly reader = new TemplateReader({ roots: [this.root] });

  constructor(apps: readonly Stage[], otherApps: readonly string[]) {
    const isOnly = apps.length + otherApps.length === 1;
    const known = new Set<string>();
    const others: OtherApp[] = [];
    const add = (scope: IConstruct, stacks: readonly SynthesizedStack[]) => {
      const added = stacks.filter((stack) => !known.has(stackKey(stack)));
      if (!isOnly) added.forEach(requireEnvironment);
      for (const stack of added) known.add(stackKey(stack));
      addStacks(scope, added);
      if (!isOnly) others.push(new OtherApp(`app '${scope.node.id}'`, scope));
    };
    apps.forEach((app, i) => {
      const scope = isOnly ? this.root : new SynthesizedApp(this.root, apps.length === 1 ? THIS_APP : nameOf(app, i));
      this.scopes.set(app, scope);
      add(scope, stacksInAssembly(app.synth().directory));
    });
    for (const path of otherApps) {
      const scope = otherAppScope(this.root, path);
      add(scope, readOtherStacks(path, scope.node.id, `${CLASS_NAME}.of()`));
    }
    const { resources } = walkAssembly(this.root);
    this.resources = new Map(resources.map((resource) => [keyOf(resource.stack.node.path, resource), resource]));
    this.index = AppIndex.of(this.root, others);
  }

  /** The resource of a template that a resource of one of the apps became; undefined if it is in none of them. */
  public resourceOf(resource: CfnResource): CfnResource | undefined {
    const app = resource.node.scopes.find((scope) => this.scopes.has(scope));
    const scope = app && this.scopes.get(app);
    if (!scope) return undefined;
    const path = [scope.node.path, resource.stack.node.path].filter(Boolean).join('/');
    return this.resources.get(keyOf(path, resource));
  }

  /** The ARN of a resource of a template, and the other values by which templates refer to it. */
  public arnsOf(resource: CfnResource): string[] {
    const { functions } = this.index.model;
    for (const { arn } of functions) this.reader.functionArns.add(arn);
    const body = this.reader.resource(resource);
    if (!body) return [];
    const attributes = this.reader.attributesOf(resource, body);
    return ARN_ATTRIBUTES.map((name) => attributes[name]).filter((value) => value !== undefined);
  }
}

/** The attributes by which templates refer to the targets of rules. */
const ARN_ATTRIBUTES = ['Arn', 'Ref', 'TopicArn', 'AliasArn', 'FunctionArn'];

function keyOf(stackPath: string, resource: CfnResource): string {
  return `${stackPath} ${String(resource.stack.resolve(resource.logicalId))}`;
}

/** The name of the only app in this repository, in the paths of messages. */
const THIS_APP = 'ThisApp';

/** The name of an app among several: an app has none, unlike a stage. */
function nameOf({ node }: Stage, index: number): string {
  return node.path === '' ? `App${index + 1}` : node.path.replace(/\//g, '-');
}

function requireEnvironment({ path, account, region }: SynthesizedStack): void {
  if (account !== undefined && region !== undefined) return;
  throw validationError(
    CLASS_NAME,
    `stacks of several apps must have an account and a Region, got '${path}' without them; set 'env' on the stack`,
  );
}
