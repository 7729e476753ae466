import { IStream } from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import { CrossAccountPermissionProps } from './cross-account-permission-props';
import { STREAM } from './private/stream-kind';
import { PERMISSION_PROPERTIES, addTargetPermission } from './private/target-permission';
import { validateProperties } from '../core/validate-properties';

/** Properties of `CrossAccountStreamPermission`. */
export interface CrossAccountStreamPermissionProps extends CrossAccountPermissionProps {
  /**
   * The stream that rules in other accounts have as target.
   *
   * It must be defined in this app, in the account and Region of this stack; an error is thrown otherwise.
   */
  readonly stream: IStream;
}

/**
 * A permission for rules on event buses in other accounts to put records on a stream, for the app that defines the
 * stream.
 *
 * It adds one statement to the policy of the stream, which allows `kinesis:PutRecord`. All permissions of a stream for
 * accounts share a statement, as do those for roles and for organizations, to keep the policy short. A statement for an
 * organization excludes the account of the stream, whose principals need an identity-based policy. If
 * a customer managed key encrypts the stream, its policy gets a statement too; for an imported key, a warning shows it.
 * An error is thrown for the AWS managed key `alias/aws/kinesis`, whose policy does not allow other accounts. It does
 * not create the execution role of the rule: see `KinesisEventTarget`.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-cross-account.html
 * @see https://docs.aws.amazon.com/streams/latest/dev/resource-based-policy-examples.html
 * @example
 * import { Stream, StreamEncryption } from 'aws-cdk-lib/aws-kinesis';
 *
 * new CrossAccountStreamPermission(this, 'FromOrganization', {
 *   stream: new Stream(this, 'Stream', { encryption: StreamEncryption.UNENCRYPTED }),
 *   publishers: [EventPublisher.organization('o-a1b2c3d4e5')],
 * });
 */
export class CrossAccountStreamPermission extends Construct {
  constructor(scope: Construct, id: string, props: CrossAccountStreamPermissionProps) {
    super(scope, id);
    validateProperties(this, 'props', props, { stream: true, ...PERMISSION_PROPERTIES });
    addTargetPermission(this, props.stream, STREAM, props);
  }
}
