/**
 * The national notice of 29 July 2022 (联防联控机制综发〔2022〕81号), as far as a single clause can offend against it. What
 * it asks of a whole rule is in floor.ts.
 */

import { instantMs } from '#core/field/time.ts';
import type { From } from './evidence-text.ts';
import type { Fault } from './fault.ts';
import type { AnchorText, CountedText } from './window-text.ts';

export const FLOOR_FROM = '2022-07-29T00:00+08:00';
export const FLOOR_FROM_MS = instantMs(FLOOR_FROM);
export const NOTICE = 'the national notice of 29 July 2022';
const NUCLEIC_ACID = 'nucleic_acid';

interface TakesResults {
  readonly methods: readonly string[];
  readonly from: From;
  readonly countFrom: readonly AnchorText[];
  readonly alsoWithin?: readonly CountedText[];
}

/**
 * Every result has equal effect, wherever in a rule it is taken: an older or a nearer one is no better for being that.
 */
export function unequalEffect({ countFrom, from, alsoWithin = [] }: TakesResults, pointer: string): Fault[] {
  const faults = [
    ...unequalAnchors(countFrom, pointer),
    ...alsoWithin.flatMap((also, at) => unequalAnchors(also.countFrom, `${pointer}/alsoWithin/${at}`)),
  ];
  if (from !== 'all')
    faults.push({
      pointer: `${pointer}/from`,
      detail: `takes results of named provinces only after ${NOTICE}`,
      mend: `write "all", or end the version at ${FLOOR_FROM}`,
    });
  return faults;
}

function unequalAnchors(countFrom: readonly AnchorText[], pointer: string): Fault[] {
  if (countFrom.length === 1 && countFrom[0] === 'report_issued') return [];
  return [
    {
      pointer: `${pointer}/countFrom`,
      detail: `counts results from something other than report issue after ${NOTICE}`,
      mend: `write ["report_issued"], or end the version at ${FLOOR_FROM}`,
    },
  ];
}

/** What may turn somebody away who holds the negative. */
export function obstacle(pointer: string, detail: string, mend: string): Fault {
  return {
    pointer,
    detail: `${detail}, and no alternative recognises everyone who holds a nucleic-acid negative, as ${NOTICE} asks`,
    mend,
  };
}

/** The mend of what must not be asked of everybody. */
export const BESIDE = 'make it an alternative, and let a result clause without it recognise everybody';

/** Of a clause that takes results. */
export function obstaclesOfResults(clause: TakesResults, pointer: string): Fault[] {
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
  // What it counts from is equal for all too.
  'alsoWithin',
  'window',
  'count',
  'apart',
]);
