import { Arn, ArnFormat, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { Reader } from './model/reader';
import { accountId, organizationId, roleArn } from './policy/formats';
import { Conditions, Publisher, RoleIdentity } from './policy/grants';
import { opennessOf } from './policy/openness';
import { Json, canonical, isObject, listOf } from './policy/statement';
import { hasUnknown } from './policy/text';
import { canSpellOut, compare } from './private/environment';
import { checkFormat, checkList, invalid } from './private/errors';

/**
 * Who may publish on an event bus, whatever the account.
 *
 * Makes nothing by itself: give it to `CrossAccountEventBus`, which checks it and writes the bus policy. The publisher needs an identity
 * policy in its own account besides; `PublisherRole` has it.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-permissions.html
 */
export class EventPublisher {
  /**
   * Every principal of the accounts of an organization.
   *
   * Service principals are not of an organization: an AWS service that publishes by itself is not let in by this.
   *
   * @param id of the organization, such as `o-a1b2c3d4e5`
   */
  public static organization(id: string): EventPublisher {
    return new EventPublisher((bus) => organizations(bus, id));
  }

  /**
   * Every principal of the accounts. Each account still decides by identity policies which of its principals may publish.
   *
   * @param accountIds 12 digits each, as quoted strings
   */
  public static accounts(...accountIds: string[]): EventPublisher {
    return new EventPublisher((bus) => accounts(bus, accountIds));
  }

  /**
   * One role, and nobody else of its account.
   *
   * The bus policy names the role's account, and the role by a condition: the role need not exist when the policy is written,
   * and may be made again under the same name.
   *
   * @param role a role of the app, or the ARN of one
   */
  public static role(role: iam.IRoleRef | string): EventPublisher {
    return new EventPublisher((bus) => (typeof role === 'string' ? roleByArn(bus, role) : roleOfApp(bus, role)));
  }

  /**
   * A principal as the CDK describes it, with its conditions kept.
   *
   * A wildcard, or a service that could act for any account, is refused: it must come with a condition that limits the caller.
   */
  public static principal(principal: iam.IPrincipal): EventPublisher {
    return new EventPublisher((bus) => byPrincipal(bus, principal));
  }

  private constructor(private readonly render: (bus: IConstruct) => Publisher) {}

  /**
   * The publisher as data, checked on behalf of the bus that it is given to.
   * @internal
   */
  public _render(bus: IConstruct): Publisher {
    return this.render(bus);
  }
}

function organizations(bus: IConstruct, id: string): Publisher {
  checkFormat(bus, 'organization', id, organizationId);
  return { kind: 'Organizations', organizations: [id] };
}

function accounts(bus: IConstruct, ids: string[]): Publisher {
  checkList(bus, 'accounts', ids, accountId, 'leave the publisher out to let nobody in');
  return { kind: 'Accounts', accounts: ids };
}

function roleByArn(bus: IConstruct, arn: string): Publisher {
  checkFormat(bus, 'role', arn, roleArn);
  return { kind: 'Roles', roles: [{ arn, account: accountOf(arn) }] };
}

function accountOf(arn: string): string {
  return Arn.split(arn, ArnFormat.SLASH_RESOURCE_NAME).account!;
}

function roleOfApp(bus: IConstruct, role: iam.IRoleRef): Publisher {
  const { account } = role.env;
  checkFormat(bus, 'role', role.roleRef.roleArn, roleArn);
  if (Token.isUnresolved(account) && account === Stack.of(role).account && compare(account, Stack.of(bus).account) !== 'same') {
    throw invalid(bus, `'role' must be of a stack that knows its account, got '${role.node.path}', whose stack does not, while that of the bus does; `
      + "give the stack of the role an 'env'");
  }
  const arn = role.roleRef.roleArn;
  if (!canSpellOut(bus, arn)) {
    throw invalid(bus, `'role' must have a name to be known in another account, got the unnamed '${role.node.path}'; `
      + "give it a 'roleName', such as PhysicalName.GENERATE_IF_NEEDED");
  }
  return { kind: 'Roles', roles: [{ arn: spelledOut(bus, arn), account: role.env.account }] };
}

/** The ARN as text where it is known by now: tokens have no order that stays, and a role is one however it is referred to. */
function spelledOut(bus: IConstruct, arn: string): string {
  if (!Token.isUnresolved(arn)) return arn;
  const text = new Reader().resolve(Stack.of(bus), arn) as string;
  return roleArn(text) === undefined ? text.replace(/^arn:[^:]+/, `arn:${Stack.of(bus).partition}`) : arn;
}

function byPrincipal(bus: IConstruct, principal: iam.IPrincipal): Publisher {
  if (isRole(principal)) return roleOfApp(bus, principal);
  const { Principal, Condition = {}, text } = described(bus, principal);
  refuseUncallable(bus, text);
  return simpler(bus, Principal, text, Condition) ?? literally(bus, Principal, Condition);
}

/** As a statement has it, and with the tokens of its principal as text. */
function described(bus: IConstruct, principal: iam.IPrincipal) {
  try {
    const { Principal, Condition } = new iam.PolicyStatement({ principals: [principal] }).toStatementJson();
    Stack.of(bus).resolve(Principal);
    return { Principal, Condition, text: new Reader().resolve(Stack.of(bus), Principal) };
  } catch (e) {
    const [reason] = (e as Error).message.split('\n');
    throw invalid(bus, `'principal' must be one that a policy can name, got one that it cannot: ${reason}; name the role or its account`);
  }
}

/** Only roles, users, their sessions and services put events. AWS refuses other ARNs, and never meets a provider of identities here. */
function refuseUncallable(bus: IConstruct, principal: Json): void {
  for (const [type, value] of Object.entries(isObject(principal) ? principal : {}).flatMap(([t, values]) => listOf(values).map((v) => [t, v]))) {
    if (type === 'Service' || (type === 'AWS' && (hasUnknown(value) || CALLER.test(value)))) continue;
    throw invalid(bus, `'principal' must be an account, organization, role, user or service, got '${value}'; a policy takes no other, and no wildcard within`);
  }
}

/** An account, a role, user or session of one, the unique id of one that was deleted, or everybody. */
const CALLER = /^(\*|\d{12}|arn:[^:]+:(iam|sts)::\d{12}:[^*?]+|A[A-Z0-9]{15,})$/;

/** The same grant by account, organization or role, so that it can share a statement. */
function simpler(bus: IConstruct, principal: Json, text: Json, conditions: Conditions): Publisher | undefined {
  const aws = listOf(isObject(text) ? text.AWS : text);
  if ((isObject(text) && Object.keys(text).join() !== 'AWS') || aws.length === 0) return undefined;
  const owners = aws.flatMap((value) => /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(value)?.[1] ?? []);
  const unconditional = Object.keys(conditions).length === 0;
  if (unconditional && owners.length === aws.length) return accounts(bus, owners);
  if (aws.length === 1 && roleArn(aws[0]) === undefined) {
    const role = { account: accountOf(aws[0]), arn: isObject(principal) ? listOf(principal.AWS)[0] : aws[0] };
    return unconditional ? { kind: 'Roles', roles: [role] } : roleOnConditions(bus, role, conditions);
  }
  const organization = conditions.StringEquals?.['aws:PrincipalOrgID'];
  const onlyOrganization = typeof organization === 'string' && canonical(conditions) === canonical({ StringEquals: { 'aws:PrincipalOrgID': organization } });
  return onlyOrganization && canonical(aws) === '["*"]' ? organizations(bus, organization) : undefined;
}

/** By a condition as well, so that the role need not exist; unless that is what the principal has a condition on. */
function roleOnConditions(bus: IConstruct, { account, arn }: RoleIdentity, conditions: Conditions): Publisher | undefined {
  if (conditions.ArnEquals?.['aws:PrincipalArn'] !== undefined) return undefined;
  const root = Stack.of(bus).formatArn({ service: 'iam', region: '', account, resource: 'root' });
  return { kind: 'Principal', principal: { AWS: root }, conditions: { ...conditions, ArnEquals: { ...conditions.ArnEquals, 'aws:PrincipalArn': arn } } };
}

/** As it is, unless that lets in callers that nobody named. */
function literally(bus: IConstruct, principal: Json, conditions: Conditions): Publisher {
  const openness = opennessOf(new Reader().resolve(Stack.of(bus), { Effect: 'Allow', Principal: principal, Condition: conditions }));
  if (openness.to === 'anyone') {
    throw invalid(bus, `'principal' must not let strangers in, got one that does: ${openness.because}; name the accounts, the organization or the source account`);
  }
  return { kind: 'Principal', principal, conditions };
}

function isRole(principal: iam.IPrincipal): principal is iam.IRole {
  return 'roleArn' in principal && 'roleRef' in principal;
}
