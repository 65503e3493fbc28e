/**
 * Views as versions 1 to 4 stored them: one bound for all publishers, and of each register one version alone. What such
 * a view lacks is never guessed: where it may lack something that counts, its person is marked until the rebuild.
 */

import avro, { type Resolver, type Type } from 'avsc';
import { EVENT_LIMITS } from '#core/events/events.ts';
import { startOfShanghaiDayMs } from '#core/field/time.ts';
import {
  type CodeRegister,
  type DoseRegister,
  EMPTY_VIEW,
  type ExposureRegister,
  type PersonView,
  type SamplingRegister,
  type TestRegister,
  type UnreadableBounds,
  type Version,
} from '#core/view/view.ts';
import { logOf } from '#exchange/topics/log.ts';
import { readVersions } from '#exchange/topics/schemas.ts';

export const LAST_WITH_ONE_BOUND = 4;

const TYPES: readonly Type[] = readVersions('view/person-view')
  .slice(0, LAST_WITH_ONE_BOUND)
  .map((text) => avro.Type.forSchema(JSON.parse(text) as avro.Schema));
const LAST = TYPES[LAST_WITH_ONE_BOUND - 1] as Type;
const RESOLVERS: readonly (Resolver | undefined)[] = TYPES.map((type) =>
  type === LAST ? undefined : LAST.createResolver(type),
);

type Alone<R> = Omit<R, 'alsoKept'>;

/** By the schema of version 4. */
interface FormerView extends Pick<PersonView, 'unreadable' | 'unreadableBounds' | 'erasedThroughMs'> {
  readonly datedTests: readonly FormerTest[];
  readonly datedTestsCut: FormerTestsCut | null;
  readonly undatedTests: readonly FormerTest[];
  readonly undatedTestsCut: FormerTestsCut | null;
  readonly samplings: readonly Alone<SamplingRegister>[];
  readonly samplingsCut: FormerDayCut | null;
  readonly doses: readonly Alone<DoseRegister>[];
  readonly dosesCut: boolean;
  readonly codes: readonly Alone<CodeRegister>[];
  readonly codesCut: FormerDayCut | null;
  readonly exposures: readonly Alone<ExposureRegister>[];
  readonly exposuresCut: FormerDayCut | null;
}

/** How much later than the version that counts any other was issued. */
type FormerTest = Omit<Alone<TestRegister>, 'run'> & { readonly issuedAfterMs: number };

interface FormerTestsCut {
  readonly newestDay: number | null;
  readonly issuedAtMaxMs: number;
}

interface FormerDayCut {
  readonly newestDay: number;
}

/** @throws Error where the bytes don't decode */
export function fromFormerBytes(version: number, body: Buffer): PersonView {
  const former = LAST.fromBuffer(body, RESOLVERS[version - 1], false) as FormerView;
  const { unreadable, unreadableBounds, erasedThroughMs, codesCut } = former;
  const marks = version < FIRST_WITH_BOUNDS && wasCut(body) ? CUT_ANYWHERE : null;
  return {
    ...EMPTY_VIEW,
    datedTests: former.datedTests.map(testOf),
    datedTestsCuts: ofAnybody(former.datedTestsCut),
    undatedTests: former.undatedTests.map(testOf),
    undatedTestsCuts: ofAnybody(former.undatedTestsCut),
    samplings: former.samplings.map(alone),
    samplingsCuts: ofAnybody(former.samplingsCut),
    doses: former.doses.map(alone),
    dosesCuts: former.dosesCut ? [{ province: null }] : [],
    codes: former.codes.map(alone),
    codesCuts: ofAnybody(codesCut === null ? null : { ...codesCut, lastEndMs: lastPossibleEndMs(codesCut) }),
    exposures: former.exposures.map(alone),
    exposuresCuts: ofAnybody(former.exposuresCut),
    unreadable: marks === null ? unreadable : [],
    unreadableBounds: marks ?? (mayHideReport(former) ? markedAnywhere(unreadableBounds) : unreadableBounds),
    erasedThroughMs,
  };
}

function testOf(former: FormerTest): TestRegister {
  const { issuedAfterMs: _issuedAfterMs, ...register } = former;
  return { ...register, run: null, alsoKept: null };
}

function alone<R extends object>(register: R): R & { readonly alsoKept: null } {
  return { ...register, alsoKept: null };
}

function ofAnybody<C extends object>(cut: C | null): readonly (C & { readonly province: null })[] {
  return cut === null ? [] : [{ province: null, ...cut }];
}

/** Of codes that were cut it was known only when they had been assigned. */
function lastPossibleEndMs({ newestDay }: FormerDayCut): number {
  return startOfShanghaiDayMs(newestDay + 1) + EVENT_LIMITS.codeValidityMsMax;
}

/**
 * A retraction outranked whatever was issued after it, and that wasn't kept. Of tests it is known whether something was
 * issued later than the version that counts; of all else it may have been.
 */
function mayHideReport({ datedTests, undatedTests, samplings, doses, codes, exposures }: FormerView): boolean {
  const isRetracted = ({ status }: Pick<Version, 'status'>): boolean => status === 'retracted';
  return (
    [...datedTests, ...undatedTests].some(({ issuedAfterMs }) => issuedAfterMs > 0) ||
    [samplings, doses, codes, exposures].some((registers) => registers.some(isRetracted))
  );
}

/** Further than any log reaches. */
const MARKED_THROUGH = 2 ** 52;

/**
 * Versions 1 and 2 said only that some unreadable records were cut, not where: none of them can be known to be settled,
 * and the person stays marked until the view is rebuilt. The topics' plain names do for that in every edition.
 */
const FIRST_WITH_BOUNDS = 3;
const CUT_ANYWHERE: readonly UnreadableBounds[] = logOf(1)
  .topics.toSorted()
  .map((topic) => ({ topic, settledThrough: -1, cutThrough: MARKED_THROUGH }));

/** The same, without forgetting what is settled. */
function markedAnywhere(bounds: readonly UnreadableBounds[]): readonly UnreadableBounds[] {
  const known = new Map(bounds.map((bound) => [bound.topic, bound]));
  const topics = [...new Set([...CUT_ANYWHERE.map(({ topic }) => topic), ...known.keys()])].sort();
  return topics.map((topic) => ({ topic, settledThrough: -1, ...known.get(topic), cutThrough: MARKED_THROUGH }));
}

/** Their last field is that flag, which Avro writes as one byte. */
const wasCut = (body: Buffer): boolean => body.at(-1) === 1;
