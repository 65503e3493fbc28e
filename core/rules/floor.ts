/**
 * The floor under every province's rules, the national notice of 29 July 2022 (联防联控机制综发〔2022〕81号): from then on
 * whoever holds a nucleic-acid negative inside the rule's window, counted from the issue of its report, is recognised,
 * whoever he is, whatever the province and the channel, and whatever else is or isn't on record. The window's length,
 * sampling records, duties and states stay the province's own; and it may turn away for stays in risk areas.
 */

import { type ClauseText, clausesIn, isGroup } from '#core/clauses/clause-text.ts';
import { kindOf } from '#core/clauses/kinds.ts';
import { instantMs } from '#core/field/time.ts';
import type { Fault } from '#core/terms/fault.ts';
import { FLOOR_FROM, FLOOR_FROM_MS, NOTICE, obstacle } from '#core/terms/notice.ts';
import { withCountOf } from './kept-count.ts';
import type { RuleText } from './rule-text.ts';

/** What of a rule the notice forbids; nothing of one that ended before it, which is history. */
export function floorFaults(text: RuleText, texts: readonly RuleText[]): Fault[] {
  const { inForce, clauses, transition, id } = text;
  if (inForce.until !== null && instantMs(inForce.until) <= FLOOR_FROM_MS) return [];
  // It turns nobody away: what judges there holds for all whom it leaves.
  if (text.standsAlongside !== undefined) return [];
  const faults = faultsOfClauses(clauses);
  if (text.pooled !== undefined)
    faults.push({
      pointer: '/pooled',
      detail: `turns away who holds a later negative of a pooled sample, which ${NOTICE} forbids`,
      mend: `leave it out, or end the version at ${FLOOR_FROM}`,
    });
  const kept =
    transition === undefined ? undefined : texts.find((one) => one.id === id && one.version === transition.version);
  const judging = kept !== undefined && transition?.keeps === 'count' ? withCountOf(text, kept) : kept;
  if (kept !== undefined && judging !== undefined && faultsOfClauses(judging.clauses).length > 0) {
    faults.push({
      pointer: '/transition',
      detail: `keeps version ${kept.version}, which ${NOTICE} forbids`,
      mend: `leave it out, or end this version at ${FLOOR_FROM}`,
    });
  }
  return faults;
}

function faultsOfClauses(clauses: readonly ClauseText[]): Fault[] {
  const unequal = clauses.flatMap((outer, at) =>
    [...clausesIn(outer, `/clauses/${at}`)].flatMap(({ clause, pointer }) =>
      isGroup(clause) ? [] : (kindOf(clause).unequal?.(clause, pointer) ?? []),
    ),
  );
  return [...unequal, ...fewest(clauses.map((clause, at) => obstacles(clause, `/clauses/${at}`)))];
}

/**
 * What of a clause can turn somebody away who holds the negative: nothing, where it stands for everyone. Of
 * alternatives one must be free of it, of parts that are asked for together each.
 */
function obstacles(clause: ClauseText, pointer: string): Fault[] {
  const found: Fault[] =
    clause.for === undefined
      ? []
      : [
          obstacle(
            `${pointer}/for`,
            'recognises some people only',
            'leave it out, or add a result clause without `for`: what holds for everybody',
          ),
        ];
  if (!isGroup(clause)) return [...found, ...kindOf(clause).obstacles(clause, pointer)];
  const parts = clause.of.map((one, at) => obstacles(one, `${pointer}/of/${at}`));
  return [...found, ...(clause.kind === 'any_of' ? fewest(parts) : parts.flat())];
}

/** Of the alternatives the one that is nearest to recognising everyone. */
function fewest(alternatives: readonly Fault[][]): Fault[] {
  return alternatives.reduce((least, one) => (one.length < least.length ? one : least));
}
