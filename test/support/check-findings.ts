import { App } from 'aws-cdk-lib';
import { AppIndex } from '../../src/app-model/app-index';
import { Finding } from '../../src/checks/engine/finding';

const PREFIX = /^.*:/;

/** What one check finds in an app that is not synthesized. */
export function findingsOfCheck(app: App, check: (index: AppIndex) => Finding[]): Finding[] {
  return check(AppIndex.of(app));
}

/** A finding without its texts: `warning wildcardAction /Hub/Policy`. */
export function placeOf({ level, id, construct }: Finding): string {
  return `${level} ${id.replace(PREFIX, '')} /${construct.node.path}`;
}
