import { PhysicalName } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { physicalNameOf } from '../../core/environment';
import { ErrorScope, validationError } from '../../core/validation-error';
import { EVENT_BUS_NAME_CHARACTERS } from '../../eventbridge/quotas';
import { CrossAccountEventBusProps } from '../cross-account-event-bus-props';

/** The physical name of a bus. A partner event bus has the name of its event source. */
export function eventBusNameOf(scope: Construct, id: string, props: CrossAccountEventBusProps): string | undefined {
  const { eventBusName: name, eventSourceName } = props;
  const isNamed = name !== undefined && name !== PhysicalName.GENERATE_IF_NEEDED;
  if (isNamed || eventSourceName !== undefined) return name;
  return physicalNameOf(scope, [id], EVENT_BUS_NAME_CHARACTERS);
}

/** The log configuration of a bus: with a log group or the production profile, errors are logged by default. */
export function logConfigOf(
  errorScope: ErrorScope,
  { logConfig, logGroup, profile }: CrossAccountEventBusProps,
): events.LogConfig | undefined {
  if (logGroup && logConfig?.level === events.Level.OFF) {
    throw validationError(
      errorScope,
      "'logConfig' must not have level OFF together with 'logGroup', got OFF; omit one of them",
    );
  }
  const defaultLevel = logGroup || profile?._options ? events.Level.ERROR : undefined;
  const level = logConfig?.level ?? defaultLevel;
  if (level === undefined) return logConfig;
  return { includeDetail: logConfig?.includeDetail ?? events.IncludeDetail.NONE, level };
}
