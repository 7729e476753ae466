import { CfnResource } from 'aws-cdk-lib';
import { Attributes, arn, nameOrUnresolved } from './named-arn';
import { environmentOf, mayHaveDomainSuffix, partitionOf, pseudoParameterValue } from './pseudo-parameters';
import { Resource } from './resource';
import { ResourceType, TARGET_TYPES } from './target-attributes';
import { parseArn, unqualifiedFunctionArn } from '../../iam/arn';
import { accountOfPartlyKnown, possibleValuesOf, isOfForm, regionOfPartlyKnown } from '../../iam/chosen-values';
import { Json, getOwn, toText } from '../../iam/statement';
import { attribute, mayEqualAnyText, unresolved } from '../../iam/unresolved-text';

export type { Attributes } from './named-arn';

/**
 * `Ref` and the attributes of a resource; undefined for types that the checks do not need. A resource without a name is
 * named by its path in `‹…›`.
 */
export function attributesOf(
  { construct, type, properties }: NamedResource,
  functionArns: ReadonlySet<string>,
): Attributes | undefined {
  return getOwn(RESOURCE_TYPES, type)?.attributes(construct, properties, functionArns);
}

/** A resource with at least the properties that `namingProperties()` lists. */
type NamedResource = Pick<Resource, 'type' | 'properties'> & { readonly construct: CfnResource };

/**
 * The properties that determine the attributes of a type; undefined for types without known attributes. Other
 * properties are not read for attributes, because reading a policy fixes its content.
 */
export function namingProperties(type: string): readonly string[] | undefined {
  return getOwn(RESOURCE_TYPES, type)?.naming;
}

/** A key, or the replica of one in another Region. */
const KEY: ResourceType = {
  naming: [],
  attributes: (resource) => {
    const id = attribute('KeyId', resource.node.path);
    return { Ref: id, KeyId: id, Arn: arn(resource, 'kms', `key/${id}`) };
  },
};

const RESOURCE_TYPES: { readonly [type: string]: ResourceType } = {
  ...TARGET_TYPES,
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
      return { Ref: name, Arn: ruleArn(resource, EventBusName, name) };
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
  // The custom resource that the CDK creates instead.
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
    attributes: (resource, { FunctionName, Name }, functionArns) => {
      const text = `${functionArn(resource, FunctionName, functionArns)}:${nameOrUnresolved(resource, 'Name', Name)}`;
      return { Ref: text, AliasArn: text };
    },
  },
  'AWS::Lambda::Version': {
    naming: ['FunctionName'],
    attributes: (resource, { FunctionName }, functionArns) => {
      const version = attribute('Version', resource.node.path);
      const text = `${functionArn(resource, FunctionName, functionArns)}:${version}`;
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
  'AWS::KMS::Key': KEY,
  'AWS::KMS::ReplicaKey': KEY,
  'AWS::KMS::Alias': {
    naming: ['AliasName'],
    attributes: (resource, { AliasName }) => {
      const name = nameOrUnresolved(resource, 'AliasName', AliasName);
      return { Ref: name, Arn: arn(resource, 'kms', name) };
    },
  },
};

/** The ARN of a rule on a bus that its property names by name or ARN; the default bus if the property is missing. */
function ruleArn(resource: CfnResource, eventBusName: Json | undefined, name: string): string {
  if (mayResolveToArn(eventBusName)) return ruleArnOnUnresolvedBus(resource, eventBusName, name);
  const bus = parseArn(toText(eventBusName));
  const prefix = 'event-bus/';
  if (!bus?.resource.startsWith(prefix)) {
    return arn(resource, 'events', rulePath(toText(eventBusName ?? 'default'), name));
  }
  // The rule is in the account and Region of the bus, whichever account creates it.
  const { partition, service, region, account } = bus;
  return `arn:${partition}:${service}:${region}:${account}:${rulePath(bus.resource.slice(prefix.length), name)}`;
}

function rulePath(busName: string, ruleName: string): string {
  return busName === 'default' ? `rule/${ruleName}` : `rule/${busName}/${ruleName}`;
}

/** Whether a value that is a name or an ARN may be an ARN at deployment. */
function mayResolveToArn(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  return isOfForm(value, 'arn') || (possibleValuesOf(value) ?? []).some((possible) => possible.startsWith('arn:'));
}

/** The ARN of a rule on a bus whose ARN is known only at deployment. */
function ruleArnOnUnresolvedBus({ stack, node }: CfnResource, busArn: string, name: string): string {
  const { partition } = environmentOf(stack);
  const [region, account] = [regionOfPartlyKnown(busArn), accountOfPartlyKnown(busArn)];
  const busName = unresolved(`name of the bus of ${node.path}`);
  return `arn:${partition}:events:${region}:${account}:rule/${busName}/${name}`;
}

/** The ARN of a queue from its URL. */
export function queueArn(resource: CfnResource, url: unknown): string {
  const text = typeof url === 'string' ? url : attribute('Queue', resource.node.path);
  const [, region, suffix, account, name] =
    /^https:\/\/sqs\.((?:‹[^›]*›|[^./‹])+)\.([^/]+)\/([^/]+)\/(.+)$/.exec(text) ?? [];
  if (name === undefined || !mayHaveDomainSuffix(region, suffix)) return text;
  return `arn:${partitionOf(region)}:sqs:${region}:${account}:${name}`;
}

/**
 * The ARN of a function from its name, its ARN, or its partial ARN.
 *
 * @param functionArns the ARNs of functions that are read already
 */
export function functionArn(resource: CfnResource, name: unknown, functionArns: ReadonlySet<string>): string {
  const text = typeof name === 'string' ? name : attribute('FunctionName', resource.node.path);
  if (text.startsWith('arn:')) return text;
  const partial = /^(\d{12}|‹AWS::AccountId[^‹›]*›):function:(.*)$/.exec(text);
  if (partial) return arn(resource, 'lambda', `function:${partial[2]}`, partial[1]);
  const named = arn(resource, 'lambda', `function:${text}`);
  // An unresolved value may be a name or an ARN, so it is left unchanged unless it is the name of a function.
  const mayBeArn = text.startsWith('‹') && mayEqualAnyText(text);
  return mayBeArn && !functionArns.has(unqualifiedFunctionArn(named)) ? text : named;
}

function identity({ stack }: CfnResource, kind: string, name: string, path: unknown): { Ref: string; Arn: string } {
  const { partition, account } = environmentOf(stack);
  return { Ref: name, Arn: `arn:${partition}:iam::${account}:${kind}${typeof path === 'string' ? path : '/'}${name}` };
}

function provider({ stack }: CfnResource, kind: string, name: string): { Arn: string } {
  const { partition, account } = environmentOf(stack);
  return { Arn: `arn:${partition}:iam::${account}:${kind}/${name}` };
}

/** The ARN of an OIDC provider contains the URL of its issuer. */
function oidcProvider(resource: CfnResource, url: unknown): Attributes {
  const { Arn } = provider(
    resource,
    'oidc-provider',
    nameOrUnresolved(resource, 'Url', url).replace(/^https:\/\//, ''),
  );
  return { Ref: Arn, Arn };
}
