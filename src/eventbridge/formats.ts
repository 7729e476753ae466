import {
  EVENT_BUS_NAME_CHARACTERS,
  EVENT_FIELD_CHARACTERS,
  EXTERNAL_ID_CHARACTERS,
  ROLE_NAME_CHARACTERS,
  STATEMENT_ID_CHARACTERS,
} from './quotas';

/**
 * Validates the format of a value. Returns the problem, "must …, got '…'; fix", to be put after the name of the
 * property, or undefined if the value is valid.
 */
export type Format = (value: string) => string | undefined;

const SERVICE = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/;

export const accountId: Format = (value) =>
  /^\d{12}$/.test(value)
    ? undefined
    : problem('hold 12-digit account IDs', value, 'write it as a quoted string to keep leading zeros');

/** An account that publishes events. */
export const publishingAccount: Format = (value) =>
  SERVICE.test(value)
    ? problem('hold 12-digit account IDs', value, 'allow a service with EventPublisher.service()')
    : accountId(value);

export const organizationId: Format = (value) =>
  /^o-[a-z0-9]{10,32}$/.test(value)
    ? undefined
    : problem(
        "be an organization ID, 'o-' and 10 to 32 lower-case letters or digits",
        value,
        "take it from 'aws organizations describe-organization'",
      );

export const organizationalUnitPath: Format = (value) => {
  if (/^o-[a-z0-9]{10,32}\/\*?$/.test(value)) {
    return problem(
      'hold paths of organizational units',
      value,
      'allow the whole organization with EventPublisher.organization()',
    );
  }
  if (/^o-[a-z0-9]+\/r-[^*]*[^/*]$/.test(value)) {
    return problem(
      "hold paths that end in '/*' or '/'",
      value,
      "add '/*' for the unit and everything below it, or '/' for the accounts directly in the unit",
    );
  }
  return /^o-[a-z0-9]{10,32}\/r-[a-z0-9]{4,32}\/(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}\/)*\*?$/.test(value)
    ? undefined
    : problem(
        "hold paths of organizational units, 'o-…/r-…/ou-…/*'",
        value,
        'include the organization, the root and every unit above',
      );
};

/** Services that put events with a role of the customer, never with their service principal. */
const SERVICES_USING_ROLES =
  /^(apigateway|batch|codebuild|ec2|ecs-tasks|eks|glue|lambda|pipes|sagemaker|scheduler|states)\./;

export const servicePrincipal: Format = (value) => {
  if (SERVICES_USING_ROLES.test(value)) {
    return problem(
      'be a service that puts events with its service principal',
      value,
      'allow the role that it uses, with EventPublisher.role()',
    );
  }
  return SERVICE.test(value)
    ? undefined
    : problem(
        "be the name of a service, such as 'ses.amazonaws.com'",
        value,
        'allow accounts and roles with EventPublisher.accounts() and EventPublisher.role()',
      );
};

/** A service that calls AWS with its service principal or with a role. */
export const serviceName: Format = (value) =>
  SERVICE.test(value)
    ? undefined
    : problem("be the name of a service, such as 'ses.amazonaws.com'", value, 'correct the name');

export const sourceArn: Format = (value) =>
  /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12})?:.+$/.test(value)
    ? undefined
    : problem('hold ARNs with a literal service and account', value, 'use wildcards only after the account');

/** A pattern for ARNs of targets. */
export const targetArn: Format = (value) =>
  /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9*-]*:\d{12}:.+$/.test(value)
    ? undefined
    : problem(
        'hold ARNs with a literal service and account',
        value,
        'use wildcards only for the Region and after the account',
      );

export const eventBusName: Format = (value) => {
  if (value === 'default') {
    return problem("not be 'default'", value, 'import the default bus with EventBus.fromEventBusName()');
  }
  if (value.includes('/')) {
    return problem("not contain '/'", value, "remove it, or use 'eventSourceName' for a partner bus");
  }
  const pattern = new RegExp(`^[.\\-_A-Za-z0-9]{1,${EVENT_BUS_NAME_CHARACTERS}}$`);
  return pattern.test(value)
    ? undefined
    : problem(
        `be 1 to ${EVENT_BUS_NAME_CHARACTERS} letters, digits, '.', '-' or '_'`,
        value,
        'choose another name, or leave it out to generate one',
      );
};

export const eventBusArn: Format = (value) => {
  if (/:event-busv2\//.test(value)) {
    return problem('be the ARN of a classic event bus', value, 'use a custom event bus of the classic generation');
  }
  return /^arn:aws[a-z-]*:events:[a-z0-9-]+:\d{12}:event-bus\/[/.\-_A-Za-z0-9]{1,256}$/.test(value)
    ? undefined
    : problem(
        "be 'arn:PARTITION:events:REGION:ACCOUNT:event-bus/NAME'",
        value,
        "copy it from 'aws events describe-event-bus'",
      );
};

/** The ARN of a function, version or alias. */
export const functionArn: Format = (value) =>
  /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/.test(value)
    ? undefined
    : problem(
        "be 'arn:PARTITION:lambda:REGION:ACCOUNT:function:NAME', optionally with a version or alias",
        value,
        "copy it from 'aws lambda get-function'",
      );

/** A role that a message names by its construct, because its name is known only at deployment. */
const CONSTRUCT_PATH = /[<>‹›]|:role\/.+\/(Resource|Default)$/;

export const roleArn: Format = (value) => {
  if (/:sts:.*:assumed-role\//.test(value)) {
    return problem(
      'be the ARN of a role',
      value,
      "use the ARN of the role, 'arn:aws:iam::ACCOUNT:role/NAME', instead of a session",
    );
  }
  if (SERVICE.test(value)) {
    return problem('be the ARN of a role', value, 'allow a service with EventPublisher.service()');
  }
  if (/[*?]/.test(value)) {
    return problem('name one role', value, 'list the roles, or allow the account with EventPublisher.accounts()');
  }
  if (CONSTRUCT_PATH.test(value)) {
    return problem(
      'be the ARN of a role, not one with the path of a construct',
      value,
      "pass the role with a 'roleName', or allow its account with EventPublisher.accounts()",
    );
  }
  return /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/.test(value)
    ? undefined
    : problem("be 'arn:PARTITION:iam::ACCOUNT:role/NAME'", value, "copy it from 'aws iam get-role'");
};

export const roleName: Format = (value) =>
  new RegExp(`^[\\w+=,.@-]{1,${ROLE_NAME_CHARACTERS}}$`).test(value)
    ? undefined
    : problem(
        `be 1 to ${ROLE_NAME_CHARACTERS} letters, digits or any of +=,.@_-`,
        value,
        'choose another name, or leave it out to generate one',
      );

export const externalId: Format = (value) =>
  new RegExp(`^[\\w+=,.@:/-]{${EXTERNAL_ID_CHARACTERS.min},${EXTERNAL_ID_CHARACTERS.max}}$`).test(value)
    ? undefined
    : problem(
        `hold ${EXTERNAL_ID_CHARACTERS.min} to ${EXTERNAL_ID_CHARACTERS.max} letters, digits or any of +=,.@:/-_`,
        value,
        'choose another one',
      );

export const statementId: Format = (value) =>
  new RegExp(`^[\\w-]{1,${STATEMENT_ID_CHARACTERS}}$`).test(value)
    ? undefined
    : problem(
        `be 1 to ${STATEMENT_ID_CHARACTERS} letters, digits, '-' or '_'`,
        value,
        'choose another one, or leave it out to generate one',
      );

/** A source or detail type, which conditions match exactly. */
export const eventField: Format = (value) => {
  if (value.includes('${')) {
    return problem(
      'hold exact values',
      value,
      'list the values instead of a policy variable, which the principal of the call determines',
    );
  }
  if (/[*?]/.test(value)) {
    return problem('hold exact values', value, 'list the values, because wildcards are not supported here');
  }
  return value.length >= 1 && value.length <= EVENT_FIELD_CHARACTERS && value.trim() === value
    ? undefined
    : problem(
        `hold 1 to ${EVENT_FIELD_CHARACTERS} characters without leading or trailing whitespace`,
        value,
        'use the value of the events',
      );
};

/** A whole number between limits. */
export function integerBetween(
  { min, max }: { min: number; max: number },
  unit: string,
): (value: number) => string | undefined {
  return (value) =>
    Number.isInteger(value) && value >= min && value <= max
      ? undefined
      : problem(`be a whole number of ${unit} from ${min} to ${max}`, value, 'choose a value in this range');
}

/** The text of a problem with a value. */
export function problem(must: string, got: unknown, fix: string): string {
  return `must ${must}, got ${typeof got === 'string' ? `'${got}'` : String(got)}; ${fix}`;
}
