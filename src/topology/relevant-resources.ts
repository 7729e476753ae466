import { isEventBridge, resourcesWithPolicyForEvents, textsIn } from './policy-entries';
import {
  AppModel,
  AppResource,
  Bucket,
  EncryptedResource,
  Key,
  KeyAlias,
  LogPolicy,
  Queue,
  TaskDefinition,
} from '../app-model/app-model';
import { mayBeAnyResource } from '../app-model/possible-statements';
import { unqualifiedFunctionArn } from '../iam/arn';
import { isObject, toList } from '../iam/statement';
import { Ternary } from '../iam/ternary';
import { hasUnresolved, withSampleEnvironment } from '../iam/unresolved-text';

/**
 * The resources that receive events, whose policy allows EventBridge or other accounts, or that keep or encrypt events.
 * Resources with a known name are listed too, with their policies, so that it is known that they exist: other apps can
 * refer to them.
 */
export class RelevantResources {
  public readonly functions: readonly AppResource[];
  public readonly queues: readonly Queue[];
  public readonly topics: readonly EncryptedResource[];
  public readonly streams: readonly EncryptedResource[];
  public readonly keys: readonly Key[];
  public readonly keyAliases: readonly KeyAlias[];
  public readonly taskDefinitions: readonly TaskDefinition[];
  public readonly buckets: readonly Bucket[];
  public readonly logPolicies: readonly LogPolicy[];
  /** The ARNs of targets, of dead-letter queues, and of resources whose policy allows EventBridge or other accounts. */
  private readonly arns: ReadonlySet<string>;
  private readonly keyArns: ReadonlySet<string>;
  private readonly notifyingBuckets: ReadonlySet<string>;

  constructor(private readonly model: AppModel) {
    this.arns = new Set(arnsForEvents(model).map(unqualifiedArn));
    const isRelevant = ({ arn }: AppResource) => this.isRelevant(arn);
    this.functions = model.functions.filter(isRelevant);
    this.queues = model.queues.filter(isRelevant);
    this.topics = model.topics.filter(isRelevant);
    this.streams = model.streams.filter(isRelevant);
    const keyNames = this.keyNames();
    this.keyAliases = model.keyAliases.filter((alias) => keyNames.has(alias.name) || keyNames.has(alias.arn));
    for (const { key } of this.keyAliases) keyNames.add(key);
    const keysForEvents = resourcesWithPolicyForEvents(model.keyStatements);
    this.keys = model.keys.filter(({ arn }) => keyNames.has(arn) || keyNames.has(idOf(arn)) || keysForEvents.has(arn));
    this.keyArns = new Set(this.keys.map(({ arn }) => arn));
    const definitions = new Set(model.rules.flatMap(({ targets }) => targets.map(({ task }) => task?.definitionArn)));
    this.taskDefinitions = model.taskDefinitions.filter(({ arn }) => definitions.has(arn));
    const patternTexts = textsIn(model.rules.map(({ pattern }) => pattern));
    this.buckets = model.buckets.filter(({ arn, name }) => patternTexts.has(arn) || patternTexts.has(name));
    this.logPolicies = model.logPolicies.filter(({ statements }) => statements.some(mayBeForEventBridge));
    this.notifyingBuckets = new Set(
      model.bucketNotifications.filter(({ sendsEvents }) => sendsEvents !== false).map(({ bucketName }) => bucketName),
    );
  }

  /**
   * Whether the policy of a function, queue, topic, stream or key is in the file. It is then complete. Other apps can
   * define a policy of a resource with a known name too, and one may replace the other, whatever it allows.
   */
  public hasPolicy(resourceArn: string): boolean {
    const isRelevant = this.isRelevant(unqualifiedArn(resourceArn)) || this.keyArns.has(resourceArn);
    // The policy may be that of any resource, and deny something.
    return isRelevant || mayBeAnyResource(resourceArn);
  }

  /** Whether a bucket sends its events to EventBridge, also if a custom resource configures that. */
  public sendsEvents({ name, sendsEvents }: Bucket): Ternary {
    if (sendsEvents !== false) return sendsEvents;
    const isConfigured =
      this.notifyingBuckets.has(name) ||
      this.model.sdkCalls.some((call) => /putbucketnotification/i.test(call) && call.includes(name));
    return isConfigured ? undefined : false;
  }

  private isRelevant(arn: string): boolean {
    return this.arns.has(arn) || isKnown(arn);
  }

  private keyNames(): Set<string> {
    const encrypted = [...this.model.eventBuses, ...this.queues, ...this.topics, ...this.streams];
    return new Set(encrypted.flatMap(({ key }) => key ?? []));
  }
}

/** Whether other apps can refer to a resource: its ARN is known, given the account and Region of its stack. */
function isKnown(arn: string): boolean {
  return !hasUnresolved(withSampleEnvironment(arn));
}

function arnsForEvents(model: AppModel): string[] {
  const targets = model.rules.flatMap((rule) => rule.targets);
  const { functionStatements, queueStatements, topicStatements, streamStatements } = model;
  return [
    ...targets.flatMap(({ arn, deadLetterArn }) => [arn, deadLetterArn ?? []].flat()),
    ...model.eventBuses.flatMap(({ deadLetterArn }) => deadLetterArn ?? []),
    ...resourcesWithPolicyForEvents([functionStatements, queueStatements, topicStatements, streamStatements].flat()),
  ];
}

function unqualifiedArn(arn: string): string {
  return arn.includes(':lambda:') ? unqualifiedFunctionArn(arn) : arn;
}

/** The ID of a key. */
function idOf(keyArn: string): string {
  return keyArn.replace(/^.*:key\//, '');
}

function mayBeForEventBridge(statement: unknown): boolean {
  if (!isObject(statement) || !isObject(statement.Principal)) return true;
  return toList(statement.Principal.Service).some(
    (service) => isEventBridge(service) || service.startsWith('delivery.logs.'),
  );
}
