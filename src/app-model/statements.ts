import type { Properties } from './resolve/resource';
import { Json, isObject, toText } from '../iam/statement';
import { unresolved } from '../iam/unresolved-text';

/**
 * The statement that an `AWS::Events::EventBusPolicy` adds to the policy of a bus, from `Statement` or from the older
 * properties `Principal`, `Action` and `Condition`.
 */
export function eventBusPolicyStatement(properties: Properties, arn: string, id: string): Json {
  const { Statement, Action, Principal, Condition } = properties;
  if (typeof Statement === 'string') return parseStatement(Statement, id);
  if (Statement !== undefined) return isObject(Statement) ? { Sid: id, ...Statement } : Statement;
  return {
    Sid: id,
    Effect: 'Allow',
    Principal: awsPrincipal(Principal),
    Action: Action ?? 'events:PutEvents',
    Resource: arn,
    ...(isObject(Condition) && {
      Condition: { [toText(Condition.Type)]: { [toText(Condition.Key)]: Condition.Value ?? [] } },
    }),
  };
}

/**
 * The statement that Lambda adds to the policy of a function for an `AWS::Lambda::Permission`.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 */
export function lambdaPermissionStatement(properties: Properties, arn: string, id: string): Json {
  const equals = {
    ...(properties.SourceAccount !== undefined && { 'AWS:SourceAccount': textOrUnresolved(properties.SourceAccount) }),
    ...(properties.PrincipalOrgID !== undefined && {
      'aws:PrincipalOrgID': textOrUnresolved(properties.PrincipalOrgID),
    }),
    ...(properties.EventSourceToken !== undefined && { 'lambda:EventSourceToken': properties.EventSourceToken }),
    ...(properties.FunctionUrlAuthType !== undefined && {
      'lambda:FunctionUrlAuthType': properties.FunctionUrlAuthType,
    }),
  };
  const condition = {
    ...(Object.keys(equals).length > 0 && { StringEquals: equals }),
    ...(properties.SourceArn !== undefined && { ArnLike: { 'AWS:SourceArn': textOrUnresolved(properties.SourceArn) } }),
    ...(properties.InvokedViaFunctionUrl !== undefined && {
      Bool: { 'lambda:InvokedViaFunctionUrl': properties.InvokedViaFunctionUrl },
    }),
  };
  return {
    Sid: id,
    Effect: 'Allow',
    Principal: lambdaPrincipal(properties.Principal),
    Action: properties.Action ?? null,
    Resource: arn,
    ...(Object.keys(condition).length > 0 && { Condition: condition }),
  };
}

/** The value of a property that must be text. The effect of a list or an object is unknown. */
function textOrUnresolved(value: Json): Json {
  return typeof value === 'object' ? unresolved(`a value that is not text: ${toText(value)}`) : value;
}

/** The `Principal` element for the name of a service, an account ID, an ARN or `*`. */
function lambdaPrincipal(principal: Json | undefined): Json {
  if (typeof principal !== 'string') return awsPrincipal(principal);
  return /^[a-z0-9.-]+\.amazon(aws)?\.com(\.cn)?$/.test(principal) ? { Service: principal } : awsPrincipal(principal);
}

/**
 * The `Principal` element for an account ID, an ARN or `*`. The property must be text: another value becomes a list,
 * which is an invalid principal in a statement.
 */
function awsPrincipal(principal: Json | undefined): Json {
  if (principal === '*') return principal;
  if (typeof principal !== 'string') return [principal ?? null];
  return { AWS: /^\d{12}$/.test(principal) ? `arn:aws:iam::${principal}:root` : principal };
}

/** The statement in JSON text. Other text is returned unchanged: it is reported as a statement that cannot be read. */
function parseStatement(text: string, id: string): Json {
  try {
    const value = JSON.parse(text) as Json;
    return isObject(value) ? { Sid: id, ...value } : value;
  } catch {
    return text;
  }
}
