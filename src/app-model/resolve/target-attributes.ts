import { CfnResource } from 'aws-cdk-lib';
import { Attributes, arn, nameOrUnresolved } from './named-arn';
import { Properties } from './resource';
import { attribute } from '../../iam/unresolved-text';

/** The properties that determine the attributes of a type, and the attributes. */
export interface ResourceType {
  readonly naming: readonly string[];
  /** @param functionArns the ARNs of functions that are read already */
  readonly attributes: (resource: CfnResource, properties: Properties, functionArns: ReadonlySet<string>) => Attributes;
}

/**
 * Types of targets other than buses, functions, queues and topics. Their ARNs have an account, a Region and a form by
 * which the kind of target is recognized, even if CloudFormation generates the name.
 */
export const TARGET_TYPES: { readonly [type: string]: ResourceType } = {
  'AWS::Kinesis::Stream': named('Name', 'kinesis', (name) => `stream/${name}`),
  'AWS::KinesisFirehose::DeliveryStream': named('DeliveryStreamName', 'firehose', (name) => `deliverystream/${name}`),
  'AWS::ECS::Cluster': named('ClusterName', 'ecs', (name) => `cluster/${name}`),
  'AWS::CodeBuild::Project': named('Name', 'codebuild', (name) => `project/${name}`),
  'AWS::CodePipeline::Pipeline': named('Name', 'codepipeline', (name) => name),
  'AWS::SageMaker::Pipeline': named('PipelineName', 'sagemaker', (name) => `pipeline/${name}`),
  'AWS::Scheduler::ScheduleGroup': named('Name', 'scheduler', (name) => `schedule-group/${name}`),
  'AWS::Logs::LogGroup': named('LogGroupName', 'logs', (name) => `log-group:${name}:*`),
  'AWS::StepFunctions::StateMachine': {
    naming: ['StateMachineName'],
    attributes: (resource, { StateMachineName }) => {
      const name = nameOrUnresolved(resource, 'StateMachineName', StateMachineName);
      const text = arn(resource, 'states', `stateMachine:${name}`);
      return { Ref: text, Arn: text, Name: name };
    },
  },
  'AWS::StepFunctions::StateMachineVersion': {
    naming: ['StateMachineArn'],
    attributes: (resource, { StateMachineArn }) => {
      const machine = nameOrUnresolved(resource, 'StateMachineArn', StateMachineArn);
      const text = `${machine}:${attribute('Version', resource.node.path)}`;
      return { Ref: text, Arn: text };
    },
  },
  'AWS::StepFunctions::StateMachineAlias': {
    naming: ['Name'],
    attributes: (resource, { Name }) => {
      const machine = attribute('StateMachineName', resource.node.path);
      const text = arn(resource, 'states', `stateMachine:${machine}:${nameOrUnresolved(resource, 'Name', Name)}`);
      return { Ref: text, Arn: text };
    },
  },
  'AWS::Batch::JobQueue': referredByArn('JobQueueName', 'JobQueueArn', 'batch', (name) => `job-queue/${name}`),
  'AWS::Batch::JobDefinition': revisioned('JobDefinitionName', 'JobDefinitionArn', 'batch', 'job-definition'),
  'AWS::ECS::TaskDefinition': revisioned('Family', 'TaskDefinitionArn', 'ecs', 'task-definition'),
  'AWS::Events::ApiDestination': {
    naming: ['Name'],
    attributes: (resource, { Name }) => {
      const name = nameOrUnresolved(resource, 'Name', Name);
      const ArnForPolicy = arn(resource, 'events', `api-destination/${name}`);
      return { Ref: name, Arn: `${ArnForPolicy}/${attribute('ApiDestinationId', resource.node.path)}`, ArnForPolicy };
    },
  },
  'AWS::ApiGateway::RestApi': {
    naming: [],
    attributes: (resource) => {
      const id = attribute('RestApiId', resource.node.path);
      const RootResourceId = attribute('RootResourceId', resource.node.path);
      return { Ref: id, RestApiId: id, RootResourceId, ExecuteArn: arn(resource, 'execute-api', id) };
    },
  },
  'AWS::ApiGateway::Resource': {
    naming: [],
    attributes: (resource) => {
      const id = attribute('ResourceId', resource.node.path);
      return { Ref: id, ResourceId: id };
    },
  },
  'AWS::AppSync::GraphQLApi': {
    naming: [],
    attributes: (resource) => {
      const id = attribute('ApiId', resource.node.path);
      const endpoint = attribute('GraphQLEndpoint', resource.node.path);
      const Arn = arn(resource, 'appsync', `apis/${id}`);
      const GraphQLEndpointArn = arn(resource, 'appsync', `endpoints/graphql-api/${endpoint}`);
      return { Ref: Arn, Arn, ApiId: id, GraphQLEndpointArn };
    },
  },
};

/** A type whose `Ref` is its name, and that has an attribute `Arn`. */
function named(property: string, service: string, path: (name: string) => string): ResourceType {
  return {
    naming: [property],
    attributes: (resource, properties) => {
      const name = nameOrUnresolved(resource, property, properties[property]);
      return { Ref: name, Arn: arn(resource, service, path(name)) };
    },
  };
}

/** A type whose `Ref` is its ARN. */
function referredByArn(
  property: string,
  arnAttribute: string,
  service: string,
  path: (name: string) => string,
): ResourceType {
  return {
    naming: [property],
    attributes: (resource, properties) => {
      const text = arn(resource, service, path(nameOrUnresolved(resource, property, properties[property])));
      return { Ref: text, [arnAttribute]: text };
    },
  };
}

/** A type whose ARN ends in a revision that AWS numbers. */
function revisioned(property: string, arnAttribute: string, service: string, noun: string): ResourceType {
  return {
    naming: [property],
    attributes: (resource, properties) => {
      const name = nameOrUnresolved(resource, property, properties[property]);
      const text = arn(resource, service, `${noun}/${name}:${attribute('Revision', resource.node.path)}`);
      return { Ref: text, [arnAttribute]: text };
    },
  };
}
