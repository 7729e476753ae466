import { toList, toText } from '../../iam/statement';
import { attribute } from '../../iam/unresolved-text';
import { ResourceReaders, documentStatements, baseOf, nonEmptyString } from '../read-context';
import { functionArn, queueArn } from '../resolve/resource-attributes';
import { permissionStatement } from '../statements';

/** Functions, queues, topics and keys, and their policies. */
export const RESOURCE_READERS: ResourceReaders = {
  'AWS::Lambda::Function': (reading) => {
    reading.model.functions.push(baseOf(reading));
  },
  'AWS::Lambda::Permission': ({ model, construct, properties, conditional }) => {
    const of = functionArn(construct, properties.FunctionName);
    const id = attribute('Sid', construct.node.path);
    model.functionStatements.push({
      construct,
      resourceArn: of,
      id,
      conditional,
      statement: permissionStatement(properties, of, id),
      isWholePolicy: false,
    });
  },
  'AWS::Lambda::ResourcePolicy': (reading) => {
    const { ResourceArn, PolicyDocument } = reading.properties;
    reading.model.functionStatements.push(
      ...documentStatements(reading, functionArn(reading.construct, ResourceArn), PolicyDocument),
    );
  },
  'AWS::SQS::Queue': (reading) => {
    const { FifoQueue, KmsMasterKeyId } = reading.properties;
    reading.model.queues.push({
      ...baseOf(reading),
      fifo: toText(FifoQueue) === 'true',
      key: nonEmptyString(KmsMasterKeyId),
    });
  },
  'AWS::SQS::QueuePolicy': (reading) => {
    for (const queue of toList(reading.properties.Queues)) {
      reading.model.queueStatements.push(
        ...documentStatements(reading, queueArn(reading.construct, queue), reading.properties.PolicyDocument),
      );
    }
  },
  'AWS::SQS::QueueInlinePolicy': (reading) => {
    const { Queue, PolicyDocument } = reading.properties;
    reading.model.queueStatements.push(
      ...documentStatements(reading, queueArn(reading.construct, Queue), PolicyDocument),
    );
  },
  'AWS::SNS::Topic': (reading) => {
    reading.model.topics.push({
      ...baseOf(reading, 'TopicArn'),
      key: nonEmptyString(reading.properties.KmsMasterKeyId),
    });
  },
  'AWS::SNS::TopicPolicy': (reading) => {
    for (const topic of toList(reading.properties.Topics)) {
      reading.model.topicStatements.push(...documentStatements(reading, topic, reading.properties.PolicyDocument));
    }
  },
  'AWS::SNS::TopicInlinePolicy': (reading) => {
    const { TopicArn, PolicyDocument } = reading.properties;
    reading.model.topicStatements.push(
      ...documentStatements(
        reading,
        nonEmptyString(TopicArn) ?? attribute('TopicArn', reading.construct.node.path),
        PolicyDocument,
      ),
    );
  },
  'AWS::KMS::Key': (reading) => {
    const key = baseOf(reading);
    reading.model.keys.push(key);
    reading.model.keyStatements.push(...documentStatements(reading, key.arn, reading.properties.KeyPolicy));
  },
  'AWS::KMS::Alias': (reading) => {
    reading.model.keyAliases.push({
      ...baseOf(reading),
      name: reading.attributes.Ref,
      key: toText(reading.properties.TargetKeyId),
    });
  },
};
