import * as fc from 'fast-check';
import { AllowedEvents, EventBusInvocation } from '../../../src';
import { Place } from '../place';
import { DETAIL_TYPES, Mode, REGIONS, SOURCES, Value, maybe, text } from '../values';

/** The events that a publisher may put. */
export interface AllowedEventsDescription {
  readonly sources?: readonly Value[];
  readonly detailTypes?: readonly Value[];
  readonly invocation?: EventBusInvocation;
  readonly ruleArns?: readonly string[];
  readonly ruleRegions?: readonly string[];
  readonly excludedRuleRegions?: readonly string[];
}

export function allowedEvents(mode: Mode): fc.Arbitrary<AllowedEventsDescription> {
  const some = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: 1, maxLength: 2 });
  const texts = {
    sources: maybe(some(text(mode, ...SOURCES.slice(0, 2), ...(mode === 'known' ? [] : ['com.*', 'aws.s3'])))),
    detailTypes: maybe(some(text(mode, ...DETAIL_TYPES))),
  };
  if (mode === 'known') return fc.record(texts);
  const rule = fc.constantFrom('arn:aws:events:eu-west-1:222222222222:rule/rule', 'arn:aws:events:*:*:rule/*', 'rule');
  return fc.record({
    ...texts,
    invocation: maybe(fc.constantFrom(...Object.values(EventBusInvocation)), 4),
    ruleArns: maybe(some(rule), 5),
    ruleRegions: maybe(some(fc.constantFrom(...REGIONS, 'eu-*')), 5),
    excludedRuleRegions: maybe(some(fc.constantFrom(...REGIONS)), 6),
  });
}

export function renderAllowedEvents(place: Place, described: AllowedEventsDescription): AllowedEvents {
  return place.render(described as never) as AllowedEvents;
}
