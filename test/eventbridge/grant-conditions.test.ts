import { GrantConditions, conditionsKey, conditionsOf, isSupersetOf } from '../../src/eventbridge/grant-conditions';
import { mergeableSources, renderSources, sourcesMergeKey } from '../../src/eventbridge/service-sources';

const RULE = 'arn:aws:events:eu-west-1:111111111111:rule/all';
const OTHER = `${RULE}2`;

describe('the conditions of a grant', () => {
  test('restrict events and rules', () => {
    const allowed = { sources: ['b', 'a'], byRule: true, ruleArns: [OTHER, RULE, RULE], excludedRuleArns: [RULE] };
    expect(conditionsOf(allowed)).toEqual({
      'ForAllValues:StringEquals': { 'events:source': ['a', 'b'] },
      Null: { 'events:source': 'false' },
      Bool: { 'events:eventBusInvocation': 'true' },
      ArnLike: { 'aws:SourceArn': [RULE, OTHER] },
      ArnNotLike: { 'aws:SourceArn': RULE },
    });
  });

  test('are none if all events are allowed', () => {
    expect(conditionsOf({})).toEqual({});
  });

  test.each<[GrantConditions, unknown[]]>([
    [{}, [null, null]],
    [
      { sources: ['b', 'a', 'b'], detailTypes: ['d', 'c'] },
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [{ targetArns: undefined, byRule: false }, [null, null, ['byRule', false]]],
    [{ actions: ['a'], creator: 'b' }, [null, null]],
    [
      { targetArns: ['b', 'a'], byRule: true, name: 'n' },
      [null, null, ['byRule', true], ['name', 'n'], ['targetArns', ['a', 'b']]],
    ],
    [
      { name: 'n', byRule: true, targetArns: ['a'] },
      [null, null, ['byRule', true], ['name', 'n'], ['targetArns', ['a']]],
    ],
  ])('%j have the key %j', (conditions, key) => {
    expect(conditionsKey(conditions)).toEqual(key);
  });

  test.each<[GrantConditions, GrantConditions, boolean]>([
    [{}, {}, true],
    [{}, { sources: ['a'], detailTypes: ['b'], targetArns: ['c'], ruleArns: ['d'], byRule: true }, true],
    [{ sources: ['a', 'b'] }, { sources: ['a'] }, true],
    [{ sources: ['a'] }, { sources: ['a', 'b'] }, false],
    [{ sources: ['a'] }, {}, false],
    [{ detailTypes: ['a'] }, { detailTypes: ['b'] }, false],
    [{ targetArns: ['a'] }, { targetArns: ['b'] }, false],
    [{ ruleArns: ['a'] }, { ruleArns: ['b'] }, false],
    [{ excludedRuleArns: ['a'] }, { excludedRuleArns: ['a', 'b'] }, true],
    [{ excludedRuleArns: ['a', 'b'] }, { excludedRuleArns: ['a'] }, false],
    [{ excludedRuleArns: ['a'] }, {}, false],
    [{ byRule: true }, { byRule: true }, true],
    [{ byRule: true }, { byRule: false }, false],
    [{ byRule: true }, {}, false],
    [{ actions: ['a', 'b'] }, { actions: ['a'] }, true],
    [{ actions: ['a'] }, { actions: ['a', 'b'] }, false],
    [{}, { actions: ['a'] }, false],
  ])('%j allow all that %j allow: %s', (wider, narrower, expected) => {
    expect(isSupersetOf(wider, narrower)).toBe(expected);
  });
});

describe('the sources of a service', () => {
  test.each([
    [{}, undefined, [], {}],
    [
      { accounts: ['2', '1'] },
      ['1', '2'],
      [['StringEquals', 'aws:SourceAccount']],
      { StringEquals: { 'aws:SourceAccount': ['m', 'n'] } },
    ],
    [{ arns: ['a'] }, ['a'], [['ArnLike', 'aws:SourceArn']], { ArnLike: { 'aws:SourceArn': ['m', 'n'] } }],
    [
      { organization: 'o' },
      ['o'],
      [['StringEquals', 'aws:SourceOrgID']],
      { StringEquals: { 'aws:SourceOrgID': ['m', 'n'] } },
    ],
    [
      { accounts: ['1'], arns: ['a', 'b'], organization: 'o' },
      undefined,
      [
        ['StringEquals', 'aws:SourceAccount', '1'],
        ['ArnLike', 'aws:SourceArn', 'a', 'b'],
        ['StringEquals', 'aws:SourceOrgID', 'o'],
      ],
      {
        StringEquals: { 'aws:SourceAccount': '1', 'aws:SourceOrgID': 'o' },
        ArnLike: { 'aws:SourceArn': ['a', 'b'] },
      },
    ],
  ])('%j can be listed as %j', (sources, values, key, conditions) => {
    expect(mergeableSources(sources)).toEqual(values);
    expect(sourcesMergeKey(sources)).toEqual(key);
    expect(renderSources(sources, ['m', 'n'])).toEqual(conditions);
  });
});
