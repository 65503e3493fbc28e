/**
 * What a person's view must be, computed from the whole list of that person's events at once: group by register, sort
 * the versions, sort the registers, cut. It must never use the merge, the view's codec or anything else it is there to
 * judge; it repeats their rules, limits included, from the description. Slow and plain on purpose.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import avro from 'avsc';
import type { PersonErased, PersonEvent } from '#core/events/events.ts';
import type { SettledRecord } from '#core/view/unreadable.ts';
import type { PersonView, UnreadableRecord } from '#core/view/view.ts';
import { SCHEMAS } from '#platform/folders.ts';
import {
  civilDay,
  codesOf,
  dayOfTest,
  dosesOf,
  exposuresOf,
  LIMITS,
  samplingsOf,
  testsOf,
} from './oracle-registers.ts';

/** How long the sample of a test stays. */
const DAYS_KEPT = 28;

/**
 * The view that these events come to, in whatever order and however often they are listed.
 * @param acceptedUpToMs the latest acceptance in the partition; 0: nothing is too old
 */
export function oracleView(
  all: readonly PersonEvent[],
  unreadable: readonly UnreadableRecord[] = [],
  settled: readonly SettledRecord[] = [],
  acceptedUpToMs = 0,
): PersonView {
  const erasures = all.filter((event) => event.type === 'PersonErased');
  const reachOf = (some: readonly PersonErased[]): number => Math.max(0, ...some.map((each) => each.erasesThroughMs));
  const ofAll = reachOf(erasures.filter(({ takes }) => takes === 'all'));
  const publisherErasures = [...new Set(erasures.map(({ province }) => province))]
    .sort()
    .map((province) => ({
      province,
      throughMs: reachOf(erasures.filter((each) => each.takes === 'own' && each.province === province)),
    }))
    .filter(({ throughMs }) => throughMs > ofAll);
  const reachFor = ({ province }: PersonEvent): number =>
    publisherErasures.find((erasure) => erasure.province === province)?.throughMs ?? ofAll;
  const events = all.filter((event) => event.acceptedAtMs > reachFor(event) || reachFor(event) === 0);
  const firstDay = acceptedUpToMs === 0 ? Number.NEGATIVE_INFINITY : civilDay(acceptedUpToMs) - DAYS_KEPT;
  const reports = events.filter((event) => event.type === 'TestReported');
  const dated = testsOf(
    reports.filter((report) => dayOfTest(report) !== null),
    LIMITS.datedTests,
    firstDay,
  );
  const undated = testsOf(
    reports.filter((report) => dayOfTest(report) === null),
    LIMITS.undatedTests,
    Number.NEGATIVE_INFINITY,
  );
  const samplings = samplingsOf(
    events.filter((event) => event.type === 'SamplingRecorded'),
    firstDay,
  );
  const doses = dosesOf(events.filter((event) => event.type === 'VaccinationAdministered'));
  const codes = codesOf(events.filter((event) => event.type === 'CodeAssigned'));
  const exposures = exposuresOf(events.filter((event) => event.type === 'ExposureRecorded'));
  return {
    datedTests: dated.kept,
    datedTestsCuts: dated.cuts,
    undatedTests: undated.kept,
    undatedTestsCuts: undated.cuts,
    ...samplings,
    ...doses,
    ...codes,
    ...exposures,
    ...unreadableOf(unreadable, settled),
    erasedThroughMs: ofAll === 0 ? null : ofAll,
    publisherErasures,
  };
}

/** The bytes that Redis must hold for these events; null where it must hold nothing. */
export function oracleBytes(
  events: readonly PersonEvent[],
  unreadable: readonly UnreadableRecord[] = [],
  settled: readonly SettledRecord[] = [],
  acceptedUpToMs = 0,
): Buffer | null {
  return events.length === 0 && unreadable.length === 0 && settled.length === 0
    ? null
    : storedBytes(oracleView(events, unreadable, settled, acceptedUpToMs));
}

const SCHEMA_VERSION = 6;
const VIEW_TYPE = avro.Type.forSchema(
  JSON.parse(readFileSync(join(SCHEMAS, 'view/person-view/v6.avsc'), 'utf8')) as avro.Schema,
);

/** A view as it is stored: a byte with the schema's version, then Avro. */
export function storedBytes(view: PersonView): Buffer {
  return Buffer.concat([Buffer.from([SCHEMA_VERSION]), VIEW_TYPE.toBuffer(view)]);
}

/**
 * By topic: of what isn't settled as a whole, the newest places; a place that is settled and one that is marked are
 * one.
 */
function unreadableOf(
  marked: readonly UnreadableRecord[],
  settled: readonly SettledRecord[],
): Pick<PersonView, 'unreadable' | 'unreadableBounds'> {
  const topics = [...new Set([...marked, ...settled].map(({ topic }) => topic))].sort();
  const byTopic = topics.map((topic) => {
    const settledThrough = Math.max(
      -1,
      ...settled.filter((record) => record.topic === topic).map(({ through }) => through ?? -1),
    );
    const settledOffsets = new Set(settled.filter((record) => record.topic === topic).map(({ offset }) => offset));
    const offsets = new Set([
      ...marked.filter((record) => record.topic === topic).map(({ offset }) => offset),
      ...settledOffsets,
    ]);
    const beyond = [...offsets].filter((offset) => offset > settledThrough).sort((a, b) => b - a);
    return {
      marks: beyond
        .slice(0, LIMITS.unreadable)
        .map((offset) => ({ topic, offset, isSettled: settledOffsets.has(offset) })),
      bounds: { topic, settledThrough, cutThrough: beyond[LIMITS.unreadable] ?? -1 },
    };
  });
  return {
    unreadable: byTopic.flatMap(({ marks }) => marks),
    unreadableBounds: byTopic
      .map(({ bounds }) => bounds)
      .filter(({ settledThrough, cutThrough }) => settledThrough >= 0 || cutThrough >= 0),
  };
}
