/**
 * The largest view that there can be: every list full of each publisher's longest registers, each with as many versions
 * as are kept, every list cut, every publisher's erasure, all marks. Its size is the one that docs/limits.md states.
 */

import { describe, expect, it } from 'vitest';
import { EVENT_LIMITS, type RegisterEvent, type Status } from '#core/events/events.ts';
import { PROVINCE_CODES, type ProvinceCode } from '#core/field/regions.ts';
import { DAY_MS } from '#core/field/time.ts';
import { merge, mergeUnreadable } from '#core/view/merge.ts';
import { EMPTY_VIEW, type PersonView, VIEW_LIMITS } from '#core/view/view.ts';
import { logOf } from '#exchange/topics/log.ts';
import { decodeView, encodeView } from '#exchange/view/codec.ts';
import {
  at,
  codeAssigned,
  exposureRecorded,
  samplingRecorded,
  testReported,
  vaccinationAdministered,
} from '#exercises/town/events.ts';
import { readDocument } from '#test/support/markdown.ts';

const LATE_MS = at('2099-12-31T12:00+08:00');
/** Three bytes a character, which is the most that one of UTF-16 takes. */
const text = (number = 0): string => String(number).padStart(EVENT_LIMITS.textCharsMax, '健');
const undated = { sampledAtMs: null, sampledAtPrecision: null } as const;
/** In which all are kept: the lowest rank was issued last, and all of them after a retraction. */
const VERSIONS: readonly (readonly [Status, number])[] = [
  ['retracted', 0],
  ['corrected', 1],
  ['final', 2],
  ['preliminary', 3],
];

/** One register of each kind in one version. */
function registers(province: ProvinceCode, number: number, status: Status, laterMs: number): RegisterEvent[] {
  const atMs = LATE_MS - number * DAY_MS;
  const issuedMs = LATE_MS + laterMs;
  const names = { sampleId: text(number), laboratory: text(), run: text(), method: text() };
  const test = { province, status, ...names, testedAtMs: LATE_MS };
  return [
    testReported({ ...test, sampledAtMs: atMs, reportIssuedAtMs: issuedMs }),
    testReported({ ...test, ...undated, reportIssuedAtMs: issuedMs }),
    samplingRecorded({
      province,
      status,
      site: text(),
      sampleId: text(number),
      sampledAtMs: atMs,
      recordedAtMs: issuedMs,
    }),
    vaccinationAdministered({
      province,
      status,
      doseId: text(number),
      product: text(),
      manufacturer: text(),
      givenAtMs: atMs,
      recordedAtMs: issuedMs,
    }),
    codeAssigned({
      province,
      status,
      decisionId: text(number),
      state: text(),
      reason: text(),
      authority: text(),
      legalBasis: text(),
      appealContact: text(),
      assignedAtMs: atMs,
      expiresAtMs: issuedMs + (status === 'retracted' ? DAY_MS : 0),
      recordedAtMs: issuedMs,
    }),
    exposureRecorded({
      province,
      status,
      exposureId: text(number),
      riskArea: text(),
      level: text(),
      fromMs: atMs,
      toMs: LATE_MS,
      recordedAtMs: issuedMs,
    }),
  ];
}

/** Of one publisher, one register more of each kind than fit. */
function everything(province: ProvinceCode): RegisterEvent[] {
  return Array.from({ length: VIEW_LIMITS.exposuresMax + 1 }, (_, number) =>
    VERSIONS.flatMap(([status, laterMs]) => registers(province, number, status, laterMs)),
  ).flat();
}

function marked(view: PersonView): PersonView {
  return Array.from({ length: VIEW_LIMITS.unreadableMax + 1 }, (_, index) => 2 ** 52 - index)
    .flatMap((offset) => logOf(999).topics.map((topic) => ({ topic, offset })))
    .reduce(mergeUnreadable, view);
}

/** The same of each publisher, whose lists are its own: all codes are of one length. */
function ofAll<T extends { readonly province: ProvinceCode | null }>(list: readonly T[]): T[] {
  return PROVINCE_CODES.flatMap((province) => list.map((one) => ({ ...one, province })));
}

/** What the document says, in bytes. */
function statedBytes(what: string): number {
  const stated = new RegExp(`${what}: ([\\d,]+) bytes`).exec(readDocument('docs/limits.md'))?.[1];
  return Number(stated?.replaceAll(',', ''));
}

describe('the largest view that there can be', () => {
  const ofOne = marked(everything('43').reduce(merge, EMPTY_VIEW));
  it('of one publisher is as large as stated', () => {
    for (const { alsoKept } of [...ofOne.datedTests, ...ofOne.codes, ...ofOne.doses])
      expect([alsoKept?.later.length, typeof alsoKept?.retractedThroughMs]).toEqual([2, 'number']);
    expect(encodeView(ofOne).length).toBe(statedBytes('of one publisher'));
    expect(decodeView(encodeView(ofOne))).toEqual(ofOne);
  });
  it('of all publishers is as large as stated', () => {
    const all: PersonView = {
      ...ofOne,
      datedTests: ofAll(ofOne.datedTests),
      datedTestsCuts: ofAll(ofOne.datedTestsCuts),
      undatedTests: ofAll(ofOne.undatedTests),
      undatedTestsCuts: ofAll(ofOne.undatedTestsCuts),
      samplings: ofAll(ofOne.samplings),
      samplingsCuts: ofAll(ofOne.samplingsCuts),
      doses: ofAll(ofOne.doses),
      dosesCuts: ofAll(ofOne.dosesCuts),
      codes: ofAll(ofOne.codes),
      codesCuts: ofAll(ofOne.codesCuts),
      exposures: ofAll(ofOne.exposures),
      exposuresCuts: ofAll(ofOne.exposuresCuts),
      erasedThroughMs: LATE_MS,
      publisherErasures: PROVINCE_CODES.map((province) => ({ province, throughMs: LATE_MS })),
    };
    expect(all.exposures).toHaveLength(PROVINCE_CODES.length * VIEW_LIMITS.exposuresMax);
    expect(encodeView(all).length).toBe(statedBytes('of all 32 publishers'));
  });
});
