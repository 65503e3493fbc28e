/** The order of texts that every process shares. */

/** By code unit, so that every process orders alike, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
