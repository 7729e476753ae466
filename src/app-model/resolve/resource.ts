import { CfnResource } from 'aws-cdk-lib';
import { Json } from '../../iam/statement';

/** Properties of a resource, as its template will have them, with text in place of tokens. */
export type Properties = { readonly [name: string]: Json };

/** A resource, as its template will have it. */
export interface Resource {
  readonly type: string;
  readonly properties: Properties;
  /** Whether only deployment decides if it is made. */
  readonly conditional: boolean;
}

/** A resource with all its properties. */
export interface ResolvedResource extends Resource {
  /**
   * Resources of any stack that it refers to or depends on, and which are therefore made before it in the same stack.
   */
  readonly dependencies: ReadonlySet<CfnResource>;
}
