import { ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { listenersOf } from './listeners';
import { BASE, DIRECTORY } from './machine';
import { Skipped } from '../support/checklist';
import { mustRun, run } from '../support/programs';
import { ROOT } from '../support/repository';

const REQUIREMENTS = join(__dirname, 'requirements.txt');
const LOG = join(DIRECTORY, 'localstack.log');

/**
 * Installs LocalStack and what it needs, in exact versions, unless it is in the cache.
 *
 * @returns the folder of the virtual environment
 */
export function installEmulator(): string {
  if (process.platform !== 'linux') throw new Skipped('the addresses on which it listens are read from Linux');
  const version = spawnSync('python3', ['-c', 'import ensurepip, venv, sys; print(*sys.version_info[:2])']);
  if (version.status !== 0) throw new Skipped('python3 with the modules ensurepip and venv is not installed');
  const [major, minor] = version.stdout.toString().split(' ').map(Number);
  if (major !== 3 || minor < 11 || minor > 13) {
    throw new Skipped(`python3 is ${major}.${minor}, but must be 3.11 to 3.13`);
  }

  const hash = createHash('sha256').update(readFileSync(REQUIREMENTS)).update(`${minor}`).digest('hex').slice(0, 12);
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const directory = join(cache, 'cdk-cross-account-eventbridge', `localstack-${hash}`);
  const complete = join(directory, 'complete');
  if (existsSync(complete)) return directory;
  rmSync(directory, { recursive: true, force: true });
  mustRun(['python3', '-m', 'venv', directory], ROOT);
  const options = ['--quiet', '--retries', '2', '--no-deps', '--no-compile', '--disable-pip-version-check'];
  const pip = run([join(directory, 'bin/pip'), 'install', ...options, '--requirement', REQUIREMENTS], ROOT);
  if (pip.status !== 0) throw new Skipped(`LocalStack cannot be installed:\n${pip.all.slice(-1000)}`);
  writeFileSync(complete, '');
  return directory;
}

/** LocalStack, as one process that listens on the loopback interface alone. */
export class Emulator {
  /** Starts LocalStack on a free port, and waits until it listens. */
  public static async start(directory: string): Promise<Emulator> {
    const port = await freePort();
    const log = openSync(LOG, 'w');
    const child = spawn(join(directory, 'bin/python'), [join(__dirname, 'start_localstack.py')], {
      cwd: DIRECTORY,
      env: {
        ...BASE,
        NODE_PATH: join(ROOT, 'node_modules'),
        GATEWAY_LISTEN: `127.0.0.1:${port}`,
        LOCALSTACK_HOST: `127.0.0.1:${port}`,
        LOCALSTACK_VOLUME_DIR: join(DIRECTORY, 'volume'),
        GATEWAY_SERVER: 'hypercorn',
        DNS_ADDRESS: '0',
        DISABLE_EVENTS: '1',
        SKIP_SSL_CERT_DOWNLOAD: '1',
      },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const emulator = new Emulator(port, child);
    for (let tries = 0; tries < 300 && emulator.isRunning; tries++) {
      if (emulator.listeners.length > 0) return emulator;
      await setTimeout(300);
    }
    await emulator.stop();
    throw new Error(`LocalStack does not start:\n${emulator.log}`);
  }

  private constructor(
    private readonly port: number,
    private readonly process: ChildProcess,
  ) {}

  public get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The addresses on which LocalStack and its child processes listen. */
  public get listeners(): string[] {
    return listenersOf(this.process.pid!);
  }

  /** The end of the log. */
  public get log(): string {
    return readFileSync(LOG, 'utf8').slice(-3000);
  }

  /** Ends LocalStack, which writes no more files after that. */
  public async stop(): Promise<void> {
    if (!this.isRunning) return;
    const end = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    await Promise.race([end, setTimeout(15_000, undefined, { ref: false })]);
    if (this.isRunning) this.process.kill('SIGKILL');
    await end;
  }

  private get isRunning(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }
}

/** A port that no process listens on. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
