import { Call, CrossAccountEvaluation, authorize, authorizeService } from './authorize';
import { ApiEvaluation, authorizePossibleApis } from './possible-apis';
import { authorizePutEvents, putEventsCall } from './put-events';
import { KnownTargetPath, RuleTargetPath } from './rule-target-path';
import { Identity } from '../../../app-model/app-model';
import { possibleRestApis, restApiArn } from '../../../app-model/possible-rest-apis';
import { EventEnvelope } from '../../../eventbridge/event-pattern';
import { denies } from '../../../iam/statement';
import { API, BUS, FUNCTION, QUEUE, STREAM, TOPIC } from '../../engine/target-kinds';

/** The calls that deliver events to targets with a resource-based policy, and their evaluation. */

/** Whether the resource-based policy of a target is evaluated; otherwise only the policies of the execution role. */
export function dependsOnResourcePolicy({ app, kind, isCrossAccount, target }: KnownTargetPath): boolean {
  if ([FUNCTION, QUEUE, TOPIC].includes(kind)) return true;
  if (kind === API) return isCrossAccount === true;
  if (kind !== STREAM) return false;
  // Within an account, the policies of the role are sufficient, unless a statement denies the call.
  return isCrossAccount === true || app.statementsOn(target.arn).some(({ statement }) => denies(statement));
}

/** Whether the target is an API whose policy the app does not define, and whose method needs none. */
export function isApiWithoutPolicy({ app, kind, target }: KnownTargetPath): boolean {
  const api = kind === API ? app.restApi(restApiArn(target.arn)) : undefined;
  return api !== undefined && api.hasPolicy !== true && !api.requiresIam;
}

/** Evaluates the call that sends each event of a path to a bus. */
export function evaluatePutEvents(
  path: KnownTargetPath,
  role: Identity,
): (CrossAccountEvaluation & { readonly event: EventEnvelope })[] {
  const { app, events, target } = path;
  return events.map((event) => ({
    event,
    ...authorizePutEvents(app, role, target.arn, event, putEventsOptions(path)),
  }));
}

/** Evaluates the call that sends events to a function, queue, topic, stream or API. */
export function evaluateResourceCall(path: KnownTargetPath): ApiEvaluation {
  const { app, role, rule, target } = path;
  const call = resourceCall(path);
  if (!role) return authorizeService(app, rule.arn, call);
  const apis = possibleRestApis(app, target.arn, rule.construct);
  return apis.length > 0 ? authorizePossibleApis(app, role, call, apis) : authorize(app, role, call);
}

/** The call that delivers the first event of a path. */
export function deliveryCall(path: KnownTargetPath): Call {
  const { events, kind, target } = path;
  return kind === BUS ? putEventsCall(target.arn, events[0], putEventsOptions(path)) : resourceCall(path);
}

function putEventsOptions({ given, rule }: RuleTargetPath) {
  return { byRule: true, ruleArn: rule.arn, assumeUnknownMatches: true, given };
}

function resourceCall({ given, kind, target }: KnownTargetPath): Call {
  const policyResource = kind === API ? restApiArn(target.arn) : undefined;
  return { action: kind.action, resource: target.arn, policyResource, assumeUnknownMatches: true, given };
}
