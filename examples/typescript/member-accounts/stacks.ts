import { BootstraplessSynthesizer, Stack, StackProps } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import {
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  EventBusInvocation,
  EventPublisher,
  LambdaEventTarget,
} from 'cdk-cross-account-eventbridge';

/** The security findings that the member accounts forward. */
const FINDINGS = { source: ['aws.guardduty'] };

/** The hub: a bus on which the rules of all accounts of the organization can put security findings. */
export class HubStack extends Stack {
  public readonly bus: CrossAccountEventBus;

  constructor(scope: Construct, id: string, props: StackProps & { organization: string }) {
    super(scope, id, props);
    this.bus = new CrossAccountEventBus(this, 'Bus', { eventBusName: 'security' });
    this.bus.allowPublisher(EventPublisher.organization(props.organization), {
      sources: FINDINGS.source,
      invocation: EventBusInvocation.RULE,
    });
    const handler = new Function(this, 'Handler', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async (event) => console.log(event.account, event.detail);'),
    });
    new Rule(this, 'Findings', {
      eventBus: this.bus,
      eventPattern: FINDINGS,
      targets: [new LambdaEventTarget(handler)],
    });
  }
}

/** A member account. The stack has no account: a StackSet deploys its template to each account of the organization. */
export class MemberStack extends Stack {
  constructor(scope: Construct, id: string, { hubBusArn, ...props }: StackProps & { hubBusArn: string }) {
    // The template has no parameter of the CDK bootstrap stack, which a member account does not need.
    super(scope, id, { synthesizer: new BootstraplessSynthesizer(), ...props });
    new Rule(this, 'Findings', {
      eventPattern: FINDINGS,
      targets: [new CrossAccountEventBusTarget(EventBus.fromEventBusArn(this, 'HubBus', hubBusArn))],
    });
  }
}
