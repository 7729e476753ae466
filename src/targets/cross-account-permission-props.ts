import { IRoleRef } from 'aws-cdk-lib/aws-iam';
import { EventPublisher } from '../event-bus/event-publisher';

/** Properties of all permissions for rules on event buses in other accounts. */
export interface CrossAccountPermissionProps {
  /**
   * The account of the event bus, 12 digits. It must not be the account of this stack.
   *
   * @default - the accounts of `publishers`
   */
  readonly eventBusAccount?: string;

  /**
   * The execution role of the rules, in `eventBusAccount`. Only this role is allowed to send to the target.
   *
   * For a function, the role must exist before this stack is deployed, and if the role is created again, the permission
   * must be created again too. Other policies name the role in a condition, so it need not exist.
   *
   * @default - every role in the account of the bus whose identity-based policies allow it to send to the target
   */
  readonly executionRole?: IRoleRef;

  /**
   * The accounts, roles, organizational units or organizations whose rules may send to the target, in place of
   * `eventBusAccount`.
   *
   * Their identity-based policies must allow it too. A function cannot allow organizational units, and allows an
   * organization including the account of the function.
   *
   * @default - `eventBusAccount`
   */
  readonly publishers?: EventPublisher[];
}
