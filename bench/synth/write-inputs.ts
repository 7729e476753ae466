/**
 * Writes what other apps left behind, for the measurements that read it: `node write-inputs.js DIRECTORY STACKS`. In
 * `topologies` the files of teams in other repositories, and in `assemblies` a cloud assembly for each stack of the
 * app, as if each team had a repository of its own.
 */
import { ok } from 'node:assert';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { benchApp, guestApp } from './app';
import { CrossAccountEventChecks } from 'cdk-cross-account-eventbridge';

const GUESTS = 50;
const LEAST_ENTRIES = 5_000;

function writeTopologies(directory: string): void {
  mkdirSync(directory, { recursive: true });
  let entries = 0;
  for (let index = 0; index < GUESTS; index++) {
    const app = guestApp(index);
    CrossAccountEventChecks.applyTo(app, { topology: true });
    synthesized(app, (outdir) => {
      const file = join(directory, `guest${index}.event-topology.json`);
      copyFileSync(join(outdir, 'event-topology.json'), file);
      entries += entriesIn(file);
    });
  }
  ok(entries >= LEAST_ENTRIES, `${GUESTS} topology files must have ${LEAST_ENTRIES} resources, got ${entries}`);
}

/** Resources in a topology file. Stacks and needs are none. */
function entriesIn(file: string): number {
  const { version: _, stacks: __, needs: ___, ...lists } = JSON.parse(readFileSync(file, 'utf8'));
  return (Object.values(lists) as unknown[][]).reduce((sum, list) => sum + list.length, 0);
}

interface Artifact {
  readonly type: string;
  readonly dependencies?: string[];
  readonly properties?: { readonly templateFile?: string; readonly file?: string };
  readonly additionalMetadataFile?: string;
}

function writeAssemblies(directory: string, stacks: number): void {
  synthesized(benchApp(stacks), (outdir) => {
    const { artifacts, ...manifest } = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8')) as {
      artifacts: { [id: string]: Artifact };
    };
    const ids = Object.keys(artifacts).filter((id) => artifacts[id].type === 'aws:cloudformation:stack');
    ok(ids.length === stacks);
    for (const id of ids) {
      const assembly = join(directory, id, 'cdk.out');
      mkdirSync(assembly, { recursive: true });
      const own = Object.fromEntries([id, `${id}.assets`].map((one) => [one, alone(artifacts[one], id)]));
      writeFileSync(join(assembly, 'manifest.json'), JSON.stringify({ ...manifest, artifacts: own }));
      for (const file of Object.values(own).flatMap(filesOf)) copyFileSync(join(outdir, file), join(assembly, file));
    }
  });
}

/** Without what it depends on in the assemblies of others. */
function alone(artifact: Artifact, id: string): Artifact {
  return { ...artifact, dependencies: artifact.dependencies?.filter((other) => other === `${id}.assets`) };
}

function filesOf({ properties, additionalMetadataFile }: Artifact): string[] {
  return [properties?.templateFile, properties?.file, additionalMetadataFile].filter((file) => file !== undefined);
}

function synthesized(app: App, use: (outdir: string) => void): void {
  const { directory } = app.synth();
  try {
    use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

if (require.main === module) {
  const [directory, stacks] = process.argv.slice(2);
  writeTopologies(join(directory, 'topologies'));
  writeAssemblies(join(directory, 'assemblies'), Number(stacks));
}
