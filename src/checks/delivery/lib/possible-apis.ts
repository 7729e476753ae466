import { Call, CrossAccountEvaluation, authorize } from './authorize';
import { AppIndex } from '../../../app-model/app-index';
import { RestApi, Role } from '../../../app-model/app-model';
import { pathWithin } from '../../../app-model/assembly';
import { restApiArn } from '../../../app-model/possible-rest-apis';
import { Decision } from '../../../iam/decision';
import { isObject, toList } from '../../../iam/statement';
import { pathOf } from '../../engine/construct-names';

/** A decision about an API of another app, which is the target if its ID at deployment is that in the ARN. */
export interface ApiEvaluation extends CrossAccountEvaluation {
  /** The API, if the decision results from its policy. */
  readonly api?: RestApi;
}

/**
 * Evaluates a call of a method of an API whose ID is known only at deployment. The decision is that of the API that
 * allows it, because nothing else can be the purpose of its policy: denied only if each of the APIs denies it.
 */
export function authorizePossibleApis(app: AppIndex, role: Role, call: Call, apis: readonly RestApi[]): ApiEvaluation {
  const evaluations = apis.map((api) => authorizePossibleApi(app, role, call, api));
  const byDecision = (decision: Decision) => evaluations.find((one) => one.decision === decision);
  return byDecision('allowed') ?? byDecision('unknown') ?? evaluations[0];
}

function authorizePossibleApi(app: AppIndex, role: Role, call: Call, api: RestApi): ApiEvaluation {
  const resourceInPolicy = namesApi(app, api, call.resource)
    ? call.resource
    : call.resource.replace(restApiArn(call.resource), () => api.arn);
  const evaluation = authorize(app, role, { ...call, policyResource: api.arn, resourceInPolicy });
  if (evaluation.policyType === 'identity') return evaluation;
  if (api.hasPolicy === true || api.requiresIam) return { ...evaluation, api };
  return { decision: 'unknown', reason: `${nameOfApi(app, api)} may have no policy`, policyType: 'resource', api };
}

/** Whether the policy has the ID in the ARN of the method. It is then that of the API. */
function namesApi(app: AppIndex, { arn }: RestApi, methodArn: string): boolean {
  return app
    .statementsOn(arn)
    .some(
      ({ statement }) =>
        isObject(statement) &&
        toList(statement.Resource).some((resource) => resource.startsWith(`${restApiArn(methodArn)}/`)),
    );
}

/** The API in messages, with its app. */
export function nameOfApi(app: AppIndex, { construct }: RestApi): string {
  const other = app.otherAppOf(construct);
  const path = pathOf(construct);
  return other && !other.isStage ? `API '${pathWithin(other.root, path)}' in ${other.name}` : `API '${path}'`;
}
