import { App, Aspects, AspectPriority, CfnResource, IAspect, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { CfnEventBus, CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { ArnPrincipal } from 'aws-cdk-lib/aws-iam';
import {
  AccountGrantForm,
  CrossAccountEventBus,
  CrossAccountEventChecks,
  DeliveryAspect,
  EventBusInvocation,
  EventBusProfile,
  EventPublisher,
  AllowedEvents,
  PolicySizeAspect,
  WildcardPrincipalAspect,
} from '../../src';
import {
  BILLING,
  HUB,
  ORGANIZATION,
  SHOP,
  messagesOf,
  messagesOfApp,
  testApp,
  testFunction,
  testStack,
} from '../support/apps';
import { errorOf, expectFindings, expectMessage } from '../support/messages';
import { OPEN } from '../support/statements';

/** Feature flags of new projects. Aspects that aspects add run only with the first one. */
const STABLE = { '@aws-cdk/core:aspectStabilization': true, '@aws-cdk/core:defaultCrossStackReferences': 'strong' };
const policy = (scope: Stack, id = 'Policy', eventBusName = 'orders', more: object = {}) =>
  new CfnEventBusPolicy(scope, id, {
    statementId: id,
    eventBusName,
    statement: { ...OPEN, ...more },
  });
const long = { Principal: { AWS: '222222222222' }, Condition: { StringEquals: { 'events:source': 'x'.repeat(6000) } } };
const open = (path: string) => `warning wildcardPrincipal ${path}`;
const tooLong = (path: string) => `error eventBusPolicySize ${path}`;

let app: App;
let hub: Stack;
beforeEach(() => {
  app = testApp({ context: STABLE });
  hub = testStack('Hub', HUB, app);
});

describe('all checks together', () => {
  test('report policies that are too long and statements that allow any AWS account', () => {
    const bus = new CfnEventBus(hub, 'Bus', { name: 'orders' });
    policy(hub, 'One', bus.ref, long);
    policy(hub, 'Two', bus.ref, { ...long, Principal: '*' });
    CrossAccountEventChecks.applyTo(app);
    expectFindings(messagesOf(hub), [tooLong('/Hub/Bus'), open('/Hub/Two')]);
  });

  test.each(Object.values(AccountGrantForm))(
    'have no findings for a bus that allows all kinds of publishers, with accounts %s',
    (accountGrantForm) => {
      const bus = new CrossAccountEventBus(hub, 'Bus', { accountGrantForm, profile: EventBusProfile.production() });
      const scopes: AllowedEvents[] = [
        {},
        { sources: ['x'] },
        { detailTypes: ['y'] },
        { invocation: EventBusInvocation.RULE },
        { invocation: EventBusInvocation.DIRECT },
      ];
      const publishers = [
        EventPublisher.organization(ORGANIZATION),
        EventPublisher.organizationalUnits(`${ORGANIZATION.replace('a', 'b')}/r-ab12/ou-ab12-11111111/*`),
        EventPublisher.accounts(SHOP.account, HUB.account),
        EventPublisher.role(`arn:aws:iam::${BILLING.account}:role/shop`),
        EventPublisher.principal(new ArnPrincipal(`arn:aws:iam::${BILLING.account}:user/me`)),
        EventPublisher.service('ses.amazonaws.com', {
          sourceAccounts: [SHOP.account],
          sourceOrganization: ORGANIZATION,
        }),
      ];
      publishers.forEach((publisher, i) => bus.allowPublisher(publisher, scopes[i % scopes.length]));
      publishers.slice(0, -1).forEach((publisher) => bus.allowRuleManagement(publisher));
      CrossAccountEventChecks.applyTo(app);
      expect(messagesOf(hub)).toEqual([]);
    },
  );

  test('use the options of each check', () => {
    policy(hub, 'One', 'orders', { Principal: { AWS: '222222222222' } });
    CrossAccountEventChecks.applyTo(app, { policySize: { eventBusPolicyLimit: 100 } });
    expectFindings(messagesOf(hub), ['error eventBusPolicySize /Hub/One']);
  });

  test('run after other aspects, and see what those add', () => {
    const adds: IAspect = {
      visit: (node) => {
        if (Stack.isStack(node) && !node.node.tryFindChild('Policy')) policy(node);
      },
    };
    CrossAccountEventChecks.applyTo(app);
    testFunction(hub, 'Handler');
    Aspects.of(app).add(adds);
    expectFindings(messagesOf(hub), [open('/Hub/Policy')]);
  });

  test('report a finding once, however often they are applied and the app is synthesized', () => {
    policy(hub);
    CrossAccountEventChecks.applyTo(app);
    CrossAccountEventChecks.applyTo(app);
    app.synth();
    const again = app.synth({ force: true });
    expect(again.getStackArtifact('Hub').messages).toHaveLength(1);
  });

  test('have no findings in an app without events', () => {
    testFunction(hub, 'Handler');
    CrossAccountEventChecks.applyTo(app);
    expect(messagesOf(hub)).toEqual([]);
  });
});

describe('a check that is added', () => {
  test('to one stack reports findings in that stack only', () => {
    policy(hub);
    const other = testStack('Other', HUB, app);
    policy(other, 'InOther');
    Aspects.of(hub).add(new WildcardPrincipalAspect());
    expectFindings(messagesOfApp(app), [open('/Hub/Policy')]);
  });

  test('to one stack counts the statements that other stacks add to a bus in that stack', () => {
    const bus = new CfnEventBus(hub, 'Bus', { name: 'orders' });
    policy(hub, 'One', bus.ref, long);
    policy(testStack('Other', HUB, app), 'Two', 'orders', long);
    Aspects.of(hub).add(new PolicySizeAspect());
    expectFindings(messagesOfApp(app), [tooLong('/Hub/Bus')]);
  });

  test('to a stack with one of the statements does not report the bus in another stack', () => {
    policy(hub, 'One', new CfnEventBus(hub, 'Bus', { name: 'orders' }).ref, long);
    const other = testStack('Other', HUB, app);
    policy(other, 'Two', 'orders', long);
    Aspects.of(other).add(new PolicySizeAspect());
    expect(messagesOfApp(app)).toEqual([]);
  });

  test('as one instance to two stacks reports findings in both, and not in a third one', () => {
    const check = new WildcardPrincipalAspect();
    const stacks = ['A', 'B', 'C'].map((id) => testStack(id, HUB, app));
    stacks.forEach((stack) => policy(stack, `Policy${stack.stackName}`));
    testFunction(hub, 'Handler');
    stacks.slice(0, 2).forEach((stack) => Aspects.of(stack).add(check));
    expectFindings(messagesOfApp(app), [open('/A/PolicyA'), open('/B/PolicyB')]);
  });

  test('to a stack and to a construct in it reports a finding once', () => {
    const check = new WildcardPrincipalAspect();
    Aspects.of(policy(hub)).add(check);
    Aspects.of(hub).add(check);
    expectFindings(messagesOf(hub), [open('/Hub/Policy')]);
  });

  test('by another aspect runs', () => {
    policy(hub);
    const check = new WildcardPrincipalAspect();
    const adds: IAspect = {
      visit: (node) => {
        if (node === hub && Aspects.of(node).all.length === 0) {
          Aspects.of(node).add(check, { priority: AspectPriority.READONLY });
        }
      },
    };
    Aspects.of(app).add(adds, { priority: AspectPriority.MUTATING });
    expectFindings(messagesOf(hub), [open('/Hub/Policy')]);
  });

  test('to the app includes nested stacks', () => {
    const nested = new NestedStack(hub, 'Nested');
    policy(nested);
    CrossAccountEventChecks.applyTo(app);
    expectFindings(messagesOf(hub), [open('/Hub/Nested/Policy')]);
  });
});

describe('stages', () => {
  const stage = (scope: App | Stage, id: string) => new Stage(scope, id, { env: HUB });

  test('that exist are checked, including stages in stages', () => {
    testFunction(hub, 'Handler');
    const outer = stage(app, 'Outer');
    const inner = stage(outer, 'Inner');
    for (const scope of [outer, inner]) policy(new Stack(scope, 'Stack'));
    CrossAccountEventChecks.applyTo(app);

    const {
      nestedAssemblies: [assembly],
    } = app.synth();
    const messages = assembly.nestedAssembly.stacksRecursively.flatMap((s) => s.messages);
    expect(messages.map((m) => `${m.level} ${m.id}`)).toEqual([
      'warning /Outer/Stack/Policy',
      'warning /Outer/Inner/Stack/Policy',
    ]);
  });

  test('are checked separately: the same bus name in two stages refers to two buses', () => {
    testFunction(hub, 'Handler');
    const third = { ...long, Condition: { StringEquals: { 'events:source': 'x'.repeat(4000) } } };
    for (const id of ['Beta', 'Prod']) policy(new Stack(stage(app, id), 'Stack'), 'One', 'orders', third);
    const twice = new Stack(stage(app, 'Twice'), 'Stack');
    for (const id of ['One', 'Two', 'Three']) policy(twice, id, 'orders', third);
    CrossAccountEventChecks.applyTo(app);

    expect(
      app
        .synth()
        .stacksRecursively.flatMap((s) => s.messages)
        .map((m) => `${m.level} ${m.id}`),
    ).toEqual(['error /Twice/Stack/One']);
  });

  test('fail synthesis if they are created after the checks were applied', () => {
    testFunction(hub, 'Handler');
    CrossAccountEventChecks.applyTo(app);
    policy(new Stack(stage(app, 'Late'), 'Stack'));
    const [error] = /stage 'Late' is not checked.*/.exec(errorOf(() => app.synth()))!;
    expectMessage(error);
  });

  test.each<[string, () => void]>([
    ['all checks', () => CrossAccountEventChecks.applyTo(app)],
    [
      'all checks, twice and with different options',
      () => {
        CrossAccountEventChecks.applyTo(app);
        CrossAccountEventChecks.applyTo(app, { policySize: { warningThresholdPercent: 90 }, report: true });
      },
    ],
    [
      'an aspect for each check',
      () => {
        for (const aspect of [new PolicySizeAspect(), new WildcardPrincipalAspect(), new DeliveryAspect()]) {
          Aspects.of(app).add(aspect);
        }
      },
    ],
  ])('fail synthesis once each if they are created after %s', (_, apply) => {
    testFunction(hub, 'Handler');
    apply();
    for (const id of ['Late', 'Later']) policy(new Stack(stage(app, id), 'Stack'));
    const synth = () => app.synth();
    expect(synth).toThrow(/'Late' is not checked[^]*'Later' is not checked/);
    expect(synth).not.toThrow(/'Late' is not checked[^]*'Late' is not checked/);
  });

  test('fail synthesis if they are created later in a stage that is checked', () => {
    const outer = stage(app, 'Outer');
    testFunction(hub, 'Handler');
    testFunction(new Stack(outer, 'Stack'), 'Handler');
    CrossAccountEventChecks.applyTo(app);
    testFunction(new Stack(stage(outer, 'Late'), 'Stack'), 'Handler');
    expect(() => app.synth()).toThrow(/stage 'Outer\/Late' is not checked/);
  });

  test('are checked if they are added, with the same checks, between two syntheses', () => {
    testFunction(hub, 'Handler');
    const check = new WildcardPrincipalAspect();
    Aspects.of(app).add(check);
    app.synth();
    const late = stage(app, 'Late');
    policy(new Stack(late, 'Stack'));
    Aspects.of(late).add(check);
    const { messages } = app.synth({ force: true }).getNestedAssembly('assembly-Late').stacks[0];
    expect(messages.map((m) => `${m.level} ${m.id}`)).toEqual(['warning /Late/Stack/Policy']);
  });

  test('are not required to have the checks of a stack next to them', () => {
    policy(hub);
    testFunction(new Stack(stage(app, 'Late'), 'Stack'), 'Handler');
    CrossAccountEventChecks.applyTo(hub);
    expectFindings(messagesOf(hub), [open('/Hub/Policy')]);
  });
});

test('a resource that is not synthesized is not checked', () => {
  class NotSynthesized extends CfnResource {
    protected override shouldSynthesize(): boolean {
      return false;
    }
  }
  testFunction(hub, 'Handler');
  new NotSynthesized(hub, 'Policy', { type: 'AWS::Events::EventBusPolicy', properties: { Statement: OPEN } });
  CrossAccountEventChecks.applyTo(app);
  expect(messagesOf(hub)).toEqual([]);
});
