import { PhysicalName } from 'aws-cdk-lib';
import { IEventBus, IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as EventBusTarget } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { DETAIL_TYPES, TeamStack } from './team-stack';
import {
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  EventBusInvocation,
  EventPublisher,
  LambdaEventTarget,
} from 'cdk-cross-account-eventbridge';

/**
 * Rules of a hub that bring what one team publishes to the bus of another, and all of it to a function of that team's
 * account. Every third time the target and what lets it in are made by aws-cdk-lib alone.
 */
export function forward(hub: TeamStack, spoke: TeamStack, { kind, from }: { kind: number; from: TeamStack }): void {
  const target =
    kind % 3 === 2
      ? plainTarget(hub, spoke)
      : new CrossAccountEventBusTarget(spoke.bus, { deadLetterQueue: hub.deadLetters });
  for (const detailType of DETAIL_TYPES) {
    new Rule(hub, `${detailType}For${spoke.stackName}`, {
      eventBus: hub.bus,
      eventPattern: { source: [{ prefix: `${from.source}.` }] as unknown as string[], detailType: [detailType] },
      targets: [target],
    });
  }
  const audit = spoke.function('Audit', { functionName: PhysicalName.GENERATE_IF_NEEDED });
  new Rule(hub, `AuditBy${spoke.stackName}`, {
    eventBus: hub.bus,
    eventPattern: { source: [{ prefix: `${spoke.source}.` }] as unknown as string[] },
    targets: [new LambdaEventTarget(audit, { deadLetterQueue: hub.deadLetters })],
  });
}

/** Rules of a team that bring all it publishes to a bus of another app. */
export function forwardAll(team: TeamStack, bus: IEventBus): void {
  const target = new CrossAccountEventBusTarget(bus, { deadLetterQueue: team.deadLetters });
  for (const detailType of DETAIL_TYPES) {
    new Rule(team, `${detailType}ForOthers`, {
      eventBus: team.bus,
      eventPattern: { source: [{ prefix: `${team.source}.` }] as unknown as string[], detailType: [detailType] },
      targets: [target],
    });
  }
}

function plainTarget(hub: TeamStack, spoke: TeamStack): IRuleTarget {
  const assumedBy = new ServicePrincipal('events.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceAccount': hub.account } },
  });
  const role = new Role(hub, `SenderTo${spoke.stackName}`, { assumedBy });
  hub.addDependency(spoke);
  if (spoke.bus instanceof CrossAccountEventBus) {
    spoke.bus.allowPublisher(EventPublisher.accounts(hub.account), { invocation: EventBusInvocation.RULE });
  } else {
    spoke.letInAccount(hub);
  }
  return new EventBusTarget(spoke.bus, { role, deadLetterQueue: hub.queue(`DeadLettersFor${spoke.stackName}`) });
}
