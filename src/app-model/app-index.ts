import { IConstruct } from 'constructs';
import {
  AppModel,
  EncryptedResource,
  EventBus,
  Identity,
  KeyAlias,
  AppResource,
  ManagedPolicy,
  ResourcePolicyStatement,
  Queue,
  Role,
  Rule,
} from './app-model';
import { readApp } from './read-app';
import { AccessAnalysis, analyzeAccess } from '../iam/access-analysis';
import { RequestContext, resourceOrganizationContext } from '../iam/condition-keys';
import { Json } from '../iam/statement';
import { splitText } from '../iam/unresolved-text';
import { groupedBy } from '../util/group-by';

/** The policy of a bus, function, version, alias, queue, topic or key. */
export interface ResourcePolicy {
  readonly entries: readonly ResourcePolicyStatement[];
  /** The statements as they are written. */
  readonly statements: readonly Json[];
  /** Of these, what is there whatever deployment decides. */
  readonly unconditional: readonly Json[];
  /** The first statement that is not. */
  readonly firstConditional?: ResourcePolicyStatement;
  /**
   * Whether several resources write it, each of which replaces what the others wrote: none of them is known to be in
   * force.
   */
  readonly conflicting: boolean;
}

/** The model of an app, looked up by ARN. Read once, for all checks. */
export class AppIndex {
  /** Reads all that is synthesized together with a construct. */
  public static of(root: IConstruct): AppIndex {
    return new AppIndex(readApp(root), root);
  }

  private readonly buses: Map<string, EventBus>;
  private readonly functions: Map<string, AppResource>;
  private readonly queues: Map<string, Queue>;
  private readonly topics: Map<string, EncryptedResource>;
  private readonly roles: Map<string, Role>;
  private readonly users: Map<string, Identity>;
  private readonly managedPolicies: Map<string, ManagedPolicy>;
  private readonly policies: Map<string, ResourcePolicy>;
  private readonly rules: Map<string, Rule[]>;
  private readonly rulesByTarget: Map<string, { rule: Rule }[]>;
  private readonly identities: Map<string, Identity[]>;
  private readonly keys: Map<string, AppResource>;
  private readonly opennesses = new Map<Json, AccessAnalysis>();
  private readonly byOrganizations = new Map<string, AppIndex>();

  /** What is told of the organizations that the resources are in. */
  public readonly organizationKeys: RequestContext = {};

  /**
   * @param model what was read
   * @param root the app or stage that it was read from
   */
  constructor(
    public readonly model: AppModel,
    public readonly root?: IConstruct,
  ) {
    this.buses = byArn(model.eventBuses);
    this.functions = byArn(model.functions);
    this.queues = byArn(model.queues);
    this.topics = byArn(model.topics);
    this.roles = byArn(model.roles);
    this.users = byArn(model.users);
    this.managedPolicies = byArn(model.managedPolicies);
    const { eventBusStatements, functionStatements, queueStatements, topicStatements, keyStatements } = model;
    const statements = groupedBy(
      [eventBusStatements, functionStatements, queueStatements, topicStatements, keyStatements].flat(),
      ({ resourceArn }) => resourceArn,
    );
    this.policies = new Map([...statements].map(([arn, policy]) => [arn, resourcePolicy(policy)]));
    this.rules = groupedBy(model.rules, ({ eventBusArn }) => eventBusArn);
    const targets = model.rules.flatMap((rule) => rule.targets.map(({ arn }) => ({ arn, rule })));
    this.rulesByTarget = groupedBy(targets, ({ arn }) => arn);
    this.identities = groupedBy([...model.roles, ...model.users], ({ account }) => account);
    this.keys = new Map(model.keys.flatMap((key) => [key.arn, splitText(key.arn, ':')[5]].map((name) => [name, key])));
    for (const alias of model.keyAliases) this.nameKey(alias);
  }

  /** The same app, of which it is known in which organizations its accounts are. */
  public within(organizations: readonly string[] = []): AppIndex {
    if (organizations.length === 0) return this;
    const key = organizations.join();
    const before = this.byOrganizations.get(key);
    if (before) return before;
    const app: AppIndex = Object.assign(Object.create(AppIndex.prototype), this, {
      organizationKeys: resourceOrganizationContext(organizations),
    });
    this.byOrganizations.set(key, app);
    return app;
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

  public role(arn: string): Role | undefined {
    return this.roles.get(arn);
  }

  public roleOrUser(arn: string): Identity | undefined {
    return this.roles.get(arn) ?? this.users.get(arn);
  }

  public managedPolicy(arn: string): ManagedPolicy | undefined {
    return this.managedPolicies.get(arn);
  }

  /** The function of an ARN, which may be that of a version or alias. */
  public function(arn: string): AppResource | undefined {
    return this.functions.get(arn) ?? this.functions.get(splitText(arn, ':').slice(0, 7).join(':'));
  }

  /**
   * The key that a property names: by ARN, by id or by alias, the last two in the account and region of what it
   * encrypts.
   */
  public key(name: string, { account, region }: { account: string; region: string }): AppResource | undefined {
    return this.keys.get(name) ?? this.keys.get(`key/${name}`) ?? this.keys.get(`${account} ${region} ${name}`);
  }

  /** All statements of the policy of a bus, function, version, alias, queue, topic or key. */
  public statementsOn(arn: string): readonly ResourcePolicyStatement[] {
    return this.policyOn(arn).entries;
  }

  /** The same, for judging; one without statements where there is no policy. */
  public policyOn(arn: string): ResourcePolicy {
    return this.policies.get(arn) ?? NO_POLICY;
  }

  public rulesOn(eventBusArn: string): Rule[] {
    return this.rules.get(eventBusArn) ?? [];
  }

  /** Rules that have something as a target. */
  public rulesTo(targetArn: string): Rule[] {
    return (this.rulesByTarget.get(targetArn) ?? []).map(({ rule }) => rule);
  }

  /** Roles and users of an account. */
  public identitiesIn(account: string): Identity[] {
    return this.identities.get(account) ?? [];
  }

  /** Whom a statement lets in. */
  public openness(statement: Json): AccessAnalysis {
    const before = this.opennesses.get(statement);
    if (before) return before;
    const openness = analyzeAccess(statement);
    this.opennesses.set(statement, openness);
    return openness;
  }

  private nameKey({ arn, name, account, region, key }: KeyAlias): void {
    const made = this.key(key, { account, region });
    if (made) this.keys.set(arn, made).set(`${account} ${region} ${name}`, made);
  }
}

function resourcePolicy(statements: ResourcePolicyStatement[]): ResourcePolicy {
  const contentsOf = (some: ResourcePolicyStatement[]) => some.map(({ statement }) => statement);
  const certain = statements.filter(({ conditional }) => !conditional);
  const firstConditional = statements.find(({ conditional }) => conditional);
  if (hasConflictingWriters(certain)) return { ...NO_POLICY, entries: statements, conflicting: true };
  return {
    entries: statements,
    statements: contentsOf(statements),
    unconditional: contentsOf(certain),
    firstConditional,
    conflicting: false,
  };
}

/** Whether one of several resources replaces what the others write. */
export function hasConflictingWriters(statements: readonly ResourcePolicyStatement[]): boolean {
  return statements.some(
    ({ isWholePolicy, construct }) => isWholePolicy && statements.some((other) => other.construct !== construct),
  );
}

const NO_POLICY: ResourcePolicy = { entries: [], statements: [], unconditional: [], conflicting: false };

function byArn<T extends AppResource>(things: T[]): Map<string, T> {
  return new Map(things.map((thing) => [thing.arn, thing]));
}
