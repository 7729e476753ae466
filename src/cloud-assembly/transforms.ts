import { elementsIn } from './synthesized-stack';
import { Json, isObject } from '../iam/statement';

/** A loop of the transform `AWS::LanguageExtensions`, which defines elements of a section, or members of an object. */
export const LOOP = 'Fn::ForEach::';

/** The macro in a part of a template, which can change all that is beside it. */
export const MACRO = 'Fn::Transform';

/** The transforms of a template; also `Fn::Transform` and `Fn::ForEach` if they define resources. */
export function transformsIn(template: Json): string[] {
  const { Transform = [], Resources = {} } = isObject(template) ? template : {};
  const keys = [Resources, ...elementsIn(template, 'Resources').map(([, resource]) => resource)].flatMap(namesIn);
  return [
    ...(Array.isArray(Transform) ? Transform : [Transform]).flatMap(nameOf),
    ...(keys.includes(MACRO) ? [MACRO] : []),
    ...(namesIn(Resources).some((name) => name.startsWith(LOOP)) ? ['Fn::ForEach'] : []),
  ];
}

function nameOf(transform: Json): string[] {
  if (typeof transform === 'string') return [transform];
  return isObject(transform) && typeof transform.Name === 'string' ? [transform.Name] : [];
}

function namesIn(value: Json): string[] {
  return isObject(value) ? Object.keys(value) : [];
}
