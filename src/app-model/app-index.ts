import { IConstruct } from 'constructs';
import {
  AppModel,
  AppResource,
  EncryptedResource,
  EventBus,
  Identity,
  Key,
  KeyAlias,
  LambdaFunction,
  ManagedPolicy,
  PolicyOfOtherApp,
  Queue,
  ResourcePolicyStatement,
  RestApi,
  Role,
  Rule,
  TaskDefinition,
} from './app-model';
import { isInAssembly, walkAssembly } from './assembly';
import type { Environments } from './environments';
import { Identities, evaluatedResources, ownIdentities } from './evaluated-resources';
import { incompleteEnvironments } from './incomplete-stacks';
import { OtherApp } from './other-apps';
import { PossibleStatements } from './possible-statements';
import { readApp } from './read-app';
import { RequiredCondition } from './resolve/branches';
import { NO_POLICY, ResourcePolicy, resourcePolicy } from './resource-policy';
import { AccessAnalysis, analyzeAccess } from '../iam/access-analysis';
import { parseArn, unqualifiedFunctionArn } from '../iam/arn';
import { RequestContext, resourceOrganizationContext } from '../iam/condition-keys';
import { Json } from '../iam/statement';
import { groupedBy } from '../util/group-by';
import { memoize } from '../util/memoize';

/** The model of an app, indexed by ARN. It is read once for all checks. */
export class AppIndex {
  /**
   * Reads everything that is synthesized together with a construct.
   *
   * @param others apps and stages that are deployed separately
   * @param contents the constructs that are read, if they are known already
   */
  public static of(root: IConstruct, others: readonly OtherApp[] = [], contents = walkAssembly(root)): AppIndex {
    return new AppIndex(readApp(root, others, { contents }), root, others);
  }

  /** What the checks evaluate: everything in this app, and of other apps what can concern it. */
  public readonly evaluated: AppModel;
  /** The roles, users and groups that this app defines, or has a policy for. */
  public readonly ownIdentities: Identities;

  private readonly buses: Map<string, EventBus>;
  private readonly functions: Map<string, LambdaFunction>;
  private readonly queues: Map<string, Queue>;
  private readonly topics: Map<string, EncryptedResource>;
  private readonly streams: Map<string, EncryptedResource>;
  private readonly restApis: Map<string, RestApi>;
  private readonly taskDefinitions: Map<string, TaskDefinition>;
  private readonly roles: Map<string, Role>;
  private readonly users: Map<string, Identity>;
  private readonly managedPolicies: Map<string, ManagedPolicy>;
  private readonly policies: Map<string, ResourcePolicy>;
  private readonly rules: Map<string, Rule[]>;
  private readonly rulesByTarget: Map<string, { rule: Rule }[]>;
  private readonly identities: Map<string, Identity[]>;
  private readonly keys: Map<string, Key>;
  private readonly possibleStatements: PossibleStatements;
  private readonly incomplete: Environments;

  /** The condition keys for the organizations that the accounts of the app are in, as configured by the user. */
  public readonly organizationKeys: RequestContext = {};

  /** The principals that a statement allows. */
  public readonly accessOf: (statement: Json) => AccessAnalysis = memoize(analyzeAccess);

  private readonly copyWith = memoize((organizations: string) => this.copyWithOrganizations(organizations.split(',')));

  /** @param root the app or stage that the model was read from */
  constructor(
    public readonly model: AppModel,
    public readonly root?: IConstruct,
    public readonly otherApps: readonly OtherApp[] = [],
  ) {
    const separate = root ? otherApps.filter((other) => !isInAssembly(other.root, root)) : [];
    this.evaluated = evaluatedResources(model, separate);
    this.ownIdentities = ownIdentities(model, separate);
    this.buses = byArn(model.eventBuses);
    this.functions = byArn(model.functions);
    this.queues = byArn(model.queues);
    this.topics = byArn(model.topics);
    this.streams = byArn(model.streams);
    this.restApis = byArn(model.restApis);
    this.taskDefinitions = byArn(model.taskDefinitions);
    this.roles = byArn(model.roles);
    this.users = byArn(model.users);
    this.managedPolicies = byArn(model.managedPolicies);
    const { eventBusStatements, functionStatements, queueStatements, topicStatements } = model;
    const { streamStatements, restApiStatements, keyStatements } = model;
    const ofTargets = [functionStatements, queueStatements, topicStatements, streamStatements, restApiStatements];
    const all = [eventBusStatements, ...ofTargets, keyStatements].flat();
    const statements = groupedBy(all, ({ resourceArn }) => resourceArn);
    this.policies = new Map([...statements].map(([arn, policy]) => [arn, resourcePolicy(policy)]));
    this.rules = groupedBy(model.rules, ({ eventBusArn }) => eventBusArn);
    const targets = model.rules.flatMap((rule) => rule.targets.map(({ arn }) => ({ arn, rule })));
    this.rulesByTarget = groupedBy(targets, ({ arn }) => arn);
    this.identities = groupedBy([...model.roles, ...model.users], ({ account }) => account);
    this.keys = byArn(model.keys);
    for (const key of model.keys) this.keys.set(parseArn(key.arn)?.resource ?? key.arn, key);
    for (const alias of model.keyAliases) this.addAlias(alias);
    this.possibleStatements = new PossibleStatements(model);
    this.incomplete = incompleteEnvironments(model.stacks, model.nestedStacks, model.unreadResources);
  }

  /** The same app with the organizations that its accounts are in. */
  public withOrganizations(organizations: readonly string[] = []): AppIndex {
    return organizations.length === 0 ? this : this.copyWith(organizations.join());
  }

  private copyWithOrganizations(organizations: readonly string[]): AppIndex {
    const organizationKeys = resourceOrganizationContext(organizations);
    return Object.assign(Object.create(AppIndex.prototype), this, { organizationKeys });
  }

  /** The other app that contains a construct. */
  public otherAppOf(construct: IConstruct): OtherApp | undefined {
    return this.otherApps.find((other) => other.contains(construct));
  }

  /** Whether a stack in the account and Region of a resource may define it, although its template does not. */
  public mayBeUnread(arn: string): boolean {
    return this.incomplete.include(arn) || this.otherApps.some((other) => other.mayDefine(arn));
  }

  /** The other apps that have stacks in the account and Region of a resource. */
  public othersDescribing(arn: string): OtherApp[] {
    return this.otherApps.filter((other) => other.describes(arn));
  }

  /** The resource with an ARN to which events are sent, or which is used to send them. */
  public resource(arn: string): AppResource | undefined {
    const target = this.bus(arn) ?? this.function(arn) ?? this.queue(arn) ?? this.topic(arn) ?? this.stream(arn);
    return target ?? this.restApi(arn) ?? this.keys.get(arn) ?? this.roleOrUser(arn);
  }

  public bus(arn: string): EventBus | undefined {
    return this.buses.get(arn);
  }

  public queue(arn: string): Queue | undefined {
    return this.queues.get(arn);
  }

  public topic(arn: string): EncryptedResource | undefined {
    return this.topics.get(arn);
  }

  public stream(arn: string): EncryptedResource | undefined {
    return this.streams.get(arn);
  }

  /** @param arn the ARN without a stage */
  public restApi(arn: string): RestApi | undefined {
    return this.restApis.get(arn);
  }

  public taskDefinition(arn: string): TaskDefinition | undefined {
    return this.taskDefinitions.get(arn);
  }

  public role(arn: string): Role | undefined {
    return this.roles.get(arn);
  }

  public roleOrUser(arn: string): Identity | undefined {
    return this.roles.get(arn) ?? this.users.get(arn);
  }

  public managedPolicy(arn: string): ManagedPolicy | undefined {
    return this.managedPolicies.get(arn);
  }

  /** The CloudFormation conditions under which a resource is created that has a resource-based policy. */
  public conditionsOf(arn: string): readonly RequiredCondition[] {
    return this.resource(arn)?.conditions ?? [];
  }

  /** The function with an ARN, or the function of the version or alias with that ARN. */
  public function(arn: string): LambdaFunction | undefined {
    if (!arn.includes(':lambda:')) return undefined;
    return this.functions.get(arn) ?? this.functions.get(unqualifiedFunctionArn(arn));
  }

  /**
   * The key with an ARN, id or alias.
   *
   * @param encryptedResource the resource whose property names the key: an alias is in its account and Region
   */
  public key(name: string, encryptedResource: { account: string; region: string }): Key | undefined {
    return this.keys.get(name) ?? this.keys.get(`key/${name}`) ?? this.keys.get(aliasKey(name, encryptedResource));
  }

  /** The statements of the policy of a bus, function, version, alias, queue, topic, stream, API or key. */
  public statementsOn(arn: string): readonly ResourcePolicyStatement[] {
    return this.policyOn(arn).entries;
  }

  /** The policy of such a resource; a policy without statements if it has none. */
  public policyOn(arn: string): ResourcePolicy {
    return this.policies.get(arn) ?? NO_POLICY;
  }

  /** Statements that may be in such a policy: of which resource they are is known only at deployment. */
  public possibleStatementsOn(arn: string): readonly ResourcePolicyStatement[] {
    return this.possibleStatements.on(arn);
  }

  /** Policies that a role or user may have: of which role or user they are is known only at deployment. */
  public possiblePoliciesOf(identity: Identity): readonly PolicyOfOtherApp[] {
    return this.possibleStatements.of(identity);
  }

  public rulesOn(eventBusArn: string): Rule[] {
    return this.rules.get(eventBusArn) ?? [];
  }

  /** The rules that have a target with an ARN. */
  public rulesTo(targetArn: string): Rule[] {
    return (this.rulesByTarget.get(targetArn) ?? []).map(({ rule }) => rule);
  }

  /** The roles and users in an account. */
  public identitiesIn(account: string): Identity[] {
    return this.identities.get(account) ?? [];
  }

  private addAlias(alias: KeyAlias): void {
    const key = this.key(alias.key, alias);
    if (key) this.keys.set(alias.arn, key).set(aliasKey(alias.name, alias), key);
  }
}

/** Aliases are unique in an account and Region. */
function aliasKey(name: string, { account, region }: { account: string; region: string }): string {
  return `${account} ${region} ${name}`;
}

function byArn<T extends AppResource>(resources: T[]): Map<string, T> {
  return new Map(resources.map((resource) => [resource.arn, resource]));
}
