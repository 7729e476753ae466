import { evaluateApps } from './check-apps';
import { CheckOptions } from './check-options';
import { InputApp } from './inputs';
import { GraphInput } from '../delivery-graph/build-graph';

/** What the graph of apps is built from, which are read as for the command `check`. */
export function graphInput(apps: readonly InputApp[], options: CheckOptions, isOnly?: boolean): GraphInput {
  const { findings, index, roots } = evaluateApps(apps, options, isOnly);
  return {
    index,
    apps: roots.map(({ app, scope }) => ({ name: app.name, scope })),
    findings: [...findings.values()].flat(),
  };
}
