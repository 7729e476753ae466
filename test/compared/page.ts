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

/** The page, with what comes of every sample here and now. */
export function page(): string {
  return [INTRODUCTION, GAPS.map(contentsLine).join('\n'), ...GAPS.map(section)].join('\n\n') + '\n';
}

const INTRODUCTION = `# Compared with aws-cdk-lib

Where aws-cdk-lib leaves you alone with events that cross accounts, and what this library does instead: code
on both sides, and what comes of it. Everything in a code block is taken from a test: the code from its
source, what comes of it from synthesizing that with **aws-cdk-lib ${version}**. The test fails when this page
says anything else, and when aws-cdk-lib closes a gap.

In every sample \`hub\`, \`publisher\` and \`consumer\` are stacks of the accounts 111111111111, 222222222222
and 333333333333 in \`eu-west-1\`, \`app\` is their app, and \`handler\` is the function \`invoices\` of the
consumer. \`thrown()\` gives the message of what is thrown. The app has the feature flags of a new project,
unless it says otherwise. In what is synthesized \`\${Bus.Arn}\` is an attribute of the construct \`Bus\` of
that stack, which deployment fills in; properties that are not to the point are left out.`;

const heading = (gap: Gap) => `${GAPS.indexOf(gap) + 1}. ${gap.title}`;
/** As GitHub makes it of a heading. */
const anchor = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replace(/ /g, '-');
const contentsLine = (gap: Gap) => `${GAPS.indexOf(gap) + 1}. [${gap.title}](#${anchor(heading(gap))}) ${gap.inShort}`;

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

/** In a project with flags and in one without, where that makes a difference. */
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

/** What a user gets to read. */
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

/** Whether something that a sample returns is better read as text than as JSON. */
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

/** A message, whose fix is on a line of its own. */
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
