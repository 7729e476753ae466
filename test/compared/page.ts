import { join } from 'node:path';
import { version } from 'aws-cdk-lib/package.json';
import { Gap } from './gap';
import { GAPS } from './gaps';
import { json } from './json';
import { Outcome, Project, SynthesizedStack, outcomeOf } from './outcome';
import { codeOf } from './sample-code';
import { view } from './views';

export const PAGE = join(__dirname, '../../docs/compared-with-aws-cdk-lib.md');
const WIDTH = 118;
const PROSE_WIDTH = 118;

/** The page, with the current result of every sample. */
export function page(): string {
  return [INTRODUCTION, GAPS.map(contentsLine).join('\n'), ...GAPS.map(section)].join('\n\n') + '\n';
}

const INTRODUCTION = `# Compared with aws-cdk-lib

This page lists cases in cross-account apps that aws-cdk-lib does not solve, and the solution of this library. Each
section has code for both, and the result of the code. All code blocks are from a test: the samples are its source
code, and the results are from a synthesis with **aws-cdk-lib ${version}**. The test fails if this page differs from
its results, or if aws-cdk-lib closes a gap.

In every sample, \`hub\`, \`publisher\` and \`consumer\` are stacks in the accounts 111111111111, 222222222222 and
333333333333 in \`eu-west-1\`. \`app\` is their app, and \`handler\` is the function \`invoices\` in the stack
\`consumer\`. \`thrown()\` returns the message of the error that a call throws. The app has the feature flags of a new
project, unless the section specifies other flags. In the results, \`\${Bus.Arn}\` is an attribute of the construct
\`Bus\` in the same stack, which CloudFormation resolves at deployment. The results omit irrelevant properties.`;

const heading = (gap: Gap) => `${GAPS.indexOf(gap) + 1}. ${gap.title}`;
/** The anchor that GitHub creates for a heading. */
const anchor = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replace(/ /g, '-');
const contentsLine = (gap: Gap) => {
  const marker = `${GAPS.indexOf(gap) + 1}. `;
  const line = `${marker}[${gap.title}](#${anchor(heading(gap))}): ${gap.inShort}`;
  return wrapped(line, PROSE_WIDTH, ' '.repeat(marker.length));
};

function section(gap: Gap): string {
  return [
    `## ${heading(gap)}`,
    wrapped(gap.why, PROSE_WIDTH),
    side(gap, 'aws-cdk-lib', 'withAwsCdkLib', gap.thenAwsCdkLib),
    side(gap, 'this library', 'withThisLibrary', gap.thenThisLibrary),
  ].join('\n\n');
}

function side(gap: Gap, name: string, sample: 'withAwsCdkLib' | 'withThisLibrary', then: string): string {
  return [
    wrapped(`**With ${name}:** ${then}`, PROSE_WIDTH),
    block('ts', codeOf(gap, sample)),
    ...outcomes(gap, sample),
  ].join('\n\n');
}

/** The result in a new project; also the one in a project without feature flags, if it differs. */
function outcomes(gap: Gap, sample: 'withAwsCdkLib' | 'withThisLibrary'): string[] {
  const shown = (project: Project) => outcome(gap, outcomeOf(gap[sample], project));
  const inNew = shown('new');
  const inOld = gap.dependsOnFlags ? shown('without flags') : inNew;
  if (inNew.join() === inOld.join()) return inNew;
  return ['In a new project:', ...inNew, 'In a project without feature flags:', ...inOld];
}

function outcome(gap: Gap, result: Outcome): string[] {
  const { returned, stacks } = result;
  const made = [
    ...(returned === undefined || isText(returned) ? [] : ['// returns', json(returned)]),
    ...(gap.showsOrder && stacks.length > 0 ? [orderOf(stacks)] : []),
    ...(stacks.length > 0 ? (gap.shows ?? []).flatMap((shown) => shownOf([shown].flat(), stacks)) : []),
    ...(stacks.length > 0 ? (gap.counts ?? []).flatMap((type) => countsOf(type, stacks)) : []),
  ];
  return [...said(result), ...(made.length > 0 ? [block('jsonc', made.join('\n'))] : [])];
}

/** The messages that a user reads. */
function said({ error, messages, returned }: Outcome): string[] {
  const annotated = messages.map((message) => message.replace(/^(\w+) (\S+)/, '$1 on $2:'));
  const all = [
    ...(isText(returned) ? textsOf(returned) : []),
    ...(error === undefined ? [] : [`throws: ${error}`]),
    ...annotated,
  ];
  return [
    ...(error === undefined && messages.length === 0 ? ['No error, no warning.'] : []),
    ...(all.length > 0 ? [block('text', all.map(wrappedMessage).join('\n'))] : []),
  ];
}

/** Whether the page shows a returned value as text instead of JSON. */
function isText(returned: unknown): returned is string | Record<string, string> {
  return (
    typeof returned === 'string' ||
    (typeof returned === 'object' && Object.values(returned ?? []).some((value) => typeof value === 'string'))
  );
}

function textsOf(returned: string | Record<string, string>): string[] {
  return typeof returned === 'string'
    ? [`returns: ${returned}`]
    : Object.entries(returned).map(([key, text]) => `returns ${key}: ${text}`);
}

function shownOf([type, ...only]: string[], stacks: SynthesizedStack[]): string[] {
  const shown = stacks.flatMap(({ name, account, resources }) => {
    const views = resources.filter((resource) => resource.type === type).map((resource) => json(view(resource, only)));
    return views.length > 0 ? [`// ${type} in ${name} (${account})`, ...views] : [];
  });
  return shown.length > 0 ? shown : [`// no ${type}`];
}

function countsOf(type: string, stacks: SynthesizedStack[]): string[] {
  return stacks.flatMap(({ name, account, resources }) =>
    resources
      .filter((resource) => resource.type === type)
      .map(({ properties }) => {
        const { Statement } = properties.PolicyDocument;
        return (
          `// ${type} in ${name} (${account}): ${JSON.stringify(properties.PolicyDocument).length} ` +
          `characters, statements: ${Statement.length}`
        );
      }),
  );
}

function orderOf(stacks: SynthesizedStack[]): string {
  const waiting = stacks
    .filter(({ after }) => after.length > 0)
    .map(({ name, after }) => `${name} after ${after.join(' and ')}`);
  return `// order of deployment: ${waiting.join(', ') || 'any'}`;
}

function block(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

/** A message; its fix is on a separate line. */
function wrappedMessage(message: string): string {
  const [problem, ...fix] = message.split('\n');
  return [wrapped(problem, WIDTH, '  '), ...fix.map((line) => `  ${wrapped(line, WIDTH - 2, '  ')}`)].join('\n');
}

/** Breaks lines at spaces, but not within a link. */
function wrapped(text: string, width: number, indent = ''): string {
  const lines = [''];
  for (const word of text.match(/(\[[^\]]*\]\([^)]*\)|\S)+/g) ?? []) {
    const last = lines[lines.length - 1];
    if (last && last.length + 1 + word.length > width) lines.push(indent + word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines.join('\n');
}
