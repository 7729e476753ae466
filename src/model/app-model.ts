import { CfnResource, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { functionArn, physicalText } from './physical';
import { pseudo } from './pseudo';
import { Properties, Reader } from './reader';
import { permissionStatement, eventBusPolicyStatement } from './statements';
import { Json, isObject, listOf, statementsOf } from '../policy/statement';
import { attribute } from '../policy/text';

/** Something of the app, with the construct it was read from and the account and region it is deployed to. */
export interface Made {
  readonly construct: CfnResource;
  readonly account: string;
  readonly region: string;
  readonly arn: string;
}

export type EventBus = Made & { readonly name: string };

/** One statement of the policy of a bus or function, whichever stack and property it comes from. */
export interface PolicyStatement {
  readonly construct: CfnResource;
  /** ARN of the bus, function, version or alias. */
  readonly of: string;
  readonly id: string;
  readonly statement: Json;
}

export type Role = Made & { readonly trust: Json[]; readonly statements: Json[] };

export type Rule = Made & { readonly name: string; readonly eventBusArn: string; readonly pattern: Json; readonly targets: Target[] };

export interface Target {
  readonly id: string;
  readonly arn: string;
  readonly roleArn?: string;
}

/** What an app will deploy, as far as events, their publishers and their targets are concerned. */
export interface AppModel {
  readonly eventBuses: EventBus[];
  readonly eventBusStatements: PolicyStatement[];
  readonly functions: Made[];
  readonly functionStatements: PolicyStatement[];
  readonly roles: Role[];
  readonly rules: Rule[];
}

/** Reads everything that is synthesized together with a construct: its app, or its stage of one. */
export function readModel(root: IConstruct): AppModel {
  const model: AppModel = { eventBuses: [], eventBusStatements: [], functions: [], functionStatements: [], roles: [], rules: [] };
  const reader = new Reader();
  const policies: (() => void)[] = [];
  for (const construct of withinAssembly(root)) {
    if (!CfnResource.isCfnResource(construct)) continue;
    const read = READERS[construct.cfnResourceType];
    if (read) read(model, construct, reader.propertiesOf(construct), policies);
  }
  for (const attach of policies) attach();
  return model;
}

/** A construct and everything below it, but for the stages, which are synthesized by themselves. */
export function* withinAssembly(root: IConstruct): Generator<IConstruct> {
  yield root;
  for (const child of root.node.children) {
    if (!Stage.isStage(child)) yield* withinAssembly(child);
  }
}

type Read = (model: AppModel, construct: CfnResource, properties: Properties, later: (() => void)[]) => void;

const READERS: { readonly [type: string]: Read } = {
  'AWS::Events::EventBus': (model, construct, properties) => {
    const bus = { ...made(construct, 'Arn', properties), name: physicalText(construct, 'Ref', properties)! };
    model.eventBuses.push(bus);
    model.eventBusStatements.push(...documentStatements(construct, bus.arn, properties.Policy));
  },
  'AWS::Events::EventBusPolicy': (model, construct, properties) => {
    const of = busArn(construct, properties.EventBusName);
    const id = typeof properties.StatementId === 'string' ? properties.StatementId : attribute('StatementId', construct.node.path);
    model.eventBusStatements.push({ construct, of, id, statement: eventBusPolicyStatement(properties, of, id) });
  },
  'AWS::Events::Rule': (model, construct, properties) => {
    const targets = Array.isArray(properties.Targets) ? properties.Targets.filter(isObject) : [];
    model.rules.push({
      ...made(construct, 'Arn', properties),
      name: physicalText(construct, 'Ref', properties)!,
      eventBusArn: busArn(construct, properties.EventBusName),
      pattern: properties.EventPattern ?? null,
      targets: targets.map(({ Id, Arn, RoleArn }) => ({ id: String(Id), arn: String(Arn), roleArn: typeof RoleArn === 'string' ? RoleArn : undefined })),
    });
  },
  'AWS::IAM::Role': (model, construct, properties) => {
    const inline = Array.isArray(properties.Policies) ? properties.Policies.filter(isObject) : [];
    model.roles.push({
      ...made(construct, 'Arn', properties),
      trust: statementsOf(properties.AssumeRolePolicyDocument),
      statements: inline.flatMap((policy) => statementsOf(policy.PolicyDocument)),
    });
  },
  'AWS::IAM::Policy': attachToRoles,
  'AWS::IAM::ManagedPolicy': attachToRoles,
  'AWS::Lambda::Function': (model, construct, properties) => {
    model.functions.push(made(construct, 'Arn', properties));
  },
  'AWS::Lambda::Permission': (model, construct, properties) => {
    const of = functionArn(construct, properties.FunctionName);
    const id = attribute('Sid', construct.node.path);
    model.functionStatements.push({ construct, of, id, statement: permissionStatement(properties, of, id) });
  },
  'AWS::Lambda::ResourcePolicy': (model, construct, properties) => {
    model.functionStatements.push(...documentStatements(construct, functionArn(construct, properties.ResourceArn), properties.PolicyDocument));
  },
};

/** Policies come after the roles that they are attached to, wherever they stand in the tree. */
function attachToRoles(model: AppModel, construct: CfnResource, properties: Properties, later: (() => void)[]): void {
  later.push(() => {
    for (const name of listOf(properties.Roles)) {
      const role = model.roles.find((r) => r.arn.endsWith(`/${name}`) && r.account === pseudo(construct.stack, 'AWS::AccountId'));
      role?.statements.push(...statementsOf(properties.PolicyDocument));
    }
  });
}

function documentStatements(construct: CfnResource, of: string, document: Json | undefined): PolicyStatement[] {
  return statementsOf(document).map((statement, i) => {
    const id = isObject(statement) && typeof statement.Sid === 'string' ? statement.Sid : `#${i + 1}`;
    return { construct, of, id, statement };
  });
}

function made(construct: CfnResource, arn: string, properties: Properties): Made {
  return {
    construct,
    account: pseudo(construct.stack, 'AWS::AccountId')!,
    region: pseudo(construct.stack, 'AWS::Region')!,
    arn: physicalText(construct, arn, properties)!,
  };
}

/** The ARN of a bus that a property names, by name or ARN; none is the default bus. */
function busArn(construct: CfnResource, name: Json | undefined): string {
  if (typeof name === 'string' && name.startsWith('arn:')) return name;
  const bus = name === undefined ? 'default' : String(name);
  const env = (pseudoName: string) => pseudo(construct.stack, pseudoName);
  return `arn:${env('AWS::Partition')}:events:${env('AWS::Region')}:${env('AWS::AccountId')}:event-bus/${bus}`;
}
