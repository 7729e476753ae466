import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandArguments, InputPath } from './arguments';
import { InputApp, NamedPath, readNamedApps, rejectRepetitions, uniqueNames } from './inputs';
import { UnusableInput } from './unusable-input';
import { TOPOLOGY_FILE } from '../topology/topology-file';

/** The apps before and after a change. An app has the same name in both. */
export interface Sides {
  readonly before: readonly InputApp[];
  readonly after: readonly InputApp[];
  /** Whether each side has one app. */
  readonly isOnly: boolean;
}

/** Reads both sides of the command `diff`, with the other apps, which are the same in both. */
export function readSides({ paths, with: others }: Pick<CommandArguments, 'paths' | 'with'>): Sides {
  if (paths.length !== 2) {
    throw new UnusableInput('arguments: diff needs OLD and NEW; give other apps with --with: see --help');
  }
  const [before, after] = paths.map(appsAt);
  rejectDirectoryAndApp(paths, [before, after]);
  const isOneApp = before.length === 1 && after.length === 1;
  const isOnly = isOneApp && others.length === 0;
  // The same app is in two places that have different names.
  const names = isOneApp ? [after[0].name] : [...before, ...after].map(({ name }) => name);
  const same = isOneApp ? [{ ...before[0], name: after[0].name }] : before;
  const named = namesBeside(others, names);
  const read = (side: readonly NamedPath[]) => {
    rejectRepetitions([...side, ...others]);
    return readNamedApps([...side, ...named], isOnly);
  };
  return { before: read(same), after: read(after), isOnly };
}

/** Of a directory of apps and one of them, the other apps would all be new or deleted. */
function rejectDirectoryAndApp(paths: readonly InputPath[], sides: readonly (readonly NamedPath[])[]): void {
  const single = sides.findIndex((apps, index) => apps.length === 1 && apps[0].path === paths[index].path);
  const others = sides[1 - single];
  if (single < 0 || others.length === 1) return;
  const [one, several] = single === 0 ? ['OLD', 'NEW'] : ['NEW', 'OLD'];
  const names = others.map(({ name }) => name).join(', ');
  throw new UnusableInput(
    `arguments: ${several} has the apps ${names}, and ${one} is one app: give two directories of apps, or two ` +
      'versions of one app, and the other apps with --with',
  );
}

/** The names of the other apps, which differ from those of the apps that change. */
function namesBeside(others: readonly InputPath[], names: readonly string[]): NamedPath[] {
  return uniqueNames(others.map(({ path }) => path)).map((name, index) => ({
    ...others[index],
    name: names.includes(name) ? `${name}-unchanged` : name,
  }));
}

/** The app at a path, or the apps in a directory that is no cloud assembly. */
function appsAt(input: InputPath): NamedPath[] {
  const { path } = input;
  if (!existsSync(path)) throw new UnusableInput(`${path}: there is no such file or directory`);
  if (!statSync(path).isDirectory() || isAssembly(path)) return [{ ...input, name: uniqueNames([path])[0] }];
  const apps = readdirSync(path)
    .sort()
    .flatMap((child) => appIn(path, child));
  if (apps.length === 0) {
    throw new UnusableInput(
      `${path}: the directory has no manifest.json and contains no apps: use the output of 'cdk synth', cdk.out, or ` +
        'a directory with files NAME.event-topology.json, or with directories NAME or NAME/cdk.out',
    );
  }
  const repeated = apps.find(({ name }, index) => apps.slice(0, index).some((other) => other.name === name));
  if (repeated) throw new UnusableInput(`${path}: two apps in the directory have the name '${repeated.name}'`);
  return apps.map((app) => ({ ...input, ...app }));
}

function appIn(directory: string, child: string): { name: string; path: string }[] {
  const path = join(directory, child);
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    const [, name] = /^(?:(.+)\.)?event-topology\.json$/.exec(child) ?? [, null];
    return name === null ? [] : [{ name: name ?? 'app', path }];
  }
  const assembly = [path, join(path, 'cdk.out')].find(isAssembly);
  const file = join(path, TOPOLOGY_FILE);
  const found = assembly ?? (existsSync(file) ? file : undefined);
  return found === undefined ? [] : [{ name: child, path: found }];
}

function isAssembly(path: string): boolean {
  return existsSync(join(path, 'manifest.json'));
}
