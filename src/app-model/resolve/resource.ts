import { CfnResource } from 'aws-cdk-lib';
import type { RequiredCondition } from './branches';
import { Json } from '../../iam/statement';

/** Properties of a resource as in its template, with text in place of tokens. */
export type Properties = { readonly [name: string]: Json };

/** A resource as in its template. */
export interface Resource {
  readonly type: string;
  readonly properties: Properties;
  /** Whether the properties are no object, so that they are known only after a transform. */
  readonly isUnread?: true;
  /** Whether the resource has a `Condition`, so that it is known only at deployment whether it is created. */
  readonly conditional: boolean;
  /** The `Condition`, if it is known which one. */
  readonly conditions?: readonly RequiredCondition[];
}

/** A resource with all its properties. */
export interface ResolvedResource extends Resource {
  /** The resources that it refers to or depends on, in any stack. Those in its own stack are created before it. */
  readonly dependencies: ReadonlySet<CfnResource>;
}
