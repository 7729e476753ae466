import { grantToARole } from './01-grant-to-a-role';
import { grantToAnAccount } from './02-grant-to-an-account';
import { statementsOfABus } from './03-statements-of-a-bus';
import { ruleToAFunction } from './04-rule-to-a-function';
import { functionOfAnotherApp } from './05-function-of-another-app';
import { ruleOnABus } from './06-rule-on-a-bus';
import { ruleToABus } from './07-rule-to-a-bus';
import { deadLettersAndKeys } from './08-dead-letters-and-keys';
import { busWithoutAName } from './09-bus-without-a-name';
import { tooLongTooOpen } from './10-too-long-too-open';
import { countingCharacters } from './11-counting-characters';
import { errors } from './12-errors';
import { findings } from './13-findings';
import { laterAspects } from './14-later-aspects';
import { ruleToAQueue } from './15-rule-to-a-queue';
import { ruleToATopic } from './16-rule-to-a-topic';
import { ruleToAStream } from './17-rule-to-a-stream';
import { ruleToAnApi } from './18-rule-to-an-api';
import { Gap } from './gap';

/** All gaps, in the order of the page. */
export const GAPS: readonly Gap[] = [
  grantToARole,
  grantToAnAccount,
  statementsOfABus,
  ruleToAFunction,
  functionOfAnotherApp,
  ruleOnABus,
  ruleToABus,
  deadLettersAndKeys,
  busWithoutAName,
  tooLongTooOpen,
  countingCharacters,
  errors,
  findings,
  laterAspects,
  ruleToAQueue,
  ruleToATopic,
  ruleToAStream,
  ruleToAnApi,
];
