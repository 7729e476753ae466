import { App, Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { CrossAccountEventBus, EventPublisher } from '../../src';
import { physicalNameOf, roleNameOf } from '../../src/core/environment';
import { PolicyContent, renderStatements } from '../../src/event-bus/private/policy-content';
import { ROLE_NAME_CHARACTERS, STATEMENT_ID_CHARACTERS } from '../../src/eventbridge/quotas';
import { randomCases } from '../support/random-cases';
import { EVENT_BUS, anyGrants } from '../support/random-grants';

const STATEMENT_ID = new RegExp(`^[a-zA-Z0-9-_]{1,${STATEMENT_ID_CHARACTERS}}$`);
const env = { account: EVENT_BUS.account, region: 'eu-west-1' };

/** Ids of constructs, of which many are equal after characters are removed or the end is cut off. */
const constructId = fc.oneof(
  fc.constantFrom('Bus', 'B us', 'Bus-', 'bus', 'Büs', 'a', 'b', 'ab', 'x'.repeat(70), `${'x'.repeat(70)}y`),
  fc.string({ minLength: 1, maxLength: 4 }).filter((id) => !id.includes('/')),
);
const paths = fc.array(constructId, { minLength: 1, maxLength: 3 });

/** The construct with a path in a stack of an app of its own. */
function constructAt(stackName: string, path: readonly string[]): Construct {
  const stack: Construct = new Stack(new App(), stackName, { env });
  return path.reduce((scope, id) => new Construct(scope, id), stack);
}

const idsOf = (policy: Construct, content: Partial<PolicyContent>, busKey?: string) => [
  ...renderStatements(
    { policy, errorScope: policy, busKey },
    { grants: [], ruleGrants: [], customStatements: new Map(), ...content },
    EVENT_BUS,
  ).keys(),
];

describe('the IDs of statements', () => {
  const scopes = ['Hub', 'Hub2'].map((stack) => constructAt(stack, ['Policy']));
  const [scope, ofOtherStack] = scopes;
  const ofOtherPath = new Construct(scope, 'Policy');

  test('are valid, distinct, and the same for any order of grants', () => {
    fc.assert(
      fc.property(
        anyGrants.chain((grants) =>
          fc.tuple(fc.constant(grants), fc.shuffledSubarray(grants, { minLength: grants.length })),
        ),
        ([grants, shuffled]) => {
          const content = (list: typeof grants) => ({
            grants: list,
            ruleGrants: list.map(({ publisher, allowed: { sources } }) => ({ publisher, allowed: { sources } })),
          });
          const ids = idsOf(scope, content(grants));
          expect(ids.filter((id) => !STATEMENT_ID.test(id))).toEqual([]);
          expect(new Set(ids).size).toBe(ids.length);
          expect(idsOf(scope, content([...shuffled, ...shuffled]))).toEqual(ids);
        },
      ),
      randomCases(200),
    );
  });

  test('are those of no other bus, policy or stack', () => {
    fc.assert(
      fc.property(anyGrants, (grants) => {
        const all = [scope, ofOtherStack, ofOtherPath].flatMap((policy) =>
          [undefined, 'orders', 'invoices'].flatMap((busKey) => idsOf(policy, { grants }, busKey)),
        );
        expect(new Set(all).size).toBe(all.length);
      }),
      randomCases(100),
    );
  });
});

describe('the logical IDs of statements', () => {
  const publishers: [name: string, publisher: EventPublisher][] = [
    ['A', EventPublisher.accounts('111111111111')],
    ['B', EventPublisher.accounts('222222222222', '333333333333')],
    ['O', EventPublisher.organization('o-a1b2c3d4e5')],
    ['R', EventPublisher.role('arn:aws:iam::111111111111:role/publisher')],
    ['S', EventPublisher.service('ses.amazonaws.com')],
  ];
  type Call = [publisher: [name: string, publisher: EventPublisher], sources: string[], isRule: boolean];
  const anyCalls: fc.Arbitrary<Call[]> = fc.array(
    fc.tuple(fc.constantFrom(...publishers), fc.subarray(['a', 'b', 'c'], { minLength: 1 }), fc.boolean()),
    { minLength: 1, maxLength: 6 },
  );

  test('are the same for any order of calls, and differ on each bus', () => {
    const resourcesFor = (calls: Call[], ...busIds: string[]) => {
      const stack = new Stack(new App(), 'Hub', { env });
      for (const id of busIds) {
        const bus = new CrossAccountEventBus(stack, id);
        for (const [[name, publisher], sources, isRule] of calls) {
          // Services do not manage rules.
          if (isRule && name !== 'S') bus.allowRuleManagement(publisher, { sources });
          else bus.allowPublisher(publisher, { sources });
        }
      }
      const resources = stack.node
        .findAll()
        .filter((c): c is CfnEventBusPolicy => CfnEventBusPolicy.isCfnEventBusPolicy(c));
      return resources.map((resource): string[] => [stack.resolve(resource.logicalId), resource.statementId]);
    };
    fc.assert(
      fc.property(
        anyCalls.chain((calls) =>
          fc.tuple(fc.constant(calls), fc.shuffledSubarray(calls, { minLength: calls.length })),
        ),
        ([calls, shuffled]) => {
          const resources = resourcesFor(calls, 'Bus');
          expect(resourcesFor(shuffled, 'Bus').sort()).toEqual([...resources].sort());
          const onBoth = resourcesFor(calls, 'Bus', 'Bus2');
          expect(onBoth).toEqual(expect.arrayContaining(resources));
          for (const index of [0, 1]) expect(new Set(onBoth.map((ids) => ids[index])).size).toBe(2 * resources.length);
          for (const [logicalId] of onBoth) expect(logicalId).toMatch(/^[A-Za-z0-9]{1,255}$/);
        },
      ),
      randomCases(50),
    );
  });
});

describe('the physical name of a construct', () => {
  test('is valid, and that of no other path', () => {
    const places = fc.uniqueArray(fc.tuple(fc.constantFrom('Hub', 'Hub-Bus', 'H'), paths), {
      minLength: 2,
      maxLength: 12,
      selector: ([stackName, path]) => constructAt(stackName, path).node.path,
    });
    fc.assert(
      fc.property(places, fc.integer({ min: 20, max: 64 }), (distinct, max) => {
        const names = distinct.map(([stackName, path]) => physicalNameOf(constructAt(stackName, path), [], max));
        expect(names.filter((name) => !/^[A-Za-z0-9_-]+$/.test(name) || name.length > max)).toEqual([]);
        // AWS compares the names of roles without regard to case.
        expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
      }),
      randomCases(500),
    );
  });

  test('is the same whether it is made before or after the construct', () => {
    fc.assert(
      fc.property(paths, constructId, (path, id) => {
        const scope = constructAt('Hub', path);
        const before = physicalNameOf(scope, [id], 64);
        const nameOfRole = roleNameOf(scope, id);
        expect(physicalNameOf(new Construct(scope, id), [], 64)).toBe(before);
        expect(nameOfRole).toMatch(/^[\w+=,.@-]+$/);
        expect(nameOfRole.length).toBeLessThanOrEqual(ROLE_NAME_CHARACTERS);
        expect(nameOfRole).not.toBe(before);
      }),
      randomCases(200),
    );
  });
});
