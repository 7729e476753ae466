import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { TemplateReader } from '../app-model/resolve/template-reader';
import { warnManualStep } from '../checks/engine/manual-step-warning';
import { FindingId } from '../checks/finding-id';
import { findResourceByAttribute, cfnResourceOf } from '../core/cfn-resources';
import { identityStatement } from '../eventbridge/role-statements';
import { evaluate } from '../iam/evaluate';
import { Json, Statement, isObject, statementsOf } from '../iam/statement';
import { displayText } from '../iam/unresolved-text';

const REQUIRED_ACTIONS = Symbol.for('cdk-cross-account-eventbridge.boundaryNeeds');

/**
 * Judges at synth the permissions boundary that a role will have, whoever set it: a prop, a stack, an aspect. It takes
 * from the role what it does not allow, whatever other policies say. One of the app that does not allow the action is a
 * fault, conditions aside; of another one a warning tells what it must allow.
 *
 * @param arn on which the role must be allowed the action
 */
export function validateBoundary(
  role: iam.IRole & { [REQUIRED_ACTIONS]?: Map<string, Set<string>> },
  action: string,
  arn: string,
): void {
  if (!role[REQUIRED_ACTIONS]) {
    Object.defineProperty(role, REQUIRED_ACTIONS, { value: new Map<string, Set<string>>() });
    role.node.addValidation({
      validate: () =>
        [...role[REQUIRED_ACTIONS]!].flatMap(([needed, arns]) => boundaryProblems(role, needed, [...arns])),
    });
  }
  const needs = role[REQUIRED_ACTIONS]!;
  needs.set(action, (needs.get(action) ?? new Set()).add(arn));
}

function boundaryProblems(role: iam.IRole, action: string, resources: string[]): string[] {
  const reader = new TemplateReader();
  const resource = cfnResourceOf(role, iam.CfnRole.isCfnRole);
  const boundary = resource && reader.resource(resource)?.properties.PermissionsBoundary;
  if (typeof boundary !== 'string') return [];
  const arns = resources.map((arn) => String(reader.resolve(role.stack, arn)));
  const made = findResourceByAttribute(
    role,
    reader,
    boundary,
    iam.CfnManagedPolicy.isCfnManagedPolicy,
    ({ ref }) => ref,
  );
  if (!made) warnManualBoundary(role, boundary, identityStatement(action, arns));
  return made ? problems(reader, made, action, arns) : [];
}

function problems(reader: TemplateReader, boundary: iam.CfnManagedPolicy, action: string, arns: string[]): string[] {
  const statements = statementsOf(reader.resource(boundary)?.properties.PolicyDocument).flatMap(withoutConditions);
  return arns
    .filter((resource) => evaluate(statements, { action, resource, context: [] }).decision === 'denied')
    .map(
      (arn) =>
        `'permissionsBoundary' must allow '${action}' on ${displayText(arn)}, got '${boundary.node.path}` +
        "', which does not; add that to it, or events are lost",
    );
}

/** Conditions hang on the call: an allowance counts without, a denial only if it has none. */
function withoutConditions(statement: Json): Json[] {
  if (!isObject(statement) || statement.Condition === undefined) return [statement];
  const { Condition: _, ...rest } = statement;
  return statement.Effect === 'Deny' ? [] : [rest];
}

function warnManualBoundary(role: IConstruct, boundary: string, statement: Statement): void {
  warnManualStep(role, FindingId.MANUALLY_CHECK_PERMISSIONS_BOUNDARY, (text) => ({
    problem:
      `events are lost as long as the permissions boundary ${boundary} of this role, which cannot ` +
      'be read from here, does not allow what the role needs',
    fix: `let it allow what this statement does: ${text(statement)}`,
  }));
}
