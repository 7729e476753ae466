import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { validateInvokePrincipal, validateOnlyPrincipal } from '../checks/engine/synthesis-validations';
import { cfnResourceOf } from '../core/cfn-resources';
import { deployAfter } from '../core/deploy-after';
import { compareEnvironments, isOwnAccount, requirePhysicalName } from '../core/environment';
import { requireArnUnchanged } from '../core/literal-arns';
import { isOwned } from '../core/ownership';
import { PropertyNames, validateProperties } from '../core/validate-properties';
import { validateRequired, validateString } from '../core/validate-values';
import { validationError } from '../core/validation-error';
import { accountId, roleArn } from '../eventbridge/formats';
import { hash } from '../util/names';
import { FunctionReference } from './private/function-reference';

/** Properties of `CrossAccountInvokePermission`. */
export interface CrossAccountInvokePermissionProps {
  /**
   * The function, version or alias that rules in the other account have as target.
   *
   * It must be in the account and region of this stack; an error is thrown otherwise.
   */
  readonly handler: lambda.IFunction;

  /** The account of the event bus, 12 digits. It must not be the account of this stack. */
  readonly eventBusAccount: string;

  /**
   * The execution role of the rules, in the account of the bus. Only this role is allowed to invoke the function.
   *
   * The role must exist before this stack is deployed. If the role is created again, the permission must be created
   * again too.
   *
   * @default - every role in the account of the bus whose identity-based policies allow it to invoke the function
   */
  readonly executionRole?: iam.IRoleRef;
}

const PROPERTIES: PropertyNames<CrossAccountInvokePermissionProps> = {
  handler: true,
  eventBusAccount: true,
  executionRole: true,
};

/**
 * A permission for rules on an event bus in another account to invoke a function, for the app that defines the
 * function.
 *
 * It creates one `AWS::Lambda::Permission` on exactly that function, version or alias, in this stack. The permission
 * allows the roles in the account of the bus whose identity-based policies allow them to invoke the function, or one of
 * these roles. It does not create the execution role of the rule: see `LambdaEventTarget`.
 *
 * @resource AWS::Lambda::Permission
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 * @example
 * new CrossAccountInvokePermission(this, 'FromCentralBus', {
 *   handler,
 *   eventBusAccount: '111111111111',
 * });
 */
export class CrossAccountInvokePermission extends Construct {
  /**
   * Creates the permission of a function for an account or for one of its roles, unless there is one.
   * @internal
   */
  public static _for(handler: lambda.IFunction, eventBusAccount: string, executionRole?: iam.IRoleRef): void {
    const account = `AllowEventBus-${eventBusAccount}`;
    const id = executionRole ? `${account}-${hash(executionRole.node.path, 8)}` : account;
    if (handler.node.tryFindChild(id)) return;
    if (
      handler.node.children.some((c) => (executionRole ? c.node.id === account : c.node.id.startsWith(`${account}-`)))
    ) {
      throw validationError(
        handler,
        `'restrictToExecutionRole' must be the same for all rules in account ${eventBusAccount}, got ` +
          'true and false, because the permission for the account allows all of its roles; restrict all rules, or none',
      );
    }
    new CrossAccountInvokePermission(handler as unknown as Construct, id, { handler, eventBusAccount, executionRole });
  }

  constructor(scope: Construct, id: string, props: CrossAccountInvokePermissionProps) {
    super(scope, id);
    validateProperties(this, 'props', props, PROPERTIES);
    validateRequired(this, 'eventBusAccount', props.eventBusAccount, accountId);
    if (isOwnAccount(this, props.eventBusAccount)) {
      throw validationError(
        this,
        "'eventBusAccount' must not be the account of this stack, got that account; " +
          'for a rule in this account, add the function to the rule as LambdaEventTarget',
      );
    }
    const reference = FunctionReference.from(this, props.handler);
    this.requireSameEnvironment(reference);
    if (props.executionRole) this.validateRole(props.executionRole, props.eventBusAccount);
    const permission = new lambda.CfnPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName: reference.arn,
      principal: props.executionRole?.roleRef.roleArn ?? props.eventBusAccount,
    });
    this.node.addValidation({ validate: () => validateInvokePrincipal(this, permission) });
    if (props.executionRole) validateOnlyPrincipal(permission, props.eventBusAccount);
  }

  private validateRole(role: iam.IRoleRef, account: string): void {
    if (compareEnvironments(role.env.account, account) === 'different') {
      throw validationError(
        this,
        `'executionRole' must be a role in the account of the bus ${account}, got one in ${role.env.account}; ` +
          'pass the execution role of the rules',
      );
    }
    requirePhysicalName(this, 'executionRole', role, role.roleRef.roleArn, 'roleName');
    validateString(this, 'executionRole', role.roleRef.roleArn, roleArn);
    if (!isOwned(role)) return;
    const resource = cfnResourceOf(role, iam.CfnRole.isCfnRole);
    if (resource) requireArnUnchanged(resource, resource.attrArn, role.roleRef.roleArn, this);
    // Lambda rejects a principal that does not exist.
    deployAfter(this, role, () =>
      validationError(
        this,
        `'executionRole' must be in a stack that can be deployed before this one, got '${role.node.path}` +
          "', whose stack depends on this one; omit it to allow the account",
      ),
    );
  }

  private requireSameEnvironment({ account: accounts, region: regions, env }: FunctionReference): void {
    if (accounts !== 'different' && regions !== 'different') return;
    const own = Stack.of(this);
    const { account, region } = env;
    throw validationError(
      this,
      `'handler' must be a function in account ${own.account} in ${own.region}, got one in account ${account}` +
        ` in ${region}; define this construct in a stack with the account and region of the function`,
    );
  }
}
