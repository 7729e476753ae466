import { CfnCondition, CfnParameter, Fn, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { Referable, Value } from './values';

/** An element of the app to which others can refer. */
export interface Built<T = unknown> {
  readonly construct: T;
  readonly stack: Stack;
  /** As it is in its own stack, where it may be a token. */
  readonly arn: string;
  /** The ARN without tokens, if its name and the environment of its stack are known. */
  readonly literal?: string;
}

/** The elements that were built so far, in the order of the description. */
export class Elements {
  private readonly lists = new Map<string, Built[]>();

  public add(of: string, element: Built): void {
    this.lists.set(of, [...this.all(of), element]);
  }

  public all(of: string): readonly Built[] {
    return this.lists.get(of) ?? [];
  }
}

/** Where an element of a description is built: its stack, its ID, and the elements before it. */
export class Place {
  private tokens = 0;

  constructor(
    public readonly stack: Stack,
    public readonly id: string,
    private readonly elements: Elements,
    private readonly hasUniqueNames = false,
  ) {}

  /** A name, which no other element has if the app has unique names. */
  public name(name: string): string;
  public name(name: string | undefined): string | undefined;
  public name(name: string | undefined): string | undefined {
    return this.hasUniqueNames ? `${name}-${this.id}` : name;
  }

  /** Makes an element referable. `resource` is its ARN after the Region and account, with `{}` for the name. */
  public add(of: Referable, construct: unknown, arn: string, form: ArnForm): void {
    const { stack } = this;
    const { name, resource, service, isGlobal } = form;
    const { account, region } = stack;
    const isKnown = typeof name === 'string' && ![name, account, region].some((part) => Token.isUnresolved(part));
    const literal = isKnown
      ? `arn:aws:${service}:${isGlobal ? '' : region}:${account}:${resource.replace('{}', name)}`
      : undefined;
    this.elements.add(of, { construct, stack, arn, literal });
  }

  /** The element with an index, counted on from the first one if there are fewer; undefined if there is none. */
  public at<T>(of: Referable, at: number): Built<T> | undefined {
    const all = this.elements.all(of) as readonly Built<T>[];
    return all[at % Math.max(all.length, 1)];
  }

  /** The element with an index, among those of which a predicate is true. */
  public among<T extends IConstruct>(of: Referable, at: number, is: (one: T) => boolean): Built<T> | undefined {
    const all = (this.elements.all(of) as readonly Built<T>[]).filter(({ construct }) => is(construct));
    return all[at % Math.max(all.length, 1)];
  }

  /** The ARN of an element, from this stack: a reference within it, a literal if it is in another one. */
  public arnAt(of: Referable, at: number): string {
    const element = this.at(of, at);
    if (element?.stack === this.stack) return element.arn;
    return element?.literal ?? UNKNOWN_ARNS[of];
  }

  /**
   * A value without placeholders.
   *
   * @param own the ARN of the resource whose policy it is
   */
  public render(value: Value | undefined, own?: string): any {
    if (Array.isArray(value)) return value.map((one) => this.render(one, own));
    if (typeof value !== 'object' || value === null) return value;
    const placeholder = value as { readonly [name: string]: Value };
    if (!('$' in placeholder)) {
      return Object.fromEntries(Object.entries(placeholder).map(([name, one]) => [name, this.render(one, own)]));
    }
    switch (placeholder.$) {
      case 'arn':
        return this.arnAt(placeholder.of as Referable, placeholder.at as number);
      case 'own':
        return own ?? UNKNOWN_ARNS.buses;
      case 'parameter':
        return this.parameter(placeholder.allowed as string[] | undefined);
      case 'import':
        return Fn.importValue('exported');
      case 'sub':
        return Fn.sub(placeholder.text as string);
      default:
        return this.choice(this.render(placeholder.yes), this.render(placeholder.no));
    }
  }

  private parameter(allowedValues?: string[]): string {
    return new CfnParameter(this.stack, this.tokenId('Parameter'), { allowedValues }).valueAsString;
  }

  private choice(yes: unknown, no: unknown): string {
    const expression = Fn.conditionEquals(Fn.ref('AWS::Region'), 'eu-west-1');
    const condition = new CfnCondition(this.stack, this.tokenId('Condition'), { expression });
    return Fn.conditionIf(condition.logicalId, yes, no).toString();
  }

  private tokenId(kind: string): string {
    this.tokens += 1;
    return `${this.id}${kind}${this.tokens}`;
  }
}

/** The form of an ARN. */
export interface ArnForm {
  readonly service: string;
  readonly resource: string;
  readonly name: unknown;
  readonly isGlobal?: boolean;
}

/** The ARNs of what no app defines. */
const UNKNOWN_ARNS: { readonly [of in Referable]: string } = {
  keys: 'arn:aws:kms:eu-west-1:222222222222:key/11111111-2222-3333-4444-555555555555',
  queues: 'arn:aws:sqs:eu-west-1:222222222222:letters',
  buses: 'arn:aws:events:eu-west-1:222222222222:event-bus/unknown',
  functions: 'arn:aws:lambda:eu-west-1:222222222222:function:handler',
  topics: 'arn:aws:sns:eu-west-1:222222222222:topic',
  streams: 'arn:aws:kinesis:eu-west-1:222222222222:stream/stream',
  apis: 'arn:aws:execute-api:eu-west-1:222222222222:abcdef1234/prod/POST/',
  logGroups: 'arn:aws:logs:eu-west-1:222222222222:log-group:/aws/events/x',
  stateMachines: 'arn:aws:states:eu-west-1:222222222222:stateMachine:machine',
  roles: 'arn:aws:iam::222222222222:role/publisher',
  rules: 'arn:aws:events:eu-west-1:111111111111:rule/orders/rule',
};
