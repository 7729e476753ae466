import { L2 } from './aws-cdk-lib-only';
import { CONDITIONS } from './conditions';
import { ENCRYPTED_BUS } from './encrypted-bus';
import { ENCRYPTED } from './encrypted-queues';
import { AGNOSTIC } from './environment-agnostic';
import { BACKBONE } from './event-backbone';
import { REGIONS } from './forwarding-across-regions';
import { NESTED } from './nested-stacks';
import { OLDER } from './older-copy';
import { ORDERS } from './order-to-invoice';
import { ORGANIZATIONS } from './organizations';
import { PARTITIONS } from './partitions';
import { PLAIN } from './plain';
import { TARGETS } from './queue-topic-stream-api';
import { SCHEDULES } from './schedules';
import { FILES } from './several-apps';
import { STAGES } from './stages';
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
  ORGANIZATIONS,
  FILES,
  CONDITIONS,
  NESTED,
  SCHEDULES,
  PARTITIONS,
  AGNOSTIC,
  OLDER,
];
