import assert from 'node:assert/strict';
import { LIBRARY, Project } from './machine';
import { Checklist } from '../support/checklist';
import { Result } from '../support/programs';

/** What `cdk synth` and `cdk diff` show in the terminal of a consumer. */
export function checkCli(list: Checklist, release: string, project: Project): void {
  const synth = (env: Record<string, string>, output = 'cli.out') => project.synth('hub-and-shop.js', output, env);
  const title = (text: string) => `aws-cdk-lib ${release}: ${text}`;

  const id = list.check(title('cdk synth shows a finding, and an ID to acknowledge it'), () => {
    const result = synth({});
    assert.equal(result.status, 0, result.all);
    assert.match(result.all, /PutEvents is denied until the policy of bus arn:aws:events:eu-west-1:444444444444:/);
    const ids = idsIn(result);
    assert.equal(ids.length, 1, result.all);
    assert.match(ids[0], new RegExp(`^(Annotation::)?${LIBRARY}:manuallyAddEventBusPolicy:[0-9a-f]{6}$`));
    return ids[0];
  });

  list.check(title('the finding is not shown any more if it is acknowledged by that ID'), () => {
    const result = synth({ ACKNOWLEDGED: String(id).replace('Annotation::', '') }, 'silent.out');
    assert.equal(result.status, 0, result.all);
    assertSilent(result);
  });

  list.check(title('cdk synth fails for an error, and shows it'), () => {
    const result = synth({ DENIED: 'true' }, 'denied.out');
    assert.equal(result.status, 1, result.all);
    assert.match(result.all, /cdk-cross-account-eventbridge:publisherAccessDenied/);
    assert.match(result.all, /Shop\/Denied/);
  });

  const diff = (env: Record<string, string>) => {
    const template = project.path('cli.out/Hub.template.json');
    const output = ['--output', project.path('after.out')];
    const result = project.cdk(
      ['diff', 'Hub', '--app', 'node hub-and-shop.js', '--template', template, ...output],
      env,
    );
    assert.equal(result.status, 0, result.all);
    return changes(result.all);
  };

  list.check(title('cdk diff shows one added principal for an added account, and nothing else'), () => {
    const { headings, added, removed } = diff({ ACCOUNTS: '333333333333,444444444444,555555555555' });
    assert.deepEqual(headings, [
      '[~] AWS::Events::EventBusPolicy Bus/Policy/Accounts',
      '[~] Statement',
      '[~] .Principal:',
      '[~] .AWS:',
    ]);
    assert.deepEqual(removed, []);
    assert.deepEqual(
      added.filter((line) => /:iam:/.test(line)),
      ['":iam::555555555555:root"'],
    );
  });

  // The statement gets its place in the chain of statements: CloudFormation does not update a resource for that.
  list.check(title('cdk diff shows one added statement for the first grant to an organization, and its place'), () => {
    assert.deepEqual(diff({ ORGANIZATION: 'o-a1b2c3d4e5' }).headings, [
      '[+] AWS::Events::EventBusPolicy Bus/Policy/Organizations',
      '[~] AWS::Events::EventBusPolicy Bus/Policy/Roles',
      '[~] DependsOn',
    ]);
  });
}

/** The IDs to acknowledge findings that the CLI shows: newer releases have a line for each. */
export function idsIn({ all }: Result): string[] {
  return [...all.matchAll(/(?:Acknowledge with '|\[ack: )([^'\]]+)/g)].map(([, id]) => id).sort();
}

/** That the CLI shows no finding. */
export function assertSilent({ all }: Result): void {
  assert.doesNotMatch(all, /warning|error|acknowledge|\[ack: /i);
}

/** The resources and properties that `cdk diff` lists, without logical IDs, and the lines that it compares. */
function changes(text: string) {
  const lines = [...text.matchAll(/(\[[-+~]\]) +(.*)/g)].map(([, sign, rest]) => ({ sign, text: rest }));
  const isHeading = (line: string) => /^(AWS::|\.?[A-Z]\w+:?$)/.test(line);
  const headings = lines.filter((line) => isHeading(line.text));
  const compared = (sign: string) =>
    lines.filter((line) => line.sign === sign && !isHeading(line.text)).map((line) => line.text);
  return {
    headings: headings.map((line) => `${line.sign} ${line.text.replace(/(-[0-9a-f]{12})? \w+$/, '')}`),
    added: compared('[+]'),
    removed: compared('[-]'),
  };
}
