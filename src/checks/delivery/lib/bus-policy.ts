import { CfnResource, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { exactEventsOf } from './events';
import { PutEventsOptions, authorizePutEvents } from './put-events';
import { isUnknownBus } from './similar-buses';
import { AppIndex } from '../../../app-model/app-index';
import { Identity } from '../../../app-model/app-model';
import { TemplateReader } from '../../../app-model/resolve/template-reader';
import { Json } from '../../../iam/statement';
import { deployerOf } from '../rule-management';

/** A role that puts events on a bus, as the construct that needs the bus policy knows it. */
export interface BusPolicyQuery {
  /** The ARNs of the bus and the role. They may contain tokens. */
  readonly busArn: string;
  readonly roleArn: string;
  /** The pattern of the events. */
  readonly pattern: Json;
  readonly options: PutEventsOptions;
}

/**
 * Whether the bus policy in this app already allows a role to put its events, such as the whole organization. The
 * organization of an account is not in the templates, and is taken to be the one that the policy names.
 */
export function isAllowedByBusPolicy(app: AppIndex, consumer: IConstruct, query: BusPolicyQuery): boolean {
  const stack = Stack.of(consumer);
  const reader = new TemplateReader();
  const [busArn, roleArn] = [query.busArn, query.roleArn].map((arn) => String(reader.resolve(stack, arn)));
  if (isUnknownBus(app, busArn)) return false;
  const account = String(reader.resolve(stack, stack.account));
  const construct = (consumer.node.defaultChild ?? consumer) as CfnResource;
  const { statements, policies } = deployerOf({ account, construct });
  const role: Identity = {
    ...deployerOf({ account, construct }),
    ...app.role(roleArn),
    ...{ arn: roleArn, statements, policies, boundaryArn: undefined },
  };
  const options = { ...query.options, assumeUnknownMatches: true };
  return exactEventsOf(query.pattern).every(
    (event) => authorizePutEvents(app, role, busArn, event, options).decision === 'allowed',
  );
}

/** The pattern and ARN of a rule, as options of a query. */
export function ruleQuery({ model }: AppIndex, rule: IConstruct): Pick<BusPolicyQuery, 'pattern' | 'options'> {
  const found = model.rules.find(({ construct }) => construct === rule || construct === rule.node.defaultChild);
  return { pattern: found?.pattern ?? null, options: { byRule: true, ruleArn: found?.arn } };
}

/** The query for a role that puts events with these sources and detail types itself. */
export function publisherQuery(
  busArn: string,
  roleArn: string,
  { sources, detailTypes }: { readonly sources?: readonly string[]; readonly detailTypes?: readonly string[] },
): BusPolicyQuery {
  const pattern = {
    ...(sources && { source: [...sources] }),
    ...(detailTypes && { 'detail-type': [...detailTypes] }),
  };
  return { busArn, roleArn, pattern, options: {} };
}
