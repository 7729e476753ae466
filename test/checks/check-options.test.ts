import { Stack, Stage, Token } from 'aws-cdk-lib';
import { CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { AppIndex } from '../../src/app-model/app-index';
import { allChecks, disabledReasons } from '../../src/checks/all-checks';
import * as delivery from '../../src/checks/delivery/all-delivery';
import { deliveryChecks } from '../../src/checks/delivery-aspect';
import { Check } from '../../src/checks/engine/check-request';
import { EventCheckOptions } from '../../src/checks/event-check-options';
import { FindingId } from '../../src/checks/finding-id';
import { PolicySizeAspectProps, policySizeChecks } from '../../src/checks/policy-size-aspect';
import { WildcardPrincipalAspectProps, wildcardPrincipalChecks } from '../../src/checks/wildcard-principal-aspect';
import { BILLING, HUB, ORGANIZATION, SHOP, testApp, testStack } from '../support/apps';
import { errorOf } from '../support/messages';
import { OPEN } from '../support/statements';
import { rootArn } from '../support/three-accounts';

const namesOf = (checks: Check[]) => checks.map(({ name }) => name);
const ACCESS = [
  'wildcardPrincipal',
  'wildcardAction',
  'wildcardPutEventsResource',
  'publisherRoleTrustTooBroad',
  'ruleRoleTrustTooBroad',
  'creatorAccountConditionMissing',
  'wildcardRule',
  'ruleMatchesAnyAccount',
];

const DELIVERY = [
  'publisherAccessDenied',
  'publisherRoleInvalid',
  'servicePublisherAccessDenied',
  'publisherIdentityPolicyMissing',
  'publisherMissing',
  'invalidStatement',
  'conditionNeverMatches',
  'duplicateStatementId',
  'resourcePolicyConflict',
  'eventBusNotFound',
  'resourceNotFound',
  'ruleManagementAccessDenied',
  'ruleRejected',
  'globalEndpointInvalid',
  'patternNeverMatches',
  'bucketEventsDisabled',
  'ruleWithoutTargets',
  'targetAccessDenied',
  'targetPolicyDependencyMissing',
  'eventForwardedTooFar',
  'deadLetterQueueAccessDenied',
  'kmsKeyAccessDenied',
];

describe('the checks', () => {
  const names = (options: EventCheckOptions = {}) => namesOf(allChecks(options));

  test('are those of quotas, access and delivery, with the names that the report has', () => {
    const all = names();
    expect(all).toEqual(['policySize', ...ACCESS, ...DELIVERY]);
  });

  test.each<[EventCheckOptions, string[]]>([
    [{ trustedAccounts: [] }, ['untrustedPrincipal']],
    [{ trustedOrganizations: [] }, ['untrustedPrincipal']],
    [{ reportEventsWithoutRule: true }, ['eventsWithoutRule']],
    [{ reportEventsWithoutRule: false, requireSourceForRuleRoles: true }, []],
  ])('are more with %j', (options, more) => {
    const before = names();
    expect(names(options).filter((name) => !before.includes(name))).toEqual(more);
    expect(names(options)).toHaveLength(before.length + more.length);
  });

  test('have only the options that they know', () => {
    expect(errorOf(() => allChecks({ trustedAccount: [] } as never))).toMatch(
      /^CrossAccountEventChecks: 'options' .*trustedAccount/,
    );
    const all = { policySize: {}, disabledFindings: [], report: true, otherApps: [], topology: true };
    expect(() => allChecks({ ...all, topologyPage: true } as EventCheckOptions)).not.toThrow();
    expect(errorOf(() => wildcardPrincipalChecks({ trusted: [] } as never))).toMatch(
      /^WildcardPrincipalAspect: 'props' .*trusted/,
    );
  });

  test('of the delivery know the organizations of the app, and what runs with them', () => {
    const app = testApp();
    const known: unknown[] = [];
    const spy = jest.spyOn(delivery.DELIVERY_CHECKS[0], 'findings').mockImplementation(((
      index: AppIndex,
      together: ReadonlySet<string>,
    ) => {
      known.push(index.organizationKeys, [...together]);
      return [];
    }) as never);
    const index = AppIndex.of(app);
    for (const organizations of [undefined, [ORGANIZATION]]) {
      deliveryChecks(organizations)[0].findings(index, new Set(['x']));
    }
    expect(known).toEqual([
      index.withOrganizations(undefined).organizationKeys,
      ['x'],
      index.withOrganizations([ORGANIZATION]).organizationKeys,
      ['x'],
    ]);
    expect(known[0]).not.toEqual(known[2]);
    spy.mockRestore();
  });
});

describe('a finding is disabled', () => {
  const reasons = (...findings: object[]) => disabledReasons('App', findings as never);
  const ID = FindingId.WILDCARD_PRINCIPAL;

  test('for a reason, by its ID', () => {
    expect([...reasons({ id: ID, reason: 'a' }, { id: FindingId.WILDCARD_RULE, reason: 'b' })]).toEqual([
      [ID, 'a'],
      [FindingId.WILDCARD_RULE, 'b'],
    ]);
    expect(disabledReasons('App').size).toBe(0);
  });

  const HOLD = /^App: 'disabledFindings' must hold full ids of findings, got /;
  test.each<[unknown, string]>([
    ['wildcardPrincipal', `use '${ID}', the most similar id`],
    ['cdk-cross-account-eventbridge:wildcardPrincipals', `use '${ID}', the most similar id`],
    [`Annotation::${ID}`, `use '${ID}', the most similar id`],
    ['x', 'use an id that a finding is printed with, without its fingerprint'],
    [undefined, 'use an id that a finding is printed with, without its fingerprint'],
  ])('only by an ID that exists: %s', (id, fix) => {
    const error = errorOf(() => reasons({ id: ID, reason: 'a' }, { id, reason: 'b' }));
    expect(error).toMatch(HOLD);
    expect(error.endsWith(`; ${fix}`)).toBe(true);
  });

  test.each([undefined, '', ' \n', 1])('only with a reason: %p', (reason) => {
    expect(errorOf(() => reasons({ id: ID, reason }))).toMatch(
      /^App: 'disabledFindings' must give a reason for '.*:wildcardPrincipal', got [^]*; explain why/,
    );
  });
});

describe('the limits of quotas', () => {
  const LIMITS = ['eventBusPolicyLimit', 'functionPolicyLimit', 'apiPolicyLimit'];
  const MORE = ['trustPolicyLimit', 'rulesPerEventBusLimit', 'eventPatternLimit', 'warningThresholdPercent'];
  const errorFor = (props: object) => errorOf(() => policySizeChecks(props as PolicySizeAspectProps));
  const most = (property: string) => ({ trustPolicyLimit: 8192, warningThresholdPercent: 100 })[property];

  test.each([...LIMITS, ...MORE])('may be a whole number from 1 on: %s', (property) => {
    const max = most(property);
    for (const value of [1, max ?? 1e9]) expect(() => policySizeChecks({ [property]: value })).not.toThrow();
    const range = max === undefined ? 'of at least 1' : `from 1 to ${max}`;
    for (const value of [0, 1.5, '1', ...(max === undefined ? [] : [max + 1])]) {
      const got = typeof value === 'string' ? `'${value}'` : value;
      expect(errorFor({ [property]: value })).toContain(
        `PolicySizeAspect: '${property}' must be a whole number ${range}, got ${got}; leave it out for the default`,
      );
    }
  });

  test.each([
    ['policyLimit', 'of at least 1'],
    ['rulesLimit', 'of at least 1'],
    ['warningThresholdPercent', 'from 1 to 100'],
  ])('may be that of a bus: %s', (property, range) => {
    const ofBus = (value: unknown) => ({ eventBuses: { orders: { [property]: value } } }) as PolicySizeAspectProps;
    for (const value of [1, 100, undefined]) expect(() => policySizeChecks(ofBus(value))).not.toThrow();
    expect(errorFor(ofBus(0))).toContain(`'${property}' must be a whole number ${range} for bus 'orders', got 0`);
    if (property === 'warningThresholdPercent') expect(errorFor(ofBus(101))).toContain(range);
    else expect(() => policySizeChecks(ofBus(101))).not.toThrow();
  });

  test('of a bus are an object', () => {
    expect(errorFor({ eventBuses: { orders: 100 } })).toMatch(
      /^PolicySizeAspect: 'eventBuses' must hold the limits of 'orders', got 100; write them as \{ policyLimit/,
    );
  });
});

describe('trusted accounts and organizations', () => {
  test.each<[WildcardPrincipalAspectProps, string]>([
    [{ trustedAccounts: ['1'] }, "WildcardPrincipalAspect: 'trustedAccounts' "],
    [{ trustedAccounts: SHOP.account as never }, "WildcardPrincipalAspect: 'trustedAccounts' "],
    [{ trustedOrganizations: [ORGANIZATION, 'x'] }, "WildcardPrincipalAspect: 'trustedOrganizations' "],
    [{ trustedOrganizations: ORGANIZATION as never }, "WildcardPrincipalAspect: 'trustedOrganizations' "],
  ])('have their form: %j', (props, error) => {
    expect(errorOf(() => wildcardPrincipalChecks(props)).startsWith(error)).toBe(true);
  });

  /** Whether a statement for an account is reported, in an app that has a stage in account 333333333333. */
  function reported(statement: object, props: WildcardPrincipalAspectProps): string[] {
    const app = testApp();
    const hub = testStack('Hub', HUB, app);
    new Stack(app, 'Anywhere');
    new Stack(new Stage(app, 'Stage'), 'Billing', { env: BILLING });
    const properties = { eventBusName: 'orders', statementId: 'S', statement: { ...OPEN, ...statement } };
    new CfnEventBusPolicy(hub, 'Policy', properties);
    const together = new Set<string>();
    const found = wildcardPrincipalChecks(props).flatMap(({ findings }) => findings(AppIndex.of(app), together));
    return found.map(({ id }) => id.split(':')[1]);
  }
  const account = (id: string) => ({ Principal: { AWS: rootArn({ account: id }) } });
  const organization = { Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } } };

  test.each<[string, object, WildcardPrincipalAspectProps, string[]]>([
    ['any account', {}, {}, ['wildcardPrincipal']],
    ['any account, with a list', {}, { trustedAccounts: [] }, ['untrustedPrincipal']],
    ['an account', account(SHOP.account), {}, []],
    ['an account that is not listed', account(SHOP.account), { trustedAccounts: [] }, ['untrustedPrincipal']],
    ['an account, with organizations', account(SHOP.account), { trustedOrganizations: [] }, ['untrustedPrincipal']],
    ['an account that is listed', account(SHOP.account), { trustedAccounts: [SHOP.account] }, []],
    ['an account of another stage', account(BILLING.account), { trustedAccounts: [] }, []],
    ['an organization', organization, { trustedAccounts: [] }, ['untrustedPrincipal']],
    ['an organization that is listed', organization, { trustedOrganizations: [ORGANIZATION] }, []],
  ])('decide whether a statement is reported: %s', (_, statement, props, found) => {
    expect(reported(statement, props)).toEqual(found);
  });

  test('may be known only at deployment', () => {
    const late = Token.asString({ Ref: 'Parameter' });
    expect(() => wildcardPrincipalChecks({ trustedAccounts: [late] })).not.toThrow();
    expect(() => wildcardPrincipalChecks({ trustedOrganizations: Token.asList({ Ref: 'List' }) })).not.toThrow();
  });
});
