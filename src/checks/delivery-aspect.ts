import { IAspect } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { DELIVERY_CHECKS } from './delivery/all-delivery';
import { Check, CheckRunner } from './engine/check-runner';

/**
 * Checks that events arrive, whoever wrote the constructs: from the publisher's policies over the policy of the bus,
 * rules and their roles to the policy of each target, with the keys and dead-letter queues beside the way.
 *
 * What cannot arrive is an error on the construct to change. What depends on deployment, or on what lies outside the
 * app, is a warning.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 */
export class DeliveryAspect implements IAspect {
  private readonly judge = new CheckRunner(deliveryChecks());

  /** Called by the CDK for every construct. */
  public visit(node: IConstruct): void {
    this.judge.visit(node);
  }
}

/**
 * The checks of this aspect, for those who run all of them.
 *
 * @param organizations that the accounts of the app are told to be in
 */
export function deliveryChecks(organizations?: readonly string[]): Check[] {
  return DELIVERY_CHECKS.map(({ name, findings }) => ({
    name,
    findings: (world) => findings(world.within(organizations)),
  }));
}
