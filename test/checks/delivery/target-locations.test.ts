import { Fn } from 'aws-cdk-lib';
import { FindingId } from '../../../src/checks/finding-id';
import { REGION } from '../../support/apps';
import { faults } from '../../support/faults';
import { TARGETS, inShop, ruleTo } from '../../support/role-targets';
import { inThreeAccounts } from '../../support/three-accounts';

faults('targets in another account', {
  finds: FindingId.TARGET_ACCOUNT_UNSUPPORTED,
  level: 'error',
  healthy: {
    'a runbook that another account shares': inThreeAccounts(({ hub }) =>
      ruleTo(hub, inShop(TARGETS['a runbook'][0]), 'ssm:StartAutomationExecution'),
    ),
    'a state machine of the account of the stack': inThreeAccounts(({ hub }) =>
      ruleTo(hub, Fn.sub('arn:aws:states:${AWS::Region}:${AWS::AccountId}:stateMachine:x'), 'states:StartExecution'),
    ),
  },
  faulty: Object.fromEntries(
    ['a state machine', 'a pipeline', 'a delivery stream', 'a job queue', 'an API destination'].map((kind) => [
      `${kind} of another account`,
      { app: inThreeAccounts(({ hub }) => ruleTo(hub, inShop(TARGETS[kind][0]), TARGETS[kind][1])), at: '/Hub/Rule' },
    ]),
  ),
});

faults('targets in another Region', {
  finds: FindingId.TARGET_REGION_UNSUPPORTED,
  level: 'error',
  healthy: {},
  faulty: Object.fromEntries(
    ['a state machine', 'a stream', 'a pipeline'].map((kind) => [
      `${kind} in another Region`,
      {
        app: inThreeAccounts(({ hub }) =>
          ruleTo(hub, TARGETS[kind][0].replace(REGION, 'ap-southeast-2'), TARGETS[kind][1]),
        ),
        at: '/Hub/Rule',
      },
    ]),
  ),
});
