import { Stack } from 'aws-cdk-lib';

/** Puts values in place of the functions of a template, and `${Bus.Arn}` where only deployment has one. */
export function inWords(stack: Stack, names: ReadonlyMap<string, string>): (value: any) => any {
  const pseudo = new Map([
    ['AWS::Partition', 'aws'],
    ['AWS::AccountId', stack.account],
    ['AWS::Region', stack.region],
  ]);
  const words = (value: any): any => {
    if (Array.isArray(value)) return value.map(words);
    if (typeof value !== 'object' || value === null) return value;
    const { Ref: ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value;
    if (ref !== undefined) return pseudo.get(ref) ?? `\${${names.get(ref) ?? ref}}`;
    if (attribute !== undefined) return `\${${names.get(attribute[0]) ?? attribute[0]}.${attribute[1]}}`;
    if (join !== undefined) return join[1].map(words).join(join[0]);
    return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, words(v)]));
  };
  return words;
}
