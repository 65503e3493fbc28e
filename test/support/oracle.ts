/**
 * What a person's view must be, computed from the whole list of that person's events at once: group by register, sort
 * the versions, sort the registers, cut. It must never use the merge, the view's codec or anything else it is there to
 * judge; it repeats their rules, limits included, from the description. Slow and plain on purpose.
 */

import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import avro from 'avsc';
import type {
  CodeAssigned,
  ExposureRecorded,
  PersonEvent,
  SamplingRecorded,
  Status,
  TestReported,
  VaccinationAdministered,
} from '#core/events.ts';
import type { SettledRecord } from '#core/unreadable.ts';
import type {
  CodeRegister,
  DayCut,
  DoseRegister,
  ExposureRegister,
  PersonView,
  SamplingRegister,
  TestRegister,
  TestsCut,
  UnreadableRecord,
} from '#core/view.ts';

/** How long the sample of a test stays. */
const DAYS_KEPT = 28;
const LIMITS = { datedTests: 8, undatedTests: 4, samplings: 4, doses: 12, codes: 8, exposures: 32, unreadable: 8 };

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
  const erasures = all.filter((event) => event.type === 'PersonErased').map((event) => event.erasesThroughMs);
  const erasedThroughMs = erasures.length === 0 ? null : Math.max(...erasures);
  const events = all.filter(({ acceptedAtMs }) => erasedThroughMs === null || acceptedAtMs > erasedThroughMs);
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
    datedTestsCut: dated.cut,
    undatedTests: undated.kept,
    undatedTestsCut: undated.cut,
    ...samplings,
    ...doses,
    ...codes,
    ...exposures,
    ...unreadableOf(unreadable, settled),
    erasedThroughMs,
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

const SCHEMA_VERSION = 3;
const VIEW_TYPE = avro.Type.forSchema(
  JSON.parse(readFileSync(new URL('../../schemas/view/person-view/v3.avsc', import.meta.url), 'utf8')) as avro.Schema,
);

/** A view as it is stored: a byte with the schema's version, then Avro. */
export function storedBytes(view: PersonView): Buffer {
  const stored = (register: TestRegister) => ({
    ...register,
    issuedAfterMs: register.issuedAtMaxMs - register.issuedAtMs,
  });
  const body = VIEW_TYPE.toBuffer({
    ...view,
    datedTests: view.datedTests.map(stored),
    undatedTests: view.undatedTests.map(stored),
  });
  return Buffer.concat([Buffer.from([SCHEMA_VERSION]), body]);
}

interface Versioned {
  readonly status: Status;
  readonly issuedAtMs: number;
  readonly contentHash: Buffer;
}

interface Group<E> {
  /** What identifies the register, most significant part first. */
  readonly key: readonly Part[];
  readonly events: E[];
}

type Part = string | number;

/** The events of each register, the highest register first. */
function registersOf<E>(events: readonly E[], keyOf: (event: E) => readonly Part[]): Group<E>[] {
  const groups = new Map<string, Group<E>>();
  for (const event of events) {
    const key = keyOf(event);
    const name = JSON.stringify(key);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, { key, events: [event] });
    else group.events.push(event);
  }
  return [...groups.values()].sort((a, b) => inOrder(b.key, a.key));
}

function inOrder(a: readonly Part[], b: readonly Part[]): number {
  for (const [index, part] of a.entries()) {
    const other = b[index] as Part;
    if (part < other) return -1;
    if (part > other) return 1;
  }
  return 0;
}

const RANKS: Readonly<Record<Status, number>> = { preliminary: 1, final: 2, corrected: 3, retracted: 4 };

/** The version that counts: the highest status, among those the latest, among those the highest content hash. */
function highest<R extends Versioned>(versions: readonly R[]): R {
  if (versions.length === 1) return versions[0] as R;
  const rank = (version: R) => [RANKS[version.status], version.issuedAtMs, version.contentHash.toString('hex')];
  return [...versions].sort((a, b) => inOrder(rank(a), rank(b))).at(-1) as R;
}

const DELIVERY = ['eventId', 'acceptedAtMs', 'producerInstance'];

const hashes = new WeakMap<PersonEvent, Buffer>();

/** Events are never changed, and are asked about again and again. */
function contentHash(event: PersonEvent): Buffer {
  const known = hashes.get(event) ?? contentHashOf(event);
  hashes.set(event, known);
  return known;
}

function contentHashOf(event: PersonEvent): Buffer {
  const stated: Record<string, unknown> = { ...event };
  const names = Object.keys(stated).filter((name) => stated[name] !== null && !DELIVERY.includes(name));
  const pairs = names.sort().map((name) => `[${JSON.stringify(name)},${JSON.stringify(stated[name])}]`);
  return hash('sha256', `[${pairs.join(',')}]`, 'buffer').subarray(0, 8);
}

/** In Shanghai, which is eight hours ahead of UTC all year. */
function civilDay(atMs: number): number {
  return Math.floor((atMs / 3_600_000 + 8) / 24);
}

function dayOfTest(report: TestReported): number | null {
  return report.sampledAtMs === null ? report.accessionedOnDay : civilDay(report.sampledAtMs);
}

function testsOf(
  reports: readonly TestReported[],
  max: number,
  firstDay: number,
): { kept: TestRegister[]; cut: TestsCut | null } {
  const groups = registersOf(reports, (report) => [
    dayOfTest(report) ?? 0,
    report.province,
    report.laboratory,
    report.sampleId,
  ]);
  const kept = groups
    .slice(0, max)
    .filter(({ events }) => (dayOfTest(events[0] as TestReported) ?? firstDay) >= firstDay);
  const beyond = groups.filter((group) => !kept.includes(group)).flatMap((group) => group.events);
  const days = beyond.map(dayOfTest).filter((day) => day !== null);
  return {
    kept: kept.map((group) => testOf(group.events)),
    cut:
      beyond.length === 0
        ? null
        : { newestDay: days.length === 0 ? null : Math.max(...days), issuedAtMaxMs: latestIssue(beyond) },
  };
}

function testOf(reports: readonly TestReported[]): TestRegister {
  const issuedAtMaxMs = latestIssue(reports);
  return highest(
    reports.map((report) => ({
      day: dayOfTest(report),
      province: report.province,
      laboratory: report.laboratory,
      sampleId: report.sampleId,
      status: report.status,
      issuedAtMs: report.reportIssuedAtMs,
      contentHash: contentHash(report),
      result: report.result,
      method: report.method,
      sampledAtMs: report.sampledAtMs,
      sampledAtPrecision: report.sampledAtPrecision,
      testedAtMs: report.testedAtMs,
      issuedAtMaxMs,
    })),
  );
}

function latestIssue(reports: readonly TestReported[]): number {
  return Math.max(...reports.map((report) => report.reportIssuedAtMs));
}

function samplingsOf(
  records: readonly SamplingRecorded[],
  firstDay: number,
): { samplings: SamplingRegister[]; samplingsCut: DayCut | null } {
  const groups = registersOf(records, (record) => [
    civilDay(record.sampledAtMs),
    record.province,
    record.site,
    record.sampleId,
  ]);
  const kept = groups
    .slice(0, LIMITS.samplings)
    .filter(({ events }) => civilDay((events[0] as SamplingRecorded).sampledAtMs) >= firstDay);
  const beyond = groups.filter((group) => !kept.includes(group)).flatMap((group) => group.events);
  return {
    samplings: kept.map((group) => samplingOf(group.events)),
    samplingsCut:
      beyond.length === 0 ? null : { newestDay: Math.max(...beyond.map((record) => civilDay(record.sampledAtMs))) },
  };
}

function samplingOf(records: readonly SamplingRecorded[]): SamplingRegister {
  return highest(
    records.map((record) => ({
      day: civilDay(record.sampledAtMs),
      province: record.province,
      site: record.site,
      sampleId: record.sampleId,
      status: record.status,
      issuedAtMs: record.recordedAtMs,
      contentHash: contentHash(record),
      sampledAtMs: record.sampledAtMs,
      sampledAtPrecision: record.sampledAtPrecision,
    })),
  );
}

function dosesOf(records: readonly VaccinationAdministered[]): { doses: DoseRegister[]; dosesCut: boolean } {
  const groups = registersOf(records, (record) => [record.province, record.doseId]);
  return {
    doses: groups.slice(0, LIMITS.doses).map((group) => doseOf(group.events)),
    dosesCut: groups.length > LIMITS.doses,
  };
}

function doseOf(records: readonly VaccinationAdministered[]): DoseRegister {
  return highest(
    records.map((record) => ({
      province: record.province,
      doseId: record.doseId,
      status: record.status,
      issuedAtMs: record.recordedAtMs,
      contentHash: contentHash(record),
      product: record.product,
      manufacturer: record.manufacturer,
      doseNumber: record.doseNumber,
      givenAtMs: record.givenAtMs,
      givenAtPrecision: record.givenAtPrecision,
    })),
  );
}

function codesOf(decisions: readonly CodeAssigned[]): { codes: CodeRegister[]; codesCut: DayCut | null } {
  const groups = registersOf(decisions, (decision) => [
    civilDay(decision.assignedAtMs),
    decision.province,
    decision.decisionId,
  ]);
  const beyond = groups
    .slice(LIMITS.codes)
    .flatMap((group) => group.events.map((decision) => civilDay(decision.assignedAtMs)));
  return {
    codes: groups.slice(0, LIMITS.codes).map((group) => codeOf(group.events)),
    codesCut: beyond.length === 0 ? null : { newestDay: Math.max(...beyond) },
  };
}

function codeOf(decisions: readonly CodeAssigned[]): CodeRegister {
  return highest(
    decisions.map((decision) => ({
      day: civilDay(decision.assignedAtMs),
      province: decision.province,
      decisionId: decision.decisionId,
      status: decision.status,
      issuedAtMs: decision.recordedAtMs,
      contentHash: contentHash(decision),
      state: decision.state,
      reason: decision.reason,
      authority: decision.authority,
      legalBasis: decision.legalBasis,
      assignedAtMs: decision.assignedAtMs,
      expiresAtMs: decision.expiresAtMs,
      appealContact: decision.appealContact,
    })),
  );
}

function exposuresOf(stays: readonly ExposureRecorded[]): {
  exposures: ExposureRegister[];
  exposuresCut: DayCut | null;
} {
  const groups = registersOf(stays, (stay) => [civilDay(stay.fromMs), stay.province, stay.exposureId]);
  const beyond = groups.slice(LIMITS.exposures).flatMap((group) => group.events.map((stay) => civilDay(stay.fromMs)));
  return {
    exposures: groups.slice(0, LIMITS.exposures).map((group) => exposureOf(group.events)),
    exposuresCut: beyond.length === 0 ? null : { newestDay: Math.max(...beyond) },
  };
}

function exposureOf(stays: readonly ExposureRecorded[]): ExposureRegister {
  return highest(
    stays.map((stay) => ({
      day: civilDay(stay.fromMs),
      province: stay.province,
      exposureId: stay.exposureId,
      status: stay.status,
      issuedAtMs: stay.recordedAtMs,
      contentHash: contentHash(stay),
      riskArea: stay.riskArea,
      level: stay.level,
      fromMs: stay.fromMs,
      toMs: stay.toMs,
    })),
  );
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
