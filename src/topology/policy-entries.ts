import { conditionId, defined, entryOf } from './entries';
import { ResourcePolicyEntry, ResourcePolicyType, StatementEntry } from './topology';
import { AppModel, ResourcePolicyStatement } from '../app-model/app-model';
import { RequiredCondition } from '../app-model/resolve/branches';
import { accountOf } from '../iam/arn';
import { Json, accountOfRoot, isObject, toList } from '../iam/statement';
import { hasUnresolved } from '../iam/unresolved-text';
import { groupedBy } from '../util/group-by';

/** The policies of buses and REST APIs, and of the other resources that are in the file. */
export function resourcePolicyEntries(
  model: AppModel,
  isRelevant: (resourceArn: string) => boolean,
): ResourcePolicyEntry[] {
  return policyLists(model).flatMap(({ statements, typeOf, areAllRelevant }) =>
    [...byResourceAndPolicy(statements).values()]
      .filter(([{ resourceArn }]) => areAllRelevant || isRelevant(resourceArn))
      .map((policy) => policyEntry(policy, typeOf(policy[0]))),
  );
}

interface PolicyList {
  readonly statements: readonly ResourcePolicyStatement[];
  readonly typeOf: (statement: ResourcePolicyStatement) => ResourcePolicyType;
  readonly areAllRelevant?: boolean;
}

function policyLists(model: AppModel): PolicyList[] {
  return [
    {
      statements: model.eventBusStatements,
      typeOf: ({ isWholePolicy }) => (isWholePolicy ? 'AWS::Events::EventBus' : 'AWS::Events::EventBusPolicy'),
      areAllRelevant: true,
    },
    {
      statements: model.eventBusV2Statements,
      typeOf: () => 'AWS::EventsV2::ResourcePolicy',
      areAllRelevant: true,
    },
    {
      statements: model.functionStatements,
      typeOf: ({ isWholePolicy }) => (isWholePolicy ? 'AWS::Lambda::ResourcePolicy' : 'AWS::Lambda::Permission'),
    },
    { statements: model.queueStatements, typeOf: () => 'AWS::SQS::QueuePolicy' },
    { statements: model.topicStatements, typeOf: () => 'AWS::SNS::TopicPolicy' },
    { statements: model.streamStatements, typeOf: () => 'AWS::Kinesis::ResourcePolicy' },
    { statements: model.restApiStatements, typeOf: () => 'AWS::ApiGateway::RestApi', areAllRelevant: true },
    { statements: model.keyStatements, typeOf: () => 'AWS::KMS::Key' },
  ];
}

function byResourceAndPolicy(statements: readonly ResourcePolicyStatement[]): Map<string, ResourcePolicyStatement[]> {
  // The parts are separated by a control character, which no path contains.
  return groupedBy([...statements], ({ construct, resourceArn }) => `${construct.node.path}\u0000${resourceArn}`);
}

function policyEntry(policy: readonly ResourcePolicyStatement[], type: ResourcePolicyType): ResourcePolicyEntry {
  const [{ construct, resourceArn, id }] = policy;
  const [condition] = commonConditions(policy);
  const inResource = condition === undefined ? 0 : 1;
  const isConditional = policy.some(({ conditional, branchOf }) => conditional && branchOf === undefined);
  const hasId = type === 'AWS::Events::EventBusPolicy' && !hasUnresolved(id);
  return {
    ...entryOf({ construct, conditional: isConditional || inResource > 0, conditions: commonConditions(policy) }),
    type,
    resource: resourceArn,
    ...defined({ statementId: hasId && id }),
    statements: policy.map((statement) => statementEntry(statement, inResource)),
  };
}

/** The condition of the resource, which all its statements have as the first one. */
function commonConditions(policy: readonly ResourcePolicyStatement[]): RequiredCondition[] {
  const [first] = policy[0].conditions ?? [];
  const isCommon = first !== undefined && !first.startsWith('!') && policy.every((s) => s.conditions?.[0] === first);
  return isCommon ? [first] : [];
}

function statementEntry(
  { statement, shortForm, conditions = [] }: ResourcePolicyStatement,
  inResource: number,
): StatementEntry {
  return { statement, ...defined({ shortForm, conditions: conditions.slice(inResource).map(conditionId) }) };
}

/** The resources whose policies allow EventBridge, other accounts, or principals that are not known. */
export function resourcesWithPolicyForEvents(statements: readonly ResourcePolicyStatement[]): Set<string> {
  return new Set(statements.filter(isForEvents).map(({ resourceArn }) => resourceArn));
}

function isForEvents({ statement, resourceArn }: ResourcePolicyStatement): boolean {
  if (!isObject(statement)) return true;
  if (statement.Effect === 'Deny') return false;
  const { Principal } = statement;
  if (!isObject(Principal)) return true;
  const account = accountOf(resourceArn);
  return (
    toList(Principal.Service).some(isEventBridge) ||
    toList(Principal.AWS).some((principal) => (accountOfRoot(principal) ?? accountOf(principal)) !== account)
  );
}

/** Whether a service principal is EventBridge, or may be. */
export function isEventBridge(service: string): boolean {
  return /^events\.amazonaws\.com(\.cn)?$/.test(service) || hasUnresolved(service);
}

/** All text in statements, such as the ARNs of principals. */
export function textsIn(value: Json, texts: Set<string> = new Set()): Set<string> {
  if (typeof value === 'string') {
    texts.add(value);
  } else if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach((member) => textsIn(member, texts));
  }
  return texts;
}
