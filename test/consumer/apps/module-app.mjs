// An app in an ES module: names are imported, so Node.js has to find them in the CommonJS of the library.
import { App, Stack } from 'aws-cdk-lib';
import * as library from 'cdk-cross-account-eventbridge';
import { CrossAccountEventBus, CrossAccountEventChecks, EventPublisher } from 'cdk-cross-account-eventbridge';

const app = new App();
const hub = new Stack(app, 'Hub', { env: { account: '111111111111', region: 'eu-west-1' } });
new CrossAccountEventBus(hub, 'Bus', { publishers: [EventPublisher.accounts('222222222222')] });
CrossAccountEventChecks.applyTo(app);
const missing = Object.keys(library.default).filter((name) => !(name in library));
if (missing.length > 0) throw new Error(`names that an ES module cannot import: ${missing.join(', ')}`);
