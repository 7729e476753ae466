import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { Publisher } from '../eventbridge/publishers';
import { publisherFromPrincipal } from './private/principal-input';
import {
  accounts,
  organization,
  organizationalUnits,
  roleByArn,
  publisherFromRole,
  service,
} from './private/publisher-inputs';
import { ServicePublisherOptions } from './service-publisher-options';

/**
 * Who may publish on an event bus, or manage rules there, whatever the account.
 *
 * Makes nothing by itself: give it to `CrossAccountEventBus`, which checks it and writes the bus policy. The publisher
 * needs an identity policy in its own account besides; `PublisherRole` has it.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-permissions.html
 */
export class EventPublisher {
  /**
   * Every principal of the accounts of an organization. That includes the account of the bus, whose principals need no
   * identity policy then.
   *
   * Service principals are not of an organization: an AWS service that publishes by itself is not let in by this.
   *
   * @param id of the organization, such as `o-a1b2c3d4e5`
   */
  public static organization(id: string): EventPublisher {
    return new EventPublisher((bus) => organization(bus, id));
  }

  /**
   * Every principal of the accounts of organizational units, as `organization()` is for the whole organization.
   *
   * @param orgPaths from the organization down to the unit: `o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*` for the unit and
   * everything below, `o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/` for the accounts of the unit alone
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
   */
  public static organizationalUnits(...orgPaths: string[]): EventPublisher {
    return new EventPublisher((bus) => organizationalUnits(bus, orgPaths));
  }

  /**
   * Every principal of the accounts. Each account still decides by identity policies which of its principals may
   * publish.
   *
   * @param accountIds 12 digits each, as quoted strings
   */
  public static accounts(...accountIds: string[]): EventPublisher {
    return new EventPublisher((bus) => accounts(bus, accountIds));
  }

  /**
   * One role, and nobody else of its account.
   *
   * The bus policy names the role's account, and the role by a condition: the role need not exist when the policy is
   * written, and may be made again under the same name.
   *
   * @param role a role of the app, or the ARN of one
   */
  public static role(role: iam.IRoleRef | string): EventPublisher {
    return new EventPublisher((bus) =>
      typeof role === 'string' ? roleByArn(bus, role) : publisherFromRole(bus, role),
    );
  }

  /**
   * A principal as the CDK describes it, with its conditions kept.
   *
   * A wildcard, or a service that could act for any account, is refused: it must come with a condition that limits the
   * caller.
   */
  public static principal(principal: iam.IPrincipal): EventPublisher {
    return new EventPublisher((bus) => publisherFromPrincipal(bus, principal));
  }

  /**
   * An AWS service that puts events by itself, for the given sources only.
   *
   * Most services publish with a role of yours, and are let in by `role()`: Lambda, EC2, ECS, Step Functions,
   * EventBridge Scheduler and Pipes, API Gateway. They are refused here, because the grant would have no effect.
   *
   * @param servicePrincipal such as `ses.amazonaws.com`
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
   */
  public static service(servicePrincipal: string, options: ServicePublisherOptions = {}): EventPublisher {
    return new EventPublisher((bus) => service(bus, servicePrincipal, options));
  }

  private constructor(private readonly render: (bus: IConstruct) => Publisher) {}

  /**
   * The publisher as data, checked on behalf of the bus that it is given to.
   * @internal
   */
  public _render(bus: IConstruct): Publisher {
    return this.render(bus);
  }
}
