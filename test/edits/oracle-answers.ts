import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { ORACLE, hasOracle, printSkipped } from '../support/oracle';

/** Questions about several assemblies, and the settings of the oracle. */
interface Asked {
  readonly questions: readonly object[];
  readonly assemblies: readonly string[];
  readonly accounts?: object;
}

/** The questions whose answers are not as expected, with the reasons; undefined where nothing is asked. */
export function changedAnswers(asked: readonly Asked[], file: string): (string[] | undefined)[] {
  if (!hasOracle) {
    printSkipped('what is delivered after each edit');
    return asked.map(() => undefined);
  }
  const input = asked.map(({ questions, assemblies, accounts }) => ({ questions, assemblies, accounts }));
  writeFileSync(file, JSON.stringify(input));
  const code = `
    const { ask } = await import(${JSON.stringify(ORACLE)});
    const { readFileSync } = await import('node:fs');
    const failure = ({ name, answer, reason }) => name + ': ' + JSON.stringify(answer) + ' (' + reason + ')';
    const answers = [];
    for (const { questions, assemblies, accounts } of JSON.parse(readFileSync(${JSON.stringify(file)}, 'utf8'))) {
      if (questions.length === 0 || assemblies.length === 0) {
        answers.push(null);
        continue;
      }
      try {
        const { results } = await ask(assemblies, { accounts, questions });
        answers.push(results.filter((r) => !r.ok).map(failure));
      } catch (e) {
        answers.push(['no answer: ' + e.message]);
      }
    }
    console.log(JSON.stringify(answers));`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(stderr);
  return (JSON.parse(stdout) as (string[] | null)[]).map((answers) => answers ?? undefined);
}
