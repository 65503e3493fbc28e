/** What a contract test finds in a province's events: the same as the door would, in steps, and never a value. */

import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PolicyBook } from '#core/book/policy-book.ts';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { formatTime, shanghaiDayOf } from '#core/field/time.ts';
import type { Item } from '#exchange/formats/reader.ts';
import { callerHolding } from '#exchange/identity/caller.ts';
import { judgeEvent } from '#exchange/intake/judge.ts';
import { CountsSomewhere } from '#services/cli/contract/counts-somewhere.ts';
import { Findings } from '#services/cli/contract/findings.ts';
import { Sample } from '#services/cli/contract/sample.ts';
import { shippedBook } from '#test/support/policies.ts';
import {
  CODE,
  DELIVERY,
  DOSE,
  ERASURE,
  EXPOSURE,
  type Json,
  NOW_MS,
  NUMBER,
  PERSON,
  SAMPLING,
  SKEW_MS,
  TEST,
  without,
} from '#test/unit/exchange/intake/intake-events.ts';
import { SECRETS } from '#test/unit/services/producer/support.ts';

let book: PolicyBook;
beforeAll(async () => {
  book = await shippedBook();
});

const event = (json: unknown, line = 1): Item => ({
  kind: 'event',
  at: `line ${line}`,
  within: '',
  json: JSON.stringify(json),
  origins: {},
});

function tested(items: readonly Item[]) {
  const findings = new Findings(shanghaiDayOf(NOW_MS));
  const counts = new CountsSomewhere(book);
  const sample = new Sample({ province: '43', nowMs: NOW_MS, clockSkewMs: SKEW_MS, counts, findings });
  const passed = items.map((item) => sample.take(item, 'a.ndjson') !== null);
  sample.finish();
  return { findings, sample, passed };
}
const found = (...jsons: readonly unknown[]) =>
  tested(jsons.map((json, index) => event(json, index + 1))).findings.all.map(
    ({ step, code, field, count, first }) => `${step} ${code} ${field} ${count} ${first ?? ''}`,
  );

describe('a sample that is right', () => {
  it('has nothing found, whatever its kinds, and each is counted', () => {
    const { findings, sample, passed } = tested(
      [TEST, SAMPLING, { ...DOSE, province: '43' }, CODE, EXPOSURE, ERASURE].map((json) => event(json)),
    );
    expect(findings.all).toEqual([]);
    expect(findings.isClean).toBe(true);
    expect(passed).toEqual(Array(6).fill(true));
    expect([...sample.tallies.values()]).toEqual(Array(6).fill({ acceptable: 1, refused: 0 }));
  });
});

describe('what is found', () => {
  it('stands in the order in which it is mended, each kind once, with its count and first place', () => {
    expect(
      found(
        { ...TEST, reportIssuedAt: '2022-08-09T10:00+08:00' },
        { ...TEST, result: 'negativ' },
        { ...TEST, person: { ...PERSON, documentNumber: `${NUMBER.slice(0, 17)}0` } },
        { ...TEST, province: '11' },
        { ...TEST, result: 'maybe' },
        { ...TEST, method: 'other:lamp' },
      ),
    ).toEqual([
      'identity wrong-check-digit /person/documentNumber 1 a.ndjson: line 3',
      'identity not-entitled /province 1 a.ndjson: line 4',
      'form wrong-form /result 2 a.ndjson: line 2',
      'rules report-before-sampling /reportIssuedAt 1 a.ndjson: line 1',
      'warning counts-nowhere /method 1 a.ndjson: line 6',
    ]);
  });
  it('is of the reader where there is no event: the file, the patient, the result', () => {
    const refused = (field: string): Item => ({
      kind: 'refused',
      at: 'message 1',
      within: '',
      faults: [{ field, reason: 'is wrong', hint: 'mend it' }],
    });
    const { findings, sample } = tested([
      refused('OBX-5'),
      refused('PID-3'),
      refused('MSH-9'),
      { kind: 'file_fault', at: 'the file', fault: { field: '', reason: 'is cut', hint: 'fetch it' } },
      { ...refused('OBX-19'), kind: 'note' } as Item,
    ]);
    expect(findings.all.map(({ step, field }) => `${step} ${field}`)).toEqual([
      'file MSH-9',
      'file ',
      'identity PID-3',
      'form OBX-5',
      'warning OBX-19',
    ]);
    expect(sample.tallies.get('unknown')).toEqual({ acceptable: 0, refused: 3 });
  });
  it('names an id that two different events have, and not one that is sent again', () => {
    const eventId = '01900000-0000-7000-8000-000000000042';
    const first = { ...TEST, eventId };
    expect(found(first, { ...first, sampleId: 'S2' })).toEqual(['rules id-twice /eventId 1 a.ndjson: line 2']);
    expect(found(first, first)).toEqual(['warning repeated  1 a.ndjson: line 2']);
  });
  it('warns of a clock that only the tolerance lets in, and of reports of which none is final', () => {
    const ahead = { ...TEST, reportIssuedAt: formatTime(NOW_MS + SKEW_MS / 2), status: 'preliminary' };
    expect(found(ahead)).toEqual([
      'warning clock-ahead /reportIssuedAt 1 a.ndjson: line 1',
      'warning all-preliminary /status 1 ',
    ]);
    expect(found(ahead, TEST)).toEqual(['warning clock-ahead /reportIssuedAt 1 a.ndjson: line 1']);
  });
  it('is what the door says, of each event the same', () => {
    const wrong = fc.constantFrom<Json>(
      TEST,
      DOSE,
      { ...TEST, sampleId: NUMBER },
      { ...TEST, laboratory: ' ' },
      { ...CODE, legalBasis: null },
      { ...ERASURE, takes: 'all' },
      { ...SAMPLING, sampledAt: '2022-13-01' },
      without(TEST, 'person'),
    );
    fc.assert(
      fc.property(wrong, fc.constantFrom('43', '11', '99', 7), (json, province) => {
        const value = { ...json, province };
        const judged = judgeEvent(
          { value },
          {
            caller: callerHolding('province-43', { provinces: ['43'] }),
            speaksForNation: true,
            served: PROVINCE_CODES,
            deliveryFor: () => DELIVERY,
            options: { secrets: SECRETS, clockSkewMs: SKEW_MS },
          },
        );
        const { findings, passed } = tested([event(value)]);
        expect(passed).toEqual([judged.ok]);
        const refusals = findings.all.filter(({ step }) => step !== 'warning');
        expect(refusals.map(({ code, field }) => ({ code, field }))).toEqual(
          judged.ok ? [] : [{ code: judged.refusal.code, field: judged.refusal.pointer }],
        );
      }),
      { numRuns: 60 },
    );
  });
  it('never holds a document’s number, wherever it stands in an event or a place', () => {
    const fields = [...Object.keys(TEST), 'unknownField', NUMBER];
    fc.assert(
      fc.property(fc.subarray(fields, { minLength: 1 }), fc.boolean(), (names, isPlace) => {
        const json = { ...TEST, ...Object.fromEntries(names.map((name) => [name, NUMBER])) };
        const at = isPlace ? `message 1 (MSH-10 ${NUMBER})` : 'line 1';
        const { findings } = tested([{ ...event(json), at } as Item]);
        expect(findings.all.length).toBeGreaterThan(0);
        expect(JSON.stringify(findings.all)).not.toContain(NUMBER.slice(0, 17));
      }),
    );
  });
  it('is bounded in its kinds: of further ones the count is kept', () => {
    const findings = new Findings(0);
    for (let index = 0; index < 1_000; index += 1)
      findings.add({ step: 'warning', code: 'x', field: `/f${index}`, detail: '', hint: '' });
    expect(findings.all.length + findings.others).toBe(1_000);
    expect(findings.all.length).toBeLessThan(300);
    expect(findings.isClean).toBe(false);
  });
});
