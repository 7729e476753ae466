import { unknown } from './text';

/** What a parameter says of the values that it takes. */
export interface ParameterValues {
  readonly type?: unknown;
  readonly allowedPattern?: unknown;
  readonly allowedValues?: unknown;
}

/** What all values of a parameter are: then it names one account, one principal, or units of one organization, whoever deploys. */
export type ParameterForm = 'account' | 'arn' | 'path';

/** Values of each form, of which one at least is taken, and values that would name more, none of which may be. */
const FORMS: { readonly [form in ParameterForm]: { readonly is: RegExp; readonly wider: readonly string[] } } = {
  account: { is: /^\d{12}$/, wider: ['*', '?', '22222222222*', '2222222222222', '22222222222', 'x', 'o-a1b2c3d4e5', 'arn:aws:iam::222222222222:root'] },
  arn: {
    is: /^arn:[^:*?]+:[^:*?]+:[^:*?]*:(\d{12})?:[^*?]+$/,
    wider: ['*', '?', 'x', 'arn:*', 'arn:aws:iam::*:role/x', 'arn:aws:iam::*:root', 'arn:aws:iam::222222222222:role/*', 'arn:aws:*:*:*:*'],
  },
  path: { is: /^o-[a-z0-9]{10,32}\/r-/, wider: ['*', '?', 'x', 'o-*', 'o-*/*', 'o-*/r-ab12/*', 'o-a1b2c3d4e?/r-ab12/*', '*/r-ab12/ou-ab12-11111111/*'] },
};

/** The form that every value of a parameter has; nothing where it takes others, or where that cannot be told. */
export function formOf({ type = 'String', allowedPattern, allowedValues }: ParameterValues): ParameterForm | undefined {
  // The pattern of a parameter that is looked up is one of its name.
  if (type !== 'String') return undefined;
  const forms = Object.keys(FORMS) as ParameterForm[];
  if (Array.isArray(allowedValues) && allowedValues.length > 0) {
    return forms.find((form) => allowedValues.every((value) => typeof value === 'string' && FORMS[form].is.test(value)));
  }
  const takes = matcher(allowedPattern);
  return takes && forms.find((form) => !FORMS[form].wider.some(takes) && (form !== 'account' || takes('222222222222')));
}

/** A pattern must match the whole value. */
function matcher(pattern: unknown): ((value: string) => boolean) | undefined {
  if (typeof pattern !== 'string') return undefined;
  try {
    const regex = new RegExp(`^(?:${pattern})$`);
    return (value) => regex.test(value);
  } catch {
    return undefined;
  }
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
