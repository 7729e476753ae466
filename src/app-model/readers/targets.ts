import { Json, isObject, statementsOf, toList, toText } from '../../iam/statement';
import { attribute, unresolved } from '../../iam/unresolved-text';
import { ReadContext, ResourceReaders, baseOf, documentStatements, nonEmptyString } from '../read-context';

/** Streams, task definitions and policies of CloudWatch Logs, which only checks of such targets need. */
export const TARGET_READERS: ResourceReaders = {
  'AWS::Kinesis::Stream': (context) => {
    const { StreamEncryption } = context.properties;
    const key = isObject(StreamEncryption) ? nonEmptyString(StreamEncryption.KeyId) : undefined;
    context.model.streams.push({ ...baseOf(context), key });
  },
  'AWS::Kinesis::ResourcePolicy': (context) => {
    const { ResourceArn, ResourcePolicy } = context.properties;
    const resourceArn = nonEmptyString(ResourceArn) ?? attribute('ResourceArn', context.construct.node.path);
    context.model.streamStatements.push(...documentStatements(context, resourceArn, ResourcePolicy));
  },
  'AWS::ECS::TaskDefinition': (context) => {
    const { ExecutionRoleArn, TaskRoleArn, RequiresCompatibilities } = context.properties;
    const isForFargate = toList(RequiresCompatibilities).includes('FARGATE');
    const passedRoleArns = [ExecutionRoleArn, isForFargate ? TaskRoleArn : undefined].flatMap(toList);
    context.model.taskDefinitions.push({ ...baseOf(context, 'TaskDefinitionArn'), passedRoleArns });
  },
  'AWS::Logs::LogGroup': (context) => addLogPolicy(context, context.properties.ResourcePolicyDocument),
  'AWS::Logs::ResourcePolicy': (context) => addLogPolicy(context, context.properties.PolicyDocument),
  'Custom::CloudwatchLogResourcePolicy': readLogPolicyCall,
};

/**
 * The policy that a custom resource puts with a call to the AWS SDK. The CDK creates it for log groups that are
 * targets.
 */
export function readLogPolicyCall(context: ReadContext): void {
  const text = toText(context.properties.Create ?? context.properties.Update);
  if (!text.includes('putResourcePolicy')) return;
  const call = parseJson(text);
  const parameters = isObject(call) ? call.parameters : undefined;
  addLogPolicy(context, isObject(parameters) ? parameters.policyDocument : text);
}

/** A document that cannot be read is represented by a statement that is known only at deployment. */
function addLogPolicy(context: ReadContext, document: Json | undefined): void {
  if (document === undefined) return;
  const parsed = typeof document === 'string' ? parseJson(document) : document;
  const statements = parsed === undefined ? [unresolved('a policy that cannot be read')] : statementsOf(parsed);
  const { arn: _, ...base } = baseOf(context);
  context.model.logPolicies.push({ ...base, statements });
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
