import { Annotations, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { compare } from './environment';
import { synthesizedStageOf, tooLate } from './synthesized';
import { FindingId } from '../finding-id';
import { Reader } from '../model/reader';
import { Conditions } from '../policy/conditions';

/** Those to whom a bus grants with both halves. */

/** A role whose policies the CDK must not change: it says that it did, but does nothing. */
export function isImmutable(principal: iam.IPrincipal): boolean {
  return 'addGrantsToResources' in principal;
}

/** Imported, from another account than its stack for all that is known: its policies cannot be changed from here. */
export function isOfOtherAccount(principal: iam.IPrincipal & Construct): boolean {
  return principal.principalAccount !== undefined && compare(principal.principalAccount, Stack.of(principal).account) !== 'same';
}

/** The conditions that a principal comes with limit its identity policy too. Some that can have one cannot be named in a statement. */
export function conditionsOf(principal: iam.IPrincipal): Conditions {
  try {
    return principal.policyFragment.conditions as Conditions;
  } catch {
    return {};
  }
}

export function isConstruct(principal: iam.IPrincipal): principal is iam.IPrincipal & Construct {
  return Construct.isConstruct(principal);
}

/** An identity policy that is written already takes no further statement. */
export function refuseWritten(bus: Construct, principal: iam.IPrincipal & Construct): void {
  const stage = synthesizedStageOf(principal);
  if (stage) throw tooLate(bus, 'grantee', stage, { must: 'get its grants', got: `one after that for '${principal.node.path}', which its template does not have` });
}

/** The bus's half is written, and the grantee's lies in another account. */
export function warnOfIdentityHalf(bus: Construct, principal: iam.IPrincipal & Construct, arn: string): void {
  const statement = { Effect: 'Allow', Action: 'events:PutEvents', Resource: new Reader().resolve(Stack.of(bus), arn) };
  Annotations.of(bus).addWarningV2(FindingId.ROLE_GRANT_ELSEWHERE,
    `'${principal.node.path}' cannot put events until an identity policy in its own account, which cannot be changed from here, has `
    + `this statement: ${JSON.stringify(statement)}`);
}
