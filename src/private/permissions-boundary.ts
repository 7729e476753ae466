import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { warnOfOutside } from './outside';
import { madeAs, resourceBehind } from './resources';
import { FindingId } from '../finding-id';
import { Reader } from '../model/reader';
import { answer } from '../policy/request';
import { identityStatement } from '../policy/roles';
import { Json, Statement, isObject, statementsOf } from '../policy/statement';
import { readable } from '../policy/text';

const NEEDS = Symbol.for('cdk-cross-account-eventbridge.boundaryNeeds');

/**
 * Judges at synth the permissions boundary that a role will have, whoever set it: a prop, a stack, an aspect. It takes from the role what it does not allow, whatever
 * other policies say. One of the app that does not allow the action is a fault, conditions aside; of another one a warning tells what it must allow.
 *
 * @param arn on which the role must be allowed the action
 */
export function judgeBoundary(role: iam.IRole & { [NEEDS]?: Map<string, Set<string>> }, action: string, arn: string): void {
  if (!role[NEEDS]) {
    Object.defineProperty(role, NEEDS, { value: new Map<string, Set<string>>() });
    role.node.addValidation({ validate: () => [...role[NEEDS]!].flatMap(([needed, arns]) => judge(role, needed, [...arns])) });
  }
  const needs = role[NEEDS]!;
  needs.set(action, (needs.get(action) ?? new Set()).add(arn));
}

function judge(role: iam.IRole, action: string, resources: string[]): string[] {
  const reader = new Reader();
  const resource = resourceBehind(role, iam.CfnRole.isCfnRole);
  const boundary = resource && reader.resource(resource)?.properties.PermissionsBoundary;
  if (typeof boundary !== 'string') return [];
  const arns = resources.map((arn) => String(reader.resolve(role.stack, arn)));
  const made = madeAs(role, reader, boundary, iam.CfnManagedPolicy.isCfnManagedPolicy, ({ ref }) => ref);
  if (!made) warnOfBoundary(role, boundary, identityStatement(action, arns));
  return made ? problems(reader, made, action, arns) : [];
}

function problems(reader: Reader, boundary: iam.CfnManagedPolicy, action: string, arns: string[]): string[] {
  const statements = statementsOf(reader.resource(boundary)?.properties.PolicyDocument).flatMap(unconditional);
  return arns.filter((resource) => answer(statements, { action, resource, context: [] }).decision === 'denied')
    .map((arn) => `'permissionsBoundary' must allow '${action}' on ${readable(arn)}, got '${boundary.node.path}', which does not; add that to it, or events are lost`);
}

/** Conditions hang on the call: an allowance counts without, a denial only if it has none. */
function unconditional(statement: Json): Json[] {
  if (!isObject(statement) || statement.Condition === undefined) return [statement];
  const { Condition: _, ...rest } = statement;
  return statement.Effect === 'Deny' ? [] : [rest];
}

function warnOfBoundary(role: IConstruct, boundary: string, statement: Statement): void {
  warnOfOutside(role, FindingId.BOUNDARY_ELSEWHERE, (text) => `events are lost as long as the permissions boundary ${boundary} of this role, which cannot be read from here, does not `
    + `allow it what this statement does: ${text(statement)}`);
}
