import { App } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Annotation } from './faults';
import { constructsOf, topologyOfApp, written } from './topologies';
import { AppIndex } from '../../src/app-model/app-index';
import { deliveryChecks } from '../../src/checks/delivery-aspect';
import { Check, findingsIn } from '../../src/checks/engine/check-runner';
import { annotationId, messageOf } from '../../src/checks/engine/finding';
import { stacksInAssembly } from '../../src/cloud-assembly/read-assembly';
import { addStacks, rootOfStacks } from '../../src/cloud-assembly/stack-constructs';

/** The findings about the file that describes an app for others. */
export function topologyFindings(app: App, checks: Check[] = deliveryChecks()): Annotation[] {
  return findingsAbout(constructsOf(written(topologyOfApp(app))), checks);
}

/** The findings about the cloud assembly of an app, as they are shown of the app itself. */
export function assemblyFindings(app: App, checks: Check[] = deliveryChecks()): Annotation[] {
  const root = rootOfStacks();
  addStacks(root, stacksInAssembly(app.synth().directory));
  return findingsAbout(root, checks);
}

function findingsAbout(root: Construct, checks: Check[]): Annotation[] {
  return findingsIn(root, checks, AppIndex.of(root)).map((finding) => ({
    level: finding.level,
    at: `/${finding.construct.node.path}`,
    id: annotationId(finding),
    text: messageOf(finding),
  }));
}
