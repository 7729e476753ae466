import { isDeepStrictEqual } from 'node:util';
import { oneOf, whenConditions } from './conditional-values';
import { ResourceTemplate, properties } from './read-resources';
import { ResourcePolicyEntry, StatementEntry } from './topology';
import { ShortForm } from '../app-model/app-model';
import { eventBusPolicyStatement, lambdaPermissionStatement } from '../app-model/statements';
import { Json, isObject } from '../iam/statement';
import { groupedBy } from '../util/group-by';

interface PolicyResource {
  readonly entry: ResourcePolicyEntry;
  readonly template: ResourceTemplate;
}

/** The resources that define the policies. One resource can define the policies of several queues or topics. */
export function policyResources(policies: readonly ResourcePolicyEntry[]): PolicyResource[] {
  const resources = groupedBy([...policies], ({ stack, logicalId }) => `${stack}\u0000${logicalId}`);
  return [...resources.values()].map((entries) => {
    const [entry] = entries;
    return {
      entry,
      template: {
        type: entry.type,
        properties: propertiesOf(
          entry,
          entries.map((e) => e.resource),
        ),
      },
    };
  });
}

function propertiesOf(policy: ResourcePolicyEntry, resources: string[]): ResourceTemplate['properties'] {
  const [resource] = resources;
  switch (policy.type) {
    case 'AWS::Events::EventBus':
      return { Policy: documentOf(policy) };
    case 'AWS::Events::EventBusPolicy':
      return busStatementProperties(policy);
    case 'AWS::EventsV2::ResourcePolicy':
      return { EventBusArn: resource, PolicyDocument: documentOf(policy) };
    case 'AWS::Lambda::Permission':
      return permissionProperties(policy);
    case 'AWS::Lambda::ResourcePolicy':
      return { ResourceArn: resource, PolicyDocument: documentOf(policy) };
    case 'AWS::SQS::QueuePolicy':
      return { Queues: resources, PolicyDocument: documentOf(policy) };
    case 'AWS::SNS::TopicPolicy':
      return { Topics: resources, PolicyDocument: documentOf(policy) };
    case 'AWS::Kinesis::ResourcePolicy':
      return { ResourceArn: resource, ResourcePolicy: documentOf(policy) };
    case 'AWS::ApiGateway::RestApi':
      return { Policy: documentOf(policy) };
    case 'AWS::KMS::Key':
      return { KeyPolicy: documentOf(policy) };
  }
}

function documentOf({ statements }: ResourcePolicyEntry): Json {
  return { Statement: statements.map(({ statement, conditions }) => whenConditions(statement, conditions)) };
}

function busStatementProperties({
  resource,
  statementId,
  statements,
}: ResourcePolicyEntry): ResourceTemplate['properties'] {
  const ofStatement = ({ statement, shortForm }: StatementEntry): ResourceTemplate['properties'] =>
    shortForm ? shortFormProperties(shortForm) : { Statement: statement };
  return properties({ StatementId: statementId, EventBusName: resource, ...inBranches(statements, ofStatement) });
}

function permissionProperties({ resource, statements }: ResourcePolicyEntry): ResourceTemplate['properties'] {
  return properties({ FunctionName: resource, ...inBranches(statements, permissionOf) });
}

/** The properties of the branches, each with the value of each branch. */
function inBranches(
  branches: readonly StatementEntry[],
  propertiesOfBranch: (branch: StatementEntry) => ResourceTemplate['properties'],
): { readonly [name: string]: Json | undefined } {
  const values = branches.map((branch) => ({ branch: propertiesOfBranch(branch), conditions: branch.conditions }));
  const names = new Set(values.flatMap(({ branch }) => Object.keys(branch)));
  return Object.fromEntries(
    [...names].map((name) => [
      name,
      oneOf(values.map(({ branch, conditions }) => ({ value: branch[name], conditions }))),
    ]),
  );
}

/**
 * A statement that the resource of a policy cannot define: a Lambda permission is more restricted than a statement, and
 * the properties in place of a statement are what the resource has. Undefined if there is none.
 */
export function inexpressibleStatement({ type, resource, statements }: ResourcePolicyEntry): number | undefined {
  const index = statements.findIndex(({ statement, shortForm }) => {
    const id = isObject(statement) && typeof statement.Sid === 'string' ? statement.Sid : '';
    if (type === 'AWS::Lambda::Permission') {
      return !isDeepStrictEqual(statement, lambdaPermissionStatement(permissionOf({ statement }), resource, id));
    }
    const isShort = type === 'AWS::Events::EventBusPolicy' && shortForm !== undefined;
    return (
      isShort && !isDeepStrictEqual(statement, eventBusPolicyStatement(shortFormProperties(shortForm), resource, id))
    );
  });
  return index < 0 ? undefined : index;
}

function shortFormProperties({ action, principal, condition }: ShortForm): ResourceTemplate['properties'] {
  return properties({ Action: action, Principal: principal, Condition: condition });
}

/** The properties of the permission that adds a statement to the policy of a function. */
function permissionOf({ statement }: Pick<StatementEntry, 'statement'>): ResourceTemplate['properties'] {
  if (!isObject(statement)) return {};
  const { Principal, Action, Condition } = statement;
  const { StringEquals, ArnLike, Bool } = isObject(Condition) ? Condition : ({} as { [operator: string]: Json });
  const [equals, like, bool] = [StringEquals, ArnLike, Bool].map((keys) => (isObject(keys) ? keys : {}));
  return properties({
    Action: Action ?? undefined,
    Principal: principalOf(Principal),
    SourceAccount: equals['AWS:SourceAccount'],
    PrincipalOrgID: equals['aws:PrincipalOrgID'],
    EventSourceToken: equals['lambda:EventSourceToken'],
    FunctionUrlAuthType: equals['lambda:FunctionUrlAuthType'],
    SourceArn: like['AWS:SourceArn'],
    InvokedViaFunctionUrl: bool['lambda:InvokedViaFunctionUrl'],
  });
}

/** The value in the property; an invalid one is in a list. */
function principalOf(principal: Json | undefined): Json | undefined {
  if (Array.isArray(principal)) return principal[0] ?? undefined;
  return isObject(principal) ? (principal.Service ?? principal.AWS) : principal;
}
