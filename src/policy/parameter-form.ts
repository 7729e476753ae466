import { unknown } from './text';

/** What a parameter says of the values that it takes. */
export interface ParameterValues {
  readonly type?: unknown;
  readonly allowedPattern?: unknown;
  readonly allowedValues?: unknown;
}

/** What all values of a parameter are: then it names one account, one principal, or units of one organization, whoever deploys. */
export type ParameterForm = 'account' | 'arn' | 'path';

const VALUES: { readonly [form in ParameterForm]: RegExp } = {
  account: /^\d{12}$/,
  arn: /^arn:[^:*?]+:[^:*?]+:[^:*?]*:\d{12}:[^*?]+$/,
  path: /^o-[a-z0-9]{10,32}\/r-/,
};

/** Twelve digits as a regular expression says them, or written out. */
const ACCOUNT = String.raw`(?:\d{12}|(?:\\d|\[0-9\])\{12\})`;

/** Characters as they are, and classes of characters without wildcards, repeated. */
const SAFE = String.raw`(?:[\w/:@=,-]|(?:\\w|\\d|\[(?:\\w|[A-Za-z0-9+=,.@_-])+\])(?:[+*]|\{\d+(?:,\d*)?\})?)+`;

/**
 * Patterns whose values have the form for certain. What another pattern takes would have to be found out by trying, which proves nothing: it counts as any.
 */
const PATTERNS: { readonly [form in ParameterForm]: RegExp } = {
  account: new RegExp(`^${ACCOUNT}$`),
  arn: new RegExp(String.raw`^arn:(?:aws|aws-cn|aws-us-gov|aws\[[a-z-]+\]\*|\[\^:\]\+):[a-z0-9-]+:(?:[a-z0-9-]*|\[[a-z0-9-]+\][+*]):${ACCOUNT}:${SAFE}$`),
  path: new RegExp(String.raw`^o-(?:[a-z0-9]{10,32}|\[a-z0-9\](?:\+|\{10,32\}))/r-${SAFE}\*?$`),
};

/** The form that every value of a parameter has; nothing where it takes others, or where that cannot be told. */
export function formOf({ type = 'String', allowedPattern, allowedValues }: ParameterValues): ParameterForm | undefined {
  // The pattern of a parameter that is looked up is one of its name.
  if (type !== 'String') return undefined;
  const forms = Object.keys(VALUES) as ParameterForm[];
  if (Array.isArray(allowedValues) && allowedValues.length > 0) {
    return forms.find((form) => allowedValues.every((value) => typeof value === 'string' && VALUES[form].test(value)));
  }
  if (typeof allowedPattern !== 'string') return undefined;
  const alternatives = allowedPattern.replace(/^\^|\$$/g, '').replace(/^\((?:\?:)?([^()]*)\)$/, '$1').split('|');
  return forms.find((form) => alternatives.every((alternative) => PATTERNS[form].test(alternative)));
}

/** What stands for the value of a parameter. */
export function parameterText(path: string, form: ParameterForm | undefined): string {
  return unknown(`${form === undefined ? '' : `${form} `}parameter ${path}`);
}

/** Whether a text is a parameter all of whose values have one of the forms. */
export function isOfForm(text: string, ...forms: ParameterForm[]): boolean {
  const [, form] = /^‹(\w+) parameter [^‹›]+›$/.exec(text) ?? [];
  return forms.some((one) => one === form);
}

/** What stands for the account in the ARN that a parameter is. */
export function accountOfParameter(arn: string): string {
  return arn.replace(/^‹arn parameter /, '‹account parameter ');
}
