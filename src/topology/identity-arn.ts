import { parseArn } from '../iam/arn';

/** What the ARN of a role, user, group or managed policy consists of. */
export interface IdentityArn {
  /** Such as `role`; empty if the ARN cannot be read. */
  readonly kind: string;
  readonly path: string;
  readonly name: string;
}

export function identityArnOf(arn: string): IdentityArn {
  const { resource = arn } = parseArn(arn) ?? {};
  const [, kind, path, name] = IDENTITY.exec(resource) ?? [resource, '', '/', resource];
  return { kind, path, name };
}

/**
 * The resource of an ARN. A placeholder may contain slashes, because it contains the path of a construct. The path in
 * IAM may be one placeholder, such as that of a parameter.
 */
const IDENTITY = /^(\w+)((?:\/|‹[^‹›]*›)(?:(?:‹[^‹›]*›|[^‹›])*\/)?)((?:‹[^‹›]*›|[^/‹›])*)$/;
