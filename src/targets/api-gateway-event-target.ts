import { Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as events from 'aws-cdk-lib/aws-events';
import { EventTargetProps } from './event-target-props';
import { ApiMethod, apiKind, requireImportedApi } from './private/api-kind';
import { validateApiTarget } from './private/api-methods';
import { bindWithRole, validateRule } from './private/bind-target';
import { TargetResource } from './private/target-resource';
import { compareEnvironments } from '../core/environment';
import { isOwned } from '../core/ownership';
import { validateString } from '../core/validate-values';
import { addValidation, validationError } from '../core/validation-error';
import { accountId } from '../eventbridge/formats';
import { apiMethod, apiTargetPath, headerName } from '../eventbridge/target-formats';

/** Properties of `ApiGatewayEventTarget`. */
export interface ApiGatewayEventTargetProps extends EventTargetProps {
  /**
   * The account of an imported API, 12 digits, because an API is imported by its ID.
   *
   * @default - the account of the stack that defines or imports the API
   */
  readonly restApiAccount?: string;

  /**
   * The stage of the API.
   *
   * @default - the stage that the construct of the API deploys; required for an imported API
   */
  readonly stage?: string;

  /**
   * The HTTP method, in upper case.
   *
   * @default POST
   */
  readonly method?: string;

  /**
   * The path of the resource, which begins with `/`. Each `*`, in place of a parameter such as `{id}`, is replaced by
   * one of `pathParameterValues`. For a query string, use `queryStringParameters`.
   *
   * @default /
   */
  readonly path?: string;

  /**
   * The values for each `*` of `path`, in the same order: literal text or JSON paths of the event.
   *
   * @default - no values
   */
  readonly pathParameterValues?: string[];

  /**
   * The headers of the request: names, and literal text or JSON paths of the event.
   *
   * EventBridge does not allow the names of headers that it sets itself, such as `Authorization`, `Host`, and those
   * that begin with `X-Amz`.
   *
   * @default - no headers in addition to those of EventBridge
   */
  readonly headerParameters?: { [name: string]: string };

  /**
   * The query string of the request: names, and literal text or JSON paths of the event.
   *
   * @default - no query string
   */
  readonly queryStringParameters?: { [name: string]: string };
}

/**
 * A method of a REST API of API Gateway as the target of a rule, in the account of the rule or in another account.
 *
 * It creates an execution role in the stack of the rule, which may call `execute-api:Invoke` on exactly that method.
 * The trust policy of the role lists up to eight rules, as for `CrossAccountEventBusTarget`. In the account of the
 * rule, that is sufficient. For an API in another account, a warning shows the statement to add to the policy of the
 * API, which allows exactly that role; `CrossAccountApiPermission` creates it. The method must then use IAM
 * authorization, and the API must be imported by its ID, with `restApiAccount`: the ID of an API that is defined in
 * this app is known only at deployment, so an error is thrown for it. The API must be in the Region of the rule; an
 * error is thrown otherwise.
 *
 * Synthesis fails if the API is defined in this app and has no such method or stage, if it is private or has no default
 * endpoint, or if the method requires an API key that is not among the headers, or a token of Amazon Cognito.
 *
 * The dead-letter queue, `retryAttempts` and `maxEventAge` are those of `LambdaEventTarget`.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-gateway-target.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-cross-account.html
 * @example
 * import { RestApi } from 'aws-cdk-lib/aws-apigateway';
 *
 * new Rule(this, 'ToOrdersApi', {
 *   eventBus: bus,
 *   eventPattern: { detailType: ['OrderPlaced'] },
 *   targets: [
 *     new ApiGatewayEventTarget(RestApi.fromRestApiId(this, 'OrdersApi', 'a1b2c3d4e5'), {
 *       restApiAccount: '333333333333',
 *       stage: 'prod',
 *       path: '/orders/*',
 *       pathParameterValues: ['$.detail.orderId'],
 *     }),
 *   ],
 * });
 */
export class ApiGatewayEventTarget implements events.IRuleTarget {
  /**
   * Creates a target, which can be added to any number of rules.
   *
   * @param restApi The REST API that receives the events.
   * @param props The method with its parameters, the execution role, the input and the delivery options.
   */
  constructor(
    private readonly restApi: apigateway.IRestApi,
    private readonly props: ApiGatewayEventTargetProps = {},
  ) {}

  /**
   * Returns the target configuration for a rule, and creates or grants what the target needs. Called by
   * `rule.addTarget()`.
   *
   * @param rule The rule that gets the target.
   * @param _id Not used.
   */
  public bind(rule: events.IRuleRef, _id?: string): events.RuleTargetConfig {
    validateRule(rule, this.props, [
      'restApiAccount',
      'stage',
      'method',
      'path',
      'pathParameterValues',
      'headerParameters',
      'queryStringParameters',
    ]);
    const { pathParameterValues, headerParameters, queryStringParameters } = this.props;
    const env = this.environmentOf(rule);
    if (compareEnvironments(env.account, Stack.of(rule).account) !== 'same') requireImportedApi(rule, this.restApi);
    const apiMethodOfRule = this.methodOf(rule);
    const kind = apiKind(apiMethodOfRule, env);
    const config = bindWithRole(rule, new TargetResource(rule, this.restApi, kind, env), this.props);
    const headers = Object.keys(headerParameters ?? {});
    for (const header of headers) validateString(rule, 'headerParameters', header, headerName);
    const { methods = [] } = this.restApi as { methods?: apigateway.Method[] };
    const target = { ...apiMethodOfRule, pathParameterValues: pathParameterValues ?? [] };
    const validate = () => validateApiTarget(this.restApi, methods, target, headers);
    if (isOwned(this.restApi)) addValidation(rule, validate);
    const hasParameters = pathParameterValues ?? headerParameters ?? queryStringParameters;
    const httpParameters = hasParameters && { pathParameterValues, headerParameters, queryStringParameters };
    return { ...config, httpParameters };
  }

  private environmentOf(rule: events.IRuleRef): { account: string; region: string } {
    const { restApiAccount } = this.props;
    const { env } = this.restApi;
    if (restApiAccount === undefined) return env;
    validateString(rule, 'restApiAccount', restApiAccount, accountId);
    if (isOwned(this.restApi)) {
      throw validationError(
        rule,
        `'restApiAccount' must only be set for an imported API, got '${this.restApi.node.path}' of this app; remove it`,
      );
    }
    return { account: restApiAccount, region: env.region };
  }

  private methodOf(rule: events.IRuleRef): ApiMethod {
    const { method = 'POST', path = '/', pathParameterValues = [] } = this.props;
    const stage = this.props.stage ?? this.deployedStage;
    validateString(rule, 'method', method, apiMethod);
    validateString(rule, 'path', path, apiTargetPath);
    if (stage === undefined) {
      throw validationError(
        rule,
        `'stage' must be set for an API that is imported or not deployed by its construct, got none for ` +
          `'${this.restApi.node.path}'; set the name of the stage`,
      );
    }
    const wildcards = path.split('*').length - 1;
    if (wildcards !== pathParameterValues.length) {
      throw validationError(
        rule,
        `'pathParameterValues' must hold one value for each '*' of 'path', got ${pathParameterValues.length} for ` +
          `'${path}'; add or remove values`,
      );
    }
    return { stage, method, path };
  }

  /** The constructs of imported APIs have no stage, although their type has. */
  private get deployedStage(): string | undefined {
    const { deploymentStage } = this.restApi as { deploymentStage?: apigateway.Stage };
    return deploymentStage?.stageName;
  }
}
