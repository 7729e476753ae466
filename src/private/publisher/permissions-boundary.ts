import * as iam from 'aws-cdk-lib/aws-iam';
import { FindingId } from '../../finding-id';
import { Reader } from '../../model/reader';
import { answer } from '../../policy/request';
import { Json, isObject, statementsOf } from '../../policy/statement';
import { readable } from '../../policy/text';
import { isMadeHere } from '../bus/event-buses';
import { warnOfOutside } from '../outside';

/** A permissions boundary takes from a role what it does not allow, whatever other policies say. */

/** Buses on which a boundary of the app does not let the role put events, conditions aside. */
export function boundaryProblems(role: iam.Role, boundary: iam.IManagedPolicy, arns: string[]): string[] {
  const { defaultChild } = boundary.node;
  if (!isMadeHere(boundary) || !iam.CfnManagedPolicy.isCfnManagedPolicy(defaultChild)) return [];
  const reader = new Reader();
  const statements = statementsOf(reader.resource(defaultChild)?.properties.PolicyDocument).map(unconditional);
  const buses = arns.map((arn) => String(reader.resolve(role.stack, arn)));
  return buses.filter((bus) => answer(statements, { action: 'events:PutEvents', resource: bus, context: {} }).decision === 'denied')
    .map((bus) => `'permissionsBoundary' must allow 'events:PutEvents' on ${readable(bus)}, got '${boundary.node.path}', which does not; add that to it, or no event can be put`);
}

/** Conditions hang on the call: an allowance counts without, a denial only if it has none. */
function unconditional(statement: Json): Json {
  if (!isObject(statement) || statement.Condition === undefined) return statement;
  const { Condition: _, ...rest } = statement;
  return statement.Effect === 'Deny' ? { ...rest, Effect: 'Allow', Action: [], Resource: [] } : rest;
}

/** A boundary that the app does not make cannot be read. */
export function warnOfForeignBoundary(role: iam.Role, boundary: iam.IManagedPolicy, arns: string[]): void {
  if (isMadeHere(boundary)) return;
  warnOfOutside(role, FindingId.ROLE_GRANT_ELSEWHERE, (text) => `no event can be put as long as the permissions boundary ${text(boundary.managedPolicyArn)}, which cannot be read from `
    + `here, does not allow it by a statement such as: ${text({ Effect: 'Allow', Action: 'events:PutEvents', Resource: arns })}`);
}
