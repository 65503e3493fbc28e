/**
 * What else stands on record beside the evidence: codes in force, exposures, doses, what was withdrawn. It is shown in
 * every answer, so that one look is enough and nothing is self-reported; it never enters the outcome. Pure.
 */

import type { CodeWay } from '#core/codes/code-table.ts';
import { codeWords } from '#core/codes/code-words.ts';
import { type CodeInForce, codesInForce } from '#core/codes/codes.ts';
import type { CodeBook, Converted, StateNamed } from '#core/codes/conversion.ts';
import { nameOfProvince, type ProvinceCode } from '#core/field/regions.ts';
import { DAY_MS, formatTime, formatTimeAs } from '#core/field/time.ts';
import { HISTORY_DAYS_KEPT } from '#core/terms/window-text.ts';
import type { Words } from '#core/terms/words.ts';
import type { PersonView, TestRegister } from '#core/view/view.ts';
import { NATIONAL } from '#core/withdrawals/withdrawal.ts';

export interface ProvinceShown {
  readonly province: ProvinceCode;
  readonly name: Words;
}

export interface CodeShown {
  /** The assigning province. */
  readonly assignedBy: ProvinceShown;
  readonly state: string;
  /** What the assigning province calls it; null: its table doesn't name it. */
  readonly title: Words | null;
  /** What it is in the national code; null: nothing that is known. */
  readonly national: StateNamed | null;
  /** What it is at the destination; null: it isn't carried over. */
  readonly here: StateNamed | null;
  readonly conversion: Converted['conversion'];
  readonly reason: string | null;
  readonly authority: string | null;
  readonly legalBasis: string | null;
  readonly assignedAt: string;
  readonly expiresAt: string | null;
  readonly appealContact: string | null;
  /** Who alone may clear it, wherever the person is; null for green. */
  readonly clearedBy: ProvinceShown | null;
}

export interface ExposureShown {
  readonly reportedBy: ProvinceShown;
  readonly riskArea: string;
  readonly level: string;
  readonly from: string;
  /** Null: still there when it was recorded. */
  readonly to: string | null;
}

export interface ErasureShown {
  /** Of whose records nothing that was accepted up to `through` is shown or counts. */
  readonly publisher: ProvinceShown;
  readonly through: string;
}

/** A result that was withdrawn. What it had said isn't shown: it may be wrong. */
export interface WithdrawnShown {
  readonly reportedBy: ProvinceShown;
  readonly laboratory: string;
  readonly sampleId: string;
  readonly reportIssuedAt: string;
  readonly withdrawal: string;
  /** Null: the national role. */
  readonly withdrawnBy: ProvinceShown | null;
  readonly withdrawnAt: string;
}

export interface DoseShown {
  readonly reportedBy: ProvinceShown;
  readonly product: string;
  readonly doseNumber: number;
  readonly givenAt: string;
}

/**
 * How the person's code stands at the destination. Green or no anomaly from anywhere passes; nobody is asked for a
 * second code.
 */
export interface CodeAtDestination {
  /** How the destination recognises the codes of others. */
  readonly way: CodeWay;
  readonly shows: StateNamed | null;
  /** Null while it isn't known whether all codes in force are seen. */
  readonly passes: boolean | null;
  /** Who alone can clear what keeps it from passing. */
  readonly clearedBy: readonly ProvinceShown[];
  readonly sentence: Words;
}

/** In an answer its name is `standing`. */
export interface OnRecord {
  readonly code: CodeAtDestination;
  readonly codes: readonly CodeShown[];
  /** A code that is no longer held might still be in force. */
  readonly codesMayMissSome: boolean;
  /** Of the last fortnight, counted from leaving. */
  readonly exposures: readonly ExposureShown[];
  readonly doses: readonly DoseShown[];
  readonly withdrawn: readonly WithdrawnShown[];
  /** Nothing that was accepted up to here is shown or counts, whoever published it; null: nothing was erased. */
  readonly erasedThrough: string | null;
  /** What single publishers erased of their own; it reaches further than `erasedThrough`. */
  readonly erasures: readonly ErasureShown[];
}

export interface OnRecordAsked {
  readonly destination: ProvinceCode;
  readonly atMs: number;
  readonly codeBook: CodeBook;
  /** Whether events of the person may be missing: then the absence of a code means nothing. */
  readonly mayMissEvents: boolean;
  /** Whether what is there may be somebody else's word: then nothing is known of how the code stands. */
  readonly mayHoldForged: boolean;
}

const NO_CODES = { codes: [], mayMissSome: false } as const;

/** Frozen where nothing is: then it's one and the same for everybody at a destination. */
export function onRecordAt(view: PersonView | null, asked: OnRecordAsked): OnRecord {
  if (view !== null && !isEmpty(view)) return somethingOnRecord(view, asked);
  const { codeBook, destination, mayMissEvents, mayHoldForged } = asked;
  const known = NOTHING.get(codeBook) ?? new Map<string, OnRecord>();
  NOTHING.set(codeBook, known);
  const key = `${destination}${mayMissEvents ? '?' : ''}${mayHoldForged ? '!' : ''}`;
  const nothing = known.get(key) ?? Object.freeze(somethingOnRecord(null, asked));
  known.set(key, nothing);
  return nothing;
}

const NOTHING = new WeakMap<CodeBook, Map<string, OnRecord>>();

/** Whether nothing but tests and samplings is there, and nothing of it is withdrawn or was erased. */
function isEmpty(view: PersonView): boolean {
  const { codes, codesCuts, exposures, doses, erasedThroughMs, publisherErasures, datedTests, undatedTests } = view;
  return (
    codes.length === 0 &&
    codesCuts.length === 0 &&
    exposures.length === 0 &&
    doses.length === 0 &&
    publisherErasures.length === 0 &&
    erasedThroughMs === null &&
    !datedTests.some(isWithdrawn) &&
    !undatedTests.some(isWithdrawn)
  );
}

function isWithdrawn({ withdrawn }: TestRegister): boolean {
  return withdrawn !== undefined;
}

function somethingOnRecord(
  view: PersonView | null,
  { destination, atMs, codeBook, mayMissEvents, mayHoldForged }: OnRecordAsked,
): OnRecord {
  const { codes, mayMissSome } = view === null ? NO_CODES : codesInForce(view, atMs);
  const converted = codes.map((code) => ({ code, converted: codeBook.convert(code, destination) }));
  const together = codeBook.together(
    converted.map((one) => one.converted),
    destination,
    !mayMissSome && !mayMissEvents,
  );
  const here = mayHoldForged ? { ...together, shows: null, passes: null } : together;
  const clearedBy =
    here.passes === false
      ? converted.filter((one) => one.converted.passes === false).map(({ code }) => code.province)
      : [];
  return {
    code: { ...here, clearedBy: clearedBy.map(shown), sentence: codeWords(here, clearedBy) },
    codes: converted.map((one) => showCode(one.code, one.converted)),
    codesMayMissSome: mayMissSome || mayHoldForged,
    exposures: (view?.exposures ?? [])
      .filter(
        ({ status, fromMs, toMs }) =>
          status !== 'retracted' && fromMs <= atMs && (toMs === null || toMs > atMs - HISTORY_DAYS_KEPT * DAY_MS),
      )
      .map(({ province, riskArea, level, fromMs, toMs }) => ({
        reportedBy: shown(province),
        riskArea,
        level,
        from: formatTime(fromMs),
        to: toMs === null ? null : formatTime(toMs),
      })),
    doses: (view?.doses ?? [])
      .filter(({ status, givenAtMs }) => status !== 'retracted' && givenAtMs <= atMs)
      .map(({ province, product, doseNumber, givenAtMs, givenAtPrecision }) => ({
        reportedBy: shown(province),
        product,
        doseNumber,
        givenAt: formatTimeAs(givenAtMs, givenAtPrecision),
      })),
    withdrawn: view === null ? [] : [...view.datedTests, ...view.undatedTests].flatMap(withdrawnIn),
    erasedThrough: typeof view?.erasedThroughMs === 'number' ? formatTime(view.erasedThroughMs) : null,
    erasures: (view?.publisherErasures ?? []).map(({ province, throughMs }) => ({
      publisher: shown(province),
      through: formatTime(throughMs),
    })),
  };
}

function withdrawnIn({ province, laboratory, sampleId, issuedAtMs, withdrawn }: TestRegister): WithdrawnShown[] {
  if (withdrawn === undefined) return [];
  const { id, by, atMs } = withdrawn;
  return [
    {
      reportedBy: shown(province),
      laboratory,
      sampleId,
      reportIssuedAt: formatTime(issuedAtMs),
      withdrawal: id,
      withdrawnBy: by === NATIONAL ? null : shown(by),
      withdrawnAt: formatTime(atMs),
    },
  ];
}

function showCode(
  { province, code, clearedBy }: CodeInForce,
  { assigned, national, here, conversion }: Converted,
): CodeShown {
  return {
    assignedBy: shown(province),
    state: code.state,
    title: assigned.title,
    national,
    here,
    conversion,
    reason: code.reason,
    authority: code.authority,
    legalBasis: code.legalBasis,
    assignedAt: formatTime(code.assignedAtMs),
    expiresAt: code.expiresAtMs === null ? null : formatTime(code.expiresAtMs),
    appealContact: code.appealContact,
    clearedBy: clearedBy === null ? null : shown(clearedBy),
  };
}

function shown(province: ProvinceCode): ProvinceShown {
  return { province, name: nameOfProvince(province) };
}
