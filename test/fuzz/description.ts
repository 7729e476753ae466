import * as fc from 'fast-check';
import { BusDescription, buildBus, buses } from './parts/buses';
import { EventSourceDescription, buildEventSource, eventSources } from './parts/event-sources';
import { GrantDescription, buildGrant, grants } from './parts/grants';
import { IdentityDescription, buildIdentity, identities } from './parts/identities';
import { PolicyDescription, buildPolicy, policies } from './parts/policies';
import { ReceiverDescription, buildReceiver, keys, receivers } from './parts/receivers';
import { RuleDescription, buildRule, rules } from './parts/rules';
import { StackDescription, stacks } from './parts/stacks';
import { Place } from './place';
import { ACCOUNTS, Mode, ORGANIZATIONS, Value, mostly, strange } from './values';
import { EventCheckOptions } from '../../src';
import { FindingId } from '../../src/checks/finding-id';

/** The elements of an app, in the order in which they are built. */
export interface ElementLists {
  readonly keys: readonly ReceiverDescription[];
  readonly receivers: readonly ReceiverDescription[];
  readonly buses: readonly BusDescription[];
  readonly identities: readonly IdentityDescription[];
  readonly eventSources: readonly EventSourceDescription[];
  readonly rules: readonly RuleDescription[];
  readonly policies: readonly PolicyDescription[];
  readonly grants: readonly GrantDescription[];
}

/** A random app, as data: fast-check makes it smaller when a property fails. */
export interface AppDescription {
  readonly stacks: readonly StackDescription[];
  readonly elements: ElementLists;
  readonly overrides: readonly Override[];
  readonly options: EventCheckOptions;
  /** Whether no two elements have one name. */
  readonly hasUniqueNames: boolean;
}

/** A property of a resource that is any JSON instead. */
export interface Override {
  readonly resource: number;
  readonly property: number;
  readonly value: Value;
}

type Builders = { readonly [list in keyof ElementLists]: (place: Place, one: ElementLists[list][number]) => void };

export const BUILDERS: Builders = {
  keys: buildReceiver,
  receivers: buildReceiver,
  buses: buildBus,
  identities: buildIdentity,
  eventSources: buildEventSource,
  rules: buildRule,
  policies: buildPolicy,
  grants: buildGrant,
};

const list = <T>(one: fc.Arbitrary<T>, maxLength: number) => fc.array(one, { maxLength });

/** Any app. */
export function apps(mode: Mode): fc.Arbitrary<AppDescription> {
  const isKnown = mode === 'known';
  const none = fc.constant([]);
  const override = fc.record({ resource: fc.nat({ max: 20 }), property: fc.nat({ max: 8 }), value: strange });
  return fc.record({
    stacks: stacks(mode),
    elements: fc.record({
      keys: isKnown ? none : list(keys(mode), 2),
      receivers: list(receivers(mode), 4),
      buses: fc.array(buses(mode), { minLength: 1, maxLength: 4 }),
      identities: list(identities(mode), 3),
      eventSources: isKnown ? none : list(eventSources(mode), 2),
      rules: list(rules(mode), 3),
      policies: list(policies(mode), 4),
      grants: list(grants(mode), 3),
    }),
    hasUniqueNames: fc.constant(isKnown),
    overrides: isKnown ? none : mostly(fc.constant<Override[]>([]), list(override, 2), 2),
    options: isKnown ? fc.constant({}) : mostly(fc.constant({}), options(), 2),
  });
}

/** Options of the checks, among them limits that are so low that small apps exceed them. */
function options(): fc.Arbitrary<EventCheckOptions> {
  const id = fc.constantFrom(...Object.values(FindingId));
  return fc.record(
    {
      policySize: fc.record(
        {
          eventBusPolicyLimit: fc.constantFrom(200, 600),
          functionPolicyLimit: fc.constantFrom(100, 400),
          apiPolicyLimit: fc.constantFrom(100, 300),
          trustPolicyLimit: fc.constantFrom(100, 300),
          rulesPerEventBusLimit: fc.constantFrom(1, 2),
          eventPatternLimit: fc.constantFrom(20, 60),
          warningThresholdPercent: fc.constantFrom(10, 80, 100),
        },
        { requiredKeys: [] },
      ),
      trustedAccounts: fc.subarray(ACCOUNTS),
      trustedOrganizations: fc.subarray(ORGANIZATIONS),
      requireSourceForRuleRoles: fc.boolean(),
      reportEventsWithoutRule: fc.boolean(),
      disabledFindings: fc.array(
        id.map((one) => ({ id: one, reason: 'random' })),
        { maxLength: 2 },
      ),
    },
    { requiredKeys: [] },
  );
}
