import type { Connection, GraphElement } from '../src/delivery-graph/delivery-graph';

export type Decision = Connection['decision'];

/** Words and a sign for each decision: color is never the only difference. */
export const DECISIONS: Readonly<Record<Decision, { readonly sign: string; readonly text: string }>> = {
  allowed: { sign: '✓', text: 'delivered' },
  denied: { sign: '✕', text: 'not delivered' },
  unknown: { sign: '?', text: 'unverified' },
};

export const KINDS: Readonly<Record<GraphElement['kind'], string>> = {
  role: 'IAM role',
  user: 'IAM user',
  account: 'account',
  organization: 'organization',
  service: 'AWS service',
  schedule: 'schedule',
  pipe: 'pipe',
  function: 'Lambda function',
  'state machine': 'state machine',
  API: 'API',
  eventBus: 'event bus',
  rule: 'rule',
  queue: 'SQS queue',
  topic: 'SNS topic',
  stream: 'Kinesis stream',
  logGroup: 'log group',
  other: 'other resource',
};

export const STEPS: Readonly<Record<Connection['kind'], string>> = {
  putEvents: 'puts events on',
  match: 'is matched by',
  send: 'sends events to',
};

export type EventFields = Connection['events'][number];

/** The source and detail type of an event, such as `shop.orders · OrderPlaced`. */
export function eventText({ source, detailType }: EventFields): string {
  const fields = [source, detailType].filter((field) => field !== undefined);
  return fields.length === 0 ? 'any event' : fields.join(' · ');
}

/** Where an element is, such as `111111111111, eu-west-1`. */
export function placeText({ account, region }: GraphElement): string {
  return [account, region].filter((part) => part !== undefined).join(', ');
}

export function shortened(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}

export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : plural}`;
}

/** The findings on an element that are not acknowledged. */
export function openFindings({ findings }: GraphElement): GraphElement['findings'] {
  return findings.filter(({ acknowledged }) => !acknowledged);
}

/** The sign of an element with findings. */
export function findingSign(element: GraphElement): string | undefined {
  const findings = openFindings(element);
  if (findings.length === 0) return undefined;
  return findings.some(({ level }) => level === 'error') ? '✕' : '!';
}

/** The description of an element in the diagram, for screen readers. It begins with the texts that are seen. */
export function elementText(element: GraphElement, seen: readonly string[]): string {
  const findings = openFindings(element);
  const errors = findings.filter(({ level }) => level === 'error').length;
  const warnings = findings.length - errors;
  return [
    [...seen, findingSign(element)].filter(Boolean).join(' '),
    seen.includes(element.name) ? '' : element.name,
    placeText(element),
    errors > 0 ? counted(errors, 'error') : '',
    warnings > 0 ? counted(warnings, 'warning') : '',
    element.openTo ? `open to ${element.openTo.join(', ')}` : '',
  ]
    .filter(Boolean)
    .join(', ');
}
