/**
 * What keeps rules, each of the right form, from being used together. Every fault names the rule, the field and the
 * mend; nothing is put right silently.
 */

import { parseTime } from '#core/field/time.ts';
import { clauseFaults, dutyFaults } from './clause-faults.ts';
import { type ClauseText, clausesIn, type OfArrivalText } from './clause-text.ts';
import { floorFaults } from './floor.ts';
import { type DutyText, NATIONAL, PURPOSES, type RuleText } from './rule-text.ts';

/** What is wrong with a rule among the others; `index` says which rule, -1 none. */
export interface BookFault {
  readonly index: number;
  readonly pointer: string;
  readonly detail: string;
  readonly mend: string;
}

type Fault = Omit<BookFault, 'index'>;

export function faultsOfBook(texts: readonly RuleText[]): BookFault[] {
  const own = texts.flatMap((text, index) =>
    [...spanFaults(text), ...partFaults(text), ...sourceFaults(text)].map((fault) => ({ index, ...fault })),
  );
  if (own.length > 0) return own;
  const legal = texts.flatMap((text, index) =>
    [...transitionFaults(texts, text), ...floorFaults(text, texts), ...reminderFaults(texts, text)].map((fault) => ({
      index,
      ...fault,
    })),
  );
  if (legal.length > 0) return legal;
  return [
    ...texts.flatMap((text, index) => clashes(texts, text, index).map((fault) => ({ index, ...fault }))),
    ...missingNational(texts),
  ];
}

const INSTANT_MEND = 'give an instant of the calendar, such as 2022-07-29T00:00+08:00';

function spanFaults({ inForce: { from, until, enforcedFrom } }: RuleText): Fault[] {
  const fromMs = parseTime(from)?.atMs;
  const untilMs = until === null ? Number.POSITIVE_INFINITY : parseTime(until)?.atMs;
  if (fromMs === undefined) return [{ pointer: '/inForce/from', detail: 'is no instant', mend: INSTANT_MEND }];
  if (untilMs === undefined) return [{ pointer: '/inForce/until', detail: 'is no instant', mend: INSTANT_MEND }];
  if (fromMs >= untilMs)
    return [
      {
        pointer: '/inForce/until',
        detail: 'is not after `from`',
        mend: 'give the first instant after the last one in force',
      },
    ];
  if (enforcedFrom === undefined) return [];
  const enforcedMs = parseTime(enforcedFrom)?.atMs;
  if (enforcedMs === undefined)
    return [{ pointer: '/inForce/enforcedFrom', detail: 'is no instant', mend: INSTANT_MEND }];
  return enforcedMs > fromMs && enforcedMs < untilMs
    ? []
    : [
        {
          pointer: '/inForce/enforcedFrom',
          detail: 'does not lie between `from` and `until`',
          mend: 'give the first instant at which the rule turns people away, or leave it out',
        },
      ];
}

/** While a version only reminds, the one before it decides: it must be one that may. */
function reminderFaults(
  texts: readonly RuleText[],
  { province, purposes, confirmed, inForce: { from, enforcedFrom } }: RuleText,
): Fault[] {
  if (enforcedFrom === undefined || !confirmed) return [];
  const before = texts.filter(
    (one) =>
      one.confirmed &&
      one.province === province &&
      one.inForce.until !== null &&
      instantMs(one.inForce.until) === instantMs(from) &&
      one.purposes.some((purpose) => purposes.includes(purpose)),
  );
  return before
    .filter(
      (one) =>
        floorFaults(one, texts).length === 0 &&
        floorFaults({ ...one, inForce: { ...one.inForce, until: enforcedFrom } }, texts).length > 0,
    )
    .map((one) => ({
      pointer: '/inForce/enforcedFrom',
      detail:
        `leaves version ${one.version} of ${one.id} deciding until then, which the national notice of 29 ` +
        'July 2022 forbids',
      mend: 'leave it out',
    }));
}

function partFaults({ id, province, clauses, states = [], duties = [] }: RuleText): Fault[] {
  const faults: Fault[] = [];
  if (!id.startsWith(`${province}/`))
    faults.push({
      pointer: '/id',
      detail: `does not begin with ${province}/`,
      mend: 'begin the id with the province’s code',
    });
  const named = new Set<string>();
  const conditions = [...conditionsOf(states, '/states'), ...conditionsOf(duties, '/duties')];
  for (const [outer, start] of [...clauses.map((clause, at) => [clause, `/clauses/${at}`] as const), ...conditions]) {
    for (const { clause, pointer, within } of clausesIn(outer, start)) {
      if (named.has(clause.id))
        faults.push({
          pointer: `${pointer}/id`,
          detail: 'is the id of another clause too',
          mend: 'give each clause an id of its own',
        });
      named.add(clause.id);
      faults.push(...clauseFaults(clause, pointer, province));
      if (clause.kind === 'result' || clause.kind === 'tests' || clause.kind === 'sampling')
        faults.push(...arrivalFaults(clause, pointer));
      if (clause.kind === 'duty') faults.push(...dutyClauseFaults(clause.duty, duties, pointer));
      if (clause.kind === 'exempt' && clause.for === undefined && (within.length > 0 || clauses.length > 1))
        faults.push({
          pointer: `${pointer}/for`,
          detail: 'exempts everybody, so that the other clauses ask nothing, or it says nothing itself',
          mend: 'say for whom, or leave one or the other out',
        });
      if (clause.kind === 'sampling' && clause.carriesOver === true && !takesResult(clauses))
        faults.push({
          pointer: `${pointer}/carriesOver`,
          detail: 'carries over results, and the rule takes none',
          mend: 'add the result clause, or leave it out',
        });
    }
  }
  return [...faults, ...dutyFaults(duties, province)];
}

interface Conditions {
  readonly when?: ClauseText;
  readonly unless?: ClauseText;
}

function conditionsOf(list: readonly Conditions[], start: string): (readonly [ClauseText, string])[] {
  return list.flatMap(({ when, unless }, at) => [
    ...(when === undefined ? [] : [[when, `${start}/${at}/when`] as const]),
    ...(unless === undefined ? [] : [[unless, `${start}/${at}/unless`] as const]),
  ]);
}

/** The arrival is asked for beside an answer only: nothing that recognises turns on it. */
function arrivalFaults({ sinceDayOfStay, atArrival }: OfArrivalText, pointer: string): Fault[] {
  const faults: Fault[] = [];
  const field = sinceDayOfStay === undefined ? 'atArrival' : 'sinceDayOfStay';
  if (sinceDayOfStay === undefined && atArrival === undefined) return [];
  if (pointer.startsWith('/clauses/'))
    faults.push({
      pointer: `${pointer}/${field}`,
      detail: 'looks at the arrival in a clause that recognises',
      mend: 'ask for it in a state or a duty',
    });
  if (sinceDayOfStay !== undefined && atArrival !== undefined)
    faults.push({
      pointer: `${pointer}/atArrival`,
      detail: 'asks for what was there at the arrival and was taken after it',
      mend: 'leave one of the two out',
    });
  return faults;
}

function dutyClauseFaults(name: string, duties: readonly DutyText[], pointer: string): Fault[] {
  if (!pointer.startsWith('/states/'))
    return [
      {
        pointer,
        detail: 'asks for a duty outside a state',
        mend: 'duties stand beside an answer: ask for the evidence itself',
      },
    ];
  const duty = duties.find((one) => one.id === name);
  if (duty?.tests !== undefined) return [];
  return [
    {
      pointer: `${pointer}/duty`,
      detail: duty === undefined ? 'names no duty of this rule' : 'names a duty without tests',
      mend: 'name one of the rule’s duties that has `tests`',
    },
  ];
}

function takesResult(clauses: readonly ClauseText[]): boolean {
  return clauses.some((one) => [...clausesIn(one)].some(({ clause }) => clause.kind === 'result'));
}

/** A rule that rests on unconfirmed sources alone is never in force. */
function sourceFaults({ confirmed, sources }: RuleText): Fault[] {
  if (!confirmed || sources.some(({ reliability }) => reliability !== 'C')) return [];
  return [
    {
      pointer: '/confirmed',
      detail: 'is true, and every source is unconfirmed',
      mend: 'write false, or add a source of grade A or B',
    },
  ];
}

function transitionFaults(texts: readonly RuleText[], { id, version, transition }: RuleText): Fault[] {
  if (transition === undefined) return [];
  const faults: Fault[] = [];
  const kept = texts.find((one) => one.id === id && one.version === transition.version);
  if (kept === undefined || kept.version >= version)
    faults.push({
      pointer: '/transition/version',
      detail: 'is no older version of this rule',
      mend: 'name the version that these results keep',
    });
  transition.reportsIssued.forEach(({ from, until }, at) => {
    const [fromMs, untilMs] = [parseTime(from)?.atMs, parseTime(until)?.atMs];
    if (fromMs === undefined || untilMs === undefined || fromMs >= untilMs)
      faults.push({ pointer: `/transition/reportsIssued/${at}`, detail: 'is no span of time', mend: INSTANT_MEND });
  });
  return faults;
}

function clashes(texts: readonly RuleText[], text: RuleText, index: number): Fault[] {
  return texts.slice(0, index).flatMap((other) => {
    if (other.id === text.id && other.version === text.version)
      return [
        {
          pointer: '/version',
          detail: `version ${text.version} of ${text.id} is there twice`,
          mend: 'count the version up',
        },
      ];
    if (
      !other.confirmed ||
      !text.confirmed ||
      other.province !== text.province ||
      !overlap(other.inForce, text.inForce)
    )
      return [];
    const purpose = text.purposes.find((one) => other.purposes.includes(one));
    if (purpose === undefined) return [];
    return [
      {
        pointer: '/inForce',
        detail: `is in force together with version ${other.version} of ${other.id} for ${purpose}`,
        mend: 'end the older one where the newer begins, or part their purposes',
      },
    ];
  });
}

function overlap(a: RuleText['inForce'], b: RuleText['inForce']): boolean {
  const until = (text: string | null): number => (text === null ? Number.POSITIVE_INFINITY : instantMs(text));
  return instantMs(a.from) < until(b.until) && instantMs(b.from) < until(a.until);
}

function missingNational(texts: readonly RuleText[]): BookFault[] {
  const lasting = texts.filter(
    ({ province, inForce, confirmed }) => confirmed && province === NATIONAL && inForce.until === null,
  );
  return PURPOSES.filter((purpose) => !lasting.some(({ purposes }) => purposes.includes(purpose))).map((purpose) => ({
    index: -1,
    pointer: '/purposes',
    detail: `no national rule without an end covers ${purpose}`,
    mend: 'add one under policies/00-national: every province falls back on it',
  }));
}

function instantMs(text: string): number {
  return parseTime(text)?.atMs ?? Number.NaN;
}
