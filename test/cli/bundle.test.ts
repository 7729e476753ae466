import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { write } from '../support/command';
import { ROOT } from '../support/repository';

/** The step of the build that writes the file of the command. */
interface Tasks {
  readonly tasks: { readonly [name: string]: { readonly steps: readonly { readonly exec?: string }[] } };
}

describe('the file of the command in the package', () => {
  const { bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { bin: { [name: string]: string } };
  const { tasks } = JSON.parse(readFileSync(join(ROOT, '.projen/tasks.json'), 'utf8')) as Tasks;
  const [, ...args] = tasks['bundle:command'].steps[0].exec!.split(' ');
  const coverage = join(ROOT, 'coverage');
  mkdirSync(coverage, { recursive: true });
  // Within the repository, where Node.js finds the CDK.
  const directory = mkdtempSync(join(coverage, 'command-'));
  const file = join(directory, 'command.js');
  const run = (...given: string[]) => spawnSync(process.execPath, [file, ...given], { encoding: 'utf8' });

  beforeAll(() => {
    const bundle = args.map((arg) => (arg.startsWith('--outfile=') ? `--outfile=${file}` : arg));
    execFileSync(join(ROOT, 'node_modules/.bin/esbuild'), bundle, { cwd: ROOT });
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  test('is the one that the build writes', () => {
    expect(args).toContain(`--outfile=${bin['cdk-cross-account-eventbridge']}`);
  });

  test('requires only the CDK and Node.js', () => {
    const required = [...readFileSync(file, 'utf8').matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name);
    const others = required.filter(
      (name) => !/^(aws-cdk-lib(\/.*)?|constructs|(node:)?(fs|path|util|crypto|net|buffer|process))$/.test(name),
    );

    expect(required.length).toBeGreaterThan(0);
    expect(others).toEqual([]);
  });

  test('prints help, findings and errors', () => {
    const template = write(
      directory,
      'bus.yaml',
      'Resources:\n  Bus:\n    Type: AWS::Events::EventBus\n    Properties: {Name: x}',
    );

    expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('Usage:') });
    expect(run('check', `${template}@111111111111/eu-west-1`)).toMatchObject({
      status: 0,
      stdout: '0 errors, 0 warnings in 1 app\n',
      stderr: '',
    });
    expect(run('check', template)).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/^[^\n]+\n$/),
    });
  });
});
