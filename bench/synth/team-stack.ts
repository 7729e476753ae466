import { App, Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy, EventBus, IEventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function, FunctionProps, Runtime } from 'aws-cdk-lib/aws-lambda';
import { IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import {
  CrossAccountEventBus,
  CrossAccountEventBusPolicy,
  EventBusProfile,
  EventPublisher,
} from 'cdk-cross-account-eventbridge';

/** What every event of a service is about. */
export const DETAIL_TYPES = ['Created', 'Changed', 'Removed'];

/** The account and the bus of a team, whichever app has its stack. */
export function teamOf(index: number, { hub }: { hub: boolean }) {
  const stackName = `team${String(index).padStart(3, '0')}-${hub ? 'hub' : 'spoke'}`;
  const [account, region] = [String(100_000_000_000 + index * 1_234_567), 'eu-west-1'];
  const eventBusName = `${stackName}-bus`;
  const eventBusArn = `arn:aws:events:${region}:${account}:event-bus/${eventBusName}`;
  return { stackName, account, region, eventBusName, eventBusArn };
}

/** Somebody with an account, to be let in. */
export type InAccount = Pick<Stack, 'account'>;

/**
 * A stack of one team, in its account: a bus, made by this library in every other stack and by the L2 in the rest, and
 * a queue for dead letters.
 */
export class TeamStack extends Stack {
  public readonly bus: CrossAccountEventBus | EventBus;
  /** An encrypted queue, for targets of this library, which let EventBridge use its key. */
  public readonly deadLetters: IQueue;
  /** Buses on which the services of this stack publish. */
  public publishesOn: IEventBus[] = [];
  private readonly key: Key;

  constructor(
    app: App,
    private readonly index: number,
    { hub }: { hub: boolean },
  ) {
    const { stackName, account, region } = teamOf(index, { hub });
    super(app, stackName, { env: { account, region } });
    this.key = new Key(this, 'Key', { enableKeyRotation: true });
    this.deadLetters = this.queue('DeadLetters', this.key);
    this.bus = this.makeBus(hub);
  }

  /** What the sources of its events begin with. */
  public get source(): string {
    return `com.example.team${this.index}`;
  }

  /**
   * Lets in whoever is in the accounts of the teams, as far as those allow it: by one grant, and for a bus of the L2 by
   * one resource each for some.
   */
  public letIn(teams: InAccount[]): void {
    if (teams.length === 0) return;
    if (this.bus instanceof CrossAccountEventBus) {
      return this.bus.allowPublisher(EventPublisher.accounts(...teams.map((team) => team.account)));
    }
    const half = Math.ceil(teams.length / 2);
    new CrossAccountEventBusPolicy(this, 'Grants', {
      eventBus: this.bus,
      publishers: [EventPublisher.accounts(...teams.slice(0, half).map((t) => t.account))],
    });
    for (const team of teams.slice(half)) this.letInAccount(team);
  }

  /** The same with an L1. */
  public letInAccount({ account }: InAccount): void {
    new CfnEventBusPolicy(this, `From${account}`, {
      eventBusName: this.bus.eventBusName,
      statementId: `${this.stackName}-from-${account}`,
      statement: {
        Effect: 'Allow',
        Principal: { AWS: `arn:${this.partition}:iam::${account}:root` },
        Action: 'events:PutEvents',
        Resource: this.bus.eventBusArn,
      },
    });
  }

  public queue(id: string, encryptionMasterKey?: Key): Queue {
    const encryption = encryptionMasterKey ? QueueEncryption.KMS : QueueEncryption.SQS_MANAGED;
    return new Queue(this, id, { enforceSSL: true, encryption, encryptionMasterKey });
  }

  public function(id: string, props: Partial<FunctionProps> = {}): Function {
    return new Function(this, id, {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async () => {};'),
      ...props,
    });
  }

  private makeBus(hub: boolean): CrossAccountEventBus | EventBus {
    const { eventBusName } = teamOf(this.index, { hub });
    const ours = hub ? (this.index / 10) % 2 === 0 : this.index % 2 === 0;
    if (!ours) return new EventBus(this, 'Bus', { eventBusName });
    return new CrossAccountEventBus(
      this,
      'Bus',
      hub ? { eventBusName, kmsKey: this.key, profile: EventBusProfile.production() } : { eventBusName },
    );
  }
}
