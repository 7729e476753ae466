import { L2 } from './aws-cdk-lib-only';
import { CONDITIONS } from './conditions';
import { ENCRYPTED_BUS } from './encrypted-bus';
import { ENCRYPTED } from './encrypted-queues';
import { AGNOSTIC } from './environment-agnostic';
import { BACKBONE } from './event-backbone';
import { REGIONS } from './forwarding-across-regions';
import { NESTED } from './nested-stacks';
import { NESTED_STAGES } from './nested-stages';
import { OLDER } from './older-copy';
import { ORDERS } from './order-to-invoice';
import { ORGANIZATIONS } from './organizations';
import { PARTITIONS } from './partitions';
import { PLAIN } from './plain';
import { TARGETS } from './queue-topic-stream-api';
import { SCHEDULES } from './schedules';
import { FILES } from './several-apps';
import { STAGES } from './stages';
import { BESIDE_STACKS } from './stages-beside-stacks';
import { SAME_ACCOUNTS } from './stages-in-same-accounts';
import { SUBSCRIBER } from './subscriber-rules';
import { ALIASES } from './versions-and-aliases';
import { World } from '../world';

/** All worlds. */
export const WORLDS: readonly World[] = [
  PLAIN,
  ORDERS,
  ENCRYPTED,
  ENCRYPTED_BUS,
  REGIONS,
  ALIASES,
  BACKBONE,
  SUBSCRIBER,
  TARGETS,
  L2,
  STAGES,
  SAME_ACCOUNTS,
  NESTED_STAGES,
  BESIDE_STACKS,
  ORGANIZATIONS,
  FILES,
  CONDITIONS,
  NESTED,
  SCHEDULES,
  PARTITIONS,
  AGNOSTIC,
  OLDER,
];
