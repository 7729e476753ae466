import { listOf, textOf } from '../../policy/statement';
import { attribute } from '../../policy/text';
import { functionArn, queueArn } from '../physical';
import { Readers, documentStatements, made, textIn } from '../reading';
import { permissionStatement } from '../statements';

/** Functions, queues, topics and keys, and their policies. */
export const RESOURCE_READERS: Readers = {
  'AWS::Lambda::Function': (reading) => {
    reading.model.functions.push(made(reading));
  },
  'AWS::Lambda::Permission': ({ model, construct, properties, conditional }) => {
    const of = functionArn(construct, properties.FunctionName);
    const id = attribute('Sid', construct.node.path);
    model.functionStatements.push({ construct, of, id, conditional, statement: permissionStatement(properties, of, id), whole: false });
  },
  'AWS::Lambda::ResourcePolicy': (reading) => {
    const { ResourceArn, PolicyDocument } = reading.properties;
    reading.model.functionStatements.push(...documentStatements(reading, functionArn(reading.construct, ResourceArn), PolicyDocument));
  },
  'AWS::SQS::Queue': (reading) => {
    const { FifoQueue, KmsMasterKeyId } = reading.properties;
    reading.model.queues.push({ ...made(reading), fifo: textOf(FifoQueue) === 'true', key: textIn(KmsMasterKeyId) });
  },
  'AWS::SQS::QueuePolicy': (reading) => {
    for (const queue of listOf(reading.properties.Queues)) {
      reading.model.queueStatements.push(...documentStatements(reading, queueArn(reading.construct, queue), reading.properties.PolicyDocument));
    }
  },
  'AWS::SQS::QueueInlinePolicy': (reading) => {
    const { Queue, PolicyDocument } = reading.properties;
    reading.model.queueStatements.push(...documentStatements(reading, queueArn(reading.construct, Queue), PolicyDocument));
  },
  'AWS::SNS::Topic': (reading) => {
    reading.model.topics.push({ ...made(reading, 'TopicArn'), key: textIn(reading.properties.KmsMasterKeyId) });
  },
  'AWS::SNS::TopicPolicy': (reading) => {
    for (const topic of listOf(reading.properties.Topics)) {
      reading.model.topicStatements.push(...documentStatements(reading, topic, reading.properties.PolicyDocument));
    }
  },
  'AWS::SNS::TopicInlinePolicy': (reading) => {
    const { TopicArn, PolicyDocument } = reading.properties;
    reading.model.topicStatements.push(...documentStatements(reading, textIn(TopicArn) ?? attribute('TopicArn', reading.construct.node.path), PolicyDocument));
  },
  'AWS::KMS::Key': (reading) => {
    const key = made(reading);
    reading.model.keys.push(key);
    reading.model.keyStatements.push(...documentStatements(reading, key.arn, reading.properties.KeyPolicy));
  },
  'AWS::KMS::Alias': (reading) => {
    reading.model.keyAliases.push({ ...made(reading), name: reading.attributes.Ref, key: textOf(reading.properties.TargetKeyId) });
  },
};
