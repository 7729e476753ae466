/** A method of a REST API. The placeholder for the ID of the API is that in the ARN of the API. */
export interface RestApiMethod {
  readonly restApiId: string;
  /** Such as `POST`, or `ANY`. */
  readonly httpMethod: string;
  /** The ID of the resource, whose path the method has. */
  readonly resourceId: string;
  readonly requiresIam: boolean;
}

/** A resource of a REST API: the path of its parent and another part. */
export interface RestApiResource {
  readonly id: string;
  readonly parentId: string;
  readonly pathPart: string;
}
