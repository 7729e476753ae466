import { basename, dirname, resolve } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { stacksInTopology } from './read-topology';
import { readTopologyFile } from './topology-file';
import { SynthesizedApp } from '../app-model/assembly';
import { OtherApp } from '../app-model/other-apps';
import { environmentOf } from '../app-model/resolve/pseudo-parameters';
import { stacksInAssembly } from '../cloud-assembly/read-assembly';
import { addStacks, rootOfStacks } from '../cloud-assembly/stack-constructs';
import { SynthesizedStack } from '../cloud-assembly/synthesized-stack';
import { validationError } from '../core/validation-error';

/**
 * Reads the cloud assemblies and topology files of other apps. A stack that is also in this app is left out, because
 * the app itself is newer. Of several copies of a stack, the first one counts.
 *
 * @param app the app, or a construct in it
 */
export function readOtherApps(paths: readonly string[], app: IConstruct): OtherApp[] {
  if (paths.length === 0) return [];
  const root = rootOfStacks();
  const known = new Set(ownStacks(app.node.root).map(stackKey));
  return paths.map((path) => {
    const name = unusedName(root, nameOf(path));
    const stacks = readStacks(path, name).filter((stack) => isNew(known, stackKey(stack)));
    const scope = new SynthesizedApp(root, name);
    addStacks(scope, stacks);
    return new OtherApp(`app '${name}'`, scope);
  });
}

function readStacks(path: string, name: string): SynthesizedStack[] {
  try {
    return path.endsWith('.json') ? stacksInTopology(readTopologyFile(path), name) : stacksInAssembly(path);
  } catch (e) {
    const reason = String((e as Error).message).split('\n')[0];
    const fix = "pass the directory that 'cdk synth' wrote, such as 'cdk.out', or its event-topology.json";
    throw validationError(
      'CrossAccountEventChecks.applyTo()',
      `'otherApps' cannot be read: ${path}: ${reason}; ${fix}`,
    );
  }
}

type StackKey = Pick<SynthesizedStack, 'account' | 'region' | 'name'>;

/** Names of stacks are unique in an account and Region. */
function stackKey({ account, region, name }: StackKey): string {
  return [account, region, name].join(' ');
}

function ownStacks(root: IConstruct): StackKey[] {
  return root.node
    .findAll()
    .filter((construct): construct is Stack => Stack.isStack(construct))
    .map((stack) => ({ ...environmentOf(stack), name: stack.stackName }));
}

function isNew(known: Set<string>, key: string): boolean {
  return !known.has(key) && known.add(key) !== undefined;
}

/** `billing` for `../billing/cdk.out`. */
function nameOf(path: string): string {
  const absolute = resolve(path);
  const name = basename(absolute);
  return name === 'cdk.out' ? basename(dirname(absolute)) : name.replace(/(\.event-topology)?\.json$/, '');
}

function unusedName(scope: IConstruct, name: string): string {
  return scope.node.tryFindChild(name) ? unusedName(scope, `${name}'`) : name;
}
