import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020';
import { assertSilent, idsIn } from './cli-checks';
import { LIBRARY, Project } from './machine';
import { Checklist } from '../support/checklist';

/** Apps of other kinds, and what else the package has for consumers. */
export function checkApps(list: Checklist, release: string, project: Project): void {
  const title = (text: string) => `aws-cdk-lib ${release}: ${text}`;
  const node = (app: string, output: string, env: Record<string, string> = {}) => {
    const result = project.run(['node', app], { CDK_OUTDIR: output, ...env });
    assert.equal(result.status, 0, result.all);
    return result;
  };
  const findings = (output: string): string[] =>
    project
      .json(output, 'event-checks.json')
      .findings.map(({ id, level }: { id: string; level: string }) => `${level} ${id.replace(`${LIBRARY}:`, '')}`);

  list.check(title('cdk synth of an ES module, which imports each name of the library'), () => {
    const result = project.synth('module-app.mjs', 'module.out');
    assert.equal(result.status, 0, result.all);
    assertSilent(result);
    assert.ok(existsSync(project.path('module.out/Hub.template.json')));
  });

  list.check(title('cdk synth of two stages, which CDK Pipelines deploys'), () => {
    const result = project.synth('examples/typescript/delivery-pipeline/main.js', 'pipeline.out');
    assert.equal(result.status, 0, result.all);
    assert.doesNotMatch(result.all, new RegExp(LIBRARY));
    for (const stage of ['Beta', 'Prod']) {
      const { artifacts } = project.json(`pipeline.out/assembly-${stage}/manifest.json`);
      const stacks = Object.values(artifacts).filter((artifact: any) => artifact.type === 'aws:cloudformation:stack');
      assert.equal(stacks.length, 3);
    }
  });

  list.check(title('a permissions boundary of the CDK context is on all roles, and named as unknown'), () => {
    node('boundaries.js', 'context.out', { BOUNDARY: 'context' });
    assert.equal(rolesWithBoundary(project, 'context.out'), 2);
    assert.deepEqual([...new Set(findings('context.out'))], ['warning manuallyCheckPermissionsBoundary']);
  });

  list.check(title('a permissions boundary of an aspect is evaluated'), () => {
    node('boundaries.js', 'allows.out', { BOUNDARY: 'allows' });
    assert.equal(rolesWithBoundary(project, 'allows.out'), 2);
    assert.deepEqual(findings('allows.out'), []);
    const denied = project.run(['node', 'boundaries.js'], { CDK_OUTDIR: 'denies.out', BOUNDARY: 'denies' });
    assert.equal(denied.status, 1, denied.all);
    for (const role of ['Shop/Publisher', 'Shop/RuleRole-\\w+']) {
      assert.match(denied.err, new RegExp(`\\[${role}\\] 'permissionsBoundary' must allow 'events:PutEvents'`));
    }
  });

  list.check(
    title("'check' of the installed command: findings, exit status, and JSON by the schema of the package"),
    () => {
      const command = (...args: string[]) => project.run(['npx', '--offline', LIBRARY, ...args]);
      const warning = command('check', 'cli.out');
      assert.equal(warning.status, 0, warning.all);
      assert.match(warning.out, /manuallyAddEventBusPolicy/);
      const denied = command('check', 'denied.out', '--json');
      assert.equal(denied.status, 1, denied.all);
      const validate = new Ajv2020().compile(project.json('node_modules', LIBRARY, 'docs/check-command.schema.json'));
      assert.ok(validate(JSON.parse(denied.out)), JSON.stringify(validate.errors));
      assert.equal(JSON.parse(denied.out).summary.errors, 1);
      assert.equal(command('check', 'missing.out').status, 2);
    },
  );

  list.check(title("'EventAssertions' in a test of the app"), () => {
    const result = project.run(['node', '--test', '--test-reporter=tap', 'app.test.js']);
    assert.equal(result.status, 0, result.all);
    assert.match(result.out, /# pass 2\n/);
  });
}

/** cdk-nag beside this library: each has its findings and its acknowledgements. */
export function checkBesideNag(list: Checklist, project: Project): void {
  const nag = 'AwsSolutions::AwsSolutions-SQS3';
  const synth = (env: Record<string, string>) => project.synth('beside-cdk-nag.js', 'nag.out', env);
  const own = (ids: string[]) => ids.filter((id) => id.includes(LIBRARY));

  const id = list.check('beside cdk-nag, cdk synth shows the findings of both', () => {
    const result = synth({});
    assert.equal(result.status, 1, result.all);
    const [first, ...others] = own(idsIn(result));
    assert.deepEqual([idsIn(result).filter((one) => !one.includes(LIBRARY)), others], [[nag], []]);
    return first;
  });

  list.check('beside cdk-nag, acknowledged findings of this library do not hide those of cdk-nag', () => {
    const result = synth({ ACKNOWLEDGED: String(id).replace('Annotation::', '') });
    assert.deepEqual([idsIn(result), result.status], [[nag], 1]);
  });

  list.check('beside cdk-nag, acknowledged findings of cdk-nag do not hide those of this library', () => {
    const result = synth({ VALIDATIONS: 'AwsSolutions-SQS3' });
    assert.deepEqual([idsIn(result), result.status], [[id], 0]);
  });

  list.check('beside cdk-nag, all findings are acknowledged by the IDs that cdk synth shows', () => {
    const result = synth({ VALIDATIONS: `${nag},${id}` });
    assert.equal(result.status, 0, result.all);
    assertSilent(result);
  });

  list.check('beside cdk-nag, the plugin of this library shows the findings of both', () => {
    const result = synth({ PLUGIN: 'true' });
    assert.equal(result.status, 1, result.all);
    assert.match(result.all, /AwsSolutions-SQS3/);
    assert.match(result.all, /manuallyAddEventBusPolicy/);
  });
}

/** The number of roles in the stacks of an app, all of which must have a permissions boundary. */
function rolesWithBoundary(project: Project, output: string): number {
  const resources = ['Hub', 'Shop'].flatMap((stack) =>
    Object.values<any>(project.json(output, `${stack}.template.json`).Resources),
  );
  const roles = resources.filter(({ Type }) => Type === 'AWS::IAM::Role');
  for (const { Properties } of roles) assert.ok(Properties.PermissionsBoundary, JSON.stringify(Properties));
  return roles.length;
}
