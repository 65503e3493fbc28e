/**
 * The floor under every province's rules, the national notice of 29 July 2022 (联防联控机制综发〔2022〕81号): from then on
 * a result counts from the issue of its report, whatever the province and the channel, and nobody is refused because a
 * record isn't found locally. The window's length, sampling records, duties and states stay the province's own.
 */
import type { RuleText } from './policy.ts';
import { type ClauseText, clausesIn } from './policy-clauses.ts';
import { parseTime } from './time.ts';

export const FLOOR_FROM = '2022-07-29T00:00+08:00';
const FLOOR_FROM_MS = parseTime(FLOOR_FROM)?.atMs ?? Number.NaN;
const NOTICE = 'the national notice of 29 July 2022';

interface Fault {
  readonly pointer: string;
  readonly detail: string;
  readonly mend: string;
}

/** What of a rule the notice forbids; nothing of one that ended before it, which is history. */
export function floorFaults(text: RuleText, texts: readonly RuleText[]): Fault[] {
  const { inForce, clauses, transition, id } = text;
  if (inForce.until !== null && (parseTime(inForce.until)?.atMs ?? Number.NaN) <= FLOOR_FROM_MS) return [];
  const faults = faultsOfClauses(clauses);
  const kept = transition === undefined ? undefined : texts.find((one) => one.id === id && one.version === transition.version);
  if (kept !== undefined && faultsOfClauses(kept.clauses).length > 0) {
    faults.push({ pointer: '/transition', detail: `keeps version ${kept.version}, which ${NOTICE} forbids`, mend: `leave it out, or end this version at ${FLOOR_FROM}` });
  }
  return faults;
}

function faultsOfClauses(clauses: readonly ClauseText[]): Fault[] {
  const faults: Fault[] = [];
  for (const [at, outer] of clauses.entries()) {
    for (const { clause, pointer, within } of clausesIn(outer, `/clauses/${at}`)) {
      if (clause.kind === 'result' || clause.kind === 'tests') {
        if (clause.countFrom.length > 1 || clause.countFrom[0] !== 'report_issued') faults.push({ pointer: `${pointer}/countFrom`, detail: `counts results from something other than report issue after ${NOTICE}`, mend: `write ["report_issued"], or end the version at ${FLOOR_FROM}` });
        if (clause.from !== 'all') faults.push({ pointer: `${pointer}/from`, detail: `takes results of named provinces only after ${NOTICE}`, mend: `write "all", or end the version at ${FLOOR_FROM}` });
      }
      if (clause.kind === 'sampling' && within.some(({ kind }) => kind === 'all_of')) {
        faults.push({ pointer, detail: `asks for a sampling record beside the result, and so refuses where it isn't found, after ${NOTICE}`, mend: 'make it a clause of its own, which recognises without a result' });
      }
    }
  }
  const takers = clauses.flatMap((clause) => [...clausesIn(clause)].filter((one) => TAKES_RESULTS.has(one.clause.kind)));
  if (takers.length === 0) faults.push({ pointer: '/clauses', detail: `takes no results after ${NOTICE}`, mend: 'add a result clause' });
  else if (takers.every(({ clause, within }) => [clause, ...within].some((one) => one.for !== undefined))) {
    faults.push({ pointer: '/clauses', detail: `takes results of some people only after ${NOTICE}`, mend: 'add a result clause without `for`: what holds for everybody' });
  }
  return faults;
}

/** By these a result has effect; with `exempt` none is needed. */
const TAKES_RESULTS: ReadonlySet<ClauseText['kind']> = new Set(['result', 'tests', 'exempt']);
