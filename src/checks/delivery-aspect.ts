import { IAspect } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { DELIVERY_CHECKS } from './delivery/all-delivery';
import { Check, CheckRunner } from './engine/check-runner';

/**
 * Checks that events are delivered, in all constructs, including those that do not come from this library.
 *
 * It evaluates the policies of the publisher, the policy of the bus, the rules and their roles, the policy of each
 * target, and their keys and dead-letter queues. It creates no resource and changes none.
 *
 * If an event cannot be delivered, an error is reported on the construct to change. If that depends on values known
 * only at deployment, or on resources that are not defined in this app, a warning is reported.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 * @example
 * import { Aspects } from 'aws-cdk-lib';
 * import { DeliveryAspect } from 'cdk-cross-account-eventbridge';
 *
 * Aspects.of(app).add(new DeliveryAspect());
 */
export class DeliveryAspect implements IAspect {
  private readonly runner = new CheckRunner(deliveryChecks());

  /**
   * Evaluates a construct. Called by the CDK for every construct.
   *
   * @param node The construct to evaluate.
   */
  public visit(node: IConstruct): void {
    this.runner.visit(node);
  }
}

/**
 * The checks of this aspect.
 *
 * @param organizations The organizations that the accounts of the app are in.
 */
export function deliveryChecks(organizations?: readonly string[]): Check[] {
  return DELIVERY_CHECKS.map(({ name, findings }) => ({
    name,
    findings: (app, together) => findings(app.withOrganizations(organizations), together),
  }));
}
