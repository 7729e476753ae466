import { CfnResource } from 'aws-cdk-lib';
import { partitionOf, environmentOf, pseudoParameterValue } from './pseudo-parameters';
import { Properties, Resource } from './resource';
import { accountOfPartlyKnown, possibleValuesOf, isOfForm, regionOfPartlyKnown } from '../../iam/chosen-values';
import { getOwn, toText } from '../../iam/statement';
import { attribute, mayEqualAnyText, unresolved } from '../../iam/unresolved-text';

/**
 * What `Ref` and the attributes of the resources that events meet will be. A resource without a name has its path in
 * `‹…›` as one.
 */
export function attributesOf({ construct, type, properties }: NamedResource): Attributes | undefined {
  return getOwn(RESOURCE_TYPES, type)?.attributes(construct, properties);
}

/** A resource, of which the properties that its name hangs on are read. */
type NamedResource = Pick<Resource, 'type' | 'properties'> & { readonly construct: CfnResource };

/**
 * Properties that the attributes of a type hang on, where anything is known of them. Others need not be read: to read a
 * policy keeps it from changing any more.
 */
export function namingProperties(type: string): readonly string[] | undefined {
  return getOwn(RESOURCE_TYPES, type)?.naming;
}

export type Attributes = { readonly [attribute: string]: string };

interface ResourceType {
  /** The properties that its attributes hang on. */
  readonly naming: readonly string[];
  readonly attributes: (resource: CfnResource, properties: Properties) => Attributes;
}

const RESOURCE_TYPES: { readonly [type: string]: ResourceType } = {
  'AWS::Events::EventBus': {
    naming: ['Name'],
    attributes: (resource, { Name }) => {
      const name = nameOrUnresolved(resource, 'Name', Name);
      return { Ref: name, Name: name, Arn: arn(resource, 'events', `event-bus/${name}`) };
    },
  },
  'AWS::Events::Rule': {
    naming: ['Name', 'EventBusName'],
    attributes: (resource, { Name, EventBusName }) => {
      const name = nameOrUnresolved(resource, 'Name', Name);
      if (mayBeArn(EventBusName)) return { Ref: name, Arn: arnOnChosenBus(resource, EventBusName, name) };
      const [, owner, bus] = /^(arn:.*):event-bus\/(.*)$/.exec(toText(EventBusName)) ?? [
        undefined,
        undefined,
        EventBusName ?? 'default',
      ];
      const rest = bus === 'default' ? `rule/${name}` : `rule/${toText(bus)}/${name}`;
      // A rule on a bus by ARN is of the bus's account, whichever account makes it.
      return { Ref: name, Arn: owner === undefined ? arn(resource, 'events', rest) : `${owner}:${rest}` };
    },
  },
  'AWS::IAM::Role': {
    naming: ['RoleName', 'Path'],
    attributes: (resource, { RoleName, Path }) =>
      identity(resource, 'role', nameOrUnresolved(resource, 'RoleName', RoleName), Path),
  },
  'AWS::IAM::User': {
    naming: ['UserName', 'Path'],
    attributes: (resource, { UserName, Path }) =>
      identity(resource, 'user', nameOrUnresolved(resource, 'UserName', UserName), Path),
  },
  'AWS::IAM::Group': {
    naming: ['GroupName', 'Path'],
    attributes: (resource, { GroupName, Path }) =>
      identity(resource, 'group', nameOrUnresolved(resource, 'GroupName', GroupName), Path),
  },
  'AWS::IAM::ManagedPolicy': {
    naming: ['ManagedPolicyName', 'Path'],
    attributes: (resource, { ManagedPolicyName, Path }) => {
      const { Arn } = identity(
        resource,
        'policy',
        nameOrUnresolved(resource, 'ManagedPolicyName', ManagedPolicyName),
        Path,
      );
      return { Ref: Arn, PolicyArn: Arn };
    },
  },
  'AWS::IAM::SAMLProvider': {
    naming: ['Name'],
    attributes: (resource, { Name }) => {
      const { Arn } = provider(resource, 'saml-provider', nameOrUnresolved(resource, 'Name', Name));
      return { Ref: Arn, Arn };
    },
  },
  'AWS::IAM::OIDCProvider': { naming: ['Url'], attributes: (resource, { Url }) => oidcProvider(resource, Url) },
  // What the CDK makes in its place.
  'Custom::AWSCDKOpenIdConnectProvider': {
    naming: ['Url'],
    attributes: (resource, { Url }) => oidcProvider(resource, Url),
  },
  'AWS::Lambda::Function': {
    naming: ['FunctionName'],
    attributes: (resource, { FunctionName }) => {
      const name = nameOrUnresolved(resource, 'FunctionName', FunctionName);
      return { Ref: name, Arn: arn(resource, 'lambda', `function:${name}`) };
    },
  },
  'AWS::Lambda::Alias': {
    naming: ['FunctionName', 'Name'],
    attributes: (resource, { FunctionName, Name }) => {
      const text = `${functionArn(resource, FunctionName)}:${nameOrUnresolved(resource, 'Name', Name)}`;
      return { Ref: text, AliasArn: text };
    },
  },
  'AWS::Lambda::Version': {
    naming: ['FunctionName'],
    attributes: (resource, { FunctionName }) => {
      const version = attribute('Version', resource.node.path);
      const text = `${functionArn(resource, FunctionName)}:${version}`;
      return { Ref: text, FunctionArn: text, Version: version };
    },
  },
  'AWS::S3::Bucket': {
    naming: ['BucketName'],
    attributes: (resource, { BucketName }) => {
      const name = nameOrUnresolved(resource, 'BucketName', BucketName);
      return { Ref: name, Arn: `arn:${pseudoParameterValue(resource.stack, 'AWS::Partition')}:s3:::${name}` };
    },
  },
  'AWS::SQS::Queue': {
    naming: ['QueueName'],
    attributes: (resource, { QueueName }) => {
      const name = nameOrUnresolved(resource, 'QueueName', QueueName);
      const { region, account } = environmentOf(resource.stack);
      const url = `https://sqs.${region}.${pseudoParameterValue(resource.stack, 'AWS::URLSuffix')}/${account}/${name}`;
      return { Ref: url, Arn: arn(resource, 'sqs', name), QueueName: name, QueueUrl: url };
    },
  },
  'AWS::SNS::Topic': {
    naming: ['TopicName'],
    attributes: (resource, { TopicName }) => {
      const name = nameOrUnresolved(resource, 'TopicName', TopicName);
      const text = arn(resource, 'sns', name);
      return { Ref: text, TopicArn: text, TopicName: name };
    },
  },
  'AWS::KMS::Key': {
    naming: [],
    attributes: (resource) => {
      const id = attribute('KeyId', resource.node.path);
      return { Ref: id, KeyId: id, Arn: arn(resource, 'kms', `key/${id}`) };
    },
  },
  'AWS::KMS::Alias': {
    naming: ['AliasName'],
    attributes: (resource, { AliasName }) => {
      const name = nameOrUnresolved(resource, 'AliasName', AliasName);
      return { Ref: name, Arn: arn(resource, 'kms', name) };
    },
  },
};

/** Whether deployment may choose an ARN where a name may stand too. */
function mayBeArn(text: unknown): text is string {
  return (
    typeof text === 'string' &&
    (isOfForm(text, 'arn') || (possibleValuesOf(text) ?? []).some((choice) => choice.startsWith('arn:')))
  );
}

/** The ARN of a rule on a bus of whose ARN deployment chooses. */
function arnOnChosenBus({ stack, node }: CfnResource, bus: string, name: string): string {
  const { partition } = environmentOf(stack);
  return (
    `arn:${partition}:events:${regionOfPartlyKnown(bus)}:${accountOfPartlyKnown(bus)}:rule/` +
    `${unresolved(`name of the bus of ${node.path}`)}/${name}`
  );
}

/** The ARN of a queue that a property names by its URL. */
export function queueArn(resource: CfnResource, url: unknown): string {
  const text = typeof url === 'string' ? url : attribute('Queue', resource.node.path);
  const [, region, account, name] =
    /^https:\/\/sqs\.([^/]+?)\.amazonaws\.com(?:\.cn)?\/([^/]+)\/(.+)$/.exec(text) ?? [];
  return name === undefined ? text : `arn:${partitionOf(region)}:sqs:${region}:${account}:${name}`;
}

/** The ARN of a function that a property names: by name, by ARN, or by an ARN without its first parts. */
export function functionArn(resource: CfnResource, name: unknown): string {
  const text = typeof name === 'string' ? name : attribute('FunctionName', resource.node.path);
  // What only deployment tells may be a name or an ARN: it stands for itself.
  if (text.startsWith('arn:') || (text.startsWith('‹') && mayEqualAnyText(text))) return text;
  const partial = /^\d{12}:function:(.*)$/.exec(text);
  return arn(resource, 'lambda', `function:${partial ? partial[1] : text}`, partial ? text.slice(0, 12) : undefined);
}

function identity({ stack }: CfnResource, kind: string, name: string, path: unknown): { Ref: string; Arn: string } {
  const { partition, account } = environmentOf(stack);
  return { Ref: name, Arn: `arn:${partition}:iam::${account}:${kind}${typeof path === 'string' ? path : '/'}${name}` };
}

function provider({ stack }: CfnResource, kind: string, name: string): { Arn: string } {
  const { partition, account } = environmentOf(stack);
  return { Arn: `arn:${partition}:iam::${account}:${kind}/${name}` };
}

/** Known by the address of its issuer. */
function oidcProvider(resource: CfnResource, url: unknown): Attributes {
  const { Arn } = provider(
    resource,
    'oidc-provider',
    nameOrUnresolved(resource, 'Url', url).replace(/^https:\/\//, ''),
  );
  return { Ref: Arn, Arn };
}

function nameOrUnresolved(resource: CfnResource, property: string, name: unknown): string {
  return typeof name === 'string' && name !== '' ? name : attribute(property, resource.node.path);
}

function arn({ stack }: CfnResource, service: string, rest: string, owner?: string): string {
  const { partition, region, account } = environmentOf(stack);
  return `arn:${partition}:${service}:${region}:${owner ?? account}:${rest}`;
}
