/** Circles in a graph of names, for the test of the sources' form. */

/**
 * A circle in the graph, as the names along it with the first one again at the end, or null where there is none.
 *
 * @param arrows from each name to those that it leads to
 */
export function circleIn(arrows: ReadonlyMap<string, ReadonlySet<string>>): string[] | null {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (name: string): string[] | null => {
    const at = path.indexOf(name);
    if (at !== -1) return [...path.slice(at), name];
    if (done.has(name)) return null;
    path.push(name);
    for (const next of arrows.get(name) ?? []) {
      const circle = visit(next);
      if (circle !== null) return circle;
    }
    path.pop();
    done.add(name);
    return null;
  };
  for (const name of arrows.keys()) {
    const circle = visit(name);
    if (circle !== null) return circle;
  }
  return null;
}
