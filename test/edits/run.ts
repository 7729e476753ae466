/**
 * Makes edits in worlds of several apps, and compares what the apps and the command report with what the delivery
 * oracle answers. It does what errors say, and expects that nothing is reported then. Prints a line for each edit, `✗`
 * if something does not agree, and the numbers; exits with 1 if something does not agree.
 *
 * npm run test:edits -- [APPS] [EDIT]
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { Contents, Found, check, diff, synthesize } from './findings';
import { fixByMessages } from './fixes';
import { changedAnswers } from './oracle-answers';
import { Edit, World } from './world';
import { WORLDS } from './worlds';

const ROOT = mkdtempSync(join(tmpdir(), 'edits-'));
const WAYS = { dirs: (d: string) => d, files: (d: string) => join(d, 'event-topology.json') };
type Way = keyof typeof WAYS;

const set = (found: Found[], prefix = '') => [...new Set(found.map((f) => prefix + f.what))].sort();
const same = (a: string[], b: string[]) => JSON.stringify(a) === JSON.stringify(b);

interface Outcome {
  world: string;
  title: string;
  effect: string;
  edited?: string;
  finds: string[];
  command: string[];
  problems: string[];
  questions: readonly any[];
  accounts?: object;
  assemblies: string[];
  oracleNote?: string;
  texts: string[];
}

/** Writes the plain stacks of an app as templates in YAML. */
function templatesOf(directory: string, name: string, world: World, content: any): string[] | undefined {
  if (!world.apps[name].plain) return undefined;
  const stacks = Object.entries<any>(content);
  if (stacks.some(([, s]) => s.nested || s.stage || !s.env.account)) return undefined;
  return stacks.map(([id, { env, resources, sections }], i) => {
    const file = join(directory, `${name}-${id}.${i % 2 ? 'json' : 'yaml'}`);
    const template = { ...sections, Resources: resources };
    writeFileSync(file, i % 2 ? JSON.stringify(template) : stringify(template));
    return `${file}@${env.account}/${env.region}`;
  });
}

class Runner {
  private readonly outcomes: Outcome[] = [];
  private count = 0;
  private healthyPaths: { [app: string]: string } = {};

  constructor(private readonly world: World) {}

  public run(only?: string): Outcome[] {
    const { world } = this;
    const names = Object.keys(world.apps);
    const healthy: Contents = Object.fromEntries(names.map((n) => [n, structuredClone(world.apps[n].content)]));
    const base = join(ROOT, world.name);
    mkdirSync(base, { recursive: true });
    const out: { [app: string]: string } = {};
    const alone: { [app: string]: Found[] } = {};
    for (const name of names) {
      out[name] = join(base, 'healthy', name, 'cdk.out');
      alone[name] = synthesize(world, name, healthy[name], undefined, out[name]).found;
    }
    this.healthyPaths = { ...out };
    this.evaluate(
      { title: '(healthy)', effect: 'harmless', app: names[0], change: () => undefined },
      healthy,
      healthy,
      out,
      alone,
      alone[names[0]],
    );
    for (const edit of world.edits) {
      if (only && !edit.title.includes(only)) continue;
      const contents = { ...healthy, [edit.app]: structuredClone(healthy[edit.app]) };
      edit.change(contents[edit.app]);
      const directory = join(base, `e${this.count++}`);
      const outdir = join(directory, edit.app, 'cdk.out');
      let aloneNow: Found[];
      try {
        aloneNow = synthesize(world, edit.app, contents[edit.app], undefined, outdir).found;
      } catch (error) {
        this.outcomes.push(
          this.outcome(edit, [
            `(THROWS ${String((error as Error).message)
              .split('\n')
              .slice(0, 3)
              .join(' ')})`,
          ]),
        );
        continue;
      }
      const paths = { ...out, [edit.app]: outdir };
      this.evaluate(edit, healthy, contents, paths, alone, aloneNow);
      this.fixed(edit, contents);
    }
    return this.outcomes;
  }

  private outcome(edit: Edit, problems: string[]): Outcome {
    return {
      world: this.world.name,
      title: edit.title,
      effect: edit.effect,
      edited: edit.app,
      finds: [],
      command: [],
      problems,
      questions: [],
      assemblies: [],
      texts: [],
    };
  }

  /** The findings of all apps that know each other. */
  private among(contents: Contents, pathOf: (app: string) => string): { [app: string]: Found[] } {
    const names = Object.keys(this.world.apps);
    return Object.fromEntries(
      names.map((name) => {
        const others = this.world.reads?.[name] ?? names.filter((n) => n !== name);
        const found = synthesize(this.world, name, contents[name], others.map(pathOf)).found;
        return [name, found];
      }),
    );
  }

  private evaluate(
    edit: Edit,
    healthy: Contents,
    contents: Contents,
    paths: { [app: string]: string },
    alone: { [app: string]: Found[] },
    aloneNow: Found[],
  ): void {
    const { world } = this;
    const names = Object.keys(world.apps);
    const problems: string[] = [];
    const before = (o: string) => o.replace('(before)', '');
    const by = (way: Way) =>
      this.among(contents, (o) => WAYS[way](o.endsWith('(before)') ? this.healthyPaths[before(o)] : paths[o]));
    const dirs = by('dirs');
    const files = by('files');
    const flat = (found: { [app: string]: Found[] }) => names.flatMap((n) => set(found[n], `${n}: `)).sort();
    const places = (found: { [app: string]: Found[] }) =>
      names.flatMap((n) => found[n].map((f) => `${f.what} ${f.at}`)).sort();
    const finds = flat(dirs);
    if (!same(places(dirs), places(files))) {
      problems.push(`DIRS≠FILES dirs=${places(dirs).join('; ')} files=${places(files).join('; ')}`);
    }

    const withArgs = (n: string, p: string) => (world.args?.[n] ? `${p}@${world.args[n]}` : p);
    const commands: { [how: string]: string[] } = {
      dirs: names.map((n) => withArgs(n, paths[n])),
      files: names.map((n) => withArgs(n, WAYS.files(paths[n]))),
      mixed: names.map((n, i) => withArgs(n, i % 2 ? paths[n] : WAYS.files(paths[n]))),
    };
    const directory = mkdtempSync(join(ROOT, 'templates-'));
    const templates = names.map((n) => templatesOf(directory, n, world, contents[n]));
    if (templates.every((t) => t)) commands.yaml = templates.flatMap((t) => t!);
    const results = Object.entries(commands).map(([how, c]) => ({ how, ...check(c, world.options) }));
    const [first, ...others] = results;
    const command = set(first.found);
    for (const r of results) if (r.status > 1) problems.push(`COMMAND ${r.how}: ${r.err.trim()}`);
    for (const r of others) {
      // The file does not have resources that are not about events, and templates alone have no order of stacks.
      const norm = (f: Found[]) => set(f).filter((w) => !w.includes('targetPolicyDependencyMissing'));
      if (!same(norm(r.found), norm(first.found))) {
        problems.push(`COMMAND ${r.how}≠${first.how}: ${set(r.found).join(', ')} ≠ ${command.join(', ')}`);
      }
    }
    const fromApps = [...new Set(finds.map((f) => f.replace(/^[\w-]+: /, '')))].sort();
    // The command reports a cause once, and an app does not see the cause in another one.
    const isCovered =
      edit.differs !== undefined ||
      (command.every((c) => fromApps.includes(c)) && command.some((c) => c.startsWith('error')));
    if (!same(fromApps, command)) {
      problems.push(`${isCovered ? '(' : ''}APPS≠COMMAND apps=${fromApps.join(', ')} command=${command.join(', ')}`);
    }

    const warned = (found: Found[]) => found.map((f) => `${f.what}:${f.fingerprint ?? ''}`).sort();
    if (edit.effect === 'harmless') {
      const expected = [...(world.silent ?? []), ...(edit.finds ?? [])].sort();
      if (!same(finds, expected)) problems.push(`NOT SILENT: ${finds.join(', ')}`);
      if (edit.title !== '(healthy)' && !edit.needChanges && !same(warned(aloneNow), warned(alone[edit.app]))) {
        problems.push(`FINGERPRINT CHANGED: ${warned(alone[edit.app]).join()} → ${warned(aloneNow).join()}`);
      }
    } else {
      const expected = world.silent ?? [];
      const news = finds.filter((e) => !expected.includes(e));
      if ((news.length === 0) !== (edit.unreported !== undefined)) {
        problems.push(`MISSED by the apps: ${finds.join(', ')}`);
      }
      if (command.filter((c) => !expected.some((e) => e.endsWith(c))).length === 0 && !edit.unreported) {
        problems.push(`MISSED by the command: ${command.join(', ')}`);
      }
      if (edit.effect === 'breaks' && news.length > 0 && !news.some((f) => f.includes(': error '))) {
        problems.push('(warnings only)');
      }
      if (same(warned(aloneNow), warned(alone[edit.app])) && edit.alone !== 'unchanged need' && !edit.unreported) {
        problems.push(`ALONE SILENT: ${warned(aloneNow).join()}`);
      } else if (edit.alone === 'unchanged need' && !same(warned(aloneNow), warned(alone[edit.app]))) {
        problems.push(
          `(alone does report: ${warned(aloneNow)
            .filter((w) => !warned(alone[edit.app]).includes(w))
            .join()})`,
        );
      }
    }
    if (edit.finds && edit.effect !== 'harmless' && !same(finds, [...edit.finds].sort())) {
      problems.push(`OTHER FINDINGS: ${finds.join(', ')} expected ${[...edit.finds].sort().join(', ')}`);
    }
    if (edit.unreported === 'a choice') {
      const withOthers = names.filter((n) => n !== edit.app).flatMap((n) => ['--with', paths[n]]);
      const status = diff([
        this.healthyPaths[edit.app],
        paths[edit.app],
        ...withOthers,
        '--fail-on',
        'removed-delivery',
      ]);
      if (status !== 1) problems.push(`DIFF: exit status ${status}`);
    }
    void healthy;
    this.outcomes.push({
      ...this.outcome(edit, problems),
      finds,
      command,
      questions: world.questions,
      accounts: world.accounts,
      assemblies: names.map((n) => paths[n]),
      oracleNote: edit.oracle,
      texts: names.flatMap((n) =>
        dirs[n].map((f) => `${n} ${f.what} ${f.at}\n      ${f.text.replace(/\n/g, '\n      ')}`),
      ),
    });
  }

  private fixed(edit: Edit, contents: Contents): void {
    const fixed = structuredClone(contents);
    const { finds: reported, texts } = this.outcomes[this.outcomes.length - 1];
    if (edit.fix) for (const [app, change] of Object.entries(edit.fix)) change(fixed[app]);
    else if (edit.effect !== 'breaks' || !fixByMessages(this.world, fixed, reported, texts)) return;
    const directory = mkdtempSync(join(ROOT, 'fixed-'));
    const paths = Object.fromEntries(
      Object.keys(fixed).map((n) => [
        n,
        synthesize(this.world, n, fixed[n], undefined, join(directory, n, 'cdk.out')).directory,
      ]),
    );
    const found = this.among(fixed, (o) => paths[o.replace('(before)', '')]);
    const finds = Object.keys(fixed)
      .flatMap((n) => set(found[n], `${n}: `))
      .sort();
    const problems = same(finds, [...(this.world.silent ?? []), ...(edit.leaves ?? [])])
      ? []
      : [`FIX FAILS: ${finds.join(', ')}`];
    this.outcomes.push({
      ...this.outcome(
        {
          ...edit,
          title: `${edit.title} → fixed`,
          effect: 'harmless',
          oracle: edit.oracle ?? (edit.leaves && 'the questions have the old names'),
        },
        problems,
      ),
      finds,
      questions: this.world.questions,
      oracleNote: edit.oracle ?? (edit.leaves && 'the questions have the old names'),
      accounts: this.world.accounts,
      assemblies: Object.values(paths),
      texts: Object.keys(fixed).flatMap((n) => found[n].map((f) => `${n} ${f.what} ${f.at}\n      ${f.text}`)),
    });
  }
}

const [onlyWorld, onlyEdit] = process.argv.slice(2);
const outcomes = WORLDS.filter((w) => !onlyWorld || w.name === onlyWorld).flatMap((w) => {
  const started = Date.now();
  const result = new Runner(w).run(onlyEdit);
  process.stderr.write(`${w.name}: ${result.length} in ${Date.now() - started} ms\n`);
  return result;
});
const answers = changedAnswers(outcomes, join(ROOT, 'asked.json'));
const lines: string[] = [];
const totals = { healthy: 0, edits: 0, fixes: 0, agree: 0, problems: 0 };
outcomes.forEach((o, i) => {
  const changed = answers[i];
  const judged = changed === undefined ? 'not asked' : changed.join(' ; ') || 'unchanged';
  if (changed !== undefined && !o.oracleNote) {
    if (o.effect === 'harmless' && changed.length > 0) o.problems.push(`ORACLE: changed: ${judged.slice(0, 1500)}`);
    if (o.effect !== 'harmless' && changed.length === 0) o.problems.push('ORACLE: nothing changed');
  }
  const real = o.problems.filter((p) => !p.startsWith('('));
  if (o.title === '(healthy)') totals.healthy++;
  else if (o.title.endsWith('→ fixed')) totals.fixes++;
  else totals.edits++;
  if (real.length === 0) totals.agree++;
  else totals.problems++;
  lines.push(`${real.length ? '✗' : '✓'} [${o.world}] ${o.title} (${o.effect}, in ${o.edited})`);
  lines.push(`    finds: ${o.finds.join(', ') || '-'}`);
  lines.push(`    oracle: ${judged.slice(0, 300)}${o.oracleNote ? ` [${o.oracleNote}]` : ''}`);
  for (const p of o.problems) lines.push(`    !! ${p}`);
  if (real.length || process.env.TEXTS) for (const t of o.texts) lines.push(`    > ${t}`);
});
lines.push(JSON.stringify({ worlds: new Set(outcomes.map((o) => o.world)).size, ...totals }));
console.log(lines.join('\n'));
rmSync(ROOT, { recursive: true, force: true });
process.exitCode = totals.problems > 0 ? 1 : 0;
