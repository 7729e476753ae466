import { App, AspectPriority, Aspects, Environment, PhysicalName, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, IRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import {
  CrossAccountEventBus,
  CrossAccountEventBusPolicy,
  CrossAccountEventBusTarget,
  CrossAccountRule,
  EventPublisher,
  PublisherRole,
} from '../../src';
import { BILLING, HUB, SHOP, testApp, testStack } from '../support/apps';
import { errorOf, expectMessage } from '../support/messages';
import { testPipeline } from '../support/pipeline';
import { eventPattern } from '../support/shop-stage';
import { propertiesOf } from '../support/templates';

const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');
const [A, B] = ['555555555555', '666666666666'];
const { accounts, organization, role } = EventPublisher;

/** A bus and roles in one stage, which a pipeline has; and a stage that the pipeline does not have yet. */
interface World {
  readonly app: App;
  readonly first: Stage;
  readonly bus: CrossAccountEventBus;
  /** A role that the bus lets in. */
  readonly publisher: PublisherRole;
  /** A role that the CDK names when it is asked to: nobody has asked. */
  readonly unnamed: Role;
  readonly later: (env: Environment) => Stack;
}

function world(add: (app: App, stage: Stage) => unknown = (app, stage) => testPipeline(app).addStage(stage)): World {
  const app = testApp();
  const [first, second] = ['First', 'Second'].map((id) => new Stage(app, id));
  const bus = new CrossAccountEventBus(new Stack(first, 'Hub', { env: HUB }), 'Bus', { publishers: [accounts(A)] });
  const publisher = new PublisherRole(new Stack(first, 'Shop', { env: SHOP }), 'Publisher', {
    assumedBy: LAMBDA,
    eventBuses: [bus],
  });
  const billing = new Stack(first, 'Billing', { env: BILLING });
  const unnamed = new Role(billing, 'Unnamed', { assumedBy: LAMBDA, roleName: PhysicalName.GENERATE_IF_NEEDED });
  const later = (env: Environment) =>
    (second.node.tryFindChild('Later') as Stack | undefined) ?? new Stack(second, 'Later', { env });
  add(app, first);
  return { app, first, bus, publisher, unnamed, later };
}

const policiesOf = (stack: Stack) => propertiesOf(stack, 'AWS::Events::EventBusPolicy');
/** Expects an error that names the construct, the property and the stage that is synthesized. */
function expectLate(call: () => unknown, path: string, property: string, stage = 'First'): void {
  const message = errorOf(call);
  expect(message).toMatch(new RegExp(`^${path}: '${property}' must .* before stage '${stage}' is synthesized, got `));
  expectMessage(message);
}

describe('a grant on a bus of a stage that a pipeline has already', () => {
  test.each<[string, (w: World) => unknown]>([
    ['to an account, in a statement that is there', ({ bus }) => bus.allowPublisher(accounts(B))],
    [
      'to an account, with a scope that is new',
      ({ bus }) => bus.allowPublisher(accounts(B), { sources: ['com.shop'] }),
    ],
    ['to an organization, which is new', ({ bus }) => bus.allowPublisher(organization('o-a1b2c3d4e5'))],
    ['to a role, in a statement that is there', ({ bus }) => bus.allowPublisher(role(`arn:aws:iam::${B}:role/r`))],
    ['to manage rules', ({ bus }) => bus.allowRuleManagement(accounts(B))],
    ['to a principal', ({ bus }) => bus.grantPutEventsTo(new AccountPrincipal(B))],
    [
      'in a statement of its own',
      ({ bus }) =>
        bus.addToResourcePolicy(
          new PolicyStatement({ actions: ['events:PutEvents'], principals: [new AccountPrincipal(B)] }),
        ),
    ],
    [
      'by a role that publishes',
      ({ bus, later }) =>
        new PublisherRole(later({ ...SHOP, account: B }), 'Publisher', { assumedBy: LAMBDA, eventBuses: [bus] }),
    ],
    [
      'by a rule that forwards',
      ({ bus, later }) =>
        new Rule(later(SHOP), 'Rule', { eventPattern, targets: [new CrossAccountEventBusTarget(bus)] }),
    ],
    [
      'by a rule that another account has there',
      ({ bus, later }) => new CrossAccountRule(later(BILLING), 'Rule', { eventBus: bus, eventPattern }),
    ],
  ])('fails %s', (_, grant) => {
    const made = world();
    const before = policiesOf(made.bus.stack);
    expectLate(() => grant(made), 'First/Hub/Bus', 'resourcePolicy');
    made.first.synth({ force: true });
    expect(policiesOf(made.bus.stack)).toEqual(before);
  });

  test.each<[string, (w: World) => unknown]>([
    ['that is there already', ({ bus }) => bus.allowPublisher(accounts(A))],
    ['that a wider one covers', ({ bus }) => bus.allowPublisher(role(`arn:aws:iam::${A}:role/r`))],
    [
      'by a role of an account that is let in',
      ({ bus, later }) =>
        new PublisherRole(later({ ...SHOP, account: A }), 'Publisher', { assumedBy: LAMBDA, eventBuses: [bus] }),
    ],
    [
      'that takes the identity half alone',
      ({ bus, later }) => new PublisherRole(later(HUB), 'Publisher', { assumedBy: LAMBDA, eventBuses: [bus] }),
    ],
  ])('changes nothing and passes when it is one %s', (_, grant) => {
    const made = world();
    grant(made);
    expect(() => made.app.synth()).not.toThrow();
  });

  test('fails where the policy stands alone', () => {
    let policy: CrossAccountEventBusPolicy;
    world((app, first) => {
      const hub = first.node.findChild('Hub') as Stack;
      policy = new CrossAccountEventBusPolicy(hub, 'Grants', {
        eventBus: new EventBus(hub, 'Plain'),
        publishers: [accounts(A)],
      });
      testPipeline(app).addStage(first);
    });
    expectLate(() => policy.allowPublisher(accounts(B)), 'First/Hub/Grants', 'resourcePolicy');
  });

  test('fails in a stage within a stage, of which the inner one is synthesized', () => {
    const app = testApp();
    const inner = new Stage(new Stage(app, 'Outer'), 'First');
    const bus = new CrossAccountEventBus(new Stack(inner, 'Hub', { env: HUB }), 'Bus', { publishers: [accounts(A)] });
    inner.synth();
    expectLate(() => bus.allowPublisher(accounts(B)), 'Outer/First/Hub/Bus', 'resourcePolicy', 'Outer/First');
  });

  test('fails once a test has looked at the templates of the stage', () => {
    const { bus } = world((_, first) => Template.fromStack(first.node.findChild('Hub') as Stack));
    expectLate(() => bus.allowPublisher(accounts(B)), 'First/Hub/Bus', 'resourcePolicy');
  });
});

describe('what another stage asks of a stage that a pipeline has already', () => {
  test('fails when it is the name of a role, which its template does not have', () => {
    const { unnamed, later } = world();
    const bus = new CrossAccountEventBus(later(HUB), 'Bus');
    expectLate(() => bus.allowPublisher(role(unnamed)), 'Second/Later/Bus', 'role');
  });

  test('fails when it is that a role may put events on one more bus', () => {
    const { publisher, later } = world();
    const bus = new CrossAccountEventBus(later(BILLING), 'Bus');
    expectLate(() => bus.grantPutEventsTo(publisher), 'Second/Later/Bus', 'grantee');
  });

  test('fails when it is one more bus of a publisher, also of its own account', () => {
    for (const env of [BILLING, SHOP]) {
      const { publisher, later } = world();
      const bus = new CrossAccountEventBus(later(env), 'Bus');
      expectLate(() => publisher.addEventBus(bus), 'First/Shop/Publisher', 'eventBus');
    }
  });

  test('fails when it is one more source of a dead-letter queue', () => {
    let queue: Queue;
    const { later } = world((app, first) => {
      queue = new Queue(first.node.findChild('Billing'), 'Queue', { queueName: 'letters' });
      queue.addToResourcePolicy(
        new PolicyStatement({
          actions: ['sqs:SendMessage'],
          resources: [queue.queueArn],
          principals: [new AccountPrincipal(A)],
        }),
      );
      testPipeline(app).addStage(first);
    });
    const target = new CrossAccountEventBusTarget(new CrossAccountEventBus(later(SHOP), 'Bus'), {
      deadLetterQueue: queue!,
    });
    expectLate(
      () => new Rule(later(SHOP), 'Rule', { eventPattern, targets: [target] }),
      'Second/Later/Rule',
      'deadLetterQueue',
    );
  });

  test('fails when it is one more target of a rule, whose role is there for another rule', () => {
    let rules: Rule[];
    let local: CrossAccountEventBus;
    world((app, first) => {
      const [hub, billing] = ['Hub', 'Billing'].map((id) => first.node.findChild(id));
      local = new CrossAccountEventBus(billing, 'Local');
      rules = ['One', 'Two'].map(
        (id) => new Rule(hub, id, { eventBus: hub.node.findChild('Bus') as CrossAccountEventBus, eventPattern }),
      );
      rules[0].addTarget(new CrossAccountEventBusTarget(local));
      testPipeline(app).addStage(first);
    });
    expectLate(() => rules[1].addTarget(new CrossAccountEventBusTarget(local)), 'First/Hub/Two', 'targets');
  });

  test('fails when it is that a key encrypts one more bus', () => {
    let key: Key;
    const { later } = world((app, first) => {
      key = new Key(first.node.findChild('Hub'), 'Key');
      testPipeline(app).addStage(first);
    });
    expectLate(() => new CrossAccountEventBus(later(BILLING), 'Bus', { kmsKey: key }), 'Second/Later/Bus', 'kmsKey');
  });

  test('passes when it is to let in a role that has a name', () => {
    const { app, publisher, later } = world();
    const bus = new CrossAccountEventBus(later(BILLING), 'Bus');
    bus.allowPublisher(role(publisher));
    expect(policiesOf(bus.stack)).toHaveLength(1);
    expect(() => app.synth()).not.toThrow();
  });

  test("passes when it is to let in a role whose policies are not the app's to change", () => {
    let imported: IRole;
    const { app, later } = world((all, first) => {
      imported = Role.fromRoleArn(first.node.findChild('Shop'), 'Imported', `arn:aws:iam::${SHOP.account}:role/r`, {
        mutable: false,
      });
      testPipeline(all).addStage(first);
    });
    const bus = new CrossAccountEventBus(later(BILLING), 'Bus');
    bus.grantPutEventsTo(imported!);
    expect(() => app.synth()).not.toThrow();
    expect(policiesOf(bus.stack)).toHaveLength(1);
  });
});

describe('grants are taken', () => {
  test('by a bus of a stage that the pipeline gets after all stages are made', () => {
    const { app, first, bus, later } = world(() => undefined);
    new PublisherRole(later({ ...SHOP, account: B }), 'Publisher', { assumedBy: LAMBDA, eventBuses: [bus] });
    const pipeline = testPipeline(app);
    for (const stage of [first, later(SHOP).node.scope as Stage]) pipeline.addStage(stage);
    expect(JSON.stringify(policiesOf(bus.stack))).toContain(B);
  });

  test('by a bus of the app after a test has looked at its template', () => {
    const app = testApp();
    const hub = testStack('Hub', HUB, app);
    const bus = new CrossAccountEventBus(hub, 'Bus', { publishers: [accounts(A)] });
    Template.fromStack(hub).resourceCountIs('AWS::Events::EventBusPolicy', 1);
    bus.allowPublisher(accounts(B));
    new PublisherRole(testStack('Shop', SHOP, app), 'Publisher', { assumedBy: LAMBDA, eventBuses: [bus] });
    expect(JSON.stringify(app.synth({ force: true }).getStackByName('Hub').template)).toContain(B);
  });

  test('by a bus of a stage whose aspects make them, however often it is synthesized', () => {
    const { app, bus } = world((_, first) =>
      Aspects.of(first).add(
        {
          visit: (c) => CrossAccountEventBus.isCrossAccountEventBus(c) && c.allowPublisher(accounts(B)),
        },
        { priority: AspectPriority.MUTATING },
      ),
    );
    app.synth();
    expect(
      JSON.stringify(
        app.synth({ force: true }).getNestedAssembly('assembly-First').getStackByName(bus.stack.stackName).template,
      ),
    ).toContain(B);
  });
});
