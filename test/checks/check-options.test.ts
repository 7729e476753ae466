import { IAspect, Stack, Stage, Token } from 'aws-cdk-lib';
import { CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { DeliveryAspect, PolicySizeAspect, WildcardPrincipalAspect } from '../../src';
import { AppIndex } from '../../src/app-model/app-index';
import { allChecks, disabledReasons } from '../../src/checks/all-checks';
import * as delivery from '../../src/checks/delivery/all-delivery';
import { deliveryChecks } from '../../src/checks/delivery-aspect';
import { Check } from '../../src/checks/engine/check-request';
import { isChecked } from '../../src/checks/engine/check-runner';
import { EventCheckOptions } from '../../src/checks/event-check-options';
import { FindingId } from '../../src/checks/finding-id';
import { WildcardPrincipalAspectProps, wildcardPrincipalChecks } from '../../src/checks/wildcard-principal-aspect';
import { BILLING, HUB, ORGANIZATION, SHOP, testApp, testStack } from '../support/apps';
import { errorOf } from '../support/messages';
import { OPEN } from '../support/statements';
import { busArn, cfnRule, rootArn } from '../support/three-accounts';

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
  'deliveryUnverified',
  'differentStacks',
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

  const HOLD = /^App: 'disabledFindings' must hold full IDs of findings, got /;
  test.each<[unknown, string]>([
    ['wildcardPrincipal', `use '${ID}', the most similar ID`],
    ['cdk-cross-account-eventbridge:wildcardPrincipals', `use '${ID}', the most similar ID`],
    [`Annotation::${ID}`, `use '${ID}', the most similar ID`],
    ['x', 'use an ID that a finding is printed with, without its fingerprint'],
    [undefined, 'use an ID that a finding is printed with, without its fingerprint'],
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
    return found.map(({ level, id }) => `${level} ${id.split(':')[1]}`);
  }
  const account = (id: string) => ({ Principal: { AWS: rootArn({ account: id }) } });
  const organization = { Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } } };

  test.each<[string, object, WildcardPrincipalAspectProps, string[]]>([
    ['any account', {}, {}, ['warning wildcardPrincipal']],
    ['any account, with a list', {}, { trustedAccounts: [] }, ['error untrustedPrincipal']],
    ['an account', account(SHOP.account), {}, []],
    ['an account that is not listed', account(SHOP.account), { trustedAccounts: [] }, ['error untrustedPrincipal']],
    [
      'an account, with organizations',
      account(SHOP.account),
      { trustedOrganizations: [] },
      ['error untrustedPrincipal'],
    ],
    ['an account that is listed', account(SHOP.account), { trustedAccounts: [SHOP.account] }, []],
    ['an account of another stage', account(BILLING.account), { trustedAccounts: [] }, []],
    ['an organization', organization, { trustedAccounts: [] }, ['error untrustedPrincipal']],
    ['an organization that is listed', organization, { trustedOrganizations: [ORGANIZATION] }, []],
  ])('decide whether a statement is reported: %s', (_, statement, props, found) => {
    expect(reported(statement, props)).toEqual(found);
  });

  test('may be known only at deployment, and then be those of a statement', () => {
    const late = Token.asString({ Ref: 'Parameter' });
    const statement = account(SHOP.account);
    expect(reported(statement, { trustedAccounts: [late, BILLING.account] })).toEqual(['warning untrustedPrincipal']);
    expect(reported(statement, { trustedOrganizations: [late] })).toEqual(['warning untrustedPrincipal']);
    expect(() => wildcardPrincipalChecks({ trustedAccounts: [late] })).not.toThrow();
    expect(() => wildcardPrincipalChecks({ trustedOrganizations: Token.asList({ Ref: 'List' }) })).not.toThrow();
  });
});

test.each<[string, () => IAspect]>([
  ['policySize', () => new PolicySizeAspect()],
  ['wildcardRule', () => new WildcardPrincipalAspect()],
  ['targetAccessDenied', () => new DeliveryAspect()],
])('the check %s runs with its aspect', (name, aspect) => {
  const [app, other] = [testApp(), testApp()];
  aspect().visit(app);
  expect([app, other].map((scope) => isChecked(scope, name))).toEqual([true, false]);
});

test.each([
  [true, ['ruleRoleTrustTooBroad']],
  [false, []],
  [undefined, []],
])('the role of a rule needs a source only if that is required: %s', (requireSourceForRuleRoles, expected) => {
  const app = testApp();
  const hub = testStack('Hub', HUB, app);
  const { roleArn } = new Role(hub, 'Role', { assumedBy: new ServicePrincipal('events.amazonaws.com') });
  cfnRule(hub, { arn: busArn('other'), roleArn });
  const index = AppIndex.of(app);
  const found = wildcardPrincipalChecks({ requireSourceForRuleRoles }).flatMap(({ findings }) =>
    findings(index, new Set()),
  );
  expect(found.map(({ id }) => id.split(':')[1])).toEqual(expected);
});
