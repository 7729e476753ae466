import { conditionsThatNeverMatch } from './conditions';
import { deadLettersRefused } from './dead-letters';
import { secondHops } from './hops';
import { keysRefused } from './keys';
import { accountsWithoutPublisher, publishersWithoutPolicy } from './named-publishers';
import { rulesTooEarly } from './order';
import { patternsThatNeverMatch } from './patterns';
import { policyConflicts } from './policy-conflicts';
import { publishersRefused } from './publishers';
import { rulesRefused } from './rule-management';
import { servicesDenied } from './service-publishers';
import { statementIdsTwice } from './statement-ids';
import { targetsRefused } from './targets';
import { policiesOnUnknownBuses } from './unknown-buses';
import { Check } from '../judge-at-synth';

/** Every check of whether events arrive, in the order in which an event goes its way. */
export const DELIVERY_CHECKS: Check[] = [
  { name: 'publishersRefused', findings: publishersRefused },
  { name: 'servicesDenied', findings: servicesDenied },
  { name: 'publishersWithoutPolicy', findings: publishersWithoutPolicy },
  { name: 'accountsWithoutPublisher', findings: accountsWithoutPublisher },
  { name: 'conditionsThatNeverMatch', findings: conditionsThatNeverMatch },
  { name: 'statementIdsTwice', findings: statementIdsTwice },
  { name: 'policyConflicts', findings: policyConflicts },
  { name: 'policiesOnUnknownBuses', findings: policiesOnUnknownBuses },
  { name: 'rulesRefused', findings: rulesRefused },
  { name: 'patternsThatNeverMatch', findings: patternsThatNeverMatch },
  { name: 'targetsRefused', findings: targetsRefused },
  { name: 'rulesTooEarly', findings: rulesTooEarly },
  { name: 'secondHops', findings: secondHops },
  { name: 'deadLettersRefused', findings: deadLettersRefused },
  { name: 'keysRefused', findings: keysRefused },
];
