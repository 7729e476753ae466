import { App, AspectPriority, Aspects } from 'aws-cdk-lib';
import { messagesOfApp } from './apps';
import { assemblyFindings, topologyFindings } from './assemblies';
import { comparedWithChecks, decisionsOn } from './delivery-decisions';
import { findingsWithFiles, separateFindings } from './evaluated-parts';
import { graphOf } from './graphs';
import { expectMessage } from './messages';
import { describeWithOracle, disagreements } from './oracle';
import { someOf } from './random-cases';
import { constructsOf, topologyOfApp, written } from './topologies';
import { schemaErrors } from './topology-schema';
import { CrossAccountEventChecks, DeliveryAspect } from '../../src';
import { readApp } from '../../src/app-model/read-app';
import { FindingId } from '../../src/checks/finding-id';
import { topologyOf } from '../../src/topology/write-topology';

/** Makes an app anew. */
export type MakeApp = () => App;

/** A question to the oracle, with what is expected where events arrive and where they do not. */
export type OracleQuestions = (arrives: boolean) => object[];

/** An app with one fault, and the one finding that there must be. */
export interface Faulty {
  readonly app: MakeApp;
  /** @default - that of the class */
  readonly finds?: FindingId | FindingId[];
  /** @default - that of the class */
  readonly level?: 'error' | 'warning' | 'either';
  /** Path of the construct to change, or of one around it; of several where more than one could be changed. */
  readonly at: string | string[];
  /** What the oracle is asked instead; nothing where it cannot tell. */
  readonly asks?: OracleQuestions | 'nothing';
  /** Whether event-topology.json has the resource with the fault. @default true */
  readonly isAboutEvents?: boolean;
}

export interface FaultClass {
  readonly finds: FindingId;
  readonly level: 'error' | 'warning';
  readonly healthy: {
    readonly [what: string]: MakeApp | { readonly app: MakeApp; readonly asks: OracleQuestions | 'nothing' };
  };
  readonly faulty: { readonly [what: string]: Faulty };
  /** What the oracle is asked about each app. */
  readonly asks?: OracleQuestions;
}

/** A finding as `cdk synth` shows it. */
export interface Annotation {
  readonly level: string;
  readonly at: string;
  readonly id?: string;
  readonly text: string;
}

/** Everything that is shown of an app, whoever says it. */
export function annotationsOf(app: App): Annotation[] {
  return messagesOfApp(app).map((message) => {
    const [, level, at, text] = /^(\w+) (\S+) ([^]*)$/.exec(message)!;
    return { level, at, text, id: /\[(?:ack: )?(cdk-cross-account-eventbridge:[\w:]+)\]/.exec(text)?.[1] };
  });
}

/** What the check of the delivery alone shows of an app. */
export function deliveryAnnotationsOf(app: App): Annotation[] {
  Aspects.of(app).add(new DeliveryAspect(), { priority: AspectPriority.READONLY });
  return annotationsOf(app);
}

/**
 * Tests of one class of faults: silence on every healthy app under all checks, and exactly one finding in every faulty
 * one.
 */
export function faults(title: string, faultClass: FaultClass): void {
  const { finds, level, healthy, faulty, asks } = faultClass;
  const good = Object.entries(healthy).map(([what, one]) =>
    typeof one === 'function' ? { what, app: once(one), asks } : { what, ...one, app: once(one.app) },
  );
  const bad = Object.entries(faulty).map(([what, one]) => ({
    what,
    ...one,
    asks: one.asks ?? asks,
    app: once(one.app),
  }));

  describe(title, () => {
    // The newest CDK prints what is wrong with a template.
    beforeEach(() => jest.spyOn(console, 'error').mockImplementation());
    afterEach(() => jest.restoreAllMocks());

    if (good.length > 0) {
      test.each(good)('says nothing about $what', ({ app }) => {
        const made = app();
        CrossAccountEventChecks.applyTo(made);
        expect(deliveryAnnotationsOf(made)).toEqual([]);
      });
    }

    test.each(bad)('fails for $what', ({ app, at, ...one }) => {
      const ids = [one.finds ?? finds].flat();
      const found = deliveryAnnotationsOf(app());
      expect(found).toEqual([
        {
          level: one.level === 'either' ? expect.any(String) : (one.level ?? level),
          at: expect.stringMatching(new RegExp(`^(${[at].flat().join('|')})(/|$)`)),
          id: expect.stringMatching(new RegExp(`^(${ids.join('|')})(:[0-9a-f]{6})?$`)),
          text: expect.any(String),
        },
      ]);
      expectMessage(found[0].text);
    });

    test.each(someOf([...good, ...bad]))('finds the same in the cloud assembly: $what', ({ app }) => {
      const made = app();
      const found = annotationsOf(made);
      // The texts of constructs differ from those of the checks.
      const ids = (findings: Annotation[]) => findings.map((finding) => `${finding.level} ${finding.id}`);
      expect(ids(assemblyFindings(made))).toEqual(ids(found));
    });

    const aboutEvents = bad.filter(({ isAboutEvents = true }) => isAboutEvents);
    test.each(someOf([...good, ...aboutEvents]))('finds the same in event-topology.json: $what', ({ app }) => {
      const made = app();
      expect(topologyFindings(made).map(inAnyOrder).sort()).toEqual(assemblyFindings(made).map(inAnyOrder).sort());
    });

    test.each(someOf([...good, ...bad]))('has a file that describes itself: $what', ({ app }) => {
      const topology = written(topologyOfApp(app()));
      expect(schemaErrors(topology)).toEqual([]);
      expect(topologyOf(readApp(constructsOf(topology), [], { possibleTargets: true }))).toEqual(topology);
    });

    test.each(someOf([...good, ...bad]))('evaluates enough of other apps: $what', ({ app }) => {
      for (const { ofConcern, all } of separateFindings(app())) expect(ofConcern).toEqual(all);
    });

    test.each(someOf([...good, ...bad]))('reads enough of the files of other apps: $what', ({ app }) => {
      for (const { ofConcern, all } of findingsWithFiles(app())) expect(ofConcern).toEqual(all);
    });

    if (good.length > 0) {
      test.each(someOf(good))('denies no event on its path: $what', ({ app }) => {
        expect(comparedWithChecks(app())).toEqual({ denied: [], contradictions: [] });
      });

      test.each(someOf(good))('has a graph in which nothing is denied but by a disabled rule: $what', ({ app }) => {
        const denied = graphOf(app()).connections.filter((connection) => connection.decision === 'denied');
        expect(denied.filter(({ text }) => text?.reason !== 'it is disabled')).toEqual([]);
      });
    }

    test.each(someOf(bad))('does not allow on its path what a check reports: $what', ({ app }) => {
      expect(comparedWithChecks(app()).contradictions).toEqual([]);
    });

    const toAsk = [
      ...good.map((one) => ({ ...one, arrives: true })),
      ...bad.map((one) => ({ ...one, arrives: false })),
    ].flatMap((one) => (typeof one.asks === 'function' ? [{ ...one, asks: one.asks }] : []));
    if (toAsk.length === 0) return;
    test.each(toAsk)('has the same decision on the path of an event: $what', ({ app, asks: ask, arrives }) => {
      const decided = decisionsOn(app(), ask(arrives));
      const wrong = decided.filter(({ decision, expected }) => (decision === 'allowed') !== (expected === 'allow'));
      expect(wrong).toEqual([]);
    });
    describeWithOracle('and another judge', () => {
      test('agrees on what arrives', () => {
        expect(
          disagreements(
            toAsk.map(({ what, app, asks: ask, arrives }) => ({
              name: what,
              app: app(),
              questions: [...(arrives ? [{ noProblems: true }] : []), ...ask(arrives)],
            })),
          ),
        ).toEqual([]);
      });
    });
  });
}

/** Of resources that contradict each other, the second one has the finding, and the file has another order. */
function inAnyOrder({ level, id, at }: Annotation): string {
  const isOfTwo = id === FindingId.DUPLICATE_STATEMENT_ID || id === FindingId.RESOURCE_POLICY_CONFLICT;
  return [level, id, isOfTwo ? '' : at].join(' ');
}

/**
 * Synthesis takes long: an app is made and judged once. Where the tests of it are not run, the oracle gets it unjudged.
 */
function once(make: MakeApp): MakeApp {
  let made: App | undefined;
  return () => (made ??= make());
}

const decision = (arrives: boolean) => (arrives ? 'allow' : 'deny');

/** Whether a role may put an event on a bus itself. */
export function published(
  role: string,
  bus: string | object,
  event: { source?: string; detailType?: string } = {},
): OracleQuestions {
  return (arrives) => [{ putEvents: { as: { role }, bus, ...event }, expect: decision(arrives) }];
}

/** Whether all targets of a rule get its events. */
export function delivered(rule: string, event?: object): OracleQuestions {
  return (arrives) => [{ deliver: { rule, event }, expect: decision(arrives) }];
}

/** Whether the dead letters of a target arrive, which does get its events. */
export function deadLetters(rule: string, target = 'T'): OracleQuestions {
  return (arrives) => [
    { deliver: { rule }, expect: { [target]: 'allow', [`${target}.deadLetter`]: decision(arrives) } },
  ];
}
