import { equalsBoolean } from '../../iam/condition-operators';
import { isObject, toList, toText } from '../../iam/statement';
import { attribute } from '../../iam/unresolved-text';
import { NESTED_STACK } from '../incomplete-stacks';
import {
  ReadContext,
  ResourceReaders,
  baseOf,
  conditionsIn,
  documentStatements,
  nonEmptyString,
} from '../read-context';
import { functionArn, queueArn } from '../resolve/resource-attributes';
import { lambdaPermissionStatement } from '../statements';

/** Functions, queues, topics and keys, and their resource-based policies, and the resources of nested stacks. */
export const RESOURCE_READERS: ResourceReaders = {
  'AWS::Lambda::Function': (context) => {
    context.model.functions.push({ ...baseOf(context), roleArn: nonEmptyString(context.properties.Role) });
  },
  'AWS::Lambda::Permission': (context) => {
    const { construct, model, functionArns } = context;
    const id = attribute('Sid', construct.node.path);
    const branches = context.branches.of(context.properties);
    for (const branch of branches) {
      const properties = isObject(branch.value) ? branch.value : {};
      const resourceArn = functionArn(construct, properties.FunctionName, functionArns);
      const statement = lambdaPermissionStatement(properties, resourceArn, id);
      const conditions = conditionsIn(context, branch, branches);
      model.functionStatements.push({ construct, resourceArn, id, ...conditions, statement, isWholePolicy: false });
    }
  },
  'AWS::Lambda::ResourcePolicy': (context) => {
    const { ResourceArn, PolicyDocument } = context.properties;
    context.model.functionStatements.push(
      ...documentStatements(context, functionArn(context.construct, ResourceArn, context.functionArns), PolicyDocument),
    );
  },
  'AWS::SQS::Queue': (context) => {
    const { ContentBasedDeduplication, FifoQueue, KmsMasterKeyId } = context.properties;
    context.model.queues.push({
      ...baseOf(context),
      fifo: toText(FifoQueue) === 'true',
      deduplicates: equalsBoolean('true', toText(ContentBasedDeduplication ?? false)),
      key: nonEmptyString(KmsMasterKeyId),
    });
  },
  'AWS::SQS::QueuePolicy': (context) => {
    for (const queue of toList(context.properties.Queues)) {
      context.model.queueStatements.push(
        ...documentStatements(context, queueArn(context.construct, queue), context.properties.PolicyDocument),
      );
    }
  },
  'AWS::SQS::QueueInlinePolicy': (context) => {
    const { Queue, PolicyDocument } = context.properties;
    context.model.queueStatements.push(
      ...documentStatements(context, queueArn(context.construct, Queue), PolicyDocument),
    );
  },
  'AWS::SNS::Topic': (context) => {
    context.model.topics.push({
      ...baseOf(context, 'TopicArn'),
      key: nonEmptyString(context.properties.KmsMasterKeyId),
    });
  },
  'AWS::SNS::TopicPolicy': (context) => {
    for (const topic of toList(context.properties.Topics)) {
      context.model.topicStatements.push(...documentStatements(context, topic, context.properties.PolicyDocument));
    }
  },
  'AWS::SNS::TopicInlinePolicy': (context) => {
    const { TopicArn, PolicyDocument } = context.properties;
    context.model.topicStatements.push(
      ...documentStatements(
        context,
        nonEmptyString(TopicArn) ?? attribute('TopicArn', context.construct.node.path),
        PolicyDocument,
      ),
    );
  },
  [NESTED_STACK]: ({ construct, model, properties }) => {
    model.nestedStacks.push({ construct, templateUrl: nonEmptyString(properties.TemplateURL) });
  },
  'AWS::KMS::Key': readKey,
  'AWS::KMS::ReplicaKey': readKey,
  'AWS::KMS::Alias': (context) => {
    context.model.keyAliases.push({
      ...baseOf(context),
      name: context.attributes.Ref,
      key: toText(context.properties.TargetKeyId),
    });
  },
};

function readKey(context: ReadContext): void {
  const { Enabled, KeyPolicy } = context.properties;
  const key = { ...baseOf(context), isDisabled: toText(Enabled ?? true) === 'false' };
  context.model.keys.push(key);
  context.model.keyStatements.push(...documentStatements(context, key.arn, KeyPolicy));
}
