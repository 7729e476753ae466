import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Environment, Result, mustRun, run } from '../support/programs';
import { ROOT } from '../support/repository';

export const LIBRARY = 'cdk-cross-account-eventbridge';

const NO_NETWORK = ['unshare', '--user', '--map-root-user', '--net'];

/** Whether programs run here without any network interface. Elsewhere, a proxy that does not exist must do. */
export const hasNoNetwork = spawnSync(NO_NETWORK[0], [...NO_NETWORK.slice(1), 'true']).status === 0;

const OFFLINE: Environment = {
  AWS_EC2_METADATA_DISABLED: 'true',
  CDK_DISABLE_CLI_TELEMETRY: 'true',
  HTTPS_PROXY: 'http://127.0.0.1:9',
  HTTP_PROXY: 'http://127.0.0.1:9',
  JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20',
};

/** The folder of one consumer, with packages. */
export class Project {
  constructor(
    public readonly directory: string,
    private readonly cli: string,
  ) {}

  public path(...names: string[]): string {
    return join(this.directory, ...names);
  }

  /** The folder of the library, as npm installed it. */
  public library(...names: string[]): string {
    return this.path('node_modules', LIBRARY, ...names);
  }

  public read(...names: string[]): string {
    return readFileSync(this.path(...names), 'utf8');
  }

  public json(...names: string[]): any {
    return JSON.parse(this.read(...names));
  }

  public run(command: string[], env: Environment = {}): Result {
    const variables = { ...process.env, ...OFFLINE, ...env };
    return run(hasNoNetwork ? [...NO_NETWORK, ...command] : command, this.directory, variables);
  }

  public cdk(args: string[], env: Environment = {}): Result {
    return this.run([process.execPath, this.cli, ...args, '--no-notices', '--no-color'], env);
  }

  /** `cdk synth` of an app, to a directory of its own. */
  public synth(app: string, output: string, env: Environment = {}): Result {
    return this.cdk(['synth', '--quiet', '--app', `node ${app}`, '--output', output], env);
  }

  /** A second project with the same packages, by hard links. */
  public copy(name: string): Project {
    const directory = join(this.directory, '..', name);
    cpSync(this.directory, directory, { recursive: true, filter: (path) => !/node_modules|\.out$/.test(path) });
    mustRun(['cp', '-al', this.path('node_modules'), join(directory, 'node_modules')], ROOT);
    return new Project(directory, this.cli);
  }

  /** Gives the library a copy of the CDK of its own, as `npm link` and some workspaces do. */
  public addCopyForLibrary(other: Project): void {
    mkdirSync(this.library('node_modules'));
    for (const name of ['aws-cdk-lib', 'constructs', '@aws-cdk']) {
      mustRun(['cp', '-al', other.path('node_modules', name), this.library('node_modules', name)], ROOT);
    }
  }
}

/** A temporary directory, in which npm installs what consumers install. */
export class Machine {
  public readonly directory = mkdtempSync(join(tmpdir(), 'consumer-'));

  /** A folder with a `package.json` and the apps, in which npm installs packages. Peer dependencies must fit. */
  public install(name: string, packages: string[]): Project {
    const project = new Project(
      join(this.directory, name),
      join(this.directory, 'newest/node_modules/aws-cdk/bin/cdk'),
    );
    mkdirSync(project.directory);
    writeFileSync(project.path('package.json'), JSON.stringify({ name, version: '1.0.0', private: true }));
    cpSync(join(__dirname, 'apps'), project.directory, { recursive: true });
    const options = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', '--strict-peer-deps'];
    mustRun(['npm', 'install', ...options, ...packages], project.directory);
    mustRun(['npm', 'ls', '--all'], project.directory);
    cpSync(project.library('examples'), project.path('examples'), { recursive: true });
    if (existsSync(project.library('node_modules'))) throw new Error('npm installed packages below the library');
    return project;
  }

  public remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
