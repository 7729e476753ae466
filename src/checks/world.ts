import { IConstruct } from 'constructs';
import { AppModel, EventBus, Made, ManagedPolicy, PolicyStatement, Queue, Role, Rule, readModel } from '../model/app-model';
import { Openness, opennessOf } from '../policy/openness';
import { Json } from '../policy/statement';
import { partsOf } from '../policy/text';

/** The model of an app, looked up by ARN. Read once, for all checks. */
export class World {
  /** Reads all that is synthesized together with a construct. */
  public static of(root: IConstruct): World {
    return new World(readModel(root), root);
  }

  private readonly buses: Map<string, EventBus>;
  private readonly functions: Map<string, Made>;
  private readonly queues: Map<string, Queue>;
  private readonly topics: Map<string, Made>;
  private readonly roles: Map<string, Role>;
  private readonly managedPolicies: Map<string, ManagedPolicy>;
  private readonly statements: Map<string, PolicyStatement[]>;
  private readonly rules: Map<string, Rule[]>;
  private readonly accounts: Set<string>;
  private readonly opennesses = new Map<Json, Openness>();

  /**
   * @param model what was read
   * @param root the app or stage that it was read from
   */
  constructor(public readonly model: AppModel, public readonly root?: IConstruct) {
    this.buses = byArn(model.eventBuses);
    this.functions = byArn(model.functions);
    this.queues = byArn(model.queues);
    this.topics = byArn(model.topics);
    this.roles = byArn(model.roles);
    this.managedPolicies = byArn(model.managedPolicies);
    const { eventBusStatements, functionStatements, queueStatements, topicStatements, keyStatements } = model;
    this.statements = groupedBy([eventBusStatements, functionStatements, queueStatements, topicStatements, keyStatements].flat(), ({ of }) => of);
    this.rules = groupedBy(model.rules, ({ eventBusArn }) => eventBusArn);
    const places = [model.eventBuses, model.functions, model.queues, model.roles, model.rules, model.eventBusStatements.map(placeOf)].flat();
    this.accounts = new Set(places.map(({ account }) => account));
  }

  public bus(arn: string): EventBus | undefined {
    return this.buses.get(arn);
  }

  public queue(arn: string): Queue | undefined {
    return this.queues.get(arn);
  }

  public topic(arn: string): Made | undefined {
    return this.topics.get(arn);
  }

  public role(arn: string): Role | undefined {
    return this.roles.get(arn);
  }

  public managedPolicy(arn: string): ManagedPolicy | undefined {
    return this.managedPolicies.get(arn);
  }

  /** The function of an ARN, which may be that of a version or alias. */
  public function(arn: string): Made | undefined {
    return this.functions.get(arn) ?? this.functions.get(partsOf(arn, ':').slice(0, 7).join(':'));
  }

  /** The key that a property names: by ARN, by id or by alias, the last two in the account and region of what it encrypts. */
  public key(name: string, { account, region }: { account: string; region: string }): Made | undefined {
    const { keys, keyAliases } = this.model;
    const alias = keyAliases.find((a) => a.arn === name || (a.name === name && a.account === account && a.region === region));
    const target = alias ? alias.key : name;
    return keys.find((k) => k.arn === target || k.arn.endsWith(`:key/${target}`));
  }

  /** All statements of the policy of a bus, function, version, alias, queue, topic or key. */
  public statementsOn(arn: string): PolicyStatement[] {
    return this.statements.get(arn) ?? [];
  }

  public rulesOn(eventBusArn: string): Rule[] {
    return this.rules.get(eventBusArn) ?? [];
  }

  /** Whom a statement lets in. */
  public openness(statement: Json): Openness {
    const before = this.opennesses.get(statement);
    if (before) return before;
    const openness = opennessOf(statement);
    this.opennesses.set(statement, openness);
    return openness;
  }

  /** Whether the app deploys anything to an account: only there it can know what is missing. */
  public hasAccount(account: string): boolean {
    return this.accounts.has(account);
  }
}

function placeOf({ of }: PolicyStatement): { account: string } {
  return { account: partsOf(of, ':')[4] ?? '' };
}

function byArn<T extends Made>(things: T[]): Map<string, T> {
  return new Map(things.map((thing) => [thing.arn, thing]));
}

function groupedBy<T>(things: T[], key: (thing: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const thing of things) {
    const group = groups.get(key(thing));
    if (group) group.push(thing);
    else groups.set(key(thing), [thing]);
  }
  return groups;
}
