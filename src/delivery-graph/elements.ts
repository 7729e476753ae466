import type { IConstruct } from 'constructs';
import type { ElementKind, GraphElement, GraphFinding } from './delivery-graph';
import { openTo } from './open-to';
import { GraphPublisher } from './publishers';
import { AppIndex } from '../app-model/app-index';
import { Identity, Rule } from '../app-model/app-model';
import { pathWithin } from '../app-model/assembly';
import { restApiArn } from '../app-model/possible-rest-apis';
import { pathOf } from '../checks/engine/construct-names';
import { annotationId } from '../checks/engine/finding';
import { ReportedFinding } from '../checks/engine/report';
import { isBusArn } from '../delivery-paths/routes';
import { arnParts, parseArn } from '../iam/arn';
import { displayText, hasUnresolved } from '../iam/unresolved-text';
import { groupedBy } from '../util/group-by';

/** An app, and the construct that contains its stacks. */
export interface GraphApp {
  readonly name: string;
  readonly scope: IConstruct;
}

/** Where a construct is defined: the app, and the path in it. */
export interface Location {
  readonly app?: string;
  readonly path: string;
}

/** What a resource is called, and where it is. */
export interface ResourceNames extends Pick<GraphElement, 'id' | 'name' | 'account' | 'region'> {
  readonly arn: string;
  readonly construct?: IConstruct;
}

/** The elements of a graph, each once. */
export class GraphElements {
  private readonly elements = new Map<string, GraphElement>();
  private readonly findings: Map<IConstruct, ReportedFinding[]>;
  private readonly findingsByResource: Map<string | undefined, ReportedFinding[]>;
  private readonly shown = new Set<ReportedFinding>();

  constructor(
    private readonly index: AppIndex,
    private readonly apps: readonly GraphApp[],
    private readonly reported: readonly ReportedFinding[],
  ) {
    const byConstruct = reported.flatMap((finding) =>
      [finding.construct, ...(finding.affected ?? [])].map((construct) => ({ construct, finding })),
    );
    const grouped = groupedBy(byConstruct, ({ construct }) => construct);
    this.findings = new Map([...grouped].map(([construct, all]) => [construct, all.map(({ finding }) => finding)]));
    this.findingsByResource = groupedBy([...reported], ({ resource }) => resource && displayText(resource));
  }

  /** All elements, from left to right. */
  public sorted(): GraphElement[] {
    return [...this.elements.values()].sort(
      (first, second) =>
        ROLES.indexOf(first.role) - ROLES.indexOf(second.role) ||
        (first.id < second.id ? -1 : Number(first.id > second.id)),
    );
  }

  /** The findings that are about none of the elements. */
  public otherFindings(): GraphFinding[] {
    return this.reported.filter((finding) => !this.shown.has(finding)).map(toGraphFinding);
  }

  public addPublisher({ account, arn, construct, id, kind, name, region }: GraphPublisher): string {
    const identity = arn === undefined ? undefined : this.index.roleOrUser(arn);
    const constructs = [construct, ...policiesOf(identity)].filter((one) => one !== undefined);
    const shown = name ?? (construct ? this.locationOf(construct).path : id);
    this.add({ id, kind, role: 'publisher', name: shown, arn, account, region }, construct, constructs);
    return id;
  }

  /** Adds a bus, rule or target. Returns its ID. */
  public addResource(arn: string, role: Exclude<GraphElement['role'], 'publisher'>, rule?: Rule): string {
    const id = displayText(arn);
    if (this.elements.has(id)) return id;
    const { construct, ...element } = this.describe(arn, rule);
    const policies = role === 'rule' ? [] : this.index.statementsOn(policyResourceOf(arn)).map((one) => one.construct);
    const isBus = role !== 'rule' && isBusArn(arn);
    const kindAndRole = { kind: role === 'rule' ? 'rule' : kindOf(arn), role: isBus ? 'eventBus' : role } as const;
    const open = role === 'rule' ? [] : openTo(this.index, policyResourceOf(arn));
    const constructs = [...(construct ? [construct] : []), ...policies];
    this.add({ ...element, ...kindAndRole, openTo: open }, construct, constructs, arn);
    return id;
  }

  /** What an ARN is called, and where it is. */
  public describe(arn: string, rule?: Rule): ResourceNames {
    const construct = rule?.construct ?? this.constructOf(arn);
    const [, , , region, account] = arnParts(arn);
    return {
      id: displayText(arn),
      name: this.nameOf(arn, construct, rule),
      arn,
      account: rule?.account ?? account,
      region: rule?.region ?? region,
      construct,
    };
  }

  /** The app that defines a construct, and the path in it. */
  public locationOf(construct: IConstruct): Location {
    const app = this.apps.find(({ scope }) => construct.node.scopes.includes(scope));
    const path = pathOf(construct);
    return app ? { app: app.name, path: pathWithin(app.scope, path) } : { path };
  }

  /** The last part of an ARN: `orders` for a bus, `invoices:live` for a function; else the path of the construct. */
  private nameOf(arn: string, construct: IConstruct | undefined, rule: Rule | undefined): string {
    const resource = rule?.name ?? parseArn(arn)?.resource;
    if (construct && (resource === undefined || hasUnresolved(resource))) return this.locationOf(construct).path;
    const name = (resource ?? arn).replace(PREFIXES, '').replace(/:\*$/, '');
    return displayText(name).replace(/\/(Resource|Default)$/, '');
  }

  private constructOf(arn: string): IConstruct | undefined {
    const known = this.index.resource(arn) ?? this.index.restApi(restApiArn(arn));
    return known?.construct ?? this.constructIn(arn);
  }

  /** The resource whose attribute is in an ARN. */
  private constructIn(arn: string): IConstruct | undefined {
    const path = RESOURCE_IN_ARN.exec(arn)?.[1];
    const descend = (scope: IConstruct | undefined, id: string) => scope?.node.tryFindChild(id);
    return path?.split('/').reduce<IConstruct | undefined>(descend, this.index.root);
  }

  private add(
    { account, arn, openTo: open = [], region, ...element }: Omit<GraphElement, 'findings'>,
    construct: IConstruct | undefined,
    constructs: readonly IConstruct[],
    resourceArn?: string,
  ): void {
    if (this.elements.has(element.id)) return;
    const known = [
      ...constructs.flatMap((one) => this.findings.get(one) ?? []),
      ...(resourceArn === undefined ? [] : (this.findingsByResource.get(displayText(resourceArn)) ?? [])),
    ];
    const findings = [...new Set(known)];
    for (const finding of findings) this.shown.add(finding);
    this.elements.set(element.id, {
      ...element,
      ...(arn !== undefined && { arn: displayText(arn) }),
      ...(account && !hasUnresolved(account) && { account }),
      ...(region && !hasUnresolved(region) && { region }),
      ...(construct && this.locationOf(construct)),
      findings: findings.map(toGraphFinding),
      ...(open.length > 0 && { openTo: open }),
    });
  }
}

const RESOURCE_IN_ARN = /‹[\w.]+ of ([^‹›]+)›/;

const ROLES: readonly GraphElement['role'][] = ['publisher', 'eventBus', 'rule', 'target'];

function toGraphFinding(finding: ReportedFinding): GraphFinding {
  const { acknowledged, fix, level, problem, reason } = finding;
  return {
    id: annotationId(finding),
    level,
    ...(acknowledged && { acknowledged }),
    problem,
    ...(reason !== undefined && { reason }),
    fix,
  };
}

function policiesOf(identity: Identity | undefined): IConstruct[] {
  return identity ? identity.policies.map(({ construct }) => construct) : [];
}

/** The ARN of the resource that has the policy: for a method of an API, the API. */
function policyResourceOf(arn: string): string {
  return arn.includes(':execute-api:') ? restApiArn(arn) : arn;
}

const KINDS: readonly (readonly [marker: string, kind: ElementKind])[] = [
  [':event-bus/', 'eventBus'],
  [':lambda:', 'function'],
  [':sqs:', 'queue'],
  [':sns:', 'topic'],
  [':kinesis:', 'stream'],
  [':firehose:', 'deliveryStream'],
  [':logs:', 'logGroup'],
  [':states:', 'state machine'],
  [':execute-api:', 'API'],
  [':appsync:', 'API'],
  [':api-destination/', 'API destination'],
];

function kindOf(arn: string): ElementKind {
  return KINDS.find(([marker]) => arn.includes(marker))?.[1] ?? 'other';
}

/** What comes before the name in an ARN. */
const PREFIXES = /^(event-bus|function|log-group|stateMachine|stream|deliverystream)[/:]/;
