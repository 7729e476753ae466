/**
 * What the page of an app with about 300 elements costs: the time to write it with the command, the time until a
 * browser has drawn it, and its size; and the time of the command `diff` for two versions of that app. Run it with
 * `npm run bench:page`. Exits with 1 if a bound is missed, which `--without-bounds` leaves out.
 *
 * The bounds are judged by processor time, as those of `npm run bench`: that of the process that writes the page, and
 * that of the browser's main thread. The browser's part is left out where there is no Chromium.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { App } from 'aws-cdk-lib';
import { CfnEventBusPolicy, CfnRule } from 'aws-cdk-lib/aws-events';
import { benchApp } from './synth/app';
import { run } from '../src/cli/main';
import { hasChromium, launchBrowser, openPage } from '../test/page-in-browser/browser';

/** One hub and four spokes have 298 elements. */
const STACKS = 5;

interface Figure {
  readonly what: string;
  readonly value: number;
  readonly atMost: number;
  readonly unit: 's' | 'MB' | 'elements';
  readonly remark?: string;
}

function measureWriting(assembly: string, file: string): Figure[] {
  const { clock, value } = measured(['page', assembly, '-o', file]);
  const remark = `${clock} s by the clock; with reading and checking the app`;
  return [
    { what: 'the page is written in', value, atMost: 2, unit: 's', remark },
    { what: 'its size is', value: statSync(file).size / 1e6, atMost: 3, unit: 'MB' },
  ];
}

/** What a call of the command costs, in seconds. */
function measured(args: string[]): { value: number; clock: string; output: string } {
  let output = '';
  const [cpu, start] = [process.cpuUsage(), performance.now()];
  const status = run(args, { out: (text) => (output += text), err: (text) => process.stderr.write(text) });
  const { user, system } = process.cpuUsage(cpu);
  const clock = ((performance.now() - start) / 1000).toFixed(2);
  if (status !== 0) throw new Error(`${args[0]} has the exit status ${status}`);
  return { value: (user + system) / 1e6, clock, output };
}

/** A third of the rules have another pattern, and a bus has no policy any more: thousands of deliveries change. */
function changedApp(outdir: string): App {
  const app = benchApp(STACKS, { outdir });
  const constructs = app.node.findAll();
  const rules = constructs.filter((construct) => CfnRule.isCfnRule(construct));
  for (const rule of rules.filter((_, index) => index % 3 === 0)) {
    rule.addPropertyOverride('EventPattern.source', ['com.example.other']);
  }
  const policy = constructs.find((construct) => CfnEventBusPolicy.isCfnEventBusPolicy(construct))!;
  policy.node.scope!.node.tryRemoveChild(policy.node.id);
  return app;
}

function measureDiff(before: string, after: string): Figure[] {
  const { clock, output, value } = measured(['diff', before, after]);
  const [, changes] = /(\d+) deliveries removed/.exec(output) ?? [];
  if (Number(changes ?? 0) < 1000) throw new Error(`the versions differ too little: ${output.slice(0, 200)}`);
  const remark = `${clock} s by the clock; with reading and checking both, ${changes} deliveries removed`;
  return [{ what: 'two versions are compared in', value, atMost: 3, unit: 's', remark }];
}

async function measureDrawing(file: string): Promise<Figure[]> {
  if (!hasChromium) {
    console.warn('Chromium is missing: THE DRAWING IS NOT MEASURED');
    return [];
  }
  const browser = await launchBrowser();
  try {
    // The first page of a browser is slower.
    await openPage(browser, file);
    const context = await browser.newContext();
    const session = await context.newCDPSession(await context.newPage());
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const [page] = context.pages();
    const start = performance.now();
    await page.goto(`file://${file}`);
    await page.waitForSelector('body.drawn');
    const clock = (performance.now() - start) / 1000;
    const { metrics } = await session.send('Performance.getMetrics');
    const value = metrics.find(({ name }) => name === 'TaskDuration')!.value;
    const elements = await page.locator('.node').count();
    return [
      { what: 'the browser draws it in', value, atMost: 2, unit: 's', remark: `${clock.toFixed(2)} s by the clock` },
      { what: 'it shows', value: elements, atMost: 400, unit: 'elements' },
    ];
  } finally {
    await browser.close();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { 'without-bounds': { type: 'boolean', default: false } } });
  const directory = mkdtempSync(join(tmpdir(), 'bench-page-'));
  try {
    const [assembly, file] = [join(directory, 'app/cdk.out'), join(directory, 'page.html')];
    benchApp(STACKS, { outdir: assembly }).synth();
    const after = join(directory, 'changed/cdk.out');
    changedApp(after).synth();
    const figures = [
      ...measureWriting(assembly, file),
      ...measureDiff(assembly, after),
      ...(await measureDrawing(file)),
    ];
    for (const { what, value, atMost, unit, remark } of figures) {
      const shown = unit === 'elements' ? String(value) : value.toFixed(2);
      const bound = unit === 'elements' ? '' : `, at most ${atMost} ${unit}`;
      console.log(`${what} ${shown} ${unit}${bound}${remark === undefined ? '' : ` (${remark})`}`);
    }
    if (!values['without-bounds'] && figures.some(({ value, atMost }) => value > atMost)) process.exitCode = 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

if (require.main === module) void main();
