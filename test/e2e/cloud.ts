import { CloudFormation, StackResource } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { IAM } from '@aws-sdk/client-iam';
import { Lambda } from '@aws-sdk/client-lambda';
import { SQS } from '@aws-sdk/client-sqs';
import { STS } from '@aws-sdk/client-sts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The emulator takes 12 digits as an access key of the account with that ID. */
export function credentialsOf(account: string): Credentials {
  return { accessKeyId: account, secretAccessKey: 'secret' };
}

/** An event, as a target gets it. */
export interface Event {
  readonly account: string;
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: any;
}

/** AWS, as an account or a role sees it in one Region. */
export class Cloud {
  public readonly events: EventBridge;
  public readonly lambda: Lambda;
  public readonly iam: IAM;
  public readonly sqs: SQS;
  private readonly sts: STS;
  private readonly logs: CloudWatchLogs;
  private readonly cloudFormation: CloudFormation;

  constructor(
    private readonly endpoint: string,
    private readonly region: string,
    credentials: Credentials,
  ) {
    const options = { endpoint, region, credentials };
    this.events = new EventBridge(options);
    this.lambda = new Lambda(options);
    this.iam = new IAM(options);
    this.sqs = new SQS(options);
    this.sts = new STS(options);
    this.logs = new CloudWatchLogs(options);
    this.cloudFormation = new CloudFormation(options);
  }

  /** Assumes a role. */
  public async assume(role: string): Promise<Cloud> {
    const { Credentials: temporary } = await this.sts.assumeRole({ RoleArn: role, RoleSessionName: 'e2e' });
    const { AccessKeyId, SecretAccessKey, SessionToken } = temporary!;
    return new Cloud(this.endpoint, this.region, {
      accessKeyId: AccessKeyId!,
      secretAccessKey: SecretAccessKey!,
      sessionToken: SessionToken,
    });
  }

  /** Puts one event on a bus. */
  public async putEvent(eventBus: string, source: string, detailType: string, detail: object): Promise<void> {
    const entry = { EventBusName: eventBus, Source: source, DetailType: detailType, Detail: JSON.stringify(detail) };
    const { FailedEntryCount, Entries } = await this.events.putEvents({ Entries: [entry] });
    if (FailedEntryCount !== 0) throw new Error(`PutEvents failed: ${JSON.stringify(Entries)}`);
  }

  /** Invokes a function, which must not fail. */
  public async invoke(functionName: string, payload: object): Promise<void> {
    const answer = await this.lambda.invoke({ FunctionName: functionName, Payload: JSON.stringify(payload) });
    if (answer.FunctionError) throw new Error(`${functionName} failed: ${answer.Payload?.transformToString()}`);
  }

  /** What a function logged. */
  public async logsOf(functionName: string): Promise<string[]> {
    const logGroupName = `/aws/lambda/${functionName}`;
    const { logGroups } = await this.logs.describeLogGroups({ logGroupNamePrefix: logGroupName });
    if (logGroups?.length === 0) return [];
    const { events = [] } = await this.logs.filterLogEvents({ logGroupName });
    return events.map(({ message = '' }) => message.trim());
  }

  /** Takes the events out of a queue. */
  public async receive(queueName: string): Promise<Event[]> {
    const { QueueUrl } = await this.sqs.getQueueUrl({ QueueName: queueName });
    const { Messages = [] } = await this.sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
    for (const { ReceiptHandle } of Messages) await this.sqs.deleteMessage({ QueueUrl, ReceiptHandle });
    return Messages.map(({ Body }) => JSON.parse(Body!));
  }

  /** The resources of a stack, none if there is no such stack. */
  public async resources(stack: string): Promise<StackResource[]> {
    try {
      return (await this.cloudFormation.describeStackResources({ StackName: stack })).StackResources!;
    } catch (error) {
      if (/does not exist/.test((error as Error).message)) return [];
      throw error;
    }
  }
}
