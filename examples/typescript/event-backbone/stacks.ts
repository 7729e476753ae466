import { Stack, StackProps } from 'aws-cdk-lib';
import { Match, Rule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import {
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  EventPublisher,
  LambdaEventTarget,
  PublisherRole,
} from 'cdk-cross-account-eventbridge';

/** A service with its own account. */
export interface Service {
  readonly name: string;
  readonly account: string;
}

export interface BackboneStackProps extends StackProps {
  readonly services: Service[];
}

/** The bus account: one global bus on which every service account is allowed to publish. */
export class BackboneStack extends Stack {
  public readonly bus: CrossAccountEventBus;

  constructor(scope: Construct, id: string, props: BackboneStackProps) {
    super(scope, id, props);
    this.bus = new CrossAccountEventBus(this, 'GlobalBus', {
      eventBusName: 'global',
      publishers: [EventPublisher.accounts(...props.services.map((s) => s.account))],
    });
  }

  /** Forwards all events, except those of the service itself, to its local bus. */
  public forwardTo(service: Service, localBus: CrossAccountEventBus): void {
    new Rule(this, `To-${service.name}`, {
      eventBus: this.bus,
      eventPattern: { account: Match.anythingBut(service.account) },
      targets: [new CrossAccountEventBusTarget(localBus)],
    });
  }
}

export interface ServiceStackProps extends StackProps {
  readonly service: Service;
  readonly globalBus: CrossAccountEventBus;
}

/** The account of one service: a publisher, a local bus for events of other services, and a function. */
export class ServiceStack extends Stack {
  public readonly localBus: CrossAccountEventBus;

  constructor(scope: Construct, id: string, { service, globalBus, ...props }: ServiceStackProps) {
    super(scope, id, props);
    new PublisherRole(this, 'Publisher', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      eventBuses: [globalBus],
      allowedEvents: { sources: [`com.example.${service.name}`] },
    });
    this.localBus = new CrossAccountEventBus(this, 'LocalBus', { eventBusName: `${service.name}-local` });
    const handler = new Function(this, 'Handler', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async (event) => console.log(event.source, event.detail);'),
    });
    new Rule(this, 'FromOtherServices', {
      eventBus: this.localBus,
      eventPattern: { source: Match.prefix('com.example.') },
      targets: [new LambdaEventTarget(handler)],
    });
  }
}
