import { Json, isObject } from '../../iam/statement';
import { PLACEHOLDER, hasUnresolved, unresolved } from '../../iam/unresolved-text';

/**
 * A CloudFormation condition that must be true, as the path of its stack and its logical ID; with a `!` before it if it
 * must be false.
 */
export type RequiredCondition = string;

/** A value as it is in a template if some CloudFormation conditions are true and others false. */
export interface Branch {
  /** Undefined if the template omits the value. */
  readonly value: Json | undefined;
  readonly conditions: readonly RequiredCondition[];
}

/** The `Fn::If` functions of an app whose values are not literal, by the placeholder that is in their place. */
export class Branches {
  private readonly choices = new Map<string, Choice>();

  public add(placeholder: string, condition: RequiredCondition, values: readonly (Json | undefined)[]): void {
    const [ifTrue, ifFalse] = values;
    this.choices.set(placeholder, { condition, ifTrue, ifFalse });
  }

  /** A value in each branch of its `Fn::If` functions. Only the first four conditions are followed. */
  public of(value: Json | undefined): readonly Branch[] {
    const branch: Branch = { value, conditions: [] };
    return this.choices.size === 0 ? [branch] : this.expand(branch);
  }

  private expand(branch: Branch, depth = 0): Branch[] {
    const choice = depth >= MAX_CONDITIONS ? undefined : this.firstChoice(branch.value);
    if (!choice) return [branch];
    const { condition } = choice;
    return [condition, negated(condition)].flatMap((required) => {
      const value = this.choose(branch.value, condition, required === condition ? 'ifTrue' : 'ifFalse');
      return this.expand({ value, conditions: [...branch.conditions, required] }, depth + 1);
    });
  }

  private firstChoice(value: Json | undefined): Choice | undefined {
    if (typeof value === 'string') return this.choicesIn(value)[0];
    if (typeof value !== 'object' || value === null) return undefined;
    for (const member of Object.values(value)) {
      const choice = this.firstChoice(member);
      if (choice) return choice;
    }
    return undefined;
  }

  private choicesIn(text: string): Choice[] {
    if (!hasUnresolved(text)) return [];
    return (text.match(PLACEHOLDER) ?? []).flatMap((placeholder) => this.choices.get(placeholder) ?? []);
  }

  /** The value with one of the values in place of each `Fn::If` on a condition. */
  private choose(value: Json | undefined, condition: string, key: 'ifTrue' | 'ifFalse'): Json | undefined {
    if (typeof value === 'string') return this.chooseInText(value, condition, key);
    if (Array.isArray(value)) {
      return value.map((element) => this.choose(element, condition, key)).filter((element) => element !== undefined);
    }
    if (!isObject(value)) return value;
    const members = Object.entries(value).map(([name, member]) => [name, this.choose(member, condition, key)] as const);
    return Object.fromEntries(members.filter((member): member is [string, Json] => member[1] !== undefined));
  }

  private chooseInText(text: string, condition: string, key: 'ifTrue' | 'ifFalse'): Json | undefined {
    const whole = this.choices.get(text);
    if (whole) return whole.condition === condition ? this.choose(whole[key], condition, key) : text;
    return text.replace(PLACEHOLDER, (placeholder) => {
      const choice = this.choices.get(placeholder);
      if (choice?.condition !== condition) return placeholder;
      const chosen = this.choose(choice[key], condition, key);
      return typeof chosen === 'string' ? chosen : unresolved(`value of ${placeholder}`);
    });
  }
}

interface Choice {
  readonly condition: string;
  readonly ifTrue: Json | undefined;
  readonly ifFalse: Json | undefined;
}

const MAX_CONDITIONS = 4;

/** The condition that is true if another one is false. */
export function negated(condition: RequiredCondition): RequiredCondition {
  return condition.startsWith('!') ? condition.slice(1) : `!${condition}`;
}
