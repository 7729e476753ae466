import { IConstruct } from 'constructs';
import { Finding } from './finding';
import { constructsInAssembly } from '../../app-model/assembly';
import { FindingId } from '../finding-id';

/** Ids of what constructs of this library say by themselves, when they are made, of a half that they cannot write. */
export const REPORTED_BY_CONSTRUCTS = Object.values(FindingId).filter((id) => id.endsWith('Elsewhere'));

/**
 * What constructs have said and nobody acknowledged: findings too, for the report and for those who switch them off.
 *
 * Blind spot: what a construct says in a validation of its own, which comes after that of the app.
 */
export function constructWarnings(root: IConstruct): Finding[] {
  return constructsInAssembly(root).flatMap((construct) =>
    construct.node.metadata.flatMap(({ data }): Finding[] => {
      const [, message, said] = /^([^]*) \[ack: ([^\]]+)\]$/.exec(typeof data === 'string' ? data : '') ?? [];
      const id = REPORTED_BY_CONSTRUCTS.find((known) => known === said);
      return id ? [{ id, level: 'warning', construct, message }] : [];
    }),
  );
}
