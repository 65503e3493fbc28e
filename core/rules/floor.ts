/**
 * The floor under every province's rules, the national notice of 29 July 2022 (联防联控机制综发〔2022〕81号): from then on
 * whoever holds a nucleic-acid negative inside the rule's window, counted from the issue of its report, is recognised,
 * whoever he is, whatever the province and the channel, and whatever else is or isn't on record. The window's length,
 * sampling records, duties and states stay the province's own; and it may turn away for stays in risk areas.
 */

import { parseTime } from '#core/field/time.ts';
import { type ClauseText, clausesIn, type ResultClauseText, type TestsClauseText } from './clause-text.ts';
import type { Fault } from './fault.ts';
import type { RuleText } from './rule-text.ts';

export const FLOOR_FROM = '2022-07-29T00:00+08:00';
const FLOOR_FROM_MS = parseTime(FLOOR_FROM)?.atMs ?? Number.NaN;
const NOTICE = 'the national notice of 29 July 2022';
const NUCLEIC_ACID = 'nucleic_acid';

/** What of a rule the notice forbids; nothing of one that ended before it, which is history. */
export function floorFaults(text: RuleText, texts: readonly RuleText[]): Fault[] {
  const { inForce, clauses, transition, id } = text;
  if (inForce.until !== null && (parseTime(inForce.until)?.atMs ?? Number.NaN) <= FLOOR_FROM_MS) return [];
  const faults = faultsOfClauses(clauses);
  const kept =
    transition === undefined ? undefined : texts.find((one) => one.id === id && one.version === transition.version);
  if (kept !== undefined && faultsOfClauses(kept.clauses).length > 0) {
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
      clause.kind === 'result' || clause.kind === 'tests' ? unequalEffect(clause, pointer) : [],
    ),
  );
  return [...unequal, ...fewest(clauses.map((clause, at) => obstacles(clause, `/clauses/${at}`)))];
}

/**
 * Every result has equal effect, wherever in a rule it is taken: an older or a nearer one is no better for being that.
 */
function unequalEffect({ countFrom, from }: ResultClauseText | TestsClauseText, pointer: string): Fault[] {
  const faults: Fault[] = [];
  if (countFrom.length > 1 || countFrom[0] !== 'report_issued')
    faults.push({
      pointer: `${pointer}/countFrom`,
      detail: `counts results from something other than report issue after ${NOTICE}`,
      mend: `write ["report_issued"], or end the version at ${FLOOR_FROM}`,
    });
  if (from !== 'all')
    faults.push({
      pointer: `${pointer}/from`,
      detail: `takes results of named provinces only after ${NOTICE}`,
      mend: `write "all", or end the version at ${FLOOR_FROM}`,
    });
  return faults;
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
  switch (clause.kind) {
    case 'result':
    case 'tests':
      return [...found, ...obstaclesOfResults(clause, pointer)];
    case 'sampling':
      return [...found, obstacle(pointer, 'asks for a sampling record, and so turns away where none is found', BESIDE)];
    case 'vaccination':
      return [...found, obstacle(pointer, 'asks for doses, and so turns away where none is found', BESIDE)];
    case 'duty':
      return [...found, obstacle(pointer, 'asks for a duty', BESIDE)];
    case 'no_visit':
    case 'exempt':
      return found;
    case 'any_of':
      return [...found, ...fewest(clause.of.map((one, at) => obstacles(one, `${pointer}/of/${at}`)))];
    case 'all_of':
      return [...found, ...clause.of.flatMap((one, at) => obstacles(one, `${pointer}/of/${at}`))];
  }
}

const BESIDE = 'make it an alternative, and let a result clause without it recognise everybody';

function obstaclesOfResults(clause: ResultClauseText | TestsClauseText, pointer: string): Fault[] {
  const faults = clause.methods.includes(NUCLEIC_ACID)
    ? []
    : [obstacle(`${pointer}/methods`, 'doesn’t take nucleic-acid results', `add "${NUCLEIC_ACID}"`)];
  // A field that isn't known to ask for nothing more is taken to ask for something, also one that the format gets
  // later.
  const more = Object.entries(clause).filter(
    ([field, value]) => !KNOWN.has(field) && !(field === 'landing' && value === 'counted'),
  );
  return [
    ...faults,
    ...more.map(([field]) =>
      obstacle(
        `${pointer}/${field}`,
        'asks for more than negatives inside the window',
        'leave it out, or add a result clause without it',
      ),
    ),
  ];
}

/** Whom it is for is looked at before; whose results, from when and how many, is equal for all. */
const KNOWN: ReadonlySet<string> = new Set([
  'id',
  'kind',
  'for',
  'methods',
  'from',
  'countFrom',
  'window',
  'count',
  'apart',
]);

function obstacle(pointer: string, detail: string, mend: string): Fault {
  return {
    pointer,
    detail: `${detail}, and no alternative recognises everyone who holds a nucleic-acid negative, as ${NOTICE} asks`,
    mend,
  };
}

/** Of the alternatives the one that is nearest to recognising everyone. */
function fewest(alternatives: readonly Fault[][]): Fault[] {
  return alternatives.reduce((least, one) => (one.length < least.length ? one : least));
}
