import { ResourcePolicyStatement } from '../../app-model/app-model';
import { ResourceDifference } from '../../eventbridge/bus-resources';
import { ShortFormFault, statementForShortForm } from '../../eventbridge/short-form';
import { parseArn } from '../../iam/arn';
import { InvalidPrincipal, PrincipalFault } from '../../iam/principal-formats';
import { Json, isObject } from '../../iam/statement';
import { ElementFault, RequiredElement } from '../../iam/statement-elements';
import { displayText } from '../../iam/unresolved-text';
import { FindingText } from '../engine/finding';

/** The texts of findings about statements that AWS rejects. */

/** What the statements of a policy contain. */
export interface PolicyKind {
  /** The part of an ARN by which the kind is recognized. */
  readonly marker: string;
  readonly action: string;
  /** The value of `Resource`, if it is not the ARN of the resource. */
  readonly resource?: string;
}

/** A policy whose statements can be of any service. */
const ANY_KIND: PolicyKind = { marker: '', action: 'lambda:InvokeFunction' };

export function shortFormRejected(entry: ResourcePolicyStatement, fault: ShortFormFault): FindingText {
  const { property, value, accepted } = fault;
  const statement = isObject(entry.statement) ? statementForShortForm(entry.statement) : {};
  return {
    problem:
      value === undefined
        ? `${nameOf(entry)} has no '${property}'`
        : `'${property}' of ${nameOf(entry)} is ${textOf(value)}`,
    reason: `without 'Statement', EventBridge accepts only ${accepted}`,
    fix:
      property === 'Principal' && value === undefined
        ? `set 'Principal' to ${accepted}`
        : `use 'Statement' in place of 'Action', 'Principal' and 'Condition': ${textOf(statement)}`,
  };
}

export function elementRejected(
  entry: ResourcePolicyStatement,
  fault: ElementFault,
  kind: PolicyKind = ANY_KIND,
): FindingText {
  const name = nameOf(entry);
  switch (fault.kind) {
    case 'unreadable':
      return {
        problem: `${name} is ${textOf(fault.value)}`,
        reason: 'AWS requires a JSON object',
        fix: "write an object with 'Effect', 'Principal', 'Action' and 'Resource'",
      };
    case 'missing':
      return missingElement(entry, fault, kind);
    case 'form':
      return {
        problem: `'${fault.element}' of ${name} is ${textOf(fault.value)}`,
        reason: `AWS requires ${FORMS[fault.element]}`,
        fix: `write ${exampleOf(fault.element, entry, kind)}`,
      };
    case 'principal':
      return invalidPrincipal(name, fault.principal);
    case 'condition':
      return invalidCondition(name, fault);
    case 'operator':
      return unknownOperator(name, fault);
  }
}

function invalidCondition(name: string, { operator, value }: ElementFault & { kind: 'condition' }): FindingText {
  if (operator === undefined) {
    return {
      problem: `'Condition' of ${name} is ${textOf(value)}`,
      reason: 'AWS requires an object of operators, each with an object of condition keys',
      fix: 'write "Condition": { "OPERATOR": { "KEY": "VALUE" } }',
    };
  }
  return {
    problem: `'${operator}' in 'Condition' of ${name} is ${textOf(value)}`,
    reason: 'AWS requires an object of condition keys for each operator',
    fix: `write "${operator}": { "KEY": "VALUE" }`,
  };
}

function unknownOperator(name: string, { operator, similarName }: ElementFault & { kind: 'operator' }): FindingText {
  return {
    problem: `'Condition' of ${name} has the operator '${operator}'`,
    reason: 'AWS has no such operator',
    fix: similarName === undefined ? knownOperator(operator) : `change the operator to '${similarName}'`,
  };
}

function knownOperator(name: string): string {
  return /^(aws|events|kms|lambda|sns|sqs):/i.test(name)
    ? `put the condition key into an operator: "StringEquals": { "${name}": "VALUE" }`
    : "use an operator of AWS, such as 'StringEquals', 'StringLike' or 'ArnLike'";
}

function missingElement(
  entry: ResourcePolicyStatement,
  { element, similarName }: ElementFault & { kind: 'missing' },
  kind: PolicyKind,
): FindingText {
  const orNegated = element === 'Effect' ? '' : ` or 'Not${element}'`;
  const isIgnored = kind.marker === ':kms:' && (element === 'Action' || element === 'Resource');
  return {
    problem: `${nameOf(entry)} has no '${element}'`,
    reason: `${isIgnored ? 'AWS KMS ignores' : 'AWS rejects'} statements without '${element}'${orNegated}`,
    fix:
      similarName === undefined
        ? `add ${exampleOf(element, entry, kind)}`
        : `rename '${displayText(similarName)}' to '${element}'`,
  };
}

const FORMS: { readonly [element in RequiredElement]: string } = {
  Effect: "'Allow' or 'Deny', in this case",
  Principal: "'*' or an object with lists of principals by type",
  Action: 'one or more actions with the prefix of their service',
  Resource: 'one or more ARNs',
};

function exampleOf(element: RequiredElement, { resourceArn }: ResourcePolicyStatement, kind: PolicyKind): string {
  switch (element) {
    case 'Effect':
      return '"Effect": "Allow"';
    case 'Principal':
      return '"Principal" with an account, such as { "AWS": "111122223333" }, or a service';
    case 'Action':
      return `"Action", such as "${kind.action}"`;
    case 'Resource':
      return `"Resource": "${kind.resource ?? displayText(resourceArn)}"`;
  }
}

function invalidPrincipal(name: string, { type, value, fault }: InvalidPrincipal): FindingText {
  const { reason, fix } = PRINCIPAL_FAULTS[fault];
  return {
    problem: `${name} has the principal ${textOf({ [type]: value })}`,
    reason,
    fix: (fault === 'wildcard' && wildcardAsCondition(value)) || fix,
  };
}

/** The account as principal, and the wildcard in a condition; undefined if the account is unknown. */
function wildcardAsCondition(arn: string): string | undefined {
  const { partition, account = '' } = parseArn(arn) ?? {};
  if (!/^\d{12}$/.test(account)) return undefined;
  const condition = `"ArnLike": { "aws:PrincipalArn": "${displayText(arn)}" }`;
  return `use arn:${partition}:iam::${account}:root as principal, and add ${condition} to 'Condition'`;
}

const PRINCIPAL_FAULTS: { readonly [fault in PrincipalFault]: Required<Omit<FindingText, 'problem'>> } = {
  type: {
    reason: "the type of a principal is 'AWS', 'Service', 'Federated' or 'CanonicalUser'",
    fix: "write accounts, roles and users as 'AWS' and services as 'Service'",
  },
  format: {
    reason: 'it is not the 12-digit ID of an account, the ARN of a role or user, or the name of a service',
    fix: 'write a 12-digit account ID, arn:PARTITION:iam::ACCOUNT:role/NAME, or SERVICE.amazonaws.com',
  },
  account: {
    reason: 'its ARN has no valid account',
    fix: 'write the 12-digit account ID in the ARN',
  },
  resource: {
    reason: 'it is not the ARN of an account, role or user',
    fix: "name the role or the account that calls; for a service, use 'Service' and a condition on 'aws:SourceArn'",
  },
  service: {
    reason: "an AWS service is not a principal of type 'AWS'",
    fix: "change 'AWS' to 'Service'",
  },
  wildcard: {
    reason: 'AWS rejects principals with a wildcard in their name',
    fix: "name the account of the principal, and add an 'ArnLike' condition on 'aws:PrincipalArn' with the wildcard",
  },
};

export function otherResource(
  entry: ResourcePolicyStatement,
  resource: string,
  difference: ResourceDifference,
): FindingText {
  const ownArn = parseArn(resource)?.resource.startsWith('rule/') ? ruleArnsOn(entry.resourceArn) : entry.resourceArn;
  const reason =
    difference === 'ARN' ? 'it is not an ARN' : `its ${difference} is not that of the bus that has the policy`;
  return {
    problem: `'Resource' of ${nameOf(entry)} is ${displayText(resource)}`,
    reason,
    fix: `change 'Resource' to ${displayText(ownArn)}${orOtherBus(entry, resource, difference)}`,
  };
}

/** The ARN of all rules on a bus. */
function ruleArnsOn(busArn: string): string {
  return `${busArn.replace(/:event-bus\/default$/, ':rule').replace(':event-bus/', ':rule/')}/*`;
}

/** The fix if the statement is for another bus, and only its `EventBusName` is wrong. */
function orOtherBus({ construct }: ResourcePolicyStatement, resource: string, difference: ResourceDifference): string {
  const name = /^event-bus\/([^*?]+)$/.exec(parseArn(resource)?.resource ?? '')?.[1];
  if (difference !== 'name' || name === undefined || construct.cfnResourceType !== 'AWS::Events::EventBusPolicy') {
    return '';
  }
  return `, or, if the statement is for that bus, set 'EventBusName' to '${displayText(name)}'`;
}

function nameOf({ id, resourceArn }: ResourcePolicyStatement): string {
  return `statement '${displayText(id)}' on ${displayText(resourceArn)}`;
}

function textOf(value: Json): string {
  return displayText(JSON.stringify(value));
}
