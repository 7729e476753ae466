import { ResourceEnvironment, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Relation, compareEnvironments } from './environment';

/** A resource as another construct refers to it, resolved once. */
export interface ResourceReference {
  /** The ARN as the consumer can write it into its template. */
  readonly arn: string;
  readonly env: ResourceEnvironment;
  /** The account of the resource, compared with that of the consumer. */
  readonly account: Relation;
  /** The Region of the resource, compared with that of the consumer. */
  readonly region: Relation;
  /** Whether the resource is defined in this app, so that its resource-based policy can be written. */
  readonly isOwned: boolean;
}

/** Compares the environment of a resource with that of a construct. */
export function relationTo(
  consumer: IConstruct,
  env: ResourceEnvironment,
): Pick<ResourceReference, 'account' | 'region'> {
  const { account, region } = Stack.of(consumer);
  return { account: compareEnvironments(account, env.account), region: compareEnvironments(region, env.region) };
}
