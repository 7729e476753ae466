import { like } from '../iam/matching';

/**
 * Whether API Gateway may find a resource for the path of a target. Each `*` of the path is replaced by a value, which
 * is known if it is no JSON path. A parameter of the resource, such as `{id}`, matches one segment, and a greedy one,
 * such as `{proxy+}`, one or more.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-settings-method-request.html
 */
export function isPathOf(resourcePath: string, targetPath: string, values: readonly string[] = []): boolean {
  let index = 0;
  const path = targetPath.replace(/\*/g, () => {
    const value = values[index++] ?? '';
    return value === '' || value.startsWith('$') ? '*' : value;
  });
  return matchSegments(resourcePath.split('/'), path.split('/'));
}

function matchSegments([pattern, ...patterns]: string[], [segment, ...segments]: string[]): boolean {
  if (pattern === undefined || segment === undefined) return pattern === segment;
  if (/^\{.*\+\}$/.test(pattern)) return segment !== '';
  const isMatch = /^\{.*\}$/.test(pattern) ? segment !== '' : like(segment, pattern) !== false;
  return isMatch && matchSegments(patterns, segments);
}

/** Whether a path, or a pattern for paths in which `*` matches any text, is one of a resource. */
export function isPatternOfPath(pattern: string, resourcePath: string): boolean {
  if (!/[*?]/.test(pattern)) return isPathOf(resourcePath, pattern);
  // Parameters of the path match any text.
  const paths = resourcePath.replace(/\{[^}]*\}/g, '*');
  return like(pattern, paths) !== false || like(paths, pattern) !== false;
}
