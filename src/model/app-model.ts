import { CfnResource } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { functionArn, physicalText } from './physical';
import { pseudo } from './pseudo';
import { Reader, Resource } from './reader';
import { permissionStatement, eventBusPolicyStatement } from './statements';
import { withinAssembly } from './tree';
import { Json, isObject, listOf, own, statementsOf, textOf } from '../policy/statement';
import { attribute, unknown } from '../policy/text';

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
  /** Whether only deployment decides if it is there. */
  readonly conditional: boolean;
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
    const resource = CfnResource.isCfnResource(construct) ? reader.resource(construct) : undefined;
    if (!resource) continue;
    own(READERS, resource.type)?.({ ...resource, model, construct: construct as CfnResource, later: (attach) => policies.push(attach) });
  }
  for (const attach of policies) attach();
  return model;
}

/** A resource being read, and where what is read of it goes. */
interface Reading extends Resource {
  readonly model: AppModel;
  readonly construct: CfnResource;
  /** For what needs other resources to be read first. */
  readonly later: (attach: () => void) => void;
}

const READERS: { readonly [type: string]: (reading: Reading) => void } = {
  'AWS::Events::EventBus': (reading) => {
    const bus = { ...made(reading), name: physicalText(reading, 'Ref')! };
    reading.model.eventBuses.push(bus);
    reading.model.eventBusStatements.push(...documentStatements(reading, bus.arn, reading.properties.Policy));
  },
  'AWS::Events::EventBusPolicy': ({ model, construct, properties, conditional }) => {
    const of = busArn(construct, properties.EventBusName);
    const id = typeof properties.StatementId === 'string' ? properties.StatementId : attribute('StatementId', construct.node.path);
    model.eventBusStatements.push({ construct, of, id, conditional, statement: eventBusPolicyStatement(properties, of, id) });
  },
  'AWS::Events::Rule': (reading) => {
    const { EventBusName, EventPattern, Targets } = reading.properties;
    reading.model.rules.push({
      ...made(reading),
      name: physicalText(reading, 'Ref')!,
      eventBusArn: busArn(reading.construct, EventBusName),
      pattern: EventPattern ?? null,
      targets: objectsOf(Targets)
        .map(({ Id, Arn, RoleArn }) => ({ id: textOf(Id), arn: textOf(Arn), roleArn: typeof RoleArn === 'string' ? RoleArn : undefined })),
    });
  },
  'AWS::IAM::Role': (reading) => {
    const { AssumeRolePolicyDocument, Policies, ManagedPolicyArns } = reading.properties;
    reading.model.roles.push({
      ...made(reading),
      trust: statementsOf(AssumeRolePolicyDocument),
      statements: [...objectsOf(Policies).flatMap((policy) => statementsOf(policy.PolicyDocument)), ...listOf(ManagedPolicyArns).map(unread)],
    });
  },
  'AWS::IAM::Policy': attachToRoles,
  'AWS::IAM::RolePolicy': attachToRoles,
  'AWS::IAM::ManagedPolicy': attachToRoles,
  'AWS::Lambda::Function': (reading) => {
    reading.model.functions.push(made(reading));
  },
  'AWS::Lambda::Permission': ({ model, construct, properties, conditional }) => {
    const of = functionArn(construct, properties.FunctionName);
    const id = attribute('Sid', construct.node.path);
    model.functionStatements.push({ construct, of, id, conditional, statement: permissionStatement(properties, of, id) });
  },
  'AWS::Lambda::ResourcePolicy': (reading) => {
    const { ResourceArn, PolicyDocument } = reading.properties;
    reading.model.functionStatements.push(...documentStatements(reading, functionArn(reading.construct, ResourceArn), PolicyDocument));
  },
};

/** Policies come after the roles that they are attached to, wherever they stand in the tree. */
function attachToRoles({ model, construct, properties, later }: Reading): void {
  later(() => {
    for (const name of [...listOf(properties.Roles), ...listOf(properties.RoleName)]) {
      const role = model.roles.find((r) => r.arn.endsWith(`/${name}`) && r.account === pseudo(construct.stack, 'AWS::AccountId'));
      role?.statements.push(...statementsOf(properties.PolicyDocument));
    }
  });
}

/** What a managed policy, which is read nowhere, may allow: it leaves undecided what nothing else allows. */
function unread(managedPolicy: string): Json {
  return { Effect: 'Allow', Action: unknown(`actions of ${managedPolicy}`), Resource: unknown(`resources of ${managedPolicy}`) };
}

/** The statements of a document; the document itself where it has none that can be read. */
function documentStatements({ construct, conditional }: Reading, of: string, document: Json | undefined): PolicyStatement[] {
  if (document === undefined) return [];
  const statements = statementsOf(document);
  const unreadable = statements.length === 0 && !(isObject(document) && Array.isArray(document.Statement));
  return (unreadable ? [document] : statements).map((statement, i) => {
    const id = isObject(statement) && typeof statement.Sid === 'string' ? statement.Sid : `#${i + 1}`;
    return { construct, of, id, conditional, statement };
  });
}

function objectsOf(value: Json | undefined): { [key: string]: Json }[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function made(reading: Reading): Made {
  const { construct } = reading;
  return {
    construct,
    account: pseudo(construct.stack, 'AWS::AccountId')!,
    region: pseudo(construct.stack, 'AWS::Region')!,
    arn: physicalText(reading, 'Arn')!,
  };
}

/** The ARN of a bus that a property names, by name or ARN; none is the default bus. */
function busArn(construct: CfnResource, name: Json | undefined): string {
  if (typeof name === 'string' && name.startsWith('arn:')) return name;
  const bus = name === undefined ? 'default' : textOf(name);
  const env = (pseudoName: string) => pseudo(construct.stack, pseudoName);
  return `arn:${env('AWS::Partition')}:events:${env('AWS::Region')}:${env('AWS::AccountId')}:event-bus/${bus}`;
}
