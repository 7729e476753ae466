import { AppModel, RestApi } from './app-model';
import { isPathOf } from '../eventbridge/api-paths';
import { parseArn } from '../iam/arn';
import { hasUnresolved, splitText } from '../iam/unresolved-text';

/**
 * The methods of a REST API, such as `POST /orders`; undefined if it may have others. It may if an OpenAPI definition
 * has them, if the path of one is known only at deployment, or if no app defines any.
 */
export function methodsOf(model: AppModel, { arn, hasDefinition, rootResourceId }: RestApi): string[] | undefined {
  const apiId = parseArn(arn)?.resource;
  const methods = model.restApiMethods.filter(({ restApiId }) => restApiId === apiId);
  if (hasDefinition || methods.length === 0) return undefined;
  const paths = methods.map(({ resourceId }) => pathOf(model, resourceId, rootResourceId));
  if (paths.includes(undefined)) return undefined;
  return methods.map(({ httpMethod }, i) => `${httpMethod} ${paths[i] || '/'}`);
}

/** Whether a REST API may have the method in the ARN of a target. */
export function mayHaveMethod(model: AppModel, api: RestApi, methodArn: string): boolean {
  const [method, path] = methodOf(methodArn);
  const methods = methodsOf(model, api);
  if (methods === undefined || path === undefined || hasUnresolved(path)) return true;
  return methods.some((one) => {
    const [httpMethod, resourcePath] = splitText(one, ' ', 2);
    const isMethod = [httpMethod, method].some((each) => each === '*' || each === 'ANY' || hasUnresolved(each));
    return (isMethod || httpMethod === method) && isPathOf(resourcePath, path);
  });
}

/** The method and path in the ARN of a method, after the stage: `['POST', '/orders']`. */
export function methodOf(methodArn: string): [method: string, path: string | undefined] {
  const [, , method = '*', path] = splitText(methodArn, '/', 4);
  return [method, path === undefined ? undefined : `/${path}`];
}

/** The path of a resource, empty for the root; undefined if it is known only at deployment. */
function pathOf(model: AppModel, resourceId: string, rootId: string, depth = 0): string | undefined {
  if (resourceId === rootId) return '';
  const resource = model.restApiResources.find(({ id }) => id === resourceId);
  if (!resource || depth > MAX_DEPTH || hasUnresolved(resource.pathPart)) return undefined;
  const parent = pathOf(model, resource.parentId, rootId, depth + 1);
  return parent === undefined ? undefined : `${parent}/${resource.pathPart}`;
}

/** Deeper than any path: a resource cannot be its own parent. */
const MAX_DEPTH = 50;
