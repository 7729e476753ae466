/**
 * Synthesizes an example with the checks, and prints what its templates allow and deliver.
 *
 * The decisions are evaluated by the library's checks.
 */
import { App, AppProps } from 'aws-cdk-lib';
import { eventBackbone } from './event-backbone/app';
import { orderToInvoice } from './order-to-invoice/app';
import { AppIndex } from '../../src/app-model/app-index';
import { AppModel, EventBus, Role } from '../../src/app-model/app-model';
import {
  allowedEventsOf,
  authorizePutEvents,
  evaluateDelivery,
  rulesFor,
} from '../../src/checks/delivery/lib/put-events';
import { EventEnvelope } from '../../src/eventbridge/event-pattern';
import { Evaluation } from '../../src/iam/evaluate';
import { documentSize } from '../../src/iam/policy-size';

const EXAMPLES: { readonly [name: string]: (props: AppProps) => App } = {
  'order-to-invoice': orderToInvoice,
  'event-backbone': eventBackbone,
};

function main([name]: string[]): void {
  const names = name === undefined ? Object.keys(EXAMPLES) : [name];
  const unknown = names.find((n) => !(n in EXAMPLES));
  if (unknown !== undefined) {
    throw new Error(`there is no example '${unknown}': choose one of ${Object.keys(EXAMPLES).join(', ')}`);
  }
  const failures = names.map(show).reduce((a, b) => a + b, 0);
  process.exitCode = failures > 0 ? 1 : 0;
}

/** Prints one example and returns the number of its problems. */
function show(name: string): number {
  const example = EXAMPLES[name]({ outdir: `cdk.out/${name}`, analyticsReporting: false });
  const assembly = example.synth();
  const app = AppIndex.of(example);
  const findings = assembly.stacks.flatMap((stack) => stack.messages).filter((m) => m.level !== 'info');
  const report = [...publishers(app), ...buses(app.model), ...functions(app)];
  console.log(`\n${name}\n${'='.repeat(name.length)}`);
  for (const { text } of report) console.log(text);
  console.log(`\nChecks: ${findings.length === 0 ? 'nothing found' : ''}`);
  for (const { level, id, entry } of findings) console.log(`  ${level} ${id}: ${String(entry.data)}`);
  console.log('\nTemplates');
  for (const stack of assembly.stacks) {
    console.log(`  ${stack.environment.account}  ${stack.templateFullPath.replace(`${process.cwd()}/`, '')}`);
  }
  return findings.length + report.filter(({ wrong }) => wrong).length;
}

interface Line {
  readonly text: string;
  readonly wrong?: boolean;
}

function publishers(app: AppIndex): Line[] {
  const { model } = app;
  const publishing = model.roles.filter((role) => !isForRules(model, role));
  const rows = publishing.flatMap((role) =>
    model.eventBuses.flatMap((bus) =>
      allowedEventsOf(role, bus.arn).map((event) => {
        const evaluation = authorizePutEvents(app, role, bus.arn, event);
        return line(
          `  ${role.construct.node.path.replace(/\/Resource$/, '')} (${role.account}) puts ${titleOf(event)}` +
            ` on bus '${bus.name}'`,
          evaluation,
        );
      }),
    ),
  );
  return [{ text: '\nPublishers' }, ...rows];
}

function buses(model: AppModel): Line[] {
  const rows = model.eventBuses.flatMap((bus) => {
    const statements = model.eventBusStatements.filter((s) => s.resourceArn === bus.arn);
    const size =
      statements.length === 0
        ? 'allows no other account'
        : `policy of ${documentSize(statements.map((s) => s.statement)).estimate} characters`;
    return [
      { text: `  ${bus.name} (${bus.account}): ${size}` },
      ...statements.map((s) => ({ text: `    ${s.id}: ${JSON.stringify(s.statement)}` })),
    ];
  });
  return [{ text: '\nBuses' }, ...rows];
}

/** Every event that a publisher is allowed to put, followed over the rules to the functions. */
function functions(app: AppIndex): Line[] {
  const { model } = app;
  const starts = model.roles
    .filter((role) => !isForRules(model, role))
    .flatMap((role) =>
      model.eventBuses.flatMap((bus) =>
        allowedEventsOf(role, bus.arn)
          .filter((event) => authorizePutEvents(app, role, bus.arn, event).decision === 'allowed')
          .flatMap((event) => follow(app, bus, event, [])),
      ),
    );
  return [{ text: '\nFunctions' }, ...starts];
}

function follow(app: AppIndex, bus: EventBus, event: EventEnvelope, path: string[]): Line[] {
  if (path.includes(bus.name)) return [];
  const here = [...path, bus.name];
  return rulesFor(app, bus, event).flatMap((rule) =>
    rule.targets.flatMap((target) => {
      const evaluation = evaluateDelivery(app, rule, target, event);
      const next = app.bus(target.arn);
      if (next && evaluation.decision === 'allowed') return follow(app, next, event, here);
      const fn = app.function(target.arn);
      const to = fn ? `${fn.construct.node.path.replace(/\/Resource$/, '')} (${fn.account})` : target.arn;
      return [line(`  ${titleOf(event)} from ${event.account} over ${here.join(' > ')} to ${to}`, evaluation)];
    }),
  );
}

/** Whether rules use a role: such a role publishes no events by itself. */
function isForRules(model: AppModel, role: Role): boolean {
  return model.rules.some((rule) => rule.targets.some((target) => target.roleArn === role.arn));
}

function line(text: string, { decision, reason }: Evaluation): Line {
  return { text: `${text}: ${decision} (${reason})`, wrong: decision !== 'allowed' };
}

function titleOf(event: EventEnvelope): string {
  return [event.source ?? 'any source', event['detail-type'] ?? 'any detail type'].join(' / ');
}

main(process.argv.slice(2));
