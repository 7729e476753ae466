import type { TextResolution } from './text-resolution';
import { accountOfParameter, isOfForm } from '../policy/parameter-form';
import { Json, isObject, textOf } from '../policy/statement';
import { hasUnknown, partsOf } from '../policy/text';

/** What a function of CloudFormation makes of its argument alone; nothing where that hangs on more, or on what only deployment tells. */
export function valueOf(name: string, argument: Json, within: TextResolution): Json | undefined {
  switch (name) {
    case 'Fn::Join': return join(argument, within);
    case 'Fn::Sub': return substitute(argument, within);
    case 'Fn::Select': return select(argument, within);
    default: return undefined;
  }
}

function join(argument: Json, within: TextResolution): string | undefined {
  if (!Array.isArray(argument) || !Array.isArray(argument[1])) return undefined;
  return argument[1].map((part) => within.text(part)).join(textOf(argument[0]));
}

function substitute(argument: Json, within: TextResolution): string {
  const [template, values] = Array.isArray(argument) ? argument : [argument, {}];
  const replaced = textOf(template).replace(/\$\{([^!${}][^${}]*)\}/g, (_, name: string) => {
    if (isObject(values) && values[name] !== undefined) return within.text(values[name]);
    return within.text(name.includes('.') ? { 'Fn::GetAtt': name } : { Ref: name });
  });
  return replaced.replace(/\$\{!/g, '${');
}

const ACCOUNT_IN_ARN = 4;

/** One of a list, or of the parts of a text. */
function select(argument: Json, within: TextResolution): Json | undefined {
  if (!Array.isArray(argument)) return undefined;
  const [index, list] = [Number(within.text(argument[0])), argument[1]];
  if (Array.isArray(list)) return within.resolve(list[index]);
  const split = isObject(list) ? list['Fn::Split'] : undefined;
  if (!Array.isArray(split)) return undefined;
  const text = within.text(split[1]);
  if (index === ACCOUNT_IN_ARN && textOf(split[0]) === ':' && isOfForm(text, 'arn')) return accountOfParameter(text);
  return index === 0 && hasUnknown(text) ? undefined : partsOf(text, textOf(split[0]))[index];
}
