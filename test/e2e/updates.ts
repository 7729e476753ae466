import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { DeployedExample, Edit } from './deploy';
import { checkDelivery } from './event-backbone';
import { assertAsInTopology, statementsOn } from './expected';
import { Overrides } from './gaps';
import { Checklist } from '../support/checklist';

const STACK = 'Backbone';
const GLOBAL_BUS = 'arn:aws:events:eu-west-1:888888888888:event-bus/global';
const PUBLISHERS = 'EventPublisher.accounts(...props.services.map((s) => s.account))';
const PARTNER = ", EventPublisher.accounts('444444444444')";
const ORGANIZATION = ", EventPublisher.organization('o-a1b2c3d4e5')";

/** Changes of event-backbone, each deployed over the one before. */
export async function checkUpdates(list: Checklist, example: DeployedExample): Promise<void> {
  const title = (text: string) => `update of event-backbone: ${text}`;
  const globalStatements = () => statementsOn(example.topology, GLOBAL_BUS);

  await list.wait(title('a grant to an account changes one statement, and replaces nothing'), async () => {
    const before = globalStatements();
    const { headings, gone } = await update(example, ['stacks.ts', PUBLISHERS, PUBLISHERS + PARTNER]);
    assert.deepEqual(headings, ['[~] AWS::Events::EventBusPolicy']);
    assert.deepEqual(gone, []);
    assert.equal(globalStatements()[0].Principal.AWS.length, before[0].Principal.AWS.length + 1);
    return assertAsInTopology(example, { eventBuses: { global: before } });
  });

  await list.wait(title('a grant to an organization adds one statement'), async () => {
    const { headings, gone } = await update(example, ['stacks.ts', PARTNER, PARTNER + ORGANIZATION]);
    assert.deepEqual(headings, ['[+] AWS::Events::EventBusPolicy']);
    assert.deepEqual(gone, []);
    const statements = globalStatements();
    assert.equal(statements.length, 2);
    const ofOrganization = statements.filter(({ Condition }) => Condition?.StringEquals['aws:PrincipalOrgID']);
    return assertAsInTopology(example, { eventBuses: { global: ofOrganization } });
  });

  await list.wait(title('a removed account loses its rule, role and grant, and its stack'), async () => {
    const removed = example.topology.rules.filter(({ path }: any) => path === 'Backbone/To-shipping/Resource');
    assert.equal(removed.length, 1);
    const service: Edit = ['app.ts', "  { name: 'shipping', account: '333333333333' },\n", ''];
    const { headings, gone } = await update(example, service, ['stacks.ts', PARTNER + ORGANIZATION, '']);
    assert.deepEqual(headings, [
      ...['[-] AWS::Events::EventBusPolicy', '[-] AWS::Events::Rule', '[-] AWS::IAM::Policy', '[-] AWS::IAM::Role'],
      '[~] AWS::Events::EventBusPolicy',
    ]);
    assert.deepEqual(gone, [
      ...['AWS::Events::EventBusPolicy', 'AWS::Events::Rule', 'AWS::IAM::Policy', 'AWS::IAM::Role'],
    ]);
    example.destroyRemoved('Service-shipping');
    assert.deepEqual(await example.cloud('333333333333').resources('Service-shipping'), []);
    await assertAsInTopology(example, { eventBuses: { global: [] }, removedRules: { global: removed } });
    return checkDelivery(example, 'global', ['orders', 'billing']);
  });

  await list.wait(
    title('renamed, the bus is replaced and has new rules and statements; no ID is used twice'),
    async () => {
      const ruleRoles = example.topology.roles.filter(({ stack }: any) => stack === STACK);
      const { headings, gone } = await update(
        example,
        ['stacks.ts', "eventBusName: 'global'", "eventBusName: 'global-events'"],
        ['stacks.ts', '`To-${service.name}`', '`Forward-${service.name}`'],
      );
      assert.deepEqual(headings, [
        ...['[+] AWS::Events::EventBusPolicy', '[+] AWS::Events::Rule', '[+] AWS::Events::Rule'],
        ...['[-] AWS::Events::EventBusPolicy', '[-] AWS::Events::Rule', '[-] AWS::Events::Rule'],
        ...['[~] AWS::Events::EventBus replace', '[~] AWS::IAM::Role', '[~] AWS::IAM::Role'],
      ]);
      assert.deepEqual(gone, [
        ...['AWS::Events::EventBus', 'AWS::Events::EventBusPolicy', 'AWS::Events::Rule', 'AWS::Events::Rule'],
      ]);
      const { EventBuses } = await example.cloud('888888888888').events.listEventBuses();
      assert.deepEqual(EventBuses!.map(({ Name }) => Name).sort(), ['default', 'global-events']);
      const overrides: Overrides = { rolesWithoutPolicies: ruleRoles.map(({ name }: any) => name) };
      await assertAsInTopology(example, overrides);
      return checkDelivery(example, 'global-events', ['orders', 'billing']);
    },
  );
}

interface Update {
  /** What `cdk diff` lists. */
  readonly headings: readonly string[];
  /** The types of the resources whose physical IDs are not there any more: they were removed or replaced. */
  readonly gone: readonly string[];
}

/** Deploys changes. */
async function update(example: DeployedExample, ...edits: Edit[]): Promise<Update> {
  example.edit(...edits);
  example.synth();
  assert.deepEqual(collisions(example), []);
  const lines = [...example.diff(STACK).matchAll(/^(\[[-+~]\] AWS::\S+) .*?( replace)?$/gm)];
  const before = await example.resources(STACK);
  example.deploy();
  await setTimeout(1000); // it removes resources after it says that the update is complete
  const after = (await example.resources(STACK)).map(({ PhysicalResourceId }) => PhysicalResourceId);
  return {
    headings: lines.map(([, heading, replace = '']) => heading + replace).sort(),
    gone: before
      .filter(({ PhysicalResourceId }) => !after.includes(PhysicalResourceId))
      .map(({ ResourceType }) => ResourceType!)
      .sort(),
  };
}

/** The properties that are unique in an account and a Region, or on a bus. */
const NAMES = ['Name', 'RoleName', 'StatementId', 'PolicyName', 'FunctionName', 'QueueName'];

/** Names of new resources that a resource has which CloudFormation removes after it creates the new ones. */
function collisions(example: DeployedExample): string[] {
  const [before, after] = example.templates(STACK).map(namesIn);
  const reused = [...after].filter(([id, logicalId]) => before.has(id) && before.get(id) !== logicalId);
  const [busesBefore, buses] = example.topologies.map(busOfStatementIds);
  const moved = [...buses].filter(([id, bus]) => busesBefore.has(id) && busesBefore.get(id) !== bus);
  return [...reused, ...moved].map(([id]) => id);
}

/** The logical IDs of the resources with a name. */
function namesIn({ Resources }: any): Map<string, string> {
  const entries = Object.entries<any>(Resources).flatMap(([logicalId, { Type, Properties }]) =>
    NAMES.flatMap((name): [string, string][] =>
      Properties?.[name] ? [[`${Type} ${JSON.stringify(Properties[name])}`, logicalId]] : [],
    ),
  );
  return new Map(entries);
}

/** A statement whose bus is replaced is replaced too. */
function busOfStatementIds({ resourcePolicies }: any): Map<string, string> {
  const statements = resourcePolicies.filter(({ type }: any) => type === 'AWS::Events::EventBusPolicy');
  return new Map(statements.map(({ statementId, resource }: any) => [statementId, resource]));
}
