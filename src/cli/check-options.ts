import { existsSync, readFileSync } from 'node:fs';
import type { CommandArguments } from './arguments';
import { UnusableInput, whileReading } from './unusable-input';
import { allChecks, disabledReasons } from '../checks/all-checks';
import { Check } from '../checks/engine/check-runner';
import type { EventCheckOptions } from '../checks/event-check-options';
import { misspelled } from '../util/edit-distance';

/** The checks to run, and the reasons for disabling findings, by ID. */
export interface CheckOptions {
  readonly checks: Check[];
  readonly disabled: ReadonlyMap<string, string>;
}

/** The options in the configuration file, and those in the arguments, which are added to them. */
export function checkOptions(given: CommandArguments): CheckOptions {
  const file = given.config === undefined ? {} : readConfig(given.config);
  validateNames('--limit', Object.keys(given.limits), Object.keys(LIMITS));
  const disabledFindings = [...(file.disabledFindings ?? []), ...given.disabledFindings];
  const options: EventCheckOptions = {
    ...file,
    policySize: { ...file.policySize, ...given.limits },
    trustedAccounts: combined(file.trustedAccounts, given.trustedAccounts),
    trustedOrganizations: combined(file.trustedOrganizations, given.trustedOrganizations),
    disabledFindings,
  };
  return whileReading('options', () => ({
    checks: allChecks(options),
    disabled: disabledReasons('check', disabledFindings),
  }));
}

function combined(first?: string[], second?: string[]): string[] | undefined {
  return first && second ? [...first, ...second] : (first ?? second);
}

function readConfig(file: string): EventCheckOptions {
  if (!existsSync(file)) {
    throw new UnusableInput(`${file}: there is no such file; correct the path in '--config', or leave the option out`);
  }
  const text = whileReading(`${file}: the file cannot be read`, () => readFileSync(file, 'utf8'));
  const content = whileReading(`${file}: the file is not JSON`, (): unknown => JSON.parse(text));
  validate(file, content, OBJECT(CONFIG));
  return content as EventCheckOptions;
}

/** Returns what a value must be if it is something else, and throws an error for unknown properties. */
type Validation = (where: string, value: unknown) => string | undefined;

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const BOOLEAN: Validation = (_, value) => (typeof value === 'boolean' ? undefined : 'true or false');
const NUMBER: Validation = (_, value) => (typeof value === 'number' ? undefined : 'a number');
const TEXT: Validation = (_, value) => (typeof value === 'string' ? undefined : 'text');

const LIST =
  (element: Validation): Validation =>
  (where, value) => {
    if (!Array.isArray(value)) return 'a list';
    value.forEach((one, index) => validate(`${where}[${index}]`, one, element));
    return undefined;
  };

const OBJECT =
  (properties: { readonly [name: string]: Validation }): Validation =>
  (where, value) => {
    if (!isObject(value)) return 'an object';
    validateNames(where, Object.keys(value), Object.keys(properties));
    for (const [name, property] of Object.entries(value)) validate(`${where}: ${name}`, property, properties[name]);
    return undefined;
  };

const MAP =
  (element: Validation): Validation =>
  (where, value) => {
    if (!isObject(value)) return 'an object';
    for (const [name, one] of Object.entries(value)) validate(`${where}.${name}`, one, element);
    return undefined;
  };

const LIMITS = {
  eventBusPolicyLimit: NUMBER,
  functionPolicyLimit: NUMBER,
  apiPolicyLimit: NUMBER,
  trustPolicyLimit: NUMBER,
  rulesPerEventBusLimit: NUMBER,
  eventPatternLimit: NUMBER,
  warningThresholdPercent: NUMBER,
};

const BUS_LIMITS = { policyLimit: NUMBER, rulesLimit: NUMBER, warningThresholdPercent: NUMBER };

/** The properties of `EventCheckOptions`. */
const CONFIG: { readonly [option in keyof Required<EventCheckOptions>]: Validation } = {
  policySize: OBJECT({ ...LIMITS, eventBuses: MAP(OBJECT(BUS_LIMITS)) }),
  trustedAccounts: LIST(TEXT),
  trustedOrganizations: LIST(TEXT),
  requireSourceForRuleRoles: BOOLEAN,
  reportEventsWithoutRule: BOOLEAN,
  disabledFindings: LIST(OBJECT({ id: TEXT, reason: TEXT })),
};

function validate(where: string, value: unknown, validation: Validation): void {
  const expected = validation(where, value);
  if (expected !== undefined) throw new UnusableInput(`${where} must be ${expected}, got ${JSON.stringify(value)}`);
}

function validateNames(where: string, names: readonly string[], known: string[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const similar = misspelled(unknown, known);
  const choices = known.map((name) => `'${name}'`).join(', ');
  const fix = similar === undefined ? `use one of ${choices}` : `use '${similar}'`;
  throw new UnusableInput(`${where}: '${unknown}' is no option; ${fix}`);
}
