import { Stack } from 'aws-cdk-lib';
import { CfnGroup, CfnManagedPolicy, CfnPolicy, CfnRole, CfnUser } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { AppIndex } from '../../../src/app-model/app-index';
import { checkIdentityPolicies } from '../../../src/checks/quotas/identity-policies';
import { testApp } from '../../support/apps';
import { placeOf } from '../../support/check-findings';
import { AWS_LIMITS } from '../../support/quota-limits';
import { ThreeAccounts } from '../../support/three-accounts';

/** A statement of this number of characters, in a document of 40 characters. */
const statementOf = (characters: number, Sid?: string) => {
  const statement = { ...(Sid && { Sid }), Effect: 'Allow', Action: 'x:Y', Resource: '' };
  return { ...statement, Resource: 'x'.repeat(characters - JSON.stringify(statement).length) };
};
const DOCUMENT = JSON.stringify({ Version: '2012-10-17', Statement: [] }).length;
/** A policy document of this number of characters. */
const documentOf = (characters: number) => ({
  Version: '2012-10-17',
  Statement: [statementOf(characters - DOCUMENT)],
});
const inline = (...sizes: number[]) =>
  sizes.map((size, i) => ({ policyName: `p${i}`, policyDocument: documentOf(size) }));
const TRUST = { assumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] } };

const findingsOf = (create: (hub: Stack) => unknown, limits: object = {}) => {
  const three = new ThreeAccounts();
  create(three.hub);
  return checkIdentityPolicies(AppIndex.of(three.app), { ...AWS_LIMITS, ...limits });
};
const placesOf = (...args: Parameters<typeof findingsOf>) => findingsOf(...args).map(placeOf);
const SIZE = (level: string, path: string) => `${level} rolePolicySize /Hub/${path}`;

describe('inline policies', () => {
  test.each<[string, number, (hub: Stack, sizes: number[]) => unknown]>([
    ['role', 10_240, (hub, sizes) => new CfnRole(hub, 'It', { ...TRUST, policies: inline(...sizes) })],
    ['user', 2_048, (hub, sizes) => new CfnUser(hub, 'It', { policies: inline(...sizes) })],
    ['group', 5_120, (hub, sizes) => new CfnGroup(hub, 'It', { policies: inline(...sizes) })],
  ])('of a %s have a quota of %i characters in all', (noun, limit, create) => {
    const at = (...sizes: number[]) => findingsOf((hub) => create(hub, sizes));
    expect(at(Math.floor(limit * 0.8))).toEqual([]);
    expect(at(Math.floor(limit * 0.8) + 1).map(placeOf)).toEqual([SIZE('warning', 'It')]);
    expect(at(limit).map(placeOf)).toEqual([SIZE('warning', 'It')]);
    const [found, ...others] = at(limit + 1 - 500, 500);
    expect(others).toEqual([]);
    expect(placeOf(found)).toBe(SIZE('error', 'It'));
    expect(found.problem).toContain(`inline policies of ${noun} 'Hub/It'`);
    expect(found.resource).toBeUndefined();
  });

  test('do not include managed policies', () => {
    const found = placesOf((hub) => {
      const role = new CfnRole(hub, 'Role', { ...TRUST, policies: inline(8_000) });
      new CfnManagedPolicy(hub, 'Managed', { policyDocument: documentOf(4_000), roles: [role.ref] });
    });
    expect(found).toEqual([]);
  });

  const attached =
    (size: number, own = 500) =>
    (hub: Stack) => {
      const role = new CfnRole(hub, 'Role', { ...TRUST, policies: inline(own) });
      new CfnPolicy(hub, 'Policy', { policyName: 'p', policyDocument: documentOf(size), roles: [role.ref] });
      return role;
    };

  test('that are too long by themselves are reported on their own resource', () => {
    const [found] = findingsOf(attached(10_241));
    expect(placeOf(found)).toBe(SIZE('error', 'Policy'));
    expect(found.resource).toMatch(/:role\//);
    expect(placesOf(attached(10_240))).toEqual([SIZE('error', 'Role')]);
    expect(placesOf(attached(500, 10_241))).toEqual([SIZE('error', 'Role')]);
  });

  test('that are attached to several identities are reported once', () => {
    const found = placesOf((hub) => {
      const roles = ['A', 'B'].map((id) => new CfnRole(hub, id, TRUST).ref);
      new CfnPolicy(hub, 'Policy', { policyName: 'p', policyDocument: documentOf(10_241), roles });
    });
    expect(found).toEqual([SIZE('error', 'Policy')]);
  });

  test('are described by the largest resources', () => {
    const [{ reason }] = findingsOf((hub) => {
      const role = attached(9_000)(hub);
      const policy = { policyName: 'q', policyDocument: documentOf(2_000), roles: [role.ref] };
      new CfnPolicy(new Construct(hub, 'L2'), 'Resource', policy);
      new CfnPolicy(new Construct(hub, 'Resource'), 'Other', { ...policy, policyName: 'r' });
    });
    expect(reason).toBe(
      "construct 'Hub/Policy' has 9,000 characters, 'Hub/L2' 2,000, 'Hub/Resource/Other' 2,000, 'Hub/Role' 500",
    );
  });

  /** A role with a policy in the same L2 construct, as the CDK creates one, or below another construct. */
  const withPolicy = (hub: Stack, policyIn: (l2: Construct) => Construct, size: number, policyId = 'Resource') => {
    const l2 = new Construct(hub, 'L2');
    const role = new CfnRole(l2, 'Resource', TRUST);
    new CfnPolicy(policyIn(l2), policyId, { policyName: 'p', policyDocument: documentOf(size), roles: [role.ref] });
  };

  test('that the CDK splits have no warning threshold', () => {
    const ofCdk = (l2: Construct) => new Construct(l2, 'DefaultPolicy');
    expect(placesOf((hub) => withPolicy(hub, ofCdk, 10_240))).toEqual([]);
    expect(placesOf((hub) => withPolicy(hub, ofCdk, 10_241))).toEqual([SIZE('error', 'L2/DefaultPolicy/Resource')]);
    const warning = [SIZE('warning', 'L2/Resource')];
    expect(placesOf((hub) => withPolicy(hub, ofCdk, 10_000, 'Other'))).toEqual(warning);
    expect(placesOf((hub) => withPolicy(hub, () => new Construct(hub, 'Other'), 10_000))).toEqual(warning);
    const inL2 = (hub: Stack) =>
      new CfnRole(new Construct(hub, 'L2'), 'Resource', { ...TRUST, policies: inline(10_000) });
    expect(placesOf(inL2)).toEqual(warning);
  });
});

describe('a managed policy', () => {
  const managed =
    (size: number, more: object = {}) =>
    (hub: Stack) =>
      new CfnManagedPolicy(hub, 'Managed', { policyDocument: documentOf(size), ...more });

  test.each<[number, string[]]>([
    [4_915, []],
    [4_916, [SIZE('warning', 'Managed')]],
    [6_144, [SIZE('warning', 'Managed')]],
    [6_145, [SIZE('error', 'Managed')]],
  ])('of %i characters is reported or not', (size, expected) => {
    expect(placesOf(managed(size))).toEqual(expected);
  });

  test('that the CDK splits has no warning threshold', () => {
    const createdBy = (size: number, ownerOf: (l2: Construct) => Construct) =>
      placesOf((hub) => {
        const l2 = new Construct(hub, 'L2');
        new CfnRole(l2, 'Resource', TRUST);
        const policyDocument = documentOf(size);
        new CfnManagedPolicy(new Construct(ownerOf(l2), 'Overflow'), 'Resource', { policyDocument });
      });
    expect(createdBy(6_144, (l2) => l2)).toEqual([]);
    expect(createdBy(6_145, (l2) => l2)).toEqual([SIZE('error', 'L2/Overflow/Resource')]);
    expect(createdBy(6_144, ({ node }) => node.scope as Construct)).toEqual([SIZE('warning', 'Overflow/Resource')]);
  });

  test('is described by its largest statements, and their numbers', () => {
    const [{ reason }] = findingsOf((hub) => {
      const Statement = [statementOf(100), statementOf(3_000, 'Second'), statementOf(4_000), statementOf(200)];
      new CfnManagedPolicy(hub, 'Managed', { policyDocument: { Version: '2012-10-17', Statement } });
    });
    expect(reason).toBe("statement '#3' has 4,000 characters, 'Second' 3,000, '#4' 200, 1 other 100");
  });
});

describe('the managed policies of a role', () => {
  const withManaged = (defined: number, imported: string[]) => (hub: Stack) => {
    const policies = Array.from(
      { length: defined },
      (_, i) => new CfnManagedPolicy(hub, `P${i}`, { policyDocument: documentOf(200) }),
    );
    new CfnRole(hub, 'Role', { ...TRUST, managedPolicyArns: [...policies.map(({ ref }) => ref), ...imported] });
  };
  const arns = (count: number) => Array.from({ length: count }, (_, i) => `arn:aws:iam::aws:policy/P${i}`);

  test.each<[string, number, string[], string[]]>([
    ['twenty', 10, arns(10), []],
    ['more than twenty', 11, arns(10), [SIZE('error', 'Role')]],
    ['the same one several times', 0, Array(21).fill(arns(1)[0]), []],
  ])('are reported or not: %s', (_, defined, imported, expected) => {
    const found = findingsOf(withManaged(defined, imported));
    expect(found.map(placeOf)).toEqual(expected);
    for (const { problem, reason } of found) {
      expect(problem).toContain('21 of 20 allowed managed policies');
      expect(reason).toContain(' 11 ');
    }
  });
});

describe('a trust policy', () => {
  const trusting = (size: number) => (hub: Stack) =>
    new CfnRole(hub, 'Role', { assumeRolePolicyDocument: documentOf(size) });
  const found = (level: string) => [`${level} trustPolicySize /Hub/Role`];

  test.each<[number, number, string[]]>([
    [1_638, 2_048, []],
    [1_639, 2_048, found('warning')],
    [2_049, 2_048, found('error')],
    [2_049, 8_192, []],
  ])('of %i of %i characters is reported or not', (size, trustPolicy, expected) => {
    expect(placesOf(trusting(size), { trustPolicy })).toEqual(expected);
  });

  test('is reported with a quota increase as its fix, unless that is used', () => {
    const fixAt = (trustPolicy: number) => findingsOf(trusting(trustPolicy + 1), { trustPolicy })[0].fix;
    expect([fixAt(8_191), fixAt(8_192)].map((fix) => fix.includes('trustPolicyLimit'))).toEqual([true, false]);
  });
});

test('identities with the same name in different environments have their own policies', () => {
  const app = testApp();
  const stacks = ['A', 'B'].map((id) => new Stack(app, id));
  for (const stack of stacks) {
    const role = new CfnRole(stack, 'Role', { ...TRUST, roleName: 'same', policies: inline(4_000) });
    const policy = { policyName: 'p', policyDocument: documentOf(3_000), roles: [role.ref] };
    new CfnPolicy(stack, 'Policy', policy);
  }
  const found = () => checkIdentityPolicies(AppIndex.of(app), AWS_LIMITS).map(placeOf);
  expect(found()).toEqual([]);
  new CfnPolicy(stacks[1], 'More', { policyName: 'q', policyDocument: documentOf(4_000), roles: ['same'] });
  expect(found()).toEqual(['error rolePolicySize /B/Role']);
});
