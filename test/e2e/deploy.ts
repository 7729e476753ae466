import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StackResource } from '@aws-sdk/client-cloudformation';
import { Cloud, credentialsOf } from './cloud';
import { Emulator } from './emulator';
import { BASE, DIRECTORY, mustRunAll } from './machine';
import { Environment, Result, mustRun } from '../support/programs';
import { ROOT } from '../support/repository';

const CDK = [process.execPath, join(ROOT, 'node_modules/aws-cdk/bin/cdk')];
const OPTIONS = ['--no-notices', '--no-color'];

/** An account and a Region. */
export type Target = readonly [account: string, region: string];

/** Prepares accounts for the CDK. */
export async function bootstrap(emulator: Emulator, targets: readonly Target[]): Promise<void> {
  await mustRunAll(
    targets.map(([account, region]) => [
      [...CDK, 'bootstrap', `aws://${account}/${region}`, ...OPTIONS],
      environmentOf(emulator, account, region),
    ]),
  );
}

function environmentOf({ endpoint }: Emulator, account: string, region: string): Environment {
  const { accessKeyId, secretAccessKey } = credentialsOf(account);
  return {
    ...BASE,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
}

/** A change of a file: the text that is replaced must be there. */
export type Edit = readonly [file: string, before: string, after: string];

/** A copy of an example, which is changed and deployed as by its users. */
export class DeployedExample {
  private readonly directory: string;

  /** The CLI has the credentials of the account, and assumes the roles of `cdk bootstrap` in the others. */
  constructor(
    private readonly emulator: Emulator,
    name: string,
    private readonly account: string,
    private readonly region: string,
  ) {
    this.directory = join(DIRECTORY, name);
    cpSync(join(ROOT, 'examples/typescript', name), this.directory, { recursive: true });
    this.edit(['app.ts', '.applyTo(app)', '.applyTo(app, { topology: true })']);
  }

  public edit(...edits: Edit[]): void {
    for (const [file, before, after] of edits) {
      const path = join(this.directory, file);
      const text = readFileSync(path, 'utf8');
      if (!text.includes(before)) throw new Error(`${path} has no '${before}'`);
      writeFileSync(
        path,
        text.replace(before, () => after),
      );
    }
  }

  /** Compiles and synthesizes the app. The assembly from before is kept. */
  public synth(): void {
    rmSync(this.assemblyBefore, { recursive: true, force: true });
    if (existsSync(this.assembly)) renameSync(this.assembly, this.assemblyBefore);
    const script = join(this.directory, 'main.js');
    const bundle = [
      join(ROOT, 'node_modules/.bin/esbuild'),
      join(this.directory, 'main.ts'),
      ...['--bundle', '--platform=node', '--external:aws-cdk-lib', '--external:constructs', '--log-level=error'],
      `--alias:cdk-cross-account-eventbridge=${join(ROOT, 'src/index.ts')}`,
      `--outfile=${script}`,
    ];
    mustRun(bundle, ROOT, BASE);
    const env = { ...BASE, CDK_OUTDIR: this.assembly, NODE_PATH: join(ROOT, 'node_modules') };
    mustRun([process.execPath, script], ROOT, env);
  }

  public deploy(...stacks: string[]): void {
    const selection = stacks.length > 0 ? [...stacks, '--exclusively'] : ['--all'];
    this.cdk('deploy', ...selection, '--require-approval', 'never', '--concurrency', '4');
  }

  /** What `cdk diff` prints about the template of a stack. */
  public diff(stack: string): string {
    return this.cdk('diff', stack, '--exclusively', '--method', 'template').all;
  }

  /** Destroys all stacks of the app. */
  public destroy(): void {
    this.cdk('destroy', '--all', '--force', '--concurrency', '4');
  }

  /** Destroys a stack that is not in the app any more. */
  public destroyRemoved(stack: string): void {
    this.cdk('destroy', stack, '--exclusively', '--force', '--app', this.assemblyBefore);
  }

  /** The templates of a stack: before the app was changed, and now. */
  public templates(stack: string): any[] {
    return [this.assemblyBefore, this.assembly].map((assembly) =>
      JSON.parse(readFileSync(join(assembly, `${stack}.template.json`), 'utf8')),
    );
  }

  /** The file `event-topology.json` of the app. */
  public get topology(): any {
    return this.topologies[1];
  }

  /** The files: before the app was changed, if it was, and now. */
  public get topologies(): any[] {
    return [this.assemblyBefore, this.assembly].map((assembly) => {
      const file = join(assembly, 'event-topology.json');
      return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
    });
  }

  /** The resources of a stack that are deployed. */
  public resources(stack: string): Promise<StackResource[]> {
    const { account } = this.topology.stacks.find(({ name }: { name: string }) => name === stack);
    return this.cloud(account).resources(stack);
  }

  /** The physical ID of a resource: the only one of a type, or that with a logical ID. */
  public async physicalId(stack: string, typeOrLogicalId: string): Promise<string> {
    const found = (await this.resources(stack)).filter(({ ResourceType, LogicalResourceId }) =>
      [ResourceType, LogicalResourceId].includes(typeOrLogicalId),
    );
    if (found.length !== 1) throw new Error(`${stack} has ${found.length} resources ${typeOrLogicalId}`);
    return found[0].PhysicalResourceId!;
  }

  public cloud(account: string): Cloud {
    return new Cloud(this.emulator.endpoint, this.region, credentialsOf(account));
  }

  private get assembly(): string {
    return join(this.directory, 'cdk.out');
  }

  private get assemblyBefore(): string {
    return join(this.directory, 'cdk.out.before');
  }

  private cdk(...args: string[]): Result {
    const env = environmentOf(this.emulator, this.account, this.region);
    const app = args.includes('--app') ? [] : ['--app', this.assembly];
    return mustRun([...CDK, ...args, ...app, ...OPTIONS], this.directory, env);
  }
}
