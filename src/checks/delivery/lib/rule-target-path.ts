import { manualStepFinding } from './manual-steps';
import { AppIndex } from '../../../app-model/app-index';
import { Role, Rule, Target } from '../../../app-model/app-model';
import { accountOf } from '../../../iam/arn';
import { equals } from '../../../iam/matching';
import { not } from '../../../iam/ternary';
import { displayText } from '../../../iam/unresolved-text';
import { Finding } from '../../engine/finding';
import { TargetKind, targetKindOf } from '../../engine/target-kinds';
import { FindingId } from '../../finding-id';

/** A rule, one of its targets and the role between them. */
export class RuleTargetPath {
  public readonly role?: Role;
  public readonly kind?: TargetKind;
  /** Whether the rule's account is another than that of the target: undefined where only deployment tells. */
  public readonly isCrossAccount: boolean | undefined;

  constructor(
    public readonly app: AppIndex,
    public readonly rule: Rule,
    public readonly target: Target,
  ) {
    this.role = target.roleArn === undefined ? undefined : app.role(target.roleArn);
    this.kind = target.arn.startsWith('arn:') ? targetKindOf(target.arn) : undefined;
    this.isCrossAccount = not(equals(accountOf(rule.arn), accountOf(target.arn)));
  }

  public get name(): string {
    return `${this.kind?.noun ?? 'target'} ${displayText(this.target.arn)}`;
  }

  public get ruleName(): string {
    return `rule '${displayText(this.rule.name)}'`;
  }

  public error(id: FindingId, problem: string, fix: string, construct = this.rule.construct): Finding[] {
    return [{ id, level: 'error', construct, problem, fix }];
  }

  public warning(id: FindingId, problem: string, fix: string): Finding[] {
    return [{ id, level: 'warning', construct: this.rule.construct, problem, fix }];
  }

  public manualStep(id: FindingId, problem: string, fix: string, about = this.target.arn): Finding[] {
    return manualStepFinding(id, this.rule.construct, about, problem, fix);
  }
}
