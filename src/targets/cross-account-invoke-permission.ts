import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { CrossAccountPermissionProps } from './cross-account-permission-props';
import { validateInvokePrincipal, validateOnlyPrincipal } from '../checks/engine/synthesis-validations';
import { cfnResourceOf } from '../core/cfn-resources';
import { deployAfter } from '../core/deploy-after';
import { compareEnvironments, requirePhysicalName, shortHash } from '../core/environment';
import { requireArnUnchanged } from '../core/literal-arns';
import { isOwned } from '../core/ownership';
import { validateProperties } from '../core/validate-properties';
import { validateString } from '../core/validate-values';
import { addValidation, validationError } from '../core/validation-error';
import { roleArn } from '../eventbridge/formats';
import { Publisher } from '../eventbridge/publishers';
import { hash } from '../util/names';
import { FunctionReference } from './private/function-reference';
import { PERMISSION_PROPERTIES, publishersOf } from './private/target-permission';
import { requireOneCdkRelease } from '../core/cdk-copies';

const NOUNS = { noun: 'function', ownTarget: 'LambdaEventTarget' };

/** Properties of `CrossAccountInvokePermission`. */
export interface CrossAccountInvokePermissionProps extends CrossAccountPermissionProps {
  /**
   * The function, version or alias that rules in other accounts have as target.
   *
   * It must be in the account and Region of this stack; an error is thrown otherwise.
   */
  readonly handler: lambda.IFunction;
}

/**
 * A permission for rules on event buses in other accounts to invoke a function, for the app that defines the function.
 *
 * It creates one `AWS::Lambda::Permission` for each account, role or organization, on exactly that function, version or
 * alias, in this stack. The permission allows the roles in the account or organization whose identity-based policies
 * allow them to invoke the function, or one of these roles. An organization includes the account of the function, whose
 * principals then need no identity-based policy. It does not create the execution role of the rule: see
 * `LambdaEventTarget`.
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

  private readonly hasSingleAccount: boolean;

  constructor(scope: Construct, id: string, props: CrossAccountInvokePermissionProps) {
    super(scope, id);
    requireOneCdkRelease(scope);
    this.hasSingleAccount = props.eventBusAccount !== undefined;
    validateProperties(this, 'props', props, { handler: true, ...PERMISSION_PROPERTIES });
    const { executionRole, eventBusAccount, publishers } = props;
    const conflictingRole = publishers ? executionRole : undefined;
    const allowed = publishersOf(this, this, { ...props, executionRole: conflictingRole }, NOUNS);
    const principals = allowed.flatMap((publisher) => this.principalsOf(publisher));
    const reference = FunctionReference.from(this, props.handler);
    this.requireSameEnvironment(reference);
    if (!executionRole || eventBusAccount === undefined) {
      for (const principal of principals) this.addPermission(reference.arn, principal);
      for (const { _role: role } of publishers ?? []) {
        if (role) this.deployAfterRole('publishers', role, 'allow its account');
      }
      return;
    }
    this.validateRole(executionRole, eventBusAccount);
    // Lambda has no condition on a role, so the role itself is the principal.
    const permission = this.addPermission(reference.arn, { principal: executionRole.roleRef.roleArn });
    validateOnlyPrincipal(permission, eventBusAccount);
  }

  private addPermission(functionName: string, { id, ...principal }: InvokePrincipal): lambda.CfnPermission {
    const permission = new lambda.CfnPermission(this, ['Permission', id].filter(Boolean).join('-'), {
      action: 'lambda:InvokeFunction',
      functionName,
      ...principal,
    });
    addValidation(this, () => validateInvokePrincipal(this, permission));
    return permission;
  }

  /** The principals of AddPermission, of which each has a permission of its own. */
  private principalsOf(publisher: Publisher): InvokePrincipal[] {
    switch (publisher.kind) {
      case 'Accounts':
        return publisher.accounts.map((account) => ({ id: this.idOf(account), principal: account }));
      case 'Organizations':
        return publisher.organizations.map((id) => ({ id: this.idOf(id), principal: '*', principalOrgId: id }));
      case 'Roles':
        return publisher.roles.map(({ arn }) => ({ id: this.idOf(arn), principal: arn }));
      default:
        throw validationError(
          this,
          "'publishers' must hold accounts, roles or organizations for a function, got organizational units, which a " +
            'permission of Lambda cannot have; list the accounts, or allow the organization',
        );
    }
  }

  /** The ID of the permission: that of the single account is without a suffix. */
  private idOf(principal: string): string | undefined {
    return this.hasSingleAccount ? undefined : shortHash(this, principal);
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
    const resource = isOwned(role) ? cfnResourceOf(role, iam.CfnRole.isCfnRole) : undefined;
    if (resource) requireArnUnchanged(resource, resource.attrArn, role.roleRef.roleArn, this);
    this.deployAfterRole('executionRole', role, 'omit it to allow the account');
  }

  /** Lambda rejects a principal that does not exist. */
  private deployAfterRole(property: string, role: iam.IRoleRef, fix: string): void {
    if (!isOwned(role)) return;
    deployAfter(this, role, () =>
      validationError(
        this,
        `'${property}' must be in a stack that can be deployed before this one, got '${role.node.path}` +
          `', whose stack depends on this one; ${fix}`,
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

/** The principal of an `AWS::Lambda::Permission`. */
interface InvokePrincipal {
  /** The suffix of the ID of the permission. */
  readonly id?: string;
  readonly principal: string;
  readonly principalOrgId?: string;
}
