/**
 * The registers of a person's view, for the oracle: the events of each kind grouped by register, of each the version
 * that counts, the newest registers, and what is known of the others. It never uses what it is there to judge.
 */

import { hash } from 'node:crypto';
import type {
  CodeAssigned,
  ExposureRecorded,
  PersonEvent,
  SamplingRecorded,
  Status,
  TestReported,
  VaccinationAdministered,
} from '#core/events/events.ts';
import type {
  CodeRegister,
  DayCut,
  DoseRegister,
  ExposureRegister,
  SamplingRegister,
  TestRegister,
  TestsCut,
} from '#core/view/view.ts';

export const LIMITS = {
  datedTests: 8,
  undatedTests: 4,
  samplings: 4,
  doses: 12,
  codes: 8,
  exposures: 32,
  unreadable: 8,
} as const;

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
export function civilDay(atMs: number): number {
  return Math.floor((atMs / 3_600_000 + 8) / 24);
}

export function dayOfTest(report: TestReported): number | null {
  return report.sampledAtMs === null ? report.accessionedOnDay : civilDay(report.sampledAtMs);
}

export function testsOf(
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
      isPooled: (report.poolSize ?? 1) >= 2,
      issuedAtMaxMs,
    })),
  );
}

function latestIssue(reports: readonly TestReported[]): number {
  return Math.max(...reports.map((report) => report.reportIssuedAtMs));
}

export function samplingsOf(
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

export function dosesOf(records: readonly VaccinationAdministered[]): { doses: DoseRegister[]; dosesCut: boolean } {
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

export function codesOf(decisions: readonly CodeAssigned[]): { codes: CodeRegister[]; codesCut: DayCut | null } {
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

export function exposuresOf(stays: readonly ExposureRecorded[]): {
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
