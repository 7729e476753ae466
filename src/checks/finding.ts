import { Annotations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { FindingId } from '../finding-id';

/** What a check has to say about a construct. A warning can be acknowledged by its id, an error cannot. */
export interface Finding {
  readonly id: FindingId;
  readonly level: 'error' | 'warning';
  readonly construct: IConstruct;
  readonly message: string;
}

/** Writes a finding where `cdk synth` shows it. */
export function annotate({ id, level, construct, message }: Finding): void {
  const annotations = Annotations.of(construct);
  if (level === 'warning') {
    annotations.addWarningV2(id, message);
  } else {
    annotations.addError(`${message} [${id}]`);
  }
}
