/**
 * The registers of a person's view, for the oracle: the events of each kind grouped by register, of each publisher the
 * newest registers, and what is known of the others. It never uses what it is there to judge.
 */

import type {
  CodeAssigned,
  ExposureRecorded,
  RegisterEvent,
  SamplingRecorded,
  TestReported,
  VaccinationAdministered,
} from '#core/events/events.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import type { PersonView } from '#core/view/view.ts';
import { contentHash, registerOf } from './oracle-versions.ts';

/** Of each publisher; of unreadable records, of each topic. */
export const LIMITS = {
  datedTests: 8,
  undatedTests: 4,
  samplings: 4,
  doses: 12,
  codes: 8,
  exposures: 32,
  unreadable: 8,
} as const;

type Part = string | number;

interface Group<E> {
  /** What identifies the register, most significant part first. */
  readonly key: readonly Part[];
  readonly province: ProvinceCode;
  readonly events: E[];
}

/** The events of each register, the highest register first. */
function registersOf<E extends RegisterEvent>(events: readonly E[], keyOf: (event: E) => readonly Part[]): Group<E>[] {
  const groups = new Map<string, Group<E>>();
  for (const event of events) {
    const key = keyOf(event);
    const name = JSON.stringify(key);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, { key, province: event.province, events: [event] });
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

interface Split<E> {
  readonly kept: readonly Group<E>[];
  /** By publisher, in the order of their codes, the events of what is no longer kept. */
  readonly beyond: readonly { readonly province: ProvinceCode; readonly events: readonly E[] }[];
}

function split<E>(groups: readonly Group<E>[], max: number, isOld: (event: E) => boolean = () => false): Split<E> {
  const byPublisher = [...new Set(groups.map(({ province }) => province))].sort().map((province) => {
    const own = groups.filter((group) => group.province === province);
    const kept = own.slice(0, max).filter(({ events }) => !isOld(events[0] as E));
    return { province, kept, beyond: own.filter((group) => !kept.includes(group)) };
  });
  const kept = new Set(byPublisher.flatMap((one) => one.kept));
  return {
    kept: groups.filter((group) => kept.has(group)),
    beyond: byPublisher
      .filter(({ beyond }) => beyond.length > 0)
      .map(({ province, beyond }) => ({ province, events: beyond.flatMap(({ events }) => events) })),
  };
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
): { kept: PersonView['datedTests']; cuts: PersonView['datedTestsCuts'] } {
  const groups = registersOf(reports, (report) => [
    dayOfTest(report) ?? 0,
    report.province,
    report.laboratory,
    report.sampleId,
  ]);
  const { kept, beyond } = split(groups, max, (report) => (dayOfTest(report) ?? firstDay) < firstDay);
  return {
    kept: kept.map(({ events }) => registerOf(events.map(testOf))),
    cuts: beyond.map(({ province, events }) => {
      const days = events.map(dayOfTest).filter((day) => day !== null);
      return {
        province,
        newestDay: days.length === 0 ? null : Math.max(...days),
        issuedAtMaxMs: Math.max(...events.map((report) => report.reportIssuedAtMs)),
      };
    }),
  };
}

const testOf = (report: TestReported) => ({
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
  run: report.run,
});

export function samplingsOf(
  records: readonly SamplingRecorded[],
  firstDay: number,
): Pick<PersonView, 'samplings' | 'samplingsCuts'> {
  const dayOf = (record: SamplingRecorded): number => civilDay(record.sampledAtMs);
  const groups = registersOf(records, (record) => [dayOf(record), record.province, record.site, record.sampleId]);
  const { kept, beyond } = split(groups, LIMITS.samplings, (record) => dayOf(record) < firstDay);
  const samplingOf = (record: SamplingRecorded) => ({
    day: dayOf(record),
    province: record.province,
    site: record.site,
    sampleId: record.sampleId,
    status: record.status,
    issuedAtMs: record.recordedAtMs,
    contentHash: contentHash(record),
    sampledAtMs: record.sampledAtMs,
    sampledAtPrecision: record.sampledAtPrecision,
  });
  return {
    samplings: kept.map(({ events }) => registerOf(events.map(samplingOf))),
    samplingsCuts: beyond.map(({ province, events }) => ({ province, newestDay: Math.max(...events.map(dayOf)) })),
  };
}

export function dosesOf(records: readonly VaccinationAdministered[]): Pick<PersonView, 'doses' | 'dosesCuts'> {
  const { kept, beyond } = split(
    registersOf(records, (record) => [record.province, record.doseId]),
    LIMITS.doses,
  );
  const doseOf = (record: VaccinationAdministered) => ({
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
  });
  return {
    doses: kept.map(({ events }) => registerOf(events.map(doseOf))),
    dosesCuts: beyond.map(({ province }) => ({ province })),
  };
}

/** A code that isn't green lasts 31 days at most. */
const VALID_DAYS_MAX = 31;

export function codesOf(decisions: readonly CodeAssigned[]): Pick<PersonView, 'codes' | 'codesCuts'> {
  const dayOf = (decision: CodeAssigned): number => civilDay(decision.assignedAtMs);
  const { kept, beyond } = split(
    registersOf(decisions, (decision) => [dayOf(decision), decision.province, decision.decisionId]),
    LIMITS.codes,
  );
  const endOf = (code: Pick<CodeAssigned, 'state' | 'expiresAtMs' | 'assignedAtMs'>): number | null =>
    code.state === 'green' ? null : (code.expiresAtMs ?? code.assignedAtMs + VALID_DAYS_MAX * 86_400_000);
  const codeOf = (decision: CodeAssigned) => ({
    day: dayOf(decision),
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
  });
  return {
    codes: kept.map(({ events }) => registerOf(events.map(codeOf), endOf)),
    codesCuts: beyond.map(({ province, events }) => {
      const ends = events.map(endOf).filter((end) => end !== null);
      return {
        province,
        newestDay: Math.max(...events.map(dayOf)),
        lastEndMs: ends.length === 0 ? null : Math.max(...ends),
      };
    }),
  };
}

export function exposuresOf(stays: readonly ExposureRecorded[]): Pick<PersonView, 'exposures' | 'exposuresCuts'> {
  const dayOf = (stay: ExposureRecorded): number => civilDay(stay.fromMs);
  const { kept, beyond } = split(
    registersOf(stays, (stay) => [dayOf(stay), stay.province, stay.exposureId]),
    LIMITS.exposures,
  );
  const exposureOf = (stay: ExposureRecorded) => ({
    day: dayOf(stay),
    province: stay.province,
    exposureId: stay.exposureId,
    status: stay.status,
    issuedAtMs: stay.recordedAtMs,
    contentHash: contentHash(stay),
    riskArea: stay.riskArea,
    level: stay.level,
    fromMs: stay.fromMs,
    toMs: stay.toMs,
  });
  return {
    exposures: kept.map(({ events }) => registerOf(events.map(exposureOf))),
    exposuresCuts: beyond.map(({ province, events }) => ({ province, newestDay: Math.max(...events.map(dayOf)) })),
  };
}
