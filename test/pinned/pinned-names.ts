import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { stacksWithArtifact } from '../support/apps';

/** The names of each app, as a release has them. */
export const FILE = join(__dirname, 'names.txt');

const HEAD = `Logical IDs, physical names and statement IDs, as releases have them: see CONTRIBUTING.md.\n`;

/** Properties that name a resource or a statement; `Id` is that of a target. */
const NAME = /^(\w*Name|Id|Sid|StatementId)$/;
/** Those that name something else. */
const NOT_A_NAME = ['AttributeName', 'MetricName', 'StageName'];
/** Types with an ID that the CDK derives from the content, and metrics with an `Id`. */
const VERSION = 'AWS::Lambda::Version';
const ALARM = 'AWS::CloudWatch::Alarm';

/** The names of one app, a line for each, and the decision that changed them last. */
export interface Names {
  readonly decision?: string;
  readonly lines: string[];
}

/** `Stack/LogicalId AWS::Type Property=value …` for each resource of an app. */
export function namesOf(app: App): string[] {
  return stacksWithArtifact(app).flatMap((stack) =>
    Object.entries<any>(Template.fromStack(stack).toJSON().Resources ?? {})
      .filter(([, { Type }]) => Type !== VERSION)
      .map(([logicalId, { Type, Properties }]) =>
        [`${stack.node.path}/${logicalId}`, Type, ...(Type === ALARM ? [] : namesIn(Properties))].join(' '),
      ),
  );
}

function namesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (!NAME.test(key) || NOT_A_NAME.includes(key)) return namesIn(inner);
    return isReference(inner) ? [] : [`${key}=${JSON.stringify(inner)}`];
  });
}

/** A value that names a resource of the template, which has a line of its own. */
function isReference(value: unknown): boolean {
  return 'Ref' in Object(value) || 'Fn::GetAtt' in Object(value);
}

/** What changed or is gone: a deployment replaces or deletes it. What is new is none of it. */
export function changesIn(pinned: Names, now: string[]): string[] {
  return pinned.lines.filter((line) => !now.includes(line));
}

export function readNames(text = existsSync(FILE) ? readFileSync(FILE, 'utf8') : ''): Map<string, Names> {
  const sections = text.split('\n## ').slice(1);
  return new Map(
    sections.map((section) => {
      const [title, ...lines] = section.trim().split('\n');
      const [, app, decision] = /^(.*?)(?:, changed by decision (\d+))?$/.exec(title)!;
      return [app, { decision, lines }];
    }),
  );
}

export function written(names: Map<string, Names>): string {
  const sections = [...names].map(([app, { decision, lines }]) => {
    const title = decision === undefined ? app : `${app}, changed by decision ${decision}`;
    return `\n## ${title}\n${lines.join('\n')}\n`;
  });
  return HEAD + sections.join('');
}
