import assert from 'node:assert/strict';
import { Cloud } from './cloud';
import { DeployedExample } from './deploy';
import { Overrides, permissionInEmulator } from './gaps';

/**
 * That what is deployed equals what the file `event-topology.json` of the app says, but for gaps of the emulator.
 *
 * @returns what was compared, such as `4 rules with targets`
 */
export async function assertAsInTopology(example: DeployedExample, overrides: Overrides = {}): Promise<string> {
  const { topology } = example;
  const { eventBuses, rules, functions, queues, roles, identityPolicies } = topology;
  const differences: string[] = [];
  const counts: { [what: string]: number } = {};
  const compare = (what: string, name: string, expected: readonly unknown[], actual: readonly unknown[]) => {
    counts[what] = (counts[what] ?? 0) + expected.length;
    differences.push(...differencesOf(expected, actual).map((difference) => `${what} of ${name} ${difference}`));
  };

  for (const { arn, name } of eventBuses) {
    const cloud = cloudOf(example, arn);
    const statements = overrides.eventBuses?.[name] ?? statementsOn(topology, arn);
    compare('statements', `bus ${name}`, statements, await busStatements(cloud, name));
    const removed = overrides.removedRules?.[name] ?? [];
    const expected = [...rules.filter((rule: any) => rule.eventBus === arn), ...removed].map(ruleOf);
    compare('rules with targets', `bus ${name}`, expected, await rulesOn(cloud, name));
  }
  for (const { arn, stack, logicalId } of functions) {
    const name = await example.physicalId(stack, logicalId);
    const expected = statementsOn(topology, arn).map(permissionInEmulator);
    compare('statements', `function ${name}`, expected, await functionStatements(cloudOf(example, arn), name));
  }
  for (const { arn, name } of queues) {
    const expected = statementsOn(topology, arn);
    compare('statements', `queue ${name}`, expected, await queueStatements(cloudOf(example, arn), name));
  }
  // Only roles with a known name are in the file with all of their policies.
  for (const { arn, name, trustPolicy } of roles.filter((role: any) => role.name && !PLACEHOLDER.test(role.name))) {
    const cloud = cloudOf(example, arn);
    compare('trust policies', `role ${name}`, [trustPolicy], [await trustPolicyOf(cloud, name)]);
    const policies = identityPolicies.filter(({ attachedTo }: any) => attachedTo.includes(arn));
    const isEmpty = overrides.rolesWithoutPolicies?.includes(name);
    const expected = isEmpty ? [] : policies.flatMap(({ statements }: any) => statements);
    compare('statements', `role ${name}`, expected, await roleStatements(cloud, name));
  }
  assert.deepEqual(differences, []);
  for (const what of ['statements', 'rules with targets', 'trust policies']) {
    assert.ok(counts[what] > 0, `no ${what} were compared`);
  }
  return Object.entries(counts)
    .map(([what, count]) => `${count} ${what}`)
    .join(', ');
}

/** The statements of the policy of a resource. */
export function statementsOn(topology: any, arn: string): any[] {
  return topology.resourcePolicies
    .filter((policy: any) => policy.resource === arn)
    .flatMap(({ statements }: any) => statements.map(({ statement }: any) => statement));
}

export async function busStatements(cloud: Cloud, name: string): Promise<unknown[]> {
  const { Policy } = await cloud.events.describeEventBus({ Name: name });
  return Policy ? (JSON.parse(Policy).Statement ?? []) : [];
}

/** A rule of the file, which has no name if it is generated. */
function ruleOf({ name = '‹name›', eventPattern, targets }: any): unknown {
  return { name, eventPattern, targets: targets.map(({ id, arn, role }: any) => ({ id, arn, role })) };
}

/** A rule that is deployed. */
export interface DeployedRule {
  readonly name?: string;
  readonly eventPattern: unknown;
  readonly targets: readonly { readonly id?: string; readonly arn?: string; readonly role?: string }[];
}

export async function rulesOn(cloud: Cloud, eventBus: string): Promise<DeployedRule[]> {
  const { Rules = [] } = await cloud.events.listRules({ EventBusName: eventBus });
  return Promise.all(
    Rules.map(async ({ Name, EventPattern }) => {
      const { Targets = [] } = await cloud.events.listTargetsByRule({ EventBusName: eventBus, Rule: Name });
      const targets = Targets.map(({ Id, Arn, RoleArn }) => ({ id: Id, arn: Arn, role: RoleArn }));
      return { name: Name, eventPattern: JSON.parse(EventPattern!), targets };
    }),
  );
}

export async function functionStatements(cloud: Cloud, name: string): Promise<unknown[]> {
  const { Policy } = await cloud.lambda.getPolicy({ FunctionName: name });
  return JSON.parse(Policy!).Statement;
}

async function queueStatements(cloud: Cloud, name: string): Promise<unknown[]> {
  const { QueueUrl } = await cloud.sqs.getQueueUrl({ QueueName: name });
  const { Attributes } = await cloud.sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['Policy'] });
  return JSON.parse(Attributes!.Policy!).Statement;
}

export async function trustPolicyOf(cloud: Cloud, name: string): Promise<unknown> {
  const { Role } = await cloud.iam.getRole({ RoleName: name });
  return JSON.parse(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).Statement;
}

export async function roleStatements(cloud: Cloud, name: string): Promise<unknown[]> {
  const { PolicyNames = [] } = await cloud.iam.listRolePolicies({ RoleName: name });
  const policies = PolicyNames.map(async (policy) => {
    const { PolicyDocument } = await cloud.iam.getRolePolicy({ RoleName: name, PolicyName: policy });
    return JSON.parse(decodeURIComponent(PolicyDocument!)).Statement;
  });
  return (await Promise.all(policies)).flat();
}

function cloudOf(example: DeployedExample, arn: string): Cloud {
  return example.cloud(arn.split(':')[4]);
}

/** What is missing, and what is not expected. The order does not matter. */
function differencesOf(expected: readonly unknown[], actual: readonly unknown[]): string[] {
  const left = [...actual];
  const missing = expected.filter((one) => {
    const index = left.findIndex((other) => matches(one, other));
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
  return [
    ...missing.map((one) => `are without ${JSON.stringify(one)}`),
    ...left.map((one) => `have, not expected, ${JSON.stringify(one)}`),
  ];
}

/** In the file, a value that is known only at deployment is a placeholder. */
const PLACEHOLDER = /‹[^›]*›/;

/** Whether a value of the file describes what is deployed. */
function matches(expected: unknown, actual: unknown): boolean {
  if (typeof expected === 'string' && typeof actual === 'string') {
    const parts = expected.split(PLACEHOLDER).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.+')}$`).test(actual);
  }
  if (typeof expected !== 'object' || expected === null || typeof actual !== 'object' || actual === null) {
    return expected === actual;
  }
  const [left, right] = [expected, actual] as { [key: string]: unknown }[];
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => matches(left[key], right[key]));
}
