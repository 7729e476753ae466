import { Contents } from './findings';
import { PlainApp, World } from './world';

/** The calls that messages tell to make, with the ARN of the bus or function that they are about. */
const CALLS: readonly RegExp[] = [
  /on bus (arn:\S+?:event-bus\/[^\s:]+)[^]*?(allowPublisher\(EventPublisher\.\w+\('[^']+'\)(?:, \{[^}]*\})?\))/,
  new RegExp(
    '(arn:[\\w-]+:lambda:\\S+?:function:[\\w-]+(?::[\\w-]+)?)[^]*?' +
      "(CrossAccountInvokePermission) for [^]*?with '(\\d+)' as 'eventBusAccount'",
  ),
];

/**
 * Does in plain templates what the errors say. Returns whether there is an error, and whether all of them have such a
 * call.
 */
export function fixByMessages(
  world: World,
  contents: Contents,
  finds: readonly string[],
  texts: readonly string[],
): boolean {
  const errors = texts.filter((text) => / error /.test(text));
  if (errors.length === 0 || finds.some((found) => !found.includes(': error '))) return false;
  const done = new Set<string>();
  for (const error of errors) {
    const match = CALLS.map((call) => call.exec(error)).find(Boolean);
    if (!match) return false;
    const [, arn, call, account] = match;
    const stack = Object.entries(contents)
      .filter(([name]) => world.apps[name].plain)
      .flatMap(([, content]) => Object.values(content as PlainApp))
      .find(({ env, resources }) => isIn(env, arn) && Object.values(resources).some((r) => defines(r, arn)));
    if (!stack) return false;
    const key = `${arn} ${call} ${account}`;
    if (!done.has(key)) (stack.calls ??= []).push({ arn, call, account });
    done.add(key);
  }
  return true;
}

function isIn(env: { account?: string; region?: string }, arn: string): boolean {
  const [, , , region, account] = arn.split(':');
  return env.account === account && env.region === region;
}

function defines({ Type, Properties = {} }: PlainApp[string]['resources'][string], arn: string): boolean {
  if (arn.includes(':event-bus/')) return Type === 'AWS::Events::EventBus' && arn.endsWith(`/${Properties.Name}`);
  return Type === 'AWS::Lambda::Function' && arn.split(':')[6] === Properties.FunctionName;
}
