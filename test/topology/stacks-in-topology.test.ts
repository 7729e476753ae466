import { SynthesizedStack } from '../../src/cloud-assembly/synthesized-stack';
import { Json } from '../../src/iam/statement';
import { stacksInTopology } from '../../src/topology/read-topology';
import { validateTopology } from '../../src/topology/validate-topology';
import { busArn, queueArn, ruleArn } from '../support/three-accounts';
import { placeOf } from '../support/topologies';

const HUB_STACK = { path: 'Hub', name: 'hub-stack', account: '111111111111', region: 'eu-west-1' };

/** The stacks of a file with a stack `Hub` and these lists. */
function stacksOf(lists: object, name?: string): SynthesizedStack[] {
  return stacksInTopology(validateTopology({ version: 1, stacks: [HUB_STACK], ...lists } as Json), name);
}

const busWith = (properties: object, place: object = placeOf('Bus')) => ({ ...place, arn: busArn(), ...properties });
const resourcesIn = ({ template }: SynthesizedStack) => (template as any).Resources;
const resourcesOf = (lists: object, name?: string) => resourcesIn(stacksOf(lists, name)[0]);

describe('a text in the file of the app billing', () => {
  const textBelow = (text: string) =>
    resourcesOf({ eventBuses: [busWith({ deadLetterQueue: text })] }, 'billing').Bus.Properties.DeadLetterConfig.Arn;

  test.each([
    ['‹Arn of Hub/Queue›', '‹Arn of billing/Hub/Queue›'],
    ['‹Outputs.Arn of Hub/Queue›', '‹Outputs.Arn of billing/Hub/Queue›'],
    ['‹AWS::StackId of Hub›', '‹AWS::StackId of billing/Hub›'],
    ['‹Name of Hub/Queue of orders in stock›', '‹Name of billing/Hub/Queue of orders in stock›'],
    ['‹Name of Hub/My parameter Queue›', '‹Name of billing/Hub/My parameter Queue›'],
    ['‹Arn computed by Hub/Custom›', '‹Arn computed by billing/Hub/Custom›'],
    ['‹Export in Hub›', '‹Export in billing/Hub›'],
    ['‹name of the bus of Hub/Rule›', '‹name of the bus of billing/Hub/Rule›'],
    ['‹parameter Hub/Name›', '‹parameter billing/Hub/Name›'],
    ['‹parameter list Hub/Names›', '‹parameter list billing/Hub/Names›'],
    ['‹parameter item 12 of Hub/Names›', '‹parameter item 12 of billing/Hub/Names›'],
    ['‹value of parameter Hub/Name›', '‹value of parameter billing/Hub/Name›'],
    ["‹Fn::Join ['-', ['a', 'b']] in Hub›", "‹Fn::Join ['-', ['a', 'b']] in billing/Hub›"],
    ["‹Fn::Base64 'a\nb' in Hub/Stack›", "‹Fn::Base64 'a\nb' in billing/Hub/Stack›"],
    ['‹Name of Hub/A›-‹parameter Hub/B›', '‹Name of billing/Hub/A›-‹parameter billing/Hub/B›'],
    ['queue-‹region›-‹AWS::AccountId›', 'queue-‹region›-‹AWS::AccountId›'],
    ['‹anything›', '‹anything›'],
    ['Name of Hub/Queue', 'Name of Hub/Queue'],
  ])('%j is read as %j', (text, expected) => {
    expect(textBelow(text)).toBe(expected);
  });

  test('stays as it is without the name of the app', () => {
    const eventBuses = [busWith({ deadLetterQueue: '‹Arn of Hub/Queue›' })];
    expect(resourcesOf({ eventBuses }).Bus.Properties.DeadLetterConfig).toEqual({ Arn: '‹Arn of Hub/Queue›' });
  });
});

describe('below the name of an app', () => {
  const PARAMETER = '‹parameter Hub/P›';
  const BELOW = '‹parameter billing/Hub/P›';
  const patternBelow = (eventPattern: unknown) =>
    resourcesOf({ archives: [{ ...placeOf('A'), eventPattern }] }, 'billing').A.Properties.EventPattern;

  test.each<[unknown, unknown]>([
    [{ source: [PARAMETER, 'a'] }, { source: [BELOW, 'a'] }],
    [{ detail: { [PARAMETER]: [{ prefix: PARAMETER }] } }, { detail: { [BELOW]: [{ prefix: BELOW }] } }],
    [{ detail: { path: [PARAMETER] } }, { detail: { path: [BELOW] } }],
    [{ detail: { a: [null, true, 1.5, { exists: false }] } }, { detail: { a: [null, true, 1.5, { exists: false }] } }],
    [PARAMETER, BELOW],
  ])('the pattern %j is read as %j', (pattern, expected) => {
    expect(patternBelow(pattern)).toEqual(expected);
  });

  test('the paths of stacks and constructs stay, because the stacks are added there', () => {
    const stacks = [{ ...HUB_STACK, path: 'A ‹Arn of b›' }];
    const place = { stack: stacks[0].path, logicalId: 'Bus', path: `${stacks[0].path}/Bus` };
    const [stack] = stacksOf({ stacks, eventBuses: [busWith({ name: 'orders' }, place)] }, 'billing');
    expect(stack).toMatchObject({ path: place.stack, template: { Resources: { Bus: expect.anything() } } });
    expect([...stack.constructPaths]).toEqual([['Bus', place.path]]);
  });
});

test('a stack has the properties of its entry, and no resource without entries', () => {
  expect(stacksOf({})).toEqual([
    {
      ...HUB_STACK,
      template: { Resources: {} },
      ...{ constructPaths: new Map(), dependencies: [], nestedTemplates: new Map() },
    },
  ]);
});

test('a stack has those resources that are in it, and the stacks before it', () => {
  const stacks = [
    { ...HUB_STACK, dependsOn: ['Second'] },
    { path: 'Second', name: 'second' },
  ];
  const second = { stack: 'Second', logicalId: 'Bus', path: 'Second/Bus' };
  const eventBuses = [busWith({ name: 'a' }), busWith({ name: 'b' }, second)];
  const read = stacksOf({ stacks, eventBuses });
  expect(read.map((stack) => [stack.path, stack.dependencies, resourcesIn(stack)])).toEqual([
    ['Hub', ['Second'], { Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'a' } } }],
    ['Second', [], { Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'b' } } }],
  ]);
});

test('a resource that is two entries has the properties and the condition of both', () => {
  const Statement = [{ Effect: 'Allow' }];
  const policy = { ...placeOf('Bus'), condition: 'Big', type: 'AWS::Events::EventBus', resource: busArn() };
  const resourcePolicies = [{ ...policy, statements: Statement.map((statement) => ({ statement })) }];
  expect(resourcesOf({ eventBuses: [busWith({ name: 'orders', condition: 'Big' })], resourcePolicies })).toEqual({
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'orders', Policy: { Statement } }, Condition: 'Big' },
  });
});

test('a resource without a condition has no such property', () => {
  expect(resourcesOf({ eventBuses: [busWith({})] }).Bus).not.toHaveProperty('Condition');
});

test('the resources that an entry has in addition have no path of a construct', () => {
  const rule = { ...placeOf('Rule'), arn: ruleArn('rule'), eventBus: busArn(), targets: [], customTargets: true };
  const api = { ...placeOf('Api'), arn: 'arn', hasPolicy: false, requiresIam: true };
  const [stack] = stacksOf({ rules: [rule], restApis: [api] });
  expect(Object.keys(resourcesIn(stack))).toEqual(['Rule', 'RuleTargets', 'Api', 'ApiMethod']);
  expect([...stack.constructPaths]).toEqual([
    ['Rule', 'Hub/Rule'],
    ['Api', 'Hub/Api'],
  ]);
});

const role = 'arn:aws:iam::111111111111:role/r';
const publisher = (kind: string, more: object = {}) => ({ ...placeOf('P'), kind, role, events: [{}], ...more });

test.each<[string, object, string[]]>([
  ['one for each destination', publisher('function', { events: [{}, {}] }), ['P', 'PDestination1', 'PDestination2']],
  ['one for a condition', publisher('function', { condition: 'Big' }), ['P', 'PDestinationBig1']],
  ['none of a kind that is not known', publisher('a kind of tomorrow'), []],
])('the resources of a publisher are %s', (_, entry, expected) => {
  expect(Object.keys(resourcesOf({ publishers: [entry] }))).toEqual(expected);
});

test('a policy can have an identity whose ARN is not known', () => {
  const attachedTo = ['text', 'arn:aws:iam::111111111111:role/r', 'arn:aws:iam::111111111111:other/o'];
  const identityPolicies = [{ ...placeOf('P'), attachedTo, statements: [] }];
  const roles = [{ ...placeOf('R'), arn: 'text', name: 'r', trustPolicy: [] }];
  const { P, R } = resourcesOf({ identityPolicies, roles });
  expect(P.Properties).toMatchObject({ Roles: ['r'], Users: [], Groups: [] });
  expect(R.Properties).toMatchObject({ RoleName: 'r', Path: '/' });
});

describe('the resource of an entry', () => {
  const propertiesOf = (list: string, entry: object) => resourcesOf({ [list]: [entry] }).P.Properties;

  test.each<[string, object]>([
    ['a pipe', publisher('pipe', { sourceArn: 'arn:aws:pipes:eu-west-1:111111111111:pipe/p' })],
    ['a state machine', publisher('state machine', { sourceArn: 'arn:aws:states:eu-west-1:1:stateMachine:p' })],
  ])('for %s has the name that its ARN ends in', (_, entry) => {
    const { Name, StateMachineName } = propertiesOf('publishers', entry);
    expect([Name, StateMachineName].filter((name) => name !== undefined)).toEqual(['p']);
  });

  test.each(['pipe', 'state machine', 'schedule'])('for a %s has no name if no ARN is known', (kind) => {
    const names = ['Name', 'StateMachineName', 'GroupName'];
    for (const sourceArn of [undefined, 'arn:aws:other']) {
      const properties = propertiesOf('publishers', publisher(kind, sourceArn === undefined ? {} : { sourceArn }));
      expect(names.filter((name) => name in properties)).toEqual([]);
    }
  });

  test('for a task definition passes its roles', () => {
    const entry = { ...placeOf('P'), arn: 'arn', name: 'family', passedRoles: [role] };
    expect(propertiesOf('taskDefinitions', entry)).toEqual({ Family: 'family', ExecutionRoleArn: [role] });
  });

  test('for a target under conditions is chosen by them', () => {
    const targets = [{ id: 'T', arn: queueArn('q'), conditions: ['Big', '!New'] }];
    const { Targets } = propertiesOf('rules', { ...placeOf('P'), arn: ruleArn('p'), eventBus: busArn(), targets });
    const NO_VALUE = { Ref: 'AWS::NoValue' };
    const target = { Id: 'T', Arn: queueArn('q') };
    expect(Targets).toEqual([{ 'Fn::If': ['Big', { 'Fn::If': ['New', NO_VALUE, target] }, NO_VALUE] }]);
  });
});
