import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { Acknowledgements } from './acknowledgements';
import type { InputPath } from './arguments';
import { nestedTemplatesIn } from './nested-templates';
import { readContent, stackOfTemplate, validateResources } from './template-file';
import { UnusableInput, whileReading } from './unusable-input';
import { readAssembly } from '../cloud-assembly/read-assembly';
import { SynthesizedStack } from '../cloud-assembly/synthesized-stack';
import { Json, isObject } from '../iam/statement';
import { OWN_ACCOUNT, OWN_REGION } from '../iam/unresolved-text';
import { stacksInTopology } from '../topology/read-topology';
import { EventTopology } from '../topology/topology';
import { TOPOLOGY_FILE } from '../topology/topology-file';
import { validateTopology } from '../topology/validate-topology';

/** The stacks of one path. */
export interface InputApp {
  readonly name: string;
  /** The path as it was given. */
  readonly path: string;
  readonly stacks: readonly SynthesizedStack[];
  readonly acknowledgements: Acknowledgements;
}

/** Reads the apps at some paths. Throws an error for a path that cannot be used. */
export function readApps(paths: readonly InputPath[]): InputApp[] {
  rejectRepetitions(paths);
  const names = uniqueNames(paths.map(({ path }) => path));
  return readNamedApps(
    paths.map((path, index) => ({ ...path, name: names[index] })),
    paths.length === 1,
  );
}

/**
 * Reads the apps at some paths.
 *
 * @param isOnly whether there is one app, which can have environment-agnostic stacks
 */
export function readNamedApps(paths: readonly NamedPath[], isOnly: boolean): InputApp[] {
  const apps = paths.map((input) => readApp(input.name, { ...input, isOnly }));
  if (!isOnly) apps.forEach(requireEnvironments);
  return apps;
}

/** A path, and the name of the app there. */
export interface NamedPath extends InputPath {
  readonly name: string;
}

/** A path, and whether it is the only one. */
type AppPath = InputPath & { readonly isOnly: boolean };

function readApp(name: string, input: AppPath): InputApp {
  const { path } = input;
  if (!existsSync(path)) {
    const form = path.includes('@') ? '; an account and a Region are written PATH@ACCOUNT/REGION' : '';
    throw new UnusableInput(`${path}: there is no such file or directory${form}`);
  }
  const content = statSync(path).isDirectory() ? assemblyIn(input) : contentOfFile(name, input);
  return { name, path, ...content };
}

function assemblyIn({ path, account, region }: InputPath): Pick<InputApp, 'stacks' | 'acknowledgements'> {
  if (!existsSync(join(path, 'manifest.json'))) {
    throw new UnusableInput(`${path}: the directory has no manifest.json: use the output of 'cdk synth', cdk.out`);
  }
  const assembly = whileReading(`${path}: the cloud assembly cannot be read`, () => readAssembly(path));
  if (assembly.stacks.length === 0) {
    throw new UnusableInput(`${path}: the cloud assembly has no stacks: use the cdk.out of an app that has some`);
  }
  for (const stack of withNested(assembly.stacks)) validateResources(`${path}: stack '${stack.path}'`, stack.template);
  const stacks = assembly.stacks.map((stack) => ({
    ...stack,
    account: stack.account ?? account,
    region: stack.region ?? region,
  }));
  return { stacks, acknowledgements: Acknowledgements.of(assembly) };
}

/** Stacks, and all stacks nested in them. */
export function withNested(stacks: readonly SynthesizedStack[]): SynthesizedStack[] {
  return stacks.flatMap((stack) => [stack, ...withNested([...stack.nestedTemplates.values()])]);
}

/** The stacks of a file, which is a topology file or a template. */
function contentOfFile(name: string, input: AppPath): Pick<InputApp, 'stacks' | 'acknowledgements'> {
  const { path } = input;
  const content = readContent(path);
  if (isTopology(content)) {
    // The placeholders of a single app have no prefix.
    const topology = withEnvironment(
      whileReading(path, () => validateTopology(content)),
      input,
    );
    const stacks = stacksInTopology(topology, input.isOnly ? '' : name);
    return { stacks, acknowledgements: new Acknowledgements() };
  }
  const stack = stackOfTemplate(name, content, input);
  const nestedTemplates = nestedTemplatesIn(content, stack.path, path);
  return { stacks: [{ ...stack, nestedTemplates }], acknowledgements: new Acknowledgements() };
}

/** The topology with the account and Region of the stacks that have none, also in ARNs. */
function withEnvironment(topology: EventTopology, { account, region }: InputPath): EventTopology {
  const replaced = [
    [OWN_ACCOUNT, account],
    [OWN_REGION, region],
  ].reduce(
    (text, [placeholder, value]) => (value === undefined ? text : text.split(placeholder!).join(value)),
    JSON.stringify(topology),
  );
  const { stacks, ...lists } = JSON.parse(replaced) as EventTopology;
  return { ...lists, stacks: stacks.map((stack) => ({ account, region, ...stack })) };
}

function isTopology(content: Json): boolean {
  return isObject(content) && 'version' in content && Array.isArray(content.eventBuses);
}

/** Stacks of different apps must not be taken for stacks in one account because their accounts are unknown. */
function requireEnvironments({ path, stacks }: InputApp): void {
  const agnostic = stacks.find(({ account, region }) => account === undefined || region === undefined);
  if (!agnostic) return;
  throw new UnusableInput(
    `${path}: stack '${agnostic.path}' is environment-agnostic, and there are several apps: ` +
      `write ${path}@ACCOUNT/REGION, or use --account and --region`,
  );
}

export function rejectRepetitions(paths: readonly InputPath[]): void {
  const seen = new Set<string>();
  for (const { path, account, region } of paths) {
    const key = JSON.stringify([existsSync(path) ? realpathSync(path) : path, account, region]);
    if (seen.has(key)) throw new UnusableInput(`${path}: the path is given twice`);
    seen.add(key);
  }
}

/** The names of the apps: the directory above `cdk.out`, or the name of the file; with more of the path if needed. */
export function uniqueNames(paths: readonly string[]): string[] {
  const parts = paths.map(nameParts);
  const names = parts.map((all) => {
    const lengths = all.map((_, index) => index + 1);
    const tail = (path: readonly string[], length: number) => path.slice(-length).join('-');
    const length = lengths.find((one) => parts.filter((other) => tail(other, one) === tail(all, one)).length === 1);
    return tail(all, length ?? 1);
  });
  // The same file in two environments.
  return names.map((name, index) => {
    const earlier = names.slice(0, index).filter((other) => other === name).length;
    return earlier === 0 ? name : `${name}-${earlier + 1}`;
  });
}

function nameParts(path: string): string[] {
  const absolute = resolve(path);
  if (basename(absolute) === TOPOLOGY_FILE) return nameParts(dirname(absolute));
  const isAssembly = basename(absolute) === 'cdk.out';
  const file = basename(absolute).replace(/(\.template|\.event-topology)?\.(json|ya?ml|template)$/i, '');
  const parts = isAssembly ? dirname(absolute).split(sep) : [...dirname(absolute).split(sep), file];
  const used = parts.filter(Boolean);
  return used.length > 0 ? used : ['app'];
}
