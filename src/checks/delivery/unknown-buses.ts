import { didYouMean, nearestBus } from './nearest';
import { busesOf, mayPut } from './paths';
import { FindingId } from '../../finding-id';
import { readable } from '../../policy/text';
import { Finding } from '../finding';
import { World } from '../world';

/**
 * Statements that are written for a bus which is probably another one.
 *
 * Blind spots: buses of other apps without a bus of this app that resembles them.
 */
export function policiesOnUnknownBuses(world: World): Finding[] {
  return world.model.eventBusStatements.filter(({ of }) => !world.bus(of)).flatMap(({ construct, of, id }) => {
    const near = nearestBus(world, of);
    if (!near || refusesSomebody(world, near.bus.arn)) return [];
    return [{ id: FindingId.EVENT_BUS_UNKNOWN, level: 'warning', construct, message: didYouMean(near, `bus ${of}, which statement '${readable(id)}' is for`) }];
  });
}

/** Whether a bus lets somebody of the app not in who has it in its policies: that is told then, with the statement that was meant. */
function refusesSomebody(world: World, busArn: string): boolean {
  return [...world.model.roles, ...world.model.users].some((identity) => {
    if (!busesOf(identity, world.model.eventBuses).includes(busArn)) return false;
    const { decision, half } = mayPut(world, identity, busArn, {}, { inDoubtYes: true });
    return decision === 'denied' && half === 'resource';
  });
}
