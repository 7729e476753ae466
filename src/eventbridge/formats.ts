import {
  EVENT_BUS_NAME_CHARACTERS,
  EVENT_FIELD_CHARACTERS,
  EXTERNAL_ID_CHARACTERS,
  ROLE_NAME_CHARACTERS,
  STATEMENT_ID_CHARACTERS,
} from './quotas';

/**
 * Formats that AWS asks for. Each function gives what is wrong with a value, or nothing when it is right:
 * "must …, got '…'; <remedy>", to be put behind the name of the property.
 */
export type Format = (value: string) => string | undefined;

const SERVICE = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/;

export const accountId: Format = (value) =>
  /^\d{12}$/.test(value)
    ? undefined
    : problem('hold 12-digit account ids', value, 'write it as a quoted string so that leading zeros survive');

/** An account that publishes. */
export const publishingAccount: Format = (value) =>
  SERVICE.test(value)
    ? problem('hold 12-digit account ids', value, 'let a service in with EventPublisher.service()')
    : accountId(value);

export const organizationId: Format = (value) =>
  /^o-[a-z0-9]{10,32}$/.test(value)
    ? undefined
    : problem(
        "be an organization id, 'o-' and 10 to 32 lower-case letters or digits",
        value,
        "take it from 'aws organizations describe-organization'",
      );

export const organizationalUnitPath: Format = (value) => {
  if (/^o-[a-z0-9]{10,32}\/\*?$/.test(value)) {
    return problem(
      'hold paths of organizational units',
      value,
      'let the whole organization in with EventPublisher.organization()',
    );
  }
  if (/^o-[a-z0-9]+\/r-[^*]*[^/*]$/.test(value)) {
    return problem(
      "hold paths that end in '/*' or '/'",
      value,
      "end it in '/*' for the unit and everything below, in '/' for the accounts of the unit alone",
    );
  }
  return /^o-[a-z0-9]{10,32}\/r-[a-z0-9]{4,32}\/(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}\/)*\*?$/.test(value)
    ? undefined
    : problem(
        "hold paths of organizational units, 'o-…/r-…/ou-…/*'",
        value,
        'name every unit from the organization and its root down',
      );
};

/** Services that publish with a role of their user, never by themselves. */
const SERVICES_USING_ROLES =
  /^(apigateway|batch|codebuild|ec2|ecs-tasks|eks|glue|lambda|pipes|sagemaker|scheduler|states)\./;

export const servicePrincipal: Format = (value) => {
  if (SERVICES_USING_ROLES.test(value)) {
    return problem(
      'be a service that puts events by itself',
      value,
      'it uses a role of yours: let that in with EventPublisher.role()',
    );
  }
  return SERVICE.test(value)
    ? undefined
    : problem(
        "be the name of a service, such as 'ses.amazonaws.com'",
        value,
        'let accounts and roles in with EventPublisher.accounts() and .role()',
      );
};

export const sourceArn: Format = (value) =>
  /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12})?:.+$/.test(value)
    ? undefined
    : problem(
        'hold ARNs whose service and account are written out',
        value,
        'wildcards may stand after the account only',
      );

/** A pattern of ARNs that targets may have. */
export const targetArn: Format = (value) =>
  /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9*-]*:\d{12}:.+$/.test(value)
    ? undefined
    : problem(
        'hold ARNs whose service and account are written out',
        value,
        'wildcards may stand for the region and after the account only',
      );

export const eventBusName: Format = (value) => {
  if (value === 'default') {
    return problem(
      "not be 'default'",
      value,
      'every account has that bus already: refer to it with EventBus.fromEventBusName()',
    );
  }
  if (value.includes('/')) return problem("not contain '/'", value, "only partner buses have it, by 'eventSourceName'");
  const pattern = new RegExp(`^[.\\-_A-Za-z0-9]{1,${EVENT_BUS_NAME_CHARACTERS}}$`);
  return pattern.test(value)
    ? undefined
    : problem(
        `be 1 to ${EVENT_BUS_NAME_CHARACTERS} letters, digits, '.', '-' or '_'`,
        value,
        'choose another name, or none to have one made',
      );
};

export const eventBusArn: Format = (value) => {
  if (/:event-busv2\//.test(value)) {
    return problem(
      'be the ARN of a classic event bus',
      value,
      'this library is for custom event buses of the classic generation',
    );
  }
  return /^arn:aws[a-z-]*:events:[a-z0-9-]+:\d{12}:event-bus\/[/.\-_A-Za-z0-9]{1,256}$/.test(value)
    ? undefined
    : problem(
        "be 'arn:PARTITION:events:REGION:ACCOUNT:event-bus/NAME'",
        value,
        "copy it from 'aws events describe-event-bus'",
      );
};

/** A function, or a version or alias of one. */
export const functionArn: Format = (value) =>
  /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/.test(value)
    ? undefined
    : problem(
        "be 'arn:PARTITION:lambda:REGION:ACCOUNT:function:NAME', with a version or alias behind it or none",
        value,
        "copy it from 'aws lambda get-function'",
      );

export const roleArn: Format = (value) => {
  if (/:sts:.*:assumed-role\//.test(value)) {
    return problem(
      'be the ARN of a role',
      value,
      "name the role itself, 'arn:aws:iam::ACCOUNT:role/NAME', not a session of it",
    );
  }
  if (SERVICE.test(value)) {
    return problem('be the ARN of a role', value, 'let a service in with EventPublisher.service()');
  }
  if (/[*?]/.test(value)) {
    return problem('name one role', value, 'list the roles, or let the account in with EventPublisher.accounts()');
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
        'choose another name, or none to have one made',
      );

export const externalId: Format = (value) =>
  new RegExp(`^[\\w+=,.@:/-]{${EXTERNAL_ID_CHARACTERS.min},${EXTERNAL_ID_CHARACTERS.max}}$`).test(value)
    ? undefined
    : problem(
        `hold ${EXTERNAL_ID_CHARACTERS.min} to ${EXTERNAL_ID_CHARACTERS.max} letters, digits or any of +=,.@:/-_`,
        value,
        'agree on another one',
      );

export const statementId: Format = (value) =>
  new RegExp(`^[\\w-]{1,${STATEMENT_ID_CHARACTERS}}$`).test(value)
    ? undefined
    : problem(
        `be 1 to ${STATEMENT_ID_CHARACTERS} letters, digits, '-' or '_'`,
        value,
        'choose another, or none to have one made',
      );

/** A source or detail type that conditions compare to the letter. */
export const eventField: Format = (value) => {
  if (value.includes('${')) {
    return problem(
      'hold exact values',
      value,
      'callers would choose what a policy variable stands for: list the values',
    );
  }
  if (/[*?]/.test(value)) {
    return problem(
      'hold exact values',
      value,
      'wildcards are compared to the letter here and would match nothing: list the values',
    );
  }
  return value.length >= 1 && value.length <= EVENT_FIELD_CHARACTERS && value.trim() === value
    ? undefined
    : problem(
        `hold 1 to ${EVENT_FIELD_CHARACTERS} characters without white space around them`,
        value,
        'write it as the publisher puts it',
      );
};

/** A number within bounds. */
export function integerBetween(
  bounds: { min: number; max: number },
  unit: string,
): (value: number) => string | undefined {
  return (value) =>
    Number.isInteger(value) && value >= bounds.min && value <= bounds.max
      ? undefined
      : problem(
          `be a whole number of ${unit} from ${bounds.min} to ${bounds.max}`,
          value,
          'EventBridge accepts no other',
        );
}

/** The form of every message about a value. */
export function problem(must: string, got: unknown, remedy: string): string {
  return `must ${must}, got ${typeof got === 'string' ? `'${got}'` : String(got)}; ${remedy}`;
}
