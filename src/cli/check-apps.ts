import { Construct, IConstruct } from 'constructs';
import { CheckOptions } from './check-options';
import { InputApp } from './inputs';
import { AppIndex } from '../app-model/app-index';
import { AppModel } from '../app-model/app-model';
import { SynthesizedApp, pathWithin } from '../app-model/assembly';
import { OtherApp } from '../app-model/other-apps';
import { findingsIn } from '../checks/engine/check-runner';
import { Finding } from '../checks/engine/finding';
import { ReportEntry, ReportedFinding, reportEntries } from '../checks/engine/report';
import { addStacks, rootOfStacks, usableId } from '../cloud-assembly/stack-constructs';
import { displayText } from '../iam/unresolved-text';
import { StackCopies, StackSource } from '../topology/stack-copies';

/** An app and its findings. The paths are those in the app. */
export interface CheckedApp {
  readonly name: string;
  readonly path: string;
  readonly findings: readonly CheckedFinding[];
}

/** A finding. If one of the apps defines the resource that it is about, it has that app, and the path in it. */
export interface CheckedFinding extends ReportEntry {
  readonly resourceApp?: string;
  readonly resourcePath?: string;
}

/** Apps that are read together, and the findings in each of them. */
export interface EvaluatedApps {
  readonly index: AppIndex;
  readonly roots: readonly AppRoot[];
  readonly findings: ReadonlyMap<AppRoot, ReportedFinding[]>;
}

/** Reads apps as equals, and runs the checks. */
export function evaluateApps(
  apps: readonly InputApp[],
  { checks, disabled }: CheckOptions,
  isOnly = apps.length === 1,
): EvaluatedApps {
  const root = rootOfStacks();
  const copies = new StackCopies();
  const roots = apps.map((app) => appRoot(root, app, { isOnly, copies }));
  const others = isOnly ? [] : roots.map((one) => otherApp(one, copies));
  const index = AppIndex.of(root, others);
  const found = findingsIn(root, checks, index);
  const findings = new Map(roots.map((one) => [one, [] as ReportedFinding[]]));
  for (const finding of found) {
    // A finding about all apps, such as a check that failed, is one of the first app.
    const owner = rootOf(roots, finding.construct) ?? roots[0];
    findings.get(owner)!.push({ ...finding, ...statusOf(finding, owner, disabled) });
  }
  return { index, roots, findings };
}

/** Checks apps together. */
export function checkApps(apps: readonly InputApp[], options: CheckOptions): CheckedApp[] {
  const { findings, index, roots } = evaluateApps(apps, options);
  const resources = resourcesByText(index.model);
  return [...findings].map(([{ app, scope }, reported]) => ({
    name: app.name,
    path: app.path,
    findings: reportEntries(reported).map((entry) => ({
      ...entry,
      path: pathWithin(scope, entry.path),
      stack: entry.stack === undefined ? undefined : pathWithin(scope, entry.stack),
      ...locationOf(roots, resources.get(entry.resource ?? '')),
    })),
  }));
}

/** An app, and the construct that contains its stacks. */
export interface AppRoot {
  readonly app: InputApp;
  readonly source: StackSource;
  readonly scope: IConstruct;
}

/** The paths of several apps begin with their names, so that messages name the app of each construct. */
function appRoot(
  root: Construct,
  app: InputApp,
  { copies, isOnly }: { readonly copies: StackCopies; readonly isOnly: boolean },
): AppRoot {
  const scope = isOnly ? root : new SynthesizedApp(root, usableId(app.name));
  const source = { path: app.path, scopeId: isOnly ? undefined : scope.node.id, allStacks: () => app.stacks };
  addStacks(scope, isOnly ? app.stacks : copies.add(source, app.stacks));
  return { app, source, scope };
}

function otherApp({ app, source, scope }: AppRoot, copies: StackCopies): OtherApp {
  const differentStacks = { scope, differences: copies.differences(source) };
  return new OtherApp(`app '${app.name}'`, scope, false, differentStacks);
}

function rootOf(roots: readonly AppRoot[], { node }: IConstruct): AppRoot | undefined {
  return roots.find(({ scope }) => node.scopes.includes(scope));
}

/** The options of the command take precedence over what was accepted in the app. */
function statusOf(
  finding: Finding,
  { app, scope }: AppRoot,
  disabled: ReadonlyMap<string, string>,
): Pick<ReportedFinding, 'acknowledged' | 'disabled'> {
  const reason = disabled.get(finding.id);
  if (reason !== undefined) return { disabled: reason };
  return app.acknowledgements.statusOf(finding, pathWithin(scope, finding.construct.node.path));
}

/** The resources that findings are about, by their ARN as it is in messages. */
function resourcesByText(model: AppModel): Map<string, IConstruct> {
  const { eventBuses, functions, queues, topics, streams, keys, roles } = model;
  const resources = [eventBuses, functions, queues, topics, streams, keys, roles].flat();
  return new Map(resources.map(({ arn, construct }) => [displayText(arn), construct]));
}

function locationOf(
  roots: readonly AppRoot[],
  resource: IConstruct | undefined,
): Pick<CheckedFinding, 'resourceApp' | 'resourcePath'> {
  const root = resource && rootOf(roots, resource);
  if (!root) return {};
  return { resourceApp: root.app.name, resourcePath: pathWithin(root.scope, resource.node.path) };
}
