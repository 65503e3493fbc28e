/** Letters and settlements as headers: what was written is read back, and the record's own headers survive a replay. */

import { describe, expect, it } from 'vitest';
import {
  claimFoundHeaders,
  claimFoundOf,
  letterHeaders,
  letterOf,
  noteHeaders,
  noteOf,
  originalHeaders,
  parsePlace,
  placeText,
  type Settlement,
  settlementHeaders,
  settlementOf,
} from '#exchange/topics/letters.ts';

const PLACE = { topic: 'tests', partition: 3, offset: 41 };
const SETTLEMENT: Settlement = { place: PLACE, through: 57, as: 'replayed', by: '李', why: 'schema 7 registered' };

describe('a place', () => {
  it('is written and read', () => {
    expect(placeText(PLACE)).toBe('tests/3/41');
    expect(parsePlace('tests/3/41')).toEqual(PLACE);
  });
  it.each(['', 'tests', 'tests/3', 'tests/3/', 'tests/x/41', '/3/41', 'tests/3/41/5', 'tests/-1/4', '//'])(
    'is none: %j',
    (text) => {
      expect(parsePlace(text)).toBeNull();
    },
  );
});

describe('a letter', () => {
  const own = { ce_source: Buffer.from('/provinces/43/producers/43-a'), ce_id: 'e' };
  const headers = letterHeaders({ ...PLACE, appendedAtMs: 7, headers: own }, 'unknown_schema_id', 'd', null, '43');
  it('is read as it was written, and is no settlement', () => {
    expect(letterOf(headers)).toEqual({
      place: PLACE,
      reason: 'unknown_schema_id',
      detail: 'd',
      marks: '43',
      firstAppendedAtMs: 7,
      replays: null,
    });
    expect(noteOf(headers)).toBeNull();
    expect(letterOf(own)).toBeNull();
  });
  it('whose mark nobody here wrote marks all provinces rather than none, and one without a mark a person', () => {
    const marked = (mark: string) => letterOf({ ...headers, 'dead-letter-marks': mark })?.marks;
    expect([marked('province:99'), marked('province:66'), marked('person'), marked('')]).toEqual([
      null,
      '66',
      undefined,
      undefined,
    ]);
  });
  it('about a replay names the first one, and a further replay starts from the record’s own headers', () => {
    const again = letterHeaders(
      {
        topic: 'tests',
        partition: 3,
        offset: 99,
        appendedAtMs: 7,
        headers: { ...own, ...settlementHeaders(SETTLEMENT) },
      },
      'truncated_or_garbled',
      'd',
      Buffer.alloc(16),
      '43',
    );
    expect(letterOf(again)).toMatchObject({ place: { offset: 99 }, replays: PLACE, marks: undefined });
    expect(noteOf(again)).toBeNull();
    expect(originalHeaders(again)).toEqual(own);
  });
});

describe('a settlement', () => {
  it('is read as it was written, in the log and as a note', () => {
    expect(settlementOf(settlementHeaders(SETTLEMENT))).toEqual(SETTLEMENT);
    const partly = { ...SETTLEMENT, through: null, as: 'discarded' as const };
    expect(settlementOf(settlementHeaders(partly))).toEqual(partly);
    const note = { settlement: SETTLEMENT, at: { topic: 'tests', partition: 5, offset: 8 } };
    expect(noteOf(noteHeaders(note))).toEqual(note);
    expect(noteOf(noteHeaders({ ...note, at: null }))).toEqual({ ...note, at: null });
  });
  it('that can’t be understood is none', () => {
    const headers = settlementHeaders(SETTLEMENT);
    expect(settlementOf({})).toBeNull();
    expect(settlementOf({ ...headers, 'letter-settles': 'somewhere' })).toBeNull();
    expect(settlementOf({ ...headers, 'letter-settled-as': 'forgotten' })).toBeNull();
    expect(settlementOf({ ...headers, 'letter-settles-through': '-3' })?.through).toBeNull();
  });
});

it('what is found claimed is read as it was written, and is no letter and no note', () => {
  const found = { instance: '43-a', epoch: 2, topic: 'tests-2', partition: 3, from: 4, through: 5 };
  const headers = claimFoundHeaders(found);
  expect([claimFoundOf(headers), letterOf(headers), noteOf(headers)]).toEqual([found, null, null]);
  for (const text of ['', 'tests/3/43-a/2/4', 'tests/3/a-43/2/4/5', 'tests/3/43-a/2/-4/5'])
    expect(claimFoundOf({ 'claim-found': text })).toBeNull();
});
