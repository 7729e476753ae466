import { EventScope } from '../event-scope';
import { Place, checkList } from './errors';
import { eventField } from '../policy/formats';
import { Scope } from '../policy/grants';

/** The scope as data, checked on behalf of the construct that it is given to. */
export function checkedScope(place: Place, { sources, detailTypes }: EventScope = {}): Scope {
  const remedy = 'leave the property out to allow any';
  checkList(place, 'sources', sources, eventField, remedy);
  checkList(place, 'detailTypes', detailTypes, eventField, remedy);
  return { sources, detailTypes };
}
