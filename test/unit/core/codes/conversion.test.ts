/**
 * What a code of one province comes to at another, by the tables that ship: the three ways, who clears it, and that
 * green passes everywhere.
 */

import { beforeAll, describe, expect, it } from 'vitest';
import { type CodeAtDestination, onRecordAt } from '#core/answer/on-record.ts';
import type { CodeInForce } from '#core/codes/codes.ts';
import type { CodeBook, Converted } from '#core/codes/conversion.ts';
import { EVENT_LIMITS } from '#core/events/events.ts';
import { PROVINCE_CODES, type ProvinceCode } from '#core/field/regions.ts';
import { DAY_MS, HOUR_MS } from '#core/field/time.ts';
import { merge } from '#core/view/merge.ts';
import { EMPTY_VIEW, type PersonView, VIEW_LIMITS } from '#core/view/view.ts';
import { at, codeAssigned } from '#exercises/town/events.ts';
import { shippedBook } from '#test/support/policies.ts';

const NOW_MS = at('2022-08-10T12:00+08:00');
/** A state of every kind that is in any table that ships, and one that is in none. */
const STATES = [
  'green',
  'yellow',
  'orange',
  'red',
  'grey',
  'blue',
  'pop_up',
  'label',
  'plaque',
  'black_and_white',
  'red_card',
  'violet',
] as const;
let codeBook: CodeBook;

beforeAll(async () => {
  ({ codeBook } = await shippedBook());
});

function viewWith(...codes: readonly (readonly [ProvinceCode, string])[]): PersonView {
  return codes.reduce(
    (view, [province, state], index) =>
      merge(
        view,
        codeAssigned({
          province,
          state,
          decisionId: `d${index}`,
          assignedAtMs: NOW_MS - HOUR_MS,
          recordedAtMs: NOW_MS - HOUR_MS,
          expiresAtMs: NOW_MS + DAY_MS,
        }),
      ),
    EMPTY_VIEW,
  );
}

function codeAt(destination: ProvinceCode, view: PersonView | null, mayMissEvents = false): CodeAtDestination {
  return onRecordAt(view, { destination, atMs: NOW_MS, codeBook, mayMissEvents, mayHoldForged: false }).code;
}

function converted(province: ProvinceCode, state: string, destination: ProvinceCode): Converted {
  const [code] = viewWith([province, state]).codes;
  return codeBook.convert({ province, code, clearedBy: province } as CodeInForce, destination);
}

describe('a code of another province', () => {
  it.each([
    [
      'Guangdong’s yellow is Tianjin’s orange, through the national code',
      '44',
      'yellow',
      '12',
      'through_national_code',
      'yellow',
      'orange',
    ],
    ['Tianjin’s orange is Guangdong’s yellow', '12', 'orange', '44', 'through_national_code', 'yellow', 'yellow'],
    ['Jilin’s orange, a contact, is red in Shanghai', '22', 'orange', '31', 'through_national_code', 'red', 'red'],
    [
      'Tianjin’s orange is shown as it is in Hebei, which keeps its own code',
      '12',
      'orange',
      '13',
      'as_it_is',
      'yellow',
      'orange',
    ],
    [
      'Tianjin’s orange is yellow at the Corps, which has no code of its own',
      '12',
      'orange',
      '66',
      'national_code',
      'yellow',
      'yellow',
    ],
    ['Qingdao’s plaque is green elsewhere', '37', 'plaque', '44', 'through_national_code', 'green', 'green'],
    [
      'Shanghai’s label, whatever it says, is green elsewhere',
      '31',
      'label:来沪返沪不满5天',
      '44',
      'through_national_code',
      'green',
      'green',
    ],
    ['the Corps assigns in the national code', '66', 'red', '12', 'through_national_code', 'red', 'red'],
  ] as const)('%s', (_, from, state, to, conversion, national, here) => {
    expect(converted(from, state, to)).toMatchObject({
      conversion,
      national: { state: national },
      here: { state: here },
    });
  });
  it('that is a local matter is not carried over, and counts at home', () => {
    expect(converted('42', 'grey', '43')).toMatchObject({
      conversion: 'stays_local',
      national: null,
      here: null,
      passes: true,
    });
    expect(codeAt('43', viewWith(['42', 'grey']))).toMatchObject({ passes: true, shows: { state: 'green' } });
    expect(codeAt('42', viewWith(['42', 'grey']))).toMatchObject({
      passes: false,
      shows: { state: 'grey', title: { zh: '灰码' } },
    });
  });
  it('whose state no table names is said to be unknown, not guessed', () => {
    expect(converted('42', 'violet', '43')).toMatchObject({ conversion: 'unknown_state', here: null, passes: null });
    expect(codeAt('43', viewWith(['42', 'violet']))).toMatchObject({ passes: null, shows: null });
  });
});

describe('how a person’s code stands at a destination', () => {
  it.each(PROVINCE_CODES)('green from anywhere passes in %s as such', (destination) => {
    for (const from of PROVINCE_CODES)
      expect(codeAt(destination, viewWith([from, 'green']))).toMatchObject({ passes: true, clearedBy: [] });
    expect(codeAt(destination, null)).toMatchObject({ passes: true, shows: { state: 'green' } });
  });
  it('is the gravest, which a green of another province doesn’t clear; the answer names who can', () => {
    const code = codeAt('44', viewWith(['44', 'green'], ['41', 'red'], ['12', 'orange']));
    expect(code).toMatchObject({
      passes: false,
      shows: { state: 'red' },
      clearedBy: [{ province: '12' }, { province: '41' }],
    });
    expect(code.sentence.en).toBe('Red: assigned by Tianjin and Henan, which alone can clear it.');
    expect(code.sentence.zh).toContain('河南省');
  });
  it('is not called green while events may be missing, but red stays red', () => {
    expect(codeAt('44', null, true).passes).toBeNull();
    expect(codeAt('44', viewWith(['41', 'green']), true).passes).toBeNull();
    expect(codeAt('44', viewWith(['41', 'red']), true).passes).toBe(false);
  });
  it('is not called green when a code that was cut may still be in force', () => {
    const many = Array.from({ length: VIEW_LIMITS.codesMax + 1 }, (_, index) =>
      codeAssigned({
        province: '41',
        state: index === VIEW_LIMITS.codesMax ? 'red' : 'green',
        decisionId: `c${index}`,
        assignedAtMs: NOW_MS - index * DAY_MS,
        recordedAtMs: NOW_MS - index * DAY_MS,
        expiresAtMs: NOW_MS + HOUR_MS,
      }),
    ).reduce(merge, EMPTY_VIEW);
    expect(codeAt('44', many).passes).toBeNull();
    expect(
      onRecordAt(many, {
        destination: '44',
        atMs: NOW_MS + EVENT_LIMITS.codeValidityMsMax + DAY_MS,
        codeBook,
        mayMissEvents: false,
        mayHoldForged: false,
      }).code.passes,
    ).toBe(true);
  });
});

describe('conversion, for every province, state and destination that ships', () => {
  it('gives a state that means the same in the national code, neither graver nor milder', () => {
    for (const from of PROVINCE_CODES) {
      for (const state of STATES) {
        for (const to of PROVINCE_CODES) {
          const { national, here, conversion } = converted(from, state, to);
          if (conversion !== 'through_national_code') continue;
          expect(converted(to, here?.state ?? '', from).national).toEqual(national);
        }
      }
    }
  });
  it('never turns away where the assigning province’s own code is green', () => {
    for (const from of PROVINCE_CODES)
      for (const to of PROVINCE_CODES) expect(converted(from, 'green', to)).toMatchObject({ passes: true, gravity: 0 });
  });
});
