import { App, AppProps } from 'aws-cdk-lib';
import { HubStack, MemberStack } from './stacks';
import { CrossAccountEventChecks } from 'cdk-cross-account-eventbridge';

const HUB = { account: '111111111111', region: 'eu-west-1' };
const ORGANIZATION = 'o-a1b2c3d4e5';

/** The whole app: the hub, and one template for all member accounts. */
export function memberAccounts(props?: AppProps): App {
  const app = new App(props);
  new HubStack(app, 'Hub', { env: HUB, organization: ORGANIZATION });
  new MemberStack(app, 'Member', { hubBusArn: `arn:aws:events:${HUB.region}:${HUB.account}:event-bus/security` });
  CrossAccountEventChecks.applyTo(app, { trustedOrganizations: [ORGANIZATION] });
  return app;
}
