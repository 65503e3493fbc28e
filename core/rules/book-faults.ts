/**
 * What keeps rules, each of the right form, from being used together. Every fault names the rule, the field and the
 * mend; nothing is put right silently.
 */

import { type ClauseText, clausesIn } from '#core/clauses/clause-text.ts';
import { clauseFaults } from '#core/clauses/faults.ts';
import { instantMs, parseTime } from '#core/field/time.ts';
import type { Around } from '#core/terms/around.ts';
import type { Fault } from '#core/terms/fault.ts';
import { classFaults } from './class-faults.ts';
import { clearingFaults } from './clearing-faults.ts';
import { dutyFaults } from './duty-faults.ts';
import { floorFaults } from './floor.ts';
import { keepsCounts } from './kept-count.ts';
import { type KindTable, NO_KINDS } from './kinds-text.ts';
import type { RuleText } from './rule-text.ts';
import { scopeFaults, scopeOfBoth, sharesScope, unknownKinds } from './scope-faults.ts';

/** What is wrong with a rule among the others; `index` says which rule, -1 none. */
export interface BookFault extends Fault {
  readonly index: number;
}

type FaultsOf = (text: RuleText, index: number, texts: readonly RuleText[], kinds: KindTable) => readonly Fault[];

/** One after the other: each relies on what those before it have found right in all rules. */
const STAGES: readonly FaultsOf[] = [
  (text, _, __, kinds) => [
    ...spanFaults(text),
    ...scopeFaults(text),
    ...unknownKinds(text, kinds),
    ...partFaults(text),
    ...classFaults(text),
    ...pooledFaults(text),
    ...sourceFaults(text),
  ],
  (text, _, texts) => [...transitionFaults(texts, text), ...floorFaults(text, texts), ...reminderFaults(texts, text)],
  (text, index, texts) => clashes(texts, text, index),
];

/** @param kinds the kinds of place that may be named */
export function faultsOfBook(texts: readonly RuleText[], kinds: KindTable = NO_KINDS): readonly BookFault[] {
  const looking = faultsRuleByRule(texts, kinds);
  for (;;) {
    const { done, value } = looking.next();
    if (done === true) return value;
  }
}

/** The same, one rule at each step: who has others waiting may give way between two of them. */
export function* faultsRuleByRule(
  texts: readonly RuleText[],
  kinds: KindTable,
): Generator<void, readonly BookFault[], void> {
  for (const faultsOf of STAGES) {
    const found: BookFault[] = [];
    for (const [index, text] of texts.entries()) {
      found.push(...faultsOf(text, index, texts, kinds).map((fault) => ({ index, ...fault })));
      yield;
    }
    if (found.length > 0) return found;
  }
  return [];
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
function reminderFaults(texts: readonly RuleText[], text: RuleText): Fault[] {
  const {
    province,
    confirmed,
    inForce: { from, enforcedFrom },
  } = text;
  if (enforcedFrom === undefined || !confirmed) return [];
  const before = texts.filter(
    (one) =>
      one.confirmed &&
      one.province === province &&
      one.inForce.until !== null &&
      instantMs(one.inForce.until) === instantMs(from) &&
      sharesScope(one, text),
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
  const ofRule = {
    owner: province,
    takesResults: takesResult(clauses),
    duties: duties.map((duty) => ({ id: duty.id, asksForTests: duty.tests !== undefined })),
  };
  for (const { outer, start, stands } of [
    ...clauses.map((clause, at) => ({ outer: clause, start: `/clauses/${at}`, stands: 'in_clauses' as const })),
    ...conditionsOf(states, '/states', 'in_states'),
    ...conditionsOf(duties, '/duties', 'in_duties'),
  ]) {
    for (const { clause, pointer, within } of clausesIn(outer, start)) {
      if (named.has(clause.id))
        faults.push({
          pointer: `${pointer}/id`,
          detail: 'is the id of another clause too',
          mend: 'give each clause an id of its own',
        });
      named.add(clause.id);
      const alone = within.length === 0 && clauses.length === 1;
      faults.push(...clauseFaults(clause, pointer, { ...ofRule, stands, alone }));
    }
  }
  return [...faults, ...dutyFaults(duties, province), ...clearingFaults(states, duties)];
}

interface Conditions {
  readonly when?: ClauseText;
  readonly unless?: ClauseText;
}

function conditionsOf(
  list: readonly Conditions[],
  start: string,
  stands: Around['stands'],
): { readonly outer: ClauseText; readonly start: string; readonly stands: Around['stands'] }[] {
  return list.flatMap(({ when, unless }, at) => [
    ...(when === undefined ? [] : [{ outer: when, start: `${start}/${at}/when`, stands }]),
    ...(unless === undefined ? [] : [{ outer: unless, start: `${start}/${at}/unless`, stands }]),
  ]);
}

function takesResult(clauses: readonly ClauseText[]): boolean {
  return clauses.some((one) => [...clausesIn(one)].some(({ clause }) => clause.kind === 'result'));
}

/** What a pooled positive does more than any other, it can do only where positives refuse. */
function pooledFaults({ pooled, positive }: RuleText): Fault[] {
  if (pooled === undefined || positive !== 'no_effect') return [];
  return [
    { pointer: '/pooled', detail: 'refuses where no positive does', mend: 'leave it out, or let positives refuse' },
  ];
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

function transitionFaults(texts: readonly RuleText[], { id, version, transition, clauses }: RuleText): Fault[] {
  if (transition === undefined) return [];
  const faults: Fault[] = [];
  const kept = texts.find((one) => one.id === id && one.version === transition.version);
  if (kept === undefined || kept.version >= version)
    faults.push({
      pointer: '/transition/version',
      detail: 'is no older version of this rule',
      mend: 'name the version that these results keep',
    });
  else if (transition.keeps === 'count' && !keepsCounts(clauses, kept.clauses))
    faults.push({
      pointer: '/transition/keeps',
      detail: 'keeps what a version counts from that has no clause of the same id',
      mend: 'give the clause the id that it has there, or leave `keeps` out',
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
    const scope = other.confirmed && text.confirmed ? scopeOfBoth(other, text) : null;
    if (scope === null) return [];
    return [
      {
        pointer: '/inForce',
        detail: `is in force together with version ${other.version} of ${other.id} for ${scope}`,
        mend: 'end the older one where the newer begins, or part their purposes',
      },
    ];
  });
}
