import { IRestApi, Method } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { CrossAccountPermissionProps } from './cross-account-permission-props';
import { apiKind } from './private/api-kind';
import { validateGrantedMethods, validateIamAuthorization } from './private/api-methods';
import { PERMISSION_PROPERTIES, addTargetPermission } from './private/target-permission';
import { validateProperties } from '../core/validate-properties';
import { validateString } from '../core/validate-values';
import { addValidation } from '../core/validation-error';
import { apiMethod, apiPath, apiStagePattern } from '../eventbridge/target-formats';

/** Properties of `CrossAccountApiPermission`. */
export interface CrossAccountApiPermissionProps extends CrossAccountPermissionProps {
  /**
   * The REST API that rules in other accounts have as target.
   *
   * It must be defined in this app, in the account and Region of this stack; an error is thrown otherwise.
   */
  readonly restApi: IRestApi;

  /**
   * The stage that the rules may invoke.
   *
   * @default - all stages
   */
  readonly stage?: string;

  /**
   * The HTTP method that the rules may use, in upper case.
   *
   * @default - all methods
   */
  readonly method?: string;

  /**
   * The path that the rules may invoke, which begins with `/`. `*` matches any text, such as a value of a parameter
   * `{id}`.
   *
   * @default - all paths
   */
  readonly path?: string;
}

/**
 * A permission for rules on event buses in other accounts to invoke a REST API, for the app that defines the API.
 *
 * It adds one statement to the policy of the API, which allows `execute-api:Invoke` on the stage, method and path. All
 * permissions of an API for accounts with the same stage, method and path share a statement, as do those for roles and
 * for organizations: the policy has at most 8,192 characters. A statement for an organization excludes the account of
 * the API. It does not create the execution role of the rule: see `ApiGatewayEventTarget`.
 *
 * API Gateway knows the role of a rule only if the method uses IAM authorization. Synthesis fails if a method that the
 * permission is for does not. With a policy, an API denies the requests to its other methods that no statement allows.
 * Synthesis fails if such a method has no IAM authorization and this app adds no other statement to the policy, and if
 * the API has no such method or stage.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-cross-account.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 * @example
 * import { AuthorizationType, RestApi } from 'aws-cdk-lib/aws-apigateway';
 *
 * const restApi = new RestApi(this, 'Api', {
 *   defaultMethodOptions: { authorizationType: AuthorizationType.IAM },
 * });
 * restApi.root.addResource('orders').addMethod('POST');
 * new CrossAccountApiPermission(this, 'FromCentralBus', {
 *   restApi,
 *   method: 'POST',
 *   path: '/orders',
 *   eventBusAccount: '111111111111',
 * });
 */
export class CrossAccountApiPermission extends Construct {
  constructor(scope: Construct, id: string, props: CrossAccountApiPermissionProps) {
    super(scope, id);
    validateProperties(this, 'props', props, {
      restApi: true,
      stage: true,
      method: true,
      path: true,
      ...PERMISSION_PROPERTIES,
    });
    const { restApi, stage = '*', method = '*', path = '/*' } = props;
    validateString(this, 'stage', props.stage, apiStagePattern);
    validateString(this, 'method', props.method, apiMethod);
    validateString(this, 'path', props.path, apiPath);
    const kind = apiKind({ stage, method, path }, restApi.env);
    addTargetPermission(this, restApi, kind, props);
    const { methods = [] } = restApi as { methods?: Method[] };
    addValidation(this, () => {
      const problems = validateGrantedMethods(restApi, methods, { stage, method, path });
      return problems.length > 0 ? problems : validateIamAuthorization(restApi, methods, { method, path });
    });
  }
}
