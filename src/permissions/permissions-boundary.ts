import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { TemplateReader } from '../app-model/resolve/template-reader';
import { deferWarning } from '../checks/engine/check-runner';
import { reportNow } from '../checks/engine/warn-manual-step';
import { FindingId } from '../checks/finding-id';
import { findResourceByAttribute, cfnResourceOf } from '../core/cfn-resources';
import { constructState } from '../core/construct-state';
import { addValidation } from '../core/validation-error';
import { identityStatement } from '../eventbridge/role-statements';
import { evaluate } from '../iam/evaluate';
import { Json, Statement, isObject, statementsOf } from '../iam/statement';
import { displayText } from '../iam/unresolved-text';

const REQUIRED_ACTIONS = constructState<Map<string, Set<string>>>('requiredActions');

/**
 * Validates the permissions boundary of a role at synthesis, however it was set: by a property, a stack or an aspect.
 * If the boundary is defined in this app and does not allow the action, synthesis fails. Its conditions are ignored.
 * For another boundary, a warning shows what it must allow.
 *
 * @param arn the resource on which the role must be allowed the action
 */
export function validateBoundary(role: iam.IRole, action: string, arn: string): void {
  const required = REQUIRED_ACTIONS.getOrCreate(role, () => {
    const arnsByAction = new Map<string, Set<string>>();
    const validate = () => [...arnsByAction].flatMap(([needed, arns]) => boundaryProblems(role, needed, [...arns]));
    addValidation(role, validate);
    deferWarning(role, () => arnsByAction.forEach((arns, needed) => warnOfOtherBoundary(role, needed, [...arns])));
    return arnsByAction;
  });
  required.set(action, (required.get(action) ?? new Set()).add(arn));
}

function boundaryProblems(role: iam.IRole, action: string, resources: string[]): string[] {
  const reader = new TemplateReader();
  const managedPolicy = boundaryOf(role, reader)?.managedPolicy;
  return managedPolicy ? missingActions(reader, managedPolicy, action, resolved(role, reader, resources)) : [];
}

function warnOfOtherBoundary(role: iam.IRole, action: string, resources: string[]): void {
  const reader = new TemplateReader();
  const boundary = boundaryOf(role, reader);
  if (!boundary || boundary.managedPolicy) return;
  warnManualBoundary(role, boundary.arn, identityStatement(action, resolved(role, reader, resources)));
}

/** The permissions boundary of a role, and the managed policy that it is if this app defines it. */
function boundaryOf(role: iam.IRole, reader: TemplateReader) {
  const resource = cfnResourceOf(role, iam.CfnRole.isCfnRole);
  const arn = resource && reader.resource(resource)?.properties.PermissionsBoundary;
  if (typeof arn !== 'string') return undefined;
  const isManagedPolicy = iam.CfnManagedPolicy.isCfnManagedPolicy;
  return { arn, managedPolicy: findResourceByAttribute(role, reader, arn, isManagedPolicy, ({ ref }) => ref) };
}

function resolved({ stack }: iam.IRole, reader: TemplateReader, arns: readonly string[]): string[] {
  return arns.map((arn) => String(reader.resolve(stack, arn)));
}

function missingActions(
  reader: TemplateReader,
  boundary: iam.CfnManagedPolicy,
  action: string,
  arns: string[],
): string[] {
  const statements = statementsOf(reader.resource(boundary)?.properties.PolicyDocument).flatMap(withoutConditions);
  return arns
    .filter((resource) => evaluate(statements, { action, resource, context: [] }).decision === 'denied')
    .map(
      (arn) =>
        `'permissionsBoundary' must allow '${action}' on ${displayText(arn)}, got '${boundary.node.path}` +
        "', which does not allow it; add a statement that allows it to the managed policy",
    );
}

/** Ignores conditions, which depend on the call: keeps a statement that allows, and drops one that denies. */
function withoutConditions(statement: Json): Json[] {
  if (!isObject(statement) || statement.Condition === undefined) return [statement];
  const { Condition: _, ...rest } = statement;
  return statement.Effect === 'Deny' ? [] : [rest];
}

function warnManualBoundary(role: IConstruct, boundary: string, statement: Statement): void {
  reportNow(role, {
    id: FindingId.MANUALLY_CHECK_PERMISSIONS_BOUNDARY,
    resource: boundary,
    appliesTo: [boundary],
    describe: (text) => ({
      problem:
        `events are not delivered if the permissions boundary ${boundary} of this role does not allow ` +
        'what the role needs',
      reason: 'the boundary is not defined in this app, so it cannot be read',
      fix: `make sure that the boundary allows what this statement allows: ${text(statement)}`,
    }),
  });
}
