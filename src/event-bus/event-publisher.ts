import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { Publisher } from '../eventbridge/publishers';
import { publisherFromPrincipal } from './private/principal-input';
import { accounts, organization, organizationalUnits, requireObject, service } from './private/publisher-inputs';
import { publisherFromReplacedRole, publisherFromRole, publisherFromRoleArn } from './private/role-input';
import { ServicePublisherOptions } from './service-publisher-options';

/**
 * The principals that may publish on an event bus, or manage rules on it, in any account.
 *
 * The class creates no resource. Give it to `CrossAccountEventBus` or `CrossAccountEventBusPolicy`, which validates it
 * and writes the resource-based policy of the bus. The publisher also needs an identity-based policy in its own
 * account; `PublisherRole` creates one.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-permissions.html
 * @example
 * bus.allowPublisher(EventPublisher.accounts('222222222222', '333333333333'));
 * bus.allowPublisher(EventPublisher.organizationalUnits('o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*'));
 * bus.allowPublisher(EventPublisher.service('ses.amazonaws.com'));
 */
export class EventPublisher {
  /**
   * All principals in the accounts of an organization.
   *
   * This includes the account of the bus: its principals then need no identity-based policy. It does not include AWS
   * services that publish with their own service principal, because service principals do not belong to an
   * organization.
   *
   * @param id The ID of the organization, such as `o-a1b2c3d4e5`.
   */
  public static organization(id: string): EventPublisher {
    return new EventPublisher((scope) => organization(scope, id));
  }

  /**
   * All principals in the accounts of organizational units.
   *
   * What `organization()` includes for the whole organization, this includes for the units.
   *
   * @param orgPaths The paths from the organization down to each unit: `o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*` for the
   * unit and everything below it, `o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/` for the accounts of the unit alone.
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
   */
  public static organizationalUnits(...orgPaths: string[]): EventPublisher {
    return new EventPublisher((scope) => organizationalUnits(scope, orgPaths));
  }

  /**
   * All principals in the given accounts.
   *
   * Each account decides by identity-based policies which of its principals may publish.
   *
   * @param accountIds The account IDs, as strings of 12 digits.
   */
  public static accounts(...accountIds: string[]): EventPublisher {
    return new EventPublisher((scope) => accounts(scope, accountIds));
  }

  /**
   * One role, and no other principal in its account.
   *
   * The bus policy names the account of the role as the principal, and the role in a condition. The role need not exist
   * when the policy is deployed, and may be created again under the same name.
   *
   * @param role The role, as a construct or by its ARN.
   */
  public static role(role: iam.IRoleRef | string): EventPublisher {
    return typeof role === 'string'
      ? new EventPublisher((scope) => publisherFromRoleArn(scope, role))
      : new EventPublisher((scope) => publisherFromRole(scope, role), role);
  }

  /**
   * A principal of the CDK, with its conditions.
   *
   * An error is thrown for a wildcard, and for a service that could act for any account, unless the principal has a
   * condition that limits it.
   *
   * @param principal The principal that may publish.
   */
  public static principal(principal: iam.IPrincipal): EventPublisher {
    return new EventPublisher((scope) => publisherFromPrincipal(scope, principal));
  }

  /**
   * An AWS service that puts events with its own service principal, for the given sources only.
   *
   * Most services publish with a role in your account, which `role()` allows: Lambda, EC2, ECS, Step Functions,
   * EventBridge Scheduler and Pipes, API Gateway. An error is thrown for these services, because the grant would have
   * no effect.
   *
   * @param servicePrincipal The service principal, such as `ses.amazonaws.com`.
   * @param options The accounts, resources or organization that the service may act for; the account of the bus if
   * omitted.
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
   */
  public static service(servicePrincipal: string, options: ServicePublisherOptions = {}): EventPublisher {
    return new EventPublisher((scope) => service(scope, servicePrincipal, options));
  }

  /**
   * A role that another one replaces, by its name.
   * @internal
   */
  public static _replacedRole(replacement: iam.CfnRole, name: string): EventPublisher {
    return new EventPublisher((scope) => publisherFromReplacedRole(scope, replacement, name));
  }

  /**
   * Validates the argument of a grant and returns the publisher as data.
   * @internal
   */
  public static _dataOf(scope: IConstruct, publisher: EventPublisher): Publisher {
    requireObject(scope, 'publisher', publisher, 'an EventPublisher', 'use a method such as EventPublisher.accounts()');
    return publisher._render(scope);
  }

  /** @param _role The construct of the only role. */
  private constructor(
    private readonly render: (scope: IConstruct) => Publisher,
    /** @internal */
    public readonly _role?: iam.IRoleRef,
  ) {}

  /**
   * Validates the publisher and returns it as data. Errors have the path of the bus or bus policy.
   * @internal
   */
  public _render(scope: IConstruct): Publisher {
    return this.render(scope);
  }
}
