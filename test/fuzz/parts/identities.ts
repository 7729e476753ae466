import * as iam from 'aws-cdk-lib/aws-iam';
import * as fc from 'fast-check';
import { AllowedEventsDescription, allowedEvents, renderAllowedEvents } from './allowed-events';
import { documents, trustPolicies } from './statements';
import { CrossAccountPrincipal, PublisherRole } from '../../../src';
import { Place } from '../place';
import { ACCOUNTS, Mode, ORGANIZATIONS, Value, arnOf, index, maybe, text } from '../values';

/** A role, user or policy. */
export interface IdentityDescription {
  readonly stack: number;
  readonly kind: 'l1 role' | 'l2 role' | 'publisher role' | 'imported role' | 'user' | 'managed policy';
  readonly name?: Value;
  readonly trust: Value;
  readonly assumedBy: 'events' | 'lambda' | 'account' | 'organization' | 'external ID' | 'anyone';
  readonly policy: Value;
  readonly boundary?: Value;
  readonly buses: readonly number[];
  readonly allowedEvents?: AllowedEventsDescription;
  readonly account: string;
}

const KNOWN_KINDS = ['l1 role', 'publisher role'] as const;
const KINDS = [...KNOWN_KINDS, 'l1 role', 'l2 role', 'imported role', 'user', 'managed policy'] as const;
const ACTIONS = [
  ...['events:PutEvents', 'lambda:InvokeFunction', 'sqs:SendMessage', 'sns:Publish', 'kinesis:PutRecord'],
  ...['events:PutRule', 'states:StartExecution', 'execute-api:Invoke'],
];

export function identities(mode: Mode): fc.Arbitrary<IdentityDescription> {
  const isKnown = mode === 'known';
  const resources = fc.oneof(
    { weight: 6, arbitrary: arnOf('buses') },
    ...(['functions', 'queues', 'topics', 'streams'] as const).map((of) => ({ weight: 1, arbitrary: arnOf(of) })),
  );
  const policy = documents(mode, { actions: isKnown ? ['events:PutEvents'] : ACTIONS, resource: resources });
  const name = text(mode, 'publisher', 'sender', 'runner');
  const boundary = fc.constantFrom<Value>(`arn:aws:iam::${ACCOUNTS[0]}:policy/boundary`, { $: 'import' });
  return fc.record({
    stack: index,
    kind: fc.constantFrom(...(isKnown ? KNOWN_KINDS : KINDS)),
    name: isKnown ? name : maybe(name, 4),
    trust: trustPolicies(mode),
    assumedBy: isKnown
      ? fc.constant<'lambda'>('lambda')
      : fc.constantFrom('events', 'lambda', 'account', 'organization', 'external ID', 'anyone'),
    policy,
    boundary: isKnown ? fc.constant(undefined) : maybe(boundary, 8),
    buses: fc.array(index, { minLength: 1, maxLength: 2 }),
    allowedEvents: maybe(allowedEvents(mode)),
    account: fc.constantFrom(...ACCOUNTS),
  });
}

export function buildIdentity(place: Place, described: IdentityDescription): void {
  const { id, stack } = place;
  const { account, boundary, buses, kind } = described;
  const name = place.name(place.render(described.name));
  const addRole = (role: iam.IRoleRef) =>
    place.add('roles', role, role.roleRef.roleArn, { service: 'iam', resource: 'role/{}', name, isGlobal: true });
  const policies = () => [{ policyName: 'own', policyDocument: place.render(described.policy) }];
  const permissionsBoundary = place.render(boundary) as string | undefined;
  switch (kind) {
    case 'l1 role':
      return addRole(
        new iam.CfnRole(stack, id, {
          roleName: name,
          assumeRolePolicyDocument: place.render(described.trust) ?? {},
          policies: policies(),
          permissionsBoundary,
        }),
      );
    case 'l2 role':
      return addRole(new iam.Role(stack, id, { roleName: name, assumedBy: principalOf(described) }));
    case 'publisher role':
      return addRole(
        new PublisherRole(stack, id, {
          roleName: name,
          assumedBy: principalOf(described),
          eventBuses: buses.flatMap((at) => place.at<never>('buses', at)?.construct ?? []),
          allowedEvents: described.allowedEvents && renderAllowedEvents(place, described.allowedEvents),
        }),
      );
    case 'imported role':
      return addRole(iam.Role.fromRoleArn(stack, id, `arn:aws:iam::${account}:role/${name ?? 'publisher'}`));
    case 'user':
      new iam.CfnUser(stack, id, { userName: name, policies: policies(), permissionsBoundary });
      return;
    case 'managed policy': {
      const roles = place.among<iam.CfnRole>('roles', buses[0], (role) => iam.CfnRole.isCfnRole(role));
      const attached = roles?.stack === stack ? [roles.construct.ref] : [name ?? 'publisher'];
      new iam.CfnManagedPolicy(stack, id, { policyDocument: place.render(described.policy) ?? {}, roles: attached });
    }
  }
}

function principalOf({ account, assumedBy }: IdentityDescription): iam.IPrincipal {
  switch (assumedBy) {
    case 'events':
      return new iam.ServicePrincipal('events.amazonaws.com');
    case 'lambda':
      return new iam.ServicePrincipal('lambda.amazonaws.com');
    case 'account':
      return new iam.AccountPrincipal(account);
    case 'organization':
      return CrossAccountPrincipal.inOrganization(account, ORGANIZATIONS[0]);
    case 'external ID':
      return CrossAccountPrincipal.withExternalId(account, 'external');
    default:
      return new iam.AnyPrincipal();
  }
}
