import type { Box, Layout } from './layout';
import { Topology } from './topology';

/** The element to which an arrow key moves from another one, or nothing if there is none. */
export function neighbor(topology: Topology, layout: Layout, id: string, key: string): string | undefined {
  const box = layout.nodes.get(id);
  if (!box) return undefined;
  switch (key) {
    case 'ArrowRight':
      return nearest(layout, box, connected(topology, id, 'from', 'to'));
    case 'ArrowLeft':
      return nearest(layout, box, connected(topology, id, 'to', 'from'));
    case 'ArrowDown':
      return nearest(
        layout,
        box,
        inColumn(layout, box).filter((other) => layout.nodes.get(other)!.y > box.y),
      );
    case 'ArrowUp':
      return nearest(
        layout,
        box,
        inColumn(layout, box).filter((other) => layout.nodes.get(other)!.y < box.y),
      );
    default:
      return undefined;
  }
}

function connected(topology: Topology, id: string, near: 'from' | 'to', far: 'from' | 'to'): string[] {
  return topology
    .connectionsOf(id)
    .filter((connection) => connection[near] === id)
    .map((connection) => connection[far]);
}

/** The elements above and below. */
function inColumn({ nodes }: Layout, { x, width }: Box): string[] {
  return [...nodes].filter(([, box]) => box.x < x + width && box.x + box.width > x).map(([id]) => id);
}

function nearest({ nodes }: Layout, from: Box, ids: readonly string[]): string | undefined {
  const distances = ids.flatMap((id) => {
    const box = nodes.get(id);
    return box ? [{ id, distance: Math.abs(box.y - from.y) + Math.abs(box.x - from.x) / 100 }] : [];
  });
  return distances.sort((a, b) => a.distance - b.distance)[0]?.id;
}
