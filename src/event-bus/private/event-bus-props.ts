import { PhysicalName } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { physicalNameOf } from '../../core/environment';
import { ErrorScope, validationError } from '../../core/validation-error';
import { EVENT_BUS_NAME_CHARACTERS } from '../../eventbridge/quotas';
import { CrossAccountEventBusProps } from '../cross-account-event-bus-props';

/** A partner bus takes the name of its source. */
export function eventBusNameOf(scope: Construct, id: string, props: CrossAccountEventBusProps): string | undefined {
  const { eventBusName: name, eventSourceName } = props;
  if ((name !== undefined && name !== PhysicalName.GENERATE_IF_NEEDED) || eventSourceName !== undefined) return name;
  return physicalNameOf(scope, [id], EVENT_BUS_NAME_CHARACTERS);
}

/** A log group without a level gets errors; a level goes with the profile where the props do not say. */
export function logConfigOf(
  place: ErrorScope,
  { logConfig, logGroup, profile }: CrossAccountEventBusProps,
): events.LogConfig | undefined {
  if (logGroup && logConfig?.level === events.Level.OFF) {
    throw validationError(
      place,
      "'logConfig' must not have level OFF with a 'logGroup', got OFF; nothing would be delivered: " +
        'leave out one of them',
    );
  }
  const wanted = logConfig?.level ?? (logGroup || profile?._options ? events.Level.ERROR : undefined);
  return wanted === undefined
    ? logConfig
    : { includeDetail: logConfig?.includeDetail ?? events.IncludeDetail.NONE, level: wanted };
}
