import { App, Aspects, AspectPriority, CfnResource, IAspect, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { CfnEventBus, CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { ArnPrincipal } from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
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
import { CONSUMER, HUB, ORGANIZATION, PUBLISHER, messagesOf, testApp, testFunction, testStack } from '../support/apps';

/** Aspects that add aspects are heard only with this, which new projects have. */
const STABLE = { '@aws-cdk/core:aspectStabilization': true, '@aws-cdk/core:defaultCrossStackReferences': 'strong' };
const OPEN = {
  Effect: 'Allow',
  Principal: '*',
  Action: 'events:PutEvents',
  Resource: 'arn:aws:events:eu-west-1:111111111111:event-bus/orders',
};

const policy = (scope: Stack, id = 'Policy', eventBusName = 'orders', more: object = {}) =>
  new CfnEventBusPolicy(scope, id, {
    statementId: id,
    eventBusName,
    statement: { ...OPEN, ...more },
  });
const long = { Principal: { AWS: '222222222222' }, Condition: { StringEquals: { 'events:source': 'x'.repeat(6000) } } };
const open = (path: string) => expect.stringMatching(new RegExp(`^warning ${path} .*:wildcardPrincipal\\]$`));
const tooLong = (path: string) =>
  expect.stringMatching(new RegExp(`^error ${path} .* in 2 statements.*:eventBusPolicySize\\]$`));
const all = (app: IConstruct) =>
  app.node
    .findAll()
    .filter((c): c is Stack => Stack.isStack(c) && !c.nestedStackParent)
    .flatMap(messagesOf);

let app: App;
let hub: Stack;
beforeEach(() => {
  app = testApp({ context: STABLE });
  hub = testStack('Hub', HUB, app);
});

describe('all checks at once', () => {
  test('find what is too long and what is open', () => {
    const bus = new CfnEventBus(hub, 'Bus', { name: 'orders' });
    policy(hub, 'One', bus.ref, long);
    policy(hub, 'Two', bus.ref, { ...long, Principal: '*' });
    CrossAccountEventChecks.applyTo(app);
    expect(messagesOf(hub)).toEqual([tooLong('/Hub/Bus'), open('/Hub/Two')]);
  });

  test.each(Object.values(AccountGrantForm))(
    'find nothing on a bus that lets in all kinds of publishers, with accounts %s',
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
        EventPublisher.accounts(PUBLISHER.account, HUB.account),
        EventPublisher.role(`arn:aws:iam::${CONSUMER.account}:role/shop`),
        EventPublisher.principal(new ArnPrincipal(`arn:aws:iam::${CONSUMER.account}:user/me`)),
        EventPublisher.service('ses.amazonaws.com', {
          sourceAccounts: [PUBLISHER.account],
          sourceOrganization: ORGANIZATION,
        }),
      ];
      publishers.forEach((publisher, i) => bus.allowPublisher(publisher, scopes[i % scopes.length]));
      publishers.slice(0, -1).forEach((publisher) => bus.allowRuleManagement(publisher));
      CrossAccountEventChecks.applyTo(app);
      expect(messagesOf(hub)).toEqual([]);
    },
  );

  test('take the options of each check', () => {
    policy(hub, 'One', 'orders', { Principal: { AWS: '222222222222' } });
    CrossAccountEventChecks.applyTo(app, { policySize: { eventBusPolicyLimit: 100 } });
    expect(messagesOf(hub)).toEqual([expect.stringMatching(/^error \/Hub\/One .* of 100 allowed/)]);
  });

  test('run after other aspects, whatever those add', () => {
    const adds: IAspect = {
      visit: (node) => {
        if (Stack.isStack(node) && !node.node.tryFindChild('Policy')) policy(node);
      },
    };
    CrossAccountEventChecks.applyTo(app);
    testFunction(hub, 'Handler');
    Aspects.of(app).add(adds);
    expect(messagesOf(hub)).toEqual([open('/Hub/Policy')]);
  });

  test('say a thing once, however often they are applied and the app is synthesized', () => {
    policy(hub);
    CrossAccountEventChecks.applyTo(app);
    CrossAccountEventChecks.applyTo(app);
    app.synth();
    const again = app.synth({ force: true });
    expect(again.getStackArtifact('Hub').messages).toHaveLength(1);
  });

  test('say nothing of an app without events', () => {
    testFunction(hub, 'Handler');
    CrossAccountEventChecks.applyTo(app);
    expect(messagesOf(hub)).toEqual([]);
  });
});

describe('where a check is added', () => {
  test('to one stack, it speaks of that stack only', () => {
    policy(hub);
    const other = testStack('Other', HUB, app);
    policy(other, 'Elsewhere');
    Aspects.of(hub).add(new WildcardPrincipalAspect());
    expect(all(app)).toEqual([open('/Hub/Policy')]);
  });

  test('to one stack, it counts what other stacks say of a bus of that stack', () => {
    const bus = new CfnEventBus(hub, 'Bus', { name: 'orders' });
    policy(hub, 'One', bus.ref, long);
    policy(testStack('Other', HUB, app), 'Two', 'orders', long);
    Aspects.of(hub).add(new PolicySizeAspect());
    expect(all(app)).toEqual([tooLong('/Hub/Bus')]);
  });

  test('to the stack with one of the statements, it leaves a bus of another stack alone', () => {
    policy(hub, 'One', new CfnEventBus(hub, 'Bus', { name: 'orders' }).ref, long);
    const other = testStack('Other', HUB, app);
    policy(other, 'Two', 'orders', long);
    Aspects.of(other).add(new PolicySizeAspect());
    expect(all(app)).toEqual([]);
  });

  test('as one instance to two stacks, it speaks of both and of no third', () => {
    const check = new WildcardPrincipalAspect();
    const stacks = ['A', 'B', 'C'].map((id) => testStack(id, HUB, app));
    stacks.forEach((stack) => policy(stack, `Policy${stack.stackName}`));
    testFunction(hub, 'Handler');
    stacks.slice(0, 2).forEach((stack) => Aspects.of(stack).add(check));
    expect(all(app)).toEqual([open('/A/PolicyA'), open('/B/PolicyB')]);
  });

  test('to a stack and to a part of it, it speaks once', () => {
    const check = new WildcardPrincipalAspect();
    Aspects.of(policy(hub)).add(check);
    Aspects.of(hub).add(check);
    expect(messagesOf(hub)).toEqual([open('/Hub/Policy')]);
  });

  test('by another aspect, it is heard', () => {
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
    expect(messagesOf(hub)).toEqual([open('/Hub/Policy')]);
  });

  test('to the app, it sees nested stacks', () => {
    const nested = new NestedStack(hub, 'Nested');
    policy(nested);
    CrossAccountEventChecks.applyTo(app);
    expect(messagesOf(hub)).toEqual([open('/Hub/Nested/Policy')]);
  });
});

describe('stages', () => {
  const stage = (scope: App | Stage, id: string) => new Stage(scope, id, { env: HUB });

  test('that are there are checked, one within the other too', () => {
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

  test('are checked each by itself: the same bus name in two of them is two buses', () => {
    testFunction(hub, 'Handler');
    for (const id of ['Beta', 'Prod']) policy(new Stack(stage(app, id), 'Stack'), 'One', 'orders', long);
    const twice = new Stack(stage(app, 'Twice'), 'Stack');
    for (const id of ['One', 'Two']) policy(twice, id, 'orders', long);
    CrossAccountEventChecks.applyTo(app);

    expect(
      app
        .synth()
        .stacksRecursively.flatMap((s) => s.messages)
        .map((m) => `${m.level} ${m.id}`),
    ).toEqual(['error /Twice/Stack/One']);
  });

  test('fail synthesis when made after the checks were applied', () => {
    testFunction(hub, 'Handler');
    CrossAccountEventChecks.applyTo(app);
    policy(new Stack(stage(app, 'Late'), 'Stack'));
    expect(() => app.synth()).toThrow(
      /stage 'Late' is not checked, because the CDK synthesizes stages by themselves; add the checks to the stage too/,
    );
  });

  test.each<[string, () => void]>([
    ['all checks', () => CrossAccountEventChecks.applyTo(app)],
    [
      'all checks, twice and by options of their own',
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
  ])('fail synthesis once each when made after %s', (_, apply) => {
    testFunction(hub, 'Handler');
    apply();
    for (const id of ['Late', 'Later']) policy(new Stack(stage(app, id), 'Stack'));
    const synth = () => app.synth();
    expect(synth).toThrow(/'Late' is not checked[^]*'Later' is not checked/);
    expect(synth).not.toThrow(/'Late' is not checked[^]*'Late' is not checked/);
  });

  test('fail synthesis when made later within a stage that is checked', () => {
    const outer = stage(app, 'Outer');
    testFunction(hub, 'Handler');
    testFunction(new Stack(outer, 'Stack'), 'Handler');
    CrossAccountEventChecks.applyTo(app);
    testFunction(new Stack(stage(outer, 'Late'), 'Stack'), 'Handler');
    expect(() => app.synth()).toThrow(/stage 'Outer\/Late' is not checked/);
  });

  test('are checked when added, with the same checks, between two syntheses', () => {
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

  test('are of no interest to a check of a stack beside them', () => {
    policy(hub);
    testFunction(new Stack(stage(app, 'Late'), 'Stack'), 'Handler');
    CrossAccountEventChecks.applyTo(hub);
    expect(messagesOf(hub)).toEqual([open('/Hub/Policy')]);
  });
});

test('a resource that no template will have is not judged', () => {
  class Left extends CfnResource {
    protected override shouldSynthesize(): boolean {
      return false;
    }
  }
  testFunction(hub, 'Handler');
  new Left(hub, 'Policy', { type: 'AWS::Events::EventBusPolicy', properties: { Statement: OPEN } });
  CrossAccountEventChecks.applyTo(app);
  expect(messagesOf(hub)).toEqual([]);
});
