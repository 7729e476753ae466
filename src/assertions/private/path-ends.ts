import { CfnResource, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { correctArn } from './similar-arns';
import { CLASS_NAME, SynthesizedApps } from './synthesized-apps';
import { AppIndex } from '../../app-model/app-index';
import { allowedBusArns } from '../../checks/delivery/lib/put-events';
import { readNow } from '../../core/environment';
import { validationError } from '../../core/validation-error';
import { Publisher, anyIdentityIn, externalIdentity } from '../../delivery-paths/publisher';
import { isArnOf, isBusArn } from '../../delivery-paths/routes';
import { accountId, serviceName } from '../../eventbridge/formats';
import { parseArn, unqualifiedFunctionArn } from '../../iam/arn';
import { isObject } from '../../iam/statement';
import { Ternary, some } from '../../iam/ternary';
import { splitText } from '../../iam/unresolved-text';
import { EventDeliveryOptions } from '../event-delivery-options';

/** The beginning and the end of the paths that an assertion is about. */

/** A target, and whether an ARN is one of it. */
export interface TargetEnd {
  readonly targetArn: string;
  readonly isTarget: (arn: string) => Ternary;
}

/** The publisher of an assertion. Throws an error for one that does not exist in the apps. */
export function publisherOf(apps: SynthesizedApps, props: EventDeliveryOptions): Publisher {
  const { publisher, publisherArn, publisherAccount, publisherService } = props;
  requireOne('publisher', { publisher, publisherArn, publisherAccount, publisherService });
  if (publisherService !== undefined) {
    const found = Token.isUnresolved(publisherService)
      ? 'must be a literal name, got a token'
      : serviceName(publisherService);
    if (found) throw invalid('publisherService', found);
    return { kind: 'service', service: publisherService };
  }
  if (publisherAccount !== undefined) {
    const found = accountId(publisherAccount);
    if (found) throw invalid('publisherAccount', found);
    return anyIdentityIn(publisherAccount, apps.root);
  }
  if (publisherArn !== undefined) return publisherByArn(apps, 'publisherArn', publisherArn);
  const resource = resourceIn(apps, 'publisher', publisher!);
  if (resource) return publisherByResource(apps, publisher!, resource);
  return publisherByArn(apps, 'publisher', arnOf('publisher', publisher!));
}

function publisherByArn({ index, root }: SynthesizedApps, property: string, arn: string): Publisher {
  if (property === 'publisherArn') requireLiteral(property, arn);
  const identity = index.roleOrUser(arn);
  if (identity) return { kind: 'identity', identity };
  const { service, resource = '' } = parseArn(arn) ?? {};
  if (service === 'iam' && /^(role|user)\//.test(resource)) return externalIdentity(arn, root);
  if (service === 'events' && resource.startsWith('event-bus/')) {
    requireBus(index, property, arn);
    return { kind: 'bus', busArn: arn };
  }
  const rule = index.model.rules.find((candidate) => candidate.arn === arn);
  if (rule) return { kind: 'rule', rule };
  throw invalid(property, `must be the ARN of a role, user or bus, or of a rule in one of the apps, got '${arn}'`);
}

function publisherByResource({ index }: SynthesizedApps, publisher: IConstruct, resource: CfnResource): Publisher {
  const { eventBuses, functions, publishers, roles, rules, users } = index.model;
  const isResource = ({ construct }: { construct: CfnResource }) => construct === resource;
  const bus = eventBuses.find(isResource);
  if (bus) return { kind: 'bus', busArn: bus.arn };
  const rule = rules.find(isResource);
  if (rule) return { kind: 'rule', rule };
  const withRole = functions.find(isResource) ?? publishers.find(isResource);
  const identity = [...roles, ...users].find(isResource) ?? index.role(withRole?.roleArn ?? '');
  if (identity) return { kind: 'identity', identity, ...(withRole && { resource }) };
  throw invalid(
    'publisher',
    'must be a role, a user, a rule, a bus, or a resource with a role of the apps, ' +
      `got '${publisher.node.path}' (${resource.cfnResourceType}); pass the role with which it puts events`,
  );
}

/** The target of an assertion. Throws an error for one that does not exist in the apps. */
export function targetOf(apps: SynthesizedApps, { target, targetArn }: EventDeliveryOptions): TargetEnd {
  requireOne('target', { target, targetArn });
  const resource = target && resourceIn(apps, 'target', target);
  if (resource) return targetWithArns(apps.index, knownArnsOf(apps, resource));
  const arn = targetArn ?? arnOf('target', target!);
  if (targetArn !== undefined) requireLiteral('targetArn', targetArn);
  if (!isKnown(apps.index, arn)) {
    throw invalid(
      targetArn === undefined ? 'target' : 'targetArn',
      `must be in one of the apps, or the target of a rule, got '${arn}'; ${correctArn(apps.index, arn)}`,
    );
  }
  return targetWithArns(apps.index, [arn]);
}

/** The ARN in the model comes first; the others are values by which templates refer to the resource. */
function knownArnsOf(apps: SynthesizedApps, resource: CfnResource): string[] {
  const { eventBuses, functions, queues, restApis, streams, topics } = apps.index.model;
  const known = [eventBuses, functions, queues, topics, streams, restApis]
    .flat()
    .find(({ construct }) => construct === resource);
  return known ? [known.arn] : apps.arnsOf(resource);
}

function targetWithArns({ model }: AppIndex, arns: readonly string[]): TargetEnd {
  const [targetArn] = arns;
  const isFunction = model.functions.some(({ arn }) => arn === targetArn);
  const isApi = model.restApis.some(({ arn }) => arn === targetArn);
  const isTarget = (arn: string): Ternary => {
    if (isFunction && unqualifiedFunctionArn(arn) === targetArn) return true;
    if (isApi && splitText(arn, '/')[0] === targetArn) return true;
    return some(arns, (candidate) => isArnOf(arn, candidate));
  };
  return { targetArn, isTarget };
}

function isKnown(index: AppIndex, arn: string): boolean {
  if (index.resource(arn) || index.restApi(arn) || index.statementsOn(arn).length > 0) return true;
  const { roles, rules, users } = index.model;
  if (rules.some(({ targets }) => targets.some((target) => target.arn === arn))) return true;
  return isBusArn(arn) && [...roles, ...users].some((identity) => allowedBusArns(identity, []).includes(arn));
}

/** The bus of an assertion. */
export function busArnOf(apps: SynthesizedApps, { eventBus }: EventDeliveryOptions): string | undefined {
  if (eventBus === undefined) return undefined;
  const resource = resourceIn(apps, 'eventBus', eventBus);
  const bus = apps.index.model.eventBuses.find(({ construct }) => construct === resource);
  if (bus) return bus.arn;
  const arn = arnOf('eventBus', eventBus);
  requireBus(apps.index, 'eventBus', arn);
  return arn;
}

/** Rejects a bus that nothing in the apps mentions: a misspelled bus must not count as one that denies access. */
function requireBus(index: AppIndex, property: string, arn: string): void {
  if (isKnown(index, arn) || index.rulesOn(arn).length > 0) return;
  throw invalid(
    property,
    `must be a bus of one of the apps, or one that they use, got '${arn}'; ${correctArn(index, arn)}`,
  );
}

/** The resource of the apps that a construct creates; undefined for an imported resource. */
function resourceIn(apps: SynthesizedApps, property: string, construct: IConstruct): CfnResource | undefined {
  const resource = cfnResourceIn(construct);
  if (!resource) return undefined;
  const found = apps.resourceOf(resource);
  if (found) return found;
  const path = construct.node.path;
  throw invalid(property, `must be in one of the apps, got '${path}'; pass its app too, to ${CLASS_NAME}.ofAll()`);
}

function cfnResourceIn(construct: IConstruct): CfnResource | undefined {
  if (CfnResource.isCfnResource(construct)) return construct;
  const { defaultChild } = construct.node;
  return defaultChild === undefined ? undefined : cfnResourceIn(defaultChild);
}

/** The properties of the interfaces of the CDK that have the ARN of a resource. */
const ARN_PROPERTIES = [
  'roleArn',
  'userArn',
  'functionArn',
  'queueArn',
  'topicArn',
  'streamArn',
  'eventBusArn',
  'ruleArn',
  'stateMachineArn',
  'logGroupArn',
  'deliveryStreamArn',
];

/** The ARN of an imported resource, in a property of its own or in its reference, such as `eventBusRef`. */
function arnOf(property: string, construct: IConstruct): string {
  const properties = construct as unknown as { readonly [name: string]: unknown };
  const values = ARN_PROPERTIES.map((name) => {
    const reference = properties[name.replace(/Arn$/, 'Ref')];
    return properties[name] ?? (isObject(reference) ? reference[name] : undefined);
  });
  const arn = values.find((value) => typeof value === 'string');
  if (arn !== undefined) return String(readNow(construct, arn));
  throw invalid(
    property,
    `must be a resource, or an imported one, got '${construct.node.path}'; pass the resource in it`,
  );
}

/** An ARN with a token, such as that of a construct, is not the one in the templates. */
function requireLiteral(property: string, arn: string): void {
  if (!Token.isUnresolved(arn)) return;
  throw invalid(property, `must be a literal ARN, got a token; pass the construct as '${property.slice(0, -3)}'`);
}

function requireOne(name: string, values: { readonly [property: string]: unknown }): void {
  const names = Object.keys(values);
  const given = names.filter((property) => values[property] !== undefined);
  if (given.length === 1) return;
  const list = `${names.slice(0, -1).join(', ')} or ${names[names.length - 1]}`;
  const got = given.length === 0 ? 'none' : given.join(' and ');
  throw invalid(name, `must be given by one of ${list}, got ${got}; pass exactly one of them`);
}

function invalid(property: string, message: string): Error {
  return validationError(CLASS_NAME, `'${property}' ${message}`);
}
