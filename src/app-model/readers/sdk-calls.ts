import { readLogPolicyCall } from './targets';
import { ResourceReaders } from '../read-context';

/** Calls to the AWS SDK that custom resources make. Several checks look for the resources that they name. */
export const SDK_CALL_READERS: ResourceReaders = {
  'Custom::AWS': (context) => {
    context.model.sdkCalls.push(JSON.stringify(context.properties));
    readLogPolicyCall(context);
  },
};
