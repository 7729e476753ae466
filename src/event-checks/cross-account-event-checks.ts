import { Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { AppIndex } from '../app-model/app-index';
import { isSynthesized } from '../app-model/cdk-internals';
import { allChecks, disabledReasons } from '../checks/all-checks';
import { CheckRunner } from '../checks/engine/check-runner';
import { AssemblyFile } from '../checks/engine/report';
import { EventCheckOptions } from '../checks/event-check-options';
import { deliveryGraph } from '../delivery-graph/build-graph';
import { GraphApp } from '../delivery-graph/elements';
import { PAGE_FILE, topologyPage } from '../page/topology-page';
import { readOtherApps } from '../topology/other-apps';

/** Options of `CrossAccountEventChecks`. */
export interface CrossAccountEventChecksOptions extends EventCheckOptions {
  /**
   * Whether all findings are also written as JSON, to `event-checks.json` in the cloud assembly of the app and in that
   * of each stage.
   *
   * @default false
   */
  readonly report?: boolean;

  /**
   * Whether what the app deploys as far as events are concerned is written as JSON, to `event-topology.json` in the
   * cloud assembly of the app, with all its stages, and in that of each stage.
   *
   * It contains buses, rules, targets, and the policies of the resources and roles that they need, and no other
   * resources, environment variables or inputs of targets. It can be committed, or passed to the pipelines of other
   * apps.
   *
   * @default false
   */
  readonly topology?: boolean;

  /**
   * Whether a page that shows who publishes where, and what goes where, is written to `event-topology.html` in the
   * cloud assembly of the app and in that of each stage.
   *
   * It is one HTML file of about one megabyte, which loads nothing when a browser opens it. It contains the names of
   * the resources, the statements of policies that are about events, and the findings. The apps in `otherApps` are part
   * of it. The file for each app or stage has the resources of that app or stage.
   *
   * @default false
   * @see https://github.com/cdk-cross-account-eventbridge/cdk-cross-account-eventbridge/blob/main/docs/command.md
   */
  readonly topologyPage?: boolean;

  /**
   * Other apps, such as those of other accounts, as paths of the cloud assemblies that they synthesized, or of their
   * `event-topology.json`. A relative path is relative to the working directory.
   *
   * What they deploy counts as deployed: a permission that another app gives is not reported as missing, and one that
   * it does not give is an error, as is a bus, function, queue or role that it should define and does not. Stacks that
   * are also in this app, and stacks without an account or Region, are ignored. Of a stack that two paths describe, the
   * first one counts, with a warning if they differ.
   *
   * An error is thrown for a path that cannot be read.
   *
   * @default - only this app is known; what must be done in others is a warning
   */
  readonly otherApps?: string[];
}

const PAGE: AssemblyFile = {
  name: PAGE_FILE,
  content: ({ scope, app, findings }) => {
    return topologyPage(deliveryGraph({ index: app, apps: appsIn(app, scope), findings }));
  },
};

/** The app or stage, and the others that its resources refer to. A construct belongs to the innermost one. */
function appsIn({ otherApps }: AppIndex, scope: IConstruct): GraphApp[] {
  const nameOf = ({ node }: IConstruct) => node.path || 'app';
  const others = otherApps.map(({ root }) => ({ name: nameOf(root), scope: root }));
  const isNameOfOther = others.some(({ name }) => name === nameOf(scope));
  const own = { name: isNameOfOther ? 'this app' : nameOf(scope), scope };
  return [own, ...others].sort((first, second) => second.scope.node.scopes.length - first.scope.node.scopes.length);
}

/**
 * All checks of this library at once, with the findings as annotations.
 *
 * It creates no resource and changes none.
 *
 * @example
 * CrossAccountEventChecks.applyTo(app, {
 *   trustedOrganizations: ['o-a1b2c3d4e5'],
 *   report: true,
 * });
 */
export class CrossAccountEventChecks {
  /**
   * Adds all checks to a construct, usually the app, and to the stages that exist below it.
   *
   * Call it last, but before `pipeline.addStage()`, which synthesizes a stage immediately. If a stage is created
   * afterwards, or was synthesized before, synthesis of the app fails, because that stage would not be checked.
   *
   * If it is called more than once, such as for an app and for one of its stacks, each call evaluates with its own
   * options, and the findings of all calls are reported.
   *
   * @param scope The construct to check, with everything below it.
   * @param options The quotas, trusted accounts, disabled findings and the report.
   */
  public static applyTo(scope: IConstruct, options: CrossAccountEventChecksOptions = {}): void {
    const disabled = disabledReasons('CrossAccountEventChecks.applyTo()', options.disabledFindings);
    const { report = false, topology = false, topologyPage: page = false, otherApps = [] } = options;
    const runner = new CheckRunner(allChecks(options), {
      disabled,
      report,
      topology,
      files: page ? [PAGE] : [],
      otherApps: readOtherApps(otherApps, scope),
    });
    runner.checkWithin(scope);
    const stages = scope.node.findAll().filter((construct): construct is Stage => Stage.isStage(construct));
    for (const stage of stages) {
      if (stage !== scope && !isSynthesized(stage)) runner.checkWithin(stage);
    }
  }

  private constructor() {}
}
