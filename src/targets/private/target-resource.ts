import { CfnResource, ResourceEnvironment, Stack } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IConstruct } from 'constructs';
import { PolicyResource } from './target-policy';
import { FindingId } from '../../checks/finding-id';
import { cfnResourceOf, IsType } from '../../core/cfn-resources';
import { Relation, readNow, requirePhysicalName } from '../../core/environment';
import { requireArnUnchanged } from '../../core/literal-arns';
import { isOwned } from '../../core/ownership';
import { ResourceReference, relationTo } from '../../core/resource-reference';
import { validateString } from '../../core/validate-values';
import { validationError } from '../../core/validation-error';
import { Format } from '../../eventbridge/formats';
import { LISTED_PRINCIPALS_PERCENT } from '../../eventbridge/quotas';
import { TargetGrant } from '../../eventbridge/target-statements';

/** A kind of resource that a rule sends to with a role if it is in another account. */
export interface TargetResourceKind<T extends IConstruct, C extends CfnResource = CfnResource> {
  readonly noun: string;
  /** The property or argument that has the resource. */
  readonly property: string;
  readonly nameProperty: string;
  readonly action: string;
  readonly arnFormat: Format;
  /** The resource of the statement in the policy of the target, if it is not its ARN. */
  readonly policyArn?: string;
  /** The quota of principals in its policy, if there is one. */
  readonly maxPrincipals?: number;
  readonly isResource: IsType<C>;
  /** The class of the target. */
  readonly target: string;
  /** The construct for the app that defines the resource. */
  readonly permission: string;
  /** The warning about a policy that this app cannot write. */
  readonly manualStep: FindingId;
  /** What the policy needs in addition. */
  readonly manualStepNote?: string;
  readonly encryption?: EncryptionKind<T, C>;
  arnOf(resource: T): string;
  resourceArnOf(resource: C): string;
}

/** How the resources of a kind are encrypted. */
export interface EncryptionKind<T extends IConstruct, C extends CfnResource = CfnResource> {
  /** The service that calls AWS KMS on behalf of the execution role. */
  readonly service: string;
  /** The actions that the execution role needs on the key. */
  readonly actions: readonly string[];
  /** The key of the encryption context that has the ARN of the resource. */
  readonly contextKey: string;
  /** What to use instead of the AWS managed key. */
  readonly alternative: string;
  keyOf(resource: T): IKey | undefined;
  /** The property that has the key, as an ID, ARN or alias. */
  keyPropertyOf(resource: C): unknown;
}

/** A resource as the target of a rule: where it is, the ARN to write, and whether its policy can be written. */
export class TargetResource<T extends IConstruct, C extends CfnResource = CfnResource> implements ResourceReference {
  public readonly env: ResourceEnvironment;
  public readonly account: Relation;
  public readonly region: Relation;
  public readonly isOwned: boolean;
  private literalArn?: string;

  constructor(
    private readonly consumer: IConstruct,
    public readonly resource: T,
    public readonly kind: TargetResourceKind<T, C>,
    env: ResourceEnvironment = (resource as unknown as { env: ResourceEnvironment }).env,
  ) {
    this.env = env;
    const { account, region } = relationTo(consumer, env);
    this.account = account;
    this.region = region;
    this.isOwned = isOwned(resource);
  }

  /** The resource whose policy can be written, if it is defined in this app. */
  public get policyResource(): PolicyResource | undefined {
    if (!this.isOwned || !('addToResourcePolicy' in this.resource)) return undefined;
    return this.resource as unknown as PolicyResource;
  }

  /** Throws an error if the consumer cannot refer to the resource. */
  public get arn(): string {
    this.literalArn ??= this.resolveArn();
    return this.literalArn;
  }

  /** The key of the resource, if the construct has it. */
  public get key(): IKey | undefined {
    return this.kind.encryption?.keyOf(this.resource);
  }

  /** What the policy of the resource allows. */
  public get grant(): TargetGrant {
    const { action, policyArn, maxPrincipals } = this.kind;
    return {
      action,
      resource: policyArn ?? this.kind.arnOf(this.resource),
      maxPrincipals: maxPrincipals && Math.floor((maxPrincipals * LISTED_PRINCIPALS_PERCENT) / 100),
    };
  }

  /** What the policy of its key allows. The service of the resource calls AWS KMS on behalf of the role. */
  public keyGrant(region: string): TargetGrant {
    const { actions, service } = this.kind.encryption!;
    return {
      action: [...actions],
      resource: '*',
      conditions: { StringEquals: { 'kms:ViaService': viaService(service, region) } },
      // Several targets may share the key.
      idSuffix: `For${service.charAt(0).toUpperCase()}${service.slice(1)}`,
    };
  }

  private resolveArn(): string {
    const { consumer, resource, kind } = this;
    const arn = kind.arnOf(resource);
    validateString(consumer, kind.property, arn, kind.arnFormat);
    this.requireKnownAccount();
    if (this.account === 'same' && this.region === 'same') return arn;
    requirePhysicalName(consumer, kind.property, resource, arn, kind.nameProperty);
    const cfnResource = cfnResourceOf(resource, kind.isResource);
    if (cfnResource) requireArnUnchanged(cfnResource, kind.resourceArnOf(cfnResource), arn, consumer);
    return arn;
  }

  /** Its policy must name the account of the rule, which another template cannot contain if it is unknown. */
  private requireKnownAccount(): void {
    const { consumer, resource, kind } = this;
    if (this.account !== 'unknown' || !this.isOwned) return;
    throw validationError(
      consumer,
      `'${kind.property}' must be in a stack with an explicit account if this stack has one, and in an ` +
        `environment-agnostic stack if not, got '${resource.node.path}'; set 'env' on both stacks`,
    );
  }

  /** Rejects the AWS managed key, whose policy does not allow other accounts. */
  public rejectManagedKey(): void {
    const { consumer, resource, kind } = this;
    if (!kind.encryption) return;
    const alias = `alias/aws/${kind.encryption.service}`;
    const cfnResource = cfnResourceOf(resource, kind.isResource);
    const key = cfnResource
      ? Stack.of(resource).resolve(kind.encryption.keyPropertyOf(cfnResource))
      : readNow(resource, this.key?.keyArn);
    if (!JSON.stringify(key ?? '').includes(`${alias}"`)) return;
    throw validationError(
      consumer,
      `'${kind.property}' must not be encrypted with the AWS managed key for a rule in another account, got ` +
        `'${resource.node.path}' with ${alias}, whose policy does not allow other accounts and cannot be changed; ` +
        kind.encryption.alternative,
    );
  }
}

/** The value of `kms:ViaService` for a service. AWS does not document it for the Regions in China. */
export function viaService(service: string, region: string): string | string[] {
  const name = `${service}.${region}.amazonaws.com`;
  return region.startsWith('cn-') ? [name, `${name}.cn`] : name;
}
