import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { warnOfOutside } from './outside';
import { FindingId } from '../finding-id';
import { Reader } from '../model/reader';
import { assemblyOf, withinAssembly } from '../model/tree';
import { answer } from '../policy/request';
import { Json, isObject, statementsOf } from '../policy/statement';
import { isAttribute, readable } from '../policy/text';

/**
 * Judges at synth the permissions boundary that a role will have, whoever set it: a prop, a stack, an aspect. It takes from the role what it does not allow, whatever
 * other policies say. One of the app that does not allow the action is a fault, conditions aside; of another one a warning tells what it must allow.
 *
 * @param resources ARNs on which the role must be allowed the action
 */
export function judgeBoundary(role: iam.IRole & Construct, action: string, resources: () => string[]): void {
  role.node.addValidation({
    validate: () => {
      const reader = new Reader();
      const { defaultChild } = role.node;
      const boundary = iam.CfnRole.isCfnRole(defaultChild) ? reader.resource(defaultChild)?.properties.PermissionsBoundary : undefined;
      if (typeof boundary !== 'string') return [];
      const arns = resources().map((arn) => String(reader.resolve(role.stack, arn)));
      const made = isAttribute(boundary) ? policyBehind(reader, role, boundary) : undefined;
      if (!made) warnOfBoundary(role, boundary, { Effect: 'Allow', Action: action, Resource: arns });
      return made ? problems(reader, made, action, arns) : [];
    },
  });
}

function policyBehind(reader: Reader, role: Construct, text: string): iam.CfnManagedPolicy | undefined {
  const policies = [...withinAssembly(assemblyOf(role))].filter((c): c is iam.CfnManagedPolicy => iam.CfnManagedPolicy.isCfnManagedPolicy(c));
  return policies.find((policy) => reader.resolve(policy.stack, policy.ref) === text);
}

function problems(reader: Reader, boundary: iam.CfnManagedPolicy, action: string, arns: string[]): string[] {
  const statements = statementsOf(reader.resource(boundary)?.properties.PolicyDocument).flatMap(unconditional);
  return arns.filter((resource) => answer(statements, { action, resource, context: {} }).decision === 'denied')
    .map((arn) => `'permissionsBoundary' must allow '${action}' on ${readable(arn)}, got '${boundary.node.path}', which does not; add that to it, or events are lost`);
}

/** Conditions hang on the call: an allowance counts without, a denial only if it has none. */
function unconditional(statement: Json): Json[] {
  if (!isObject(statement) || statement.Condition === undefined) return [statement];
  const { Condition: _, ...rest } = statement;
  return statement.Effect === 'Deny' ? [] : [rest];
}

function warnOfBoundary(role: Construct, boundary: string, statement: Json): void {
  warnOfOutside(role, FindingId.BOUNDARY_ELSEWHERE, (text) => `events are lost as long as the permissions boundary ${boundary} of this role, which cannot be read from here, does not `
    + `allow it what this statement does: ${text(statement)}`);
}
