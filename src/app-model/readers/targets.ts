import { Json, isObject, scalarOrList, statementsOf, toList, toText } from '../../iam/statement';
import { attribute, unresolved } from '../../iam/unresolved-text';
import type { ResourcePolicyStatement } from '../app-model';
import { ReadContext, ResourceReaders, baseOf, documentStatements, nonEmptyString } from '../read-context';

/** Streams, task definitions, REST APIs and policies of CloudWatch Logs, which only checks of such targets need. */
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
  'AWS::ApiGateway::RestApi': (context) => {
    const { Body, BodyS3Location, Policy } = context.properties;
    const api = baseOf(context, 'ExecuteArn');
    const mayHavePolicy = Body === undefined && BodyS3Location === undefined ? false : undefined;
    const methods = context.model.restApiMethods.filter(({ restApiId }) => restApiId === context.attributes.RestApiId);
    const requiresIam = methods.length > 0 && methods.every((method) => method.requiresIam);
    context.model.restApis.push({ ...api, hasPolicy: Policy === undefined ? mayHavePolicy : true, requiresIam });
    const statements = documentStatements(context, api.arn, Policy);
    context.model.restApiStatements.push(...statements.map((entry) => withFullResource(entry, api.arn)));
  },
  'AWS::Logs::LogGroup': (context) => addLogPolicy(context, context.properties.ResourcePolicyDocument),
  'AWS::Logs::ResourcePolicy': (context) => addLogPolicy(context, context.properties.PolicyDocument),
  'Custom::CloudwatchLogResourcePolicy': readLogPolicyCall,
};

/**
 * A statement with the ARNs of which `execute-api:/STAGE/METHOD/PATH` is the short form.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
 */
function withFullResource(entry: ResourcePolicyStatement, apiArn: string): ResourcePolicyStatement {
  const { statement } = entry;
  if (!isObject(statement) || statement.Resource === undefined) return entry;
  const resources = toList(statement.Resource).map((resource) => resource.replace(/^execute-api:\//, `${apiArn}/`));
  return { ...entry, statement: { ...statement, Resource: scalarOrList(resources) } };
}

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
