import { isPathOf, isPatternOfPath } from '../../src/eventbridge/api-paths';

test.each<[resourcePath: string, targetPath: string, values: string[], expected: boolean]>([
  ['/', '/', [], true],
  ['/', '/orders', [], false],
  ['/orders', '/orders', [], true],
  ['/orders', '/orders/', [], false],
  ['/orders', '/order', [], false],
  ['/orders/{id}', '/orders/1', [], true],
  ['/orders/{id}', '/orders', [], false],
  ['/orders/{id}', '/orders/', [], false],
  ['/orders/{id}', '/orders/1/items', [], false],
  ['/orders/{id}/items', '/orders/*/items', ['$.detail.id'], true],
  ['/orders/{id}/items', '/orders/*', ['$.detail.id'], false],
  ['/{proxy+}', '/orders/1', [], true],
  ['/{proxy+}', '/', [], false],
  ['/orders/{proxy+}', '/orders', [], false],
  ['/orders/cancel', '/orders/*', ['$.detail.action'], true],
  ['/orders/cancel', '/orders/*', ['cancel'], true],
  ['/orders/cancel', '/orders/*', ['close'], false],
  ['/orders/{id}', '/orders/a-*', ['$.detail.id'], true],
])('a resource %p has the path %p with the values %j: %p', (resourcePath, targetPath, values, expected) => {
  expect(isPathOf(resourcePath, targetPath, values)).toBe(expected);
});

test.each<[pattern: string, resourcePath: string, expected: boolean]>([
  ['/*', '/orders/{id}', true],
  ['/orders/*', '/orders/{id}/items', true],
  ['/orders/*', '/orders', false],
  ['/orders/1', '/orders/{id}', true],
  ['/orders/1/items', '/orders/{id}', false],
])('a pattern %p is one of the resource %p: %p', (pattern, resourcePath, expected) => {
  expect(isPatternOfPath(pattern, resourcePath)).toBe(expected);
});
