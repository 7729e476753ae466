import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { IConstruct } from 'constructs';
import { entriesOfConcern } from './entries-of-concern';
import { stacksInTopology } from './read-topology';
import { StackCopies, StackSource } from './stack-copies';
import { TOPOLOGY_FILE, readTopologyFile } from './topology-file';
import { NewerTopologyError } from './validate-topology';
import { AssemblyContents, SynthesizedApp, assembliesIn, walkAssembly } from '../app-model/assembly';
import { ConcernedApp, concernedApp, isPartOf } from '../app-model/concerned-app';
import { OtherApp, StackKey } from '../app-model/other-apps';
import { environmentOf } from '../app-model/resolve/pseudo-parameters';
import { stacksInAssembly } from '../cloud-assembly/read-assembly';
import { addStacks, rootOfStacks, usableId } from '../cloud-assembly/stack-constructs';
import { SynthesizedStack } from '../cloud-assembly/synthesized-stack';
import { validateIsList } from '../core/validate-values';
import { validationError } from '../core/validation-error';
import { once } from '../util/memoize';

/**
 * Reads the cloud assemblies and topology files of other apps. A stack that is also in this app is left out, because
 * the app itself is newer. Of several copies of a stack, the first one counts.
 *
 * @param scope the construct that is checked, by default the app
 * @returns a function for when this app is complete. Given the constructs of the app, or of one of its stages, it
 * returns what the other apps deploy, which is the same for all stages
 */
export function readOtherApps(paths: readonly string[], scope?: IConstruct): OtherApps {
  const call = 'CrossAccountEventChecks.applyTo()';
  validateIsList(call, 'otherApps', paths);
  const inputs = paths.map((path): Input => {
    const stacks = readOtherApp(path, call);
    return { path, stacks, allStacks: once(() => stacks('')) };
  });
  let built: BuiltApps | undefined = inputs.length === 0 ? { apps: [] } : undefined;
  return (own, { entirely = false } = {}) => {
    if (!built || !isBuiltFor(own, built, entirely)) {
      built = build(inputs, assembliesOf(own), { entirely, scope: scope ?? own.root.node.root });
    }
    return built.apps;
  };
}

/**
 * The other apps, given the constructs of this app or of one of its stages: what can concern this app, or `entirely`.
 */
export type OtherApps = (own: AssemblyContents, options?: { readonly entirely?: boolean }) => readonly OtherApp[];

/** The stacks of an app below the scope with a name, as far as they can concern this app if that is given. */
type StacksOfApp = (name: string, concerned?: ConcernedApp) => SynthesizedStack[];

/** A path in `otherApps`. */
interface Input extends StackSource {
  readonly stacks: StacksOfApp;
}

interface BuiltApps {
  readonly apps: readonly OtherApp[];
  /** The app that the other apps can concern; undefined if they are there entirely. */
  readonly concerned?: ConcernedApp;
}

/** A stage may be synthesized before the app is complete: what is added later may be in other accounts. */
function isBuiltFor(own: AssemblyContents, { concerned }: BuiltApps, entirely: boolean): boolean {
  return concerned === undefined || (!entirely && isPartOf(concernedApp([own]), concerned));
}

function build(
  inputs: readonly Input[],
  own: readonly AssemblyContents[],
  { entirely, scope }: { readonly entirely: boolean; readonly scope: IConstruct },
): BuiltApps {
  const root = rootOfStacks();
  const copies = new StackCopies(ownStacks(own));
  const concerned = entirely ? undefined : concernedApp(own);
  const apps = inputs.map((input) => {
    const appScope = otherAppScope(root, input.path);
    addStacks(appScope, copies.add(input, input.stacks(appScope.node.id, concerned)));
    const differentStacks = { scope, differences: copies.differences(input) };
    return new OtherApp(`app '${appScope.node.id}'`, appScope, false, differentStacks);
  });
  return { apps, concerned };
}

/** A construct for the stacks of the other app at a path, with the name of the app. */
export function otherAppScope(root: IConstruct, path: string): SynthesizedApp {
  return new SynthesizedApp(root, unusedName(root, usableId(nameOf(path))));
}

/**
 * Reads the stacks in a cloud assembly or topology file. Throws an error if it cannot be read.
 *
 * @param name the name of the app
 * @param call the call with `otherApps`, for the message of the error
 */
export function readOtherStacks(path: string, name: string, call: string): SynthesizedStack[] {
  return readOtherApp(path, call)(name);
}

function readOtherApp(path: string, call: string): StacksOfApp {
  return readable(path, call, () => {
    if (!path.endsWith('.json')) {
      const stacks = stacksInAssembly(path);
      return () => stacks;
    }
    const topology = readTopologyFile(path);
    return (name, concerned) => {
      const part = concerned ? entriesOfConcern(topology, concerned) : topology;
      return readable(path, call, () => stacksInTopology(part, name));
    };
  });
}

function readable<T>(path: string, call: string, read: () => T): T {
  try {
    return read();
  } catch (e) {
    const reason = existsSync(path) ? unreadable(path, e as Error) : MISSING;
    throw validationError(call, `'otherApps' cannot be read: ${path}: ${reason}`);
  }
}

const MISSING =
  'there is no such file or directory; copy the file from the other app, or leave it out until that app has one';

/** Why a file or directory cannot be read, and what to do. */
function unreadable(path: string, error: Error): string {
  const reason = reasonOf(error, path);
  if (error.cause instanceof NewerTopologyError) return reason;
  return `${reason}; pass the directory that 'cdk synth' wrote, such as 'cdk.out', or its event-topology.json`;
}

/** The first line of the message, without the path of the file if the message begins with it. */
function reasonOf({ message }: Error, path: string): string {
  const [line] = message.split('\n');
  return line.startsWith(`${path}: `) ? line.slice(path.length + 2) : line;
}

/** This app with all its stages. */
function assembliesOf(own: AssemblyContents): AssemblyContents[] {
  const app = own.root.node.root;
  return assembliesIn(own.root === app ? own : walkAssembly(app));
}

function ownStacks(own: readonly AssemblyContents[]): StackKey[] {
  return own.flatMap(({ stacks }) => stacks).map((stack) => ({ ...environmentOf(stack), name: stack.stackName }));
}

/** `billing` for `../billing/cdk.out`, and for the file `event-topology.json` in it. */
function nameOf(path: string): string {
  const absolute = resolve(path);
  const name = basename(absolute);
  return name === 'cdk.out' || name === TOPOLOGY_FILE
    ? nameOf(dirname(absolute))
    : name.replace(/(\.event-topology)?\.json$/, '');
}

function unusedName(scope: IConstruct, name: string): string {
  return scope.node.tryFindChild(name) ? unusedName(scope, `${name}'`) : name;
}
