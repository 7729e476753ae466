/**
 * Synthesizes an example with the checks on, and tells what its templates allow and deliver.
 *
 * The answers are worked out from what was synthesized, by the model and the rules behind the library's checks.
 */
import { App, AppProps } from 'aws-cdk-lib';
import { eventBackbone } from './event-backbone/app';
import { orderToInvoice } from './order-to-invoice/app';
import { AppIndex } from '../../src/app-model/app-index';
import { AppModel, EventBus, Role } from '../../src/app-model/app-model';
import { eventsOf, authorizePutEvents, isDelivered, rulesFor } from '../../src/checks/delivery/lib/put-events';
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

/** Prints one example; gives the number of things that are wrong with it. */
function show(name: string): number {
  const app = EXAMPLES[name]({ outdir: `cdk.out/${name}`, analyticsReporting: false });
  const assembly = app.synth();
  const world = AppIndex.of(app);
  const findings = assembly.stacks.flatMap((stack) => stack.messages).filter((m) => m.level !== 'info');
  const report = [...publishers(world), ...buses(world.model), ...functions(world)];
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

function publishers(world: AppIndex): Line[] {
  const { model } = world;
  const publishing = model.roles.filter((role) => !isForRules(model, role));
  const rows = publishing.flatMap((role) =>
    model.eventBuses.flatMap((bus) =>
      eventsOf(role, bus.arn).map((event) => {
        const answer = authorizePutEvents(world, role, bus.arn, event);
        return line(
          `  ${role.construct.node.path.replace(/\/Resource$/, '')} (${role.account}) puts ${titleOf(event)}` +
            ` on bus '${bus.name}'`,
          answer,
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
        ? 'lets in no other account'
        : `policy of ${documentSize(statements.map((s) => s.statement)).estimate} characters`;
    return [
      { text: `  ${bus.name} (${bus.account}): ${size}` },
      ...statements.map((s) => ({ text: `    ${s.id}: ${JSON.stringify(s.statement)}` })),
    ];
  });
  return [{ text: '\nBuses' }, ...rows];
}

/** Every event that a publisher may put, followed over the rules to the functions. */
function functions(world: AppIndex): Line[] {
  const { model } = world;
  const starts = model.roles
    .filter((role) => !isForRules(model, role))
    .flatMap((role) =>
      model.eventBuses.flatMap((bus) =>
        eventsOf(role, bus.arn)
          .filter((event) => authorizePutEvents(world, role, bus.arn, event).decision === 'allowed')
          .flatMap((event) => follow(world, bus, event, [])),
      ),
    );
  return [{ text: '\nFunctions' }, ...starts];
}

function follow(world: AppIndex, bus: EventBus, event: EventEnvelope, way: string[]): Line[] {
  if (way.includes(bus.name)) return [];
  const here = [...way, bus.name];
  return rulesFor(world, bus, event).flatMap((rule) =>
    rule.targets.flatMap((target) => {
      const answer = isDelivered(world, rule, target, event);
      const next = world.bus(target.arn);
      if (next && answer.decision === 'allowed') return follow(world, next, event, here);
      const fn = world.function(target.arn);
      const to = fn ? `${fn.construct.node.path.replace(/\/Resource$/, '')} (${fn.account})` : target.arn;
      return [line(`  ${titleOf(event)} from ${event.account} over ${here.join(' > ')} to ${to}`, answer)];
    }),
  );
}

/** Roles that rules send events on with publish nothing by themselves. */
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
