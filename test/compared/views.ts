import { Resource } from './outcome';

/** What is to the point in the properties of a resource: who may do what, and where events go. */
const VIEWS: { readonly [type: string]: (properties: any) => unknown } = {
  'AWS::Events::Archive': ({ SourceArn, KmsKeyIdentifier }) => ({ SourceArn, KmsKeyIdentifier }),
  'AWS::Events::EventBus': (properties) => properties,
  'AWS::Events::EventBusPolicy': ({ EventBusName, StatementId, Statement, ...others }) => ({
    EventBusName,
    StatementId,
    Statement,
    ...others,
  }),
  'AWS::Events::Rule': ({ EventBusName, Name, Targets }) => ({ EventBusName, Name, Targets }),
  'AWS::IAM::Policy': ({ PolicyDocument }) => PolicyDocument.Statement,
  'AWS::IAM::Role': ({ RoleName, AssumeRolePolicyDocument }) => ({
    RoleName,
    AssumeRolePolicyDocument: AssumeRolePolicyDocument.Statement,
  }),
  // Every key lets its own account do everything.
  'AWS::KMS::Key': ({ Description, KeyPolicy }) => ({
    Description,
    KeyPolicy: KeyPolicy.Statement.filter(({ Action }: any) => Action !== 'kms:*'),
  }),
  'AWS::Kinesis::ResourcePolicy': ({ ResourcePolicy }) => ResourcePolicy.Statement,
  'AWS::Lambda::Permission': (properties) => properties,
  'AWS::SNS::TopicPolicy': ({ PolicyDocument }) => PolicyDocument.Statement,
  'AWS::SQS::QueuePolicy': ({ PolicyDocument }) => PolicyDocument.Statement,
};

/** The part of a resource that the page shows: some properties, if they are given. */
export function view({ type, properties }: Resource, only: string[] = []): unknown {
  if (only.length > 0) return Object.fromEntries(only.map((property) => [property, properties[property]]));
  const show = VIEWS[type];
  if (!show) throw new Error(`${type} cannot be shown yet: add what is to the point in its properties to VIEWS`);
  return show(properties);
}
