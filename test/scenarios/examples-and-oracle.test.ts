import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Environment } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { AppIndex } from '../../src/app-model/app-index';
import { EventBus, Role, Rule } from '../../src/app-model/app-model';
import { SynthesizedApp, pathWithin } from '../../src/app-model/assembly';
import { exactEventsOf } from '../../src/checks/delivery/lib/events';
import { allowedEventsOf, authorizePutEvents } from '../../src/checks/delivery/lib/put-events';
import { pathOf } from '../../src/checks/engine/construct-names';
import { targetKindOf } from '../../src/checks/engine/target-kinds';
import { stacksInAssembly } from '../../src/cloud-assembly/read-assembly';
import { addStacks, rootOfStacks } from '../../src/cloud-assembly/stack-constructs';
import { EventEnvelope } from '../../src/eventbridge/event-pattern';
import { EXAMPLES, exampleApp } from '../support/examples';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { ROOT } from '../support/repository';

/** What is asked about an example besides, with the environment of its stacks for any account. */
interface Settings {
  readonly defaults?: Environment;
}

type ExactEvent = Required<Pick<EventEnvelope, 'source' | 'detail-type'>>;

/** What the oracle judges. */
const JUDGED = ['bus', 'function', 'queue'];

/** Targets of other kinds, whose policies `forward-to-any-target.test.ts` evaluates. */
const NOT_JUDGED = ['Fulfillment/PaidOrders'];

/** The apps of an example as they are in their cloud assemblies. */
class World {
  public readonly index: AppIndex;
  private readonly scopes: IConstruct[];

  /** @param environment that of stacks for any account */
  constructor(apps: readonly App[], environment: Environment = {}) {
    const root = rootOfStacks();
    this.scopes = apps.map((app, i) => {
      const scope = new SynthesizedApp(root, `app${i}`);
      const stacks = stacksInAssembly(app.synth().directory);
      addStacks(
        scope,
        stacks.map((stack) => ({
          ...stack,
          account: stack.account ?? environment.account,
          region: stack.region ?? environment.region,
        })),
      );
      return scope;
    });
    this.index = AppIndex.of(root);
  }

  /** The path of a construct in its app. */
  public pathOf(construct: IConstruct): string {
    const scope = this.scopes.find((candidate) => construct.node.scopes.includes(candidate))!;
    return pathWithin(scope, pathOf(construct));
  }

  /** Whether each role may put each event on each bus, directly: what the checks decide is what is expected. */
  public publisherQuestions(): object[] {
    const { roles, eventBuses } = this.index.model;
    return roles.flatMap((role) =>
      eventBuses.flatMap((bus) => this.eventsFor(role, bus).flatMap((event) => this.putEvents(role, bus, event))),
    );
  }

  private putEvents(role: Role, bus: EventBus, event: ExactEvent): object[] {
    const options = { assumeUnknownMatches: true };
    const { decision } = authorizePutEvents(this.index, role, bus.arn, event, options);
    if (decision === 'unknown') throw new Error(`unknown: ${role.arn} on ${bus.arn}`);
    const as = { account: role.account, role: this.pathOf(role.construct) };
    const on = { account: bus.account, region: bus.region, name: this.pathOf(bus.construct) };
    const question = { as, bus: on, source: event.source, detailType: event['detail-type'] };
    return [{ putEvents: question, expect: decision === 'allowed' ? 'allow' : 'deny' }];
  }

  /** The events that the role may publish, those that rules match, and another one. */
  private eventsFor(role: Role, bus: EventBus): ExactEvent[] {
    const patterns = this.index.rulesOn(bus.arn).map(({ pattern }) => pattern);
    const events = [...allowedEventsOf(role, bus.arn), ...patterns.flatMap(exactEventsOf), {}].map(
      (event: EventEnvelope) => ({
        source: event.source ?? 'com.other',
        'detail-type': event['detail-type'] ?? 'Other',
      }),
    );
    return [...new Map(events.map((event) => [JSON.stringify(event), event])).values()];
  }

  /** Whether the targets of each rule get its events, and their dead-letter queues what is not delivered. */
  public targetQuestions(): object[] {
    return this.judgedRules().map((rule) => ({
      deliver: { rule: this.pathOf(rule.construct) },
      expect: 'allow',
    }));
  }

  private judgedRules(): Rule[] {
    const { rules } = this.index.model;
    return rules.filter((rule) => !NOT_JUDGED.includes(this.pathOf(rule.construct)));
  }

  /** The kinds of targets that the questions are about. */
  public kinds(): Set<string | undefined> {
    return new Set(this.judgedRules().flatMap(({ targets }) => targets.map(({ arn }) => targetKindOf(arn)?.noun)));
  }
}

describeWithOracle('the checks and the oracle agree on every publisher and target', () => {
  test.each(EXAMPLES)('of the example %s', (name, example, file = `${name}/questions.json`) => {
    const apps = example.map(exampleApp);
    const settings = JSON.parse(readFileSync(join(ROOT, 'examples/typescript', file), 'utf8')) as Settings;
    const world = new World(apps, settings.defaults);
    expect([...world.kinds()].filter((kind) => !JUDGED.includes(String(kind)))).toEqual([]);
    const questions = [...world.publisherQuestions(), ...world.targetQuestions()];
    expect(questions.length).toBeGreaterThan(world.index.model.rules.length);
    expectAnswers(apps, { ...settings, questions });
  });
});
