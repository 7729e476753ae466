import type { DeliveryDiff, DiffElement, OpenAccessChange } from './delivery-diff';
import type { DeliveryGraph } from './delivery-graph';
import { ANY_ACCOUNT } from './named-principals';

/** The principals beyond accounts and roles that may use a bus or target only before or only after a change. */
export function openAccessChanges(before: DeliveryGraph, after: DeliveryGraph): OpenAccessChange[] {
  const [was, is] = [openAccessIn(before), openAccessIn(after)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .sort()
    .map((element) => changeOf(element, was.get(element) ?? [], is.get(element) ?? []))
    .filter(({ added, removed }) => added.length + removed.length > 0);
}

/** Whether principals beyond accounts and roles have access only after a change, or to more events than before. */
export function addsOpenAccess({ elements, openAccess, publishers }: DeliveryDiff): boolean {
  const open = new Set(elements.filter(isOpenPublisher).map(({ id }) => id));
  return (
    openAccess.some(({ added }) => added.length > 0) ||
    publishers.some(({ change, publisher }) => change === 'added' && open.has(publisher))
  );
}

function isOpenPublisher({ account, kind, role }: DiffElement): boolean {
  return role === 'publisher' && (kind === 'organization' || (kind === 'account' && account === undefined));
}

function openAccessIn({ elements }: DeliveryGraph): Map<string, readonly string[]> {
  return new Map(elements.flatMap(({ id, openTo }) => (openTo ? [[id, openTo] as const] : [])));
}

/** A principal that any AWS account includes has the access before and after the change. */
function changeOf(element: string, before: readonly string[], after: readonly string[]): OpenAccessChange {
  const missingIn = (side: readonly string[]) => (name: string) => !side.includes(name) && !side.includes(ANY_ACCOUNT);
  return { element, added: after.filter(missingIn(before)), removed: before.filter(missingIn(after)) };
}
