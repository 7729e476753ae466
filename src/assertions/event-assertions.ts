import { Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { EventAssertionsOptions } from './event-assertions-options';
import { EventDeliveryOptions } from './event-delivery-options';
import { expectedDelivery, expectedNoDelivery, pathWith } from './private/assertion-messages';
import { eventOf } from './private/event';
import { busArnOf, publisherOf, targetOf } from './private/path-ends';
import { CLASS_NAME, SynthesizedApps } from './private/synthesized-apps';
import { inAppLanguage } from '../core/app-language';
import { requireOneCdkRelease } from '../core/cdk-copies';
import { PropertyNames, validateProperties } from '../core/validate-properties';
import { validateIsList } from '../core/validate-values';
import { validationError } from '../core/validation-error';
import { DeliveryPath } from '../delivery-paths/delivery-path';
import { deliveryPaths } from '../delivery-paths/delivery-paths';

/**
 * Assertions for the tests of an app: which events are delivered, and which are not.
 *
 * They follow an event from its publisher to the bus, over the rules that match it and the buses to which these forward
 * it, to a target, by the same evaluation as the checks of this library. An assertion fails with an error that lists
 * each step: the statements that allow it, or why it is denied and the statement that is missing. If a step depends on
 * values that are known only at deployment, or on resources that none of the apps defines, both assertions fail and
 * report that delivery is unknown.
 *
 * As in the checks, organizations of accounts are not in the templates: a condition on the organization of a principal
 * is assumed to match.
 *
 * @example
 * const events = EventAssertions.of(app);
 * const event = { source: 'com.example.shop', detailType: 'OrderPlaced' };
 * events.delivered({ publisher: role, event, target: handler });
 * events.refused({ publisherAccount: '999999999999', event, target: handler });
 */
export class EventAssertions {
  /**
   * Assertions about an app, which is synthesized, as by `Template.fromStack()`: constructs that are changed afterwards
   * are not read again.
   *
   * @param app The app, or a stage for what is in that stage.
   * @param options Other apps that are deployed too.
   */
  public static of(app: Stage, options: EventAssertionsOptions = {}): EventAssertions {
    return EventAssertions.create('app', [app], options);
  }

  /**
   * Assertions about several apps together, such as one for each account. All of them are synthesized. Their stacks
   * must have an account and a Region.
   *
   * @param apps The apps, or stages.
   * @param options Other apps that are deployed too.
   */
  public static ofAll(apps: Stage[], options: EventAssertionsOptions = {}): EventAssertions {
    return EventAssertions.create('apps', apps, options);
  }

  /** @param parameter the parameter that has the apps, for the message of an error */
  private static create(
    parameter: 'app' | 'apps',
    apps: readonly Stage[],
    options: EventAssertionsOptions,
  ): EventAssertions {
    validateProperties(CLASS_NAME, 'options', options, OPTIONS);
    if (apps.length === 0 || !apps.every(Stage.isStage)) {
      const [other] = apps.filter((app) => !Stage.isStage(app)).map((app: unknown) => nameOf(app));
      const got = other ?? 'none';
      const allowed = parameter === 'app' ? 'be an App or a Stage' : 'contain only Apps and Stages, at least one';
      throw validationError(CLASS_NAME, `'${parameter}' must ${allowed}, got ${got}; pass the app of the stack`);
    }
    validateIsList(CLASS_NAME, 'otherApps', options.otherApps);
    apps.forEach(requireOneCdkRelease);
    return new EventAssertions(new SynthesizedApps(apps, options.otherApps ?? []));
  }

  private constructor(private readonly apps: SynthesizedApps) {}

  /**
   * Asserts that an event is delivered: on at least one path, each step is allowed.
   *
   * @param options The publisher, the event and the target.
   */
  public delivered(options: EventDeliveryOptions): void {
    const paths = this.pathsOf(options);
    if (!pathWith(paths, 'allowed')) throw new Error(inAppLanguage(expectedDelivery(options, paths)));
  }

  /**
   * Asserts that an event is not delivered: on each path, a step is denied, or there is no path.
   *
   * @param options The publisher, the event and the target.
   */
  public refused(options: EventDeliveryOptions): void {
    const path = pathWith(this.pathsOf(options), 'allowed', 'unknown');
    if (path) throw new Error(inAppLanguage(expectedNoDelivery(options, path)));
  }

  private pathsOf(options: EventDeliveryOptions): DeliveryPath[] {
    validateProperties(CLASS_NAME, 'options', options, PROPERTIES);
    const event = eventOf(options.event);
    return deliveryPaths(this.apps.index, {
      publisher: publisherOf(this.apps, options),
      event,
      busArn: busArnOf(this.apps, options),
      ...targetOf(this.apps, options),
    });
  }
}

/** A value in place of an app: the path of a construct, such as a stack. */
function nameOf(value: unknown): string {
  return Construct.isConstruct(value) ? `'${value.node.path}'` : String(value);
}

const OPTIONS: PropertyNames<EventAssertionsOptions> = { otherApps: true };

const PROPERTIES: PropertyNames<EventDeliveryOptions> = {
  publisher: true,
  publisherArn: true,
  publisherAccount: true,
  publisherService: true,
  event: true,
  eventBus: true,
  target: true,
  targetArn: true,
};
