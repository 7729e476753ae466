import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WAYS, characters } from '../../bench/capacity';
import { BACKBONES, TARGETS, functionPolicy, templatesOf } from '../../bench/sizes';
import { lazyIndex } from '../../projenrc/lazy-index';
import { ROOT } from '../support/repository';

/** Quotas in characters. */
const BUS_POLICY = 10_240;
const FUNCTION_POLICY = 20_480;

/** The rows of the tables of the page, without marks and separators in numbers. */
const rows = readFileSync(join(ROOT, 'docs/benchmarks.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.slice(2, -2).split(' | '))
  .map(([first, ...cells]) => [first.replace(/`/g, ''), ...cells.map((cell) => cell.replace(/,/g, ''))]);
const rowOf = (...start: string[]) => rows.find((row) => start.every((cell, i) => row[i] === cell));

describe('docs/benchmarks.md', () => {
  test.each(Object.entries(WAYS))('has the accounts that fit with: %s', (name, way) => {
    const [, fitting, characters51] = rowOf(name.replace('aws-cdk-lib, a', 'EventBus of aws-cdk-lib, a'))!;
    expect(characters(way, Number(fitting))).toBeLessThanOrEqual(BUS_POLICY);
    expect(characters(way, Number(fitting) + 1)).toBeGreaterThan(BUS_POLICY);
    expect(characters51).toBe(String(characters(way, 51)));
  });

  const [ofTheCdk, perRule, perBus] = Object.values(TARGETS);
  test.each<[string, number, (typeof TARGETS)[string]]>([
    ['LambdaFunction of aws-cdk-lib', 57, ofTheCdk],
    ['LambdaEventTarget', 52, perRule],
    ['LambdaEventTarget with LambdaPermissionScope.EVENT_BUS', 300, perBus],
  ])('has the rules that fit with: %s', (name, rules, target) => {
    expect(rowOf(name)?.slice(1)).toEqual([String(rules), String(functionPolicy(target, 10))]);
    expect(functionPolicy(target, rules)).toBeLessThanOrEqual(FUNCTION_POLICY);
    if (target !== perBus) expect(functionPolicy(target, rules + 1)).toBeGreaterThan(FUNCTION_POLICY);
  });

  test.each(Object.entries(BACKBONES))('has the templates for 50 publishers with %s', (name, backbone) => {
    const { hub, all } = templatesOf(backbone, 50);
    expect(rowOf('50', name)?.slice(2)).toEqual([...hub, ...all].map(String));
  });
});

describe('the index of the package', () => {
  const compiled = [
    '"use strict";',
    'Object.defineProperty(exports, "__esModule", { value: true });',
    'exports.Parsed = exports.Path = void 0;',
    'const node_path_1 = require("path");',
    'Object.defineProperty(exports, "Path", { enumerable: true, get: function () { return node_path_1.Path; } });',
    'const missing_1 = require("./missing");',
    'Object.defineProperty(exports, "Missing", { enumerable: true, get: function () { return missing_1.Missing; } });',
    '//# sourceMappingURL=data:',
  ].join('\n');

  test('loads a file when one of its classes is used', () => {
    const loaded: string[] = [];
    const exported: Record<string, unknown> = {};
    const load = (file: string) => {
      loaded.push(file);
      return { Path: 'path', Missing: 'missing' };
    };
    new Function('exports', 'require', lazyIndex(compiled))(exported, load);
    expect(Object.keys(exported)).toEqual(['Path', 'Missing']);
    expect(loaded).toEqual([]);
    expect(exported.Missing).toBe('missing');
    expect(loaded).toEqual(['./missing']);
  });

  test('has its names as assignments, which modules import', () => {
    expect(lazyIndex(compiled)).toContain('\nexports.Path = void 0;\nexports.Missing = void 0;\n');
  });
});
