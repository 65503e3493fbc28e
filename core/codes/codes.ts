/**
 * Which assigned codes are in force at an instant, and who must clear each. Pure: view and instant in, codes out. It
 * never lets one province's green clear what another province assigned.
 */

import { GREEN } from '#core/events/events.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import type { CodeRegister, PersonView } from '#core/view/view.ts';

export interface CodeInForce {
  /** The assigning province. */
  readonly province: ProvinceCode;
  readonly code: CodeRegister;
  /**
   * Who must clear it: the assigning province, wherever the person is now and whoever copied the colour (Hubei and
   * Hohhot, autumn 2022). Null for green, which needs no clearing.
   */
  readonly clearedBy: ProvinceCode | null;
}

export interface CodesInForce {
  /** One for each province that has an assignment in force, in the order of their codes. */
  readonly codes: readonly CodeInForce[];
  /** A code that the view no longer holds might still be in force: of those that were cut one ends later. */
  readonly mayMissSome: boolean;
}

/**
 * By province, the newest assignment that is neither retracted nor expired at the instant. What a province assigned
 * before a green of its own is cleared for good, also when that green has an end; any other assignment that ends
 * uncovers the one before it: a pop-up of a day doesn't clear a red of a fortnight.
 */
export function codesInForce({ codes, codesCuts }: PersonView, atMs: number): CodesInForce {
  const assigned = codes.filter(({ status, assignedAtMs }) => status !== 'retracted' && assignedAtMs <= atMs);
  const inForce = [...Map.groupBy(assigned, ({ province }) => province)].flatMap(([province, own]) => {
    const code = newestInForce(own, atMs);
    return code === null ? [] : [{ province, code, clearedBy: code.state === GREEN ? null : province }];
  });
  return {
    codes: inForce.sort((a, b) => (a.province < b.province ? -1 : 1)),
    mayMissSome: codesCuts.some(({ lastEndMs }) => lastEndMs !== null && lastEndMs > atMs),
  };
}

function newestInForce(own: readonly CodeRegister[], atMs: number): CodeRegister | null {
  for (const code of own.toSorted(newestFirst)) {
    if (code.expiresAtMs === null || atMs < code.expiresAtMs) return code;
    if (code.state === GREEN) return null;
  }
  return null;
}

// Of two at one instant the one that was written later; the view's own order, which is total, decides between the rest.
function newestFirst(a: CodeRegister, b: CodeRegister): number {
  return b.assignedAtMs - a.assignedAtMs || b.issuedAtMs - a.issuedAtMs;
}
