import type { EventTopology } from '../topology/topology';

/** A kind of resource that deliveries use, and what it means for them if the resource is another one. */
export interface ResourceKind {
  readonly list: keyof EventTopology;
  readonly type: string;
  /** The property with the name. A change of it requires a replacement. */
  readonly nameProperty: string;
  /** The consequence of a replacement. */
  readonly replaced: string;
  /** The consequence of a deletion. */
  readonly deleted: string;
}

const NAME_IN_USE = 'what uses the old name fails, also in other apps';

/** The resources of which a change of the name requires a replacement. */
export const RESOURCE_KINDS: readonly ResourceKind[] = [
  {
    list: 'eventBuses',
    type: 'AWS::Events::EventBus',
    nameProperty: 'Name',
    replaced:
      'the new bus has only the rules and policy statements of these apps, and events that are put on the old bus ' +
      'are lost',
    deleted: 'events that are put on the bus are lost: PutEvents succeeds if a bus does not exist',
  },
  {
    list: 'rules',
    type: 'AWS::Events::Rule',
    nameProperty: 'Name',
    replaced:
      'permissions for the ARN of the old rule do not apply to the new one, and both can send an event during the ' +
      'deployment',
    deleted: 'its events are not sent any more',
  },
  {
    list: 'functions',
    type: 'AWS::Lambda::Function',
    nameProperty: 'FunctionName',
    replaced: `permissions of the old function do not apply to the new one, and ${NAME_IN_USE}`,
    deleted: 'rules that invoke it fail',
  },
  {
    list: 'queues',
    type: 'AWS::SQS::Queue',
    nameProperty: 'QueueName',
    replaced: `messages in the old queue are lost, and ${NAME_IN_USE}`,
    deleted: 'messages in the queue are lost, and rules that send to it fail',
  },
  {
    list: 'topics',
    type: 'AWS::SNS::Topic',
    nameProperty: 'TopicName',
    replaced: `the new topic has only the subscriptions of these apps, and ${NAME_IN_USE}`,
    deleted: 'rules that publish on it fail',
  },
  {
    list: 'streams',
    type: 'AWS::Kinesis::Stream',
    nameProperty: 'Name',
    replaced: `records in the old stream are lost, and ${NAME_IN_USE}`,
    deleted: 'records in the stream are lost, and rules that send to it fail',
  },
  {
    list: 'roles',
    type: 'AWS::IAM::Role',
    nameProperty: 'RoleName',
    replaced: 'policies that name the old role do not apply to the new one, also in other apps',
    deleted: 'what uses the role is denied',
  },
  {
    list: 'users',
    type: 'AWS::IAM::User',
    nameProperty: 'UserName',
    replaced: 'policies that name the old user do not apply to the new one, and its access keys are deleted',
    deleted: 'what uses the user is denied',
  },
];

export const NAME_CONFLICT =
  'CloudFormation creates the resource before it deletes the other one with this name, so the deployment fails: use ' +
  'another name, or delete the other one in an earlier deployment';

export const STATEMENT_CONFLICT =
  'CloudFormation creates the statement before it deletes the other one with this ID, so the deployment fails or the ' +
  'statement is deleted: use another ID';
