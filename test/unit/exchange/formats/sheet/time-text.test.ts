/** Dates and times as laboratories write them. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTime } from '#core/field/time.ts';
import type { Cell } from '#exchange/formats/sheet/cell.ts';
import { readTime, type TimeSettings } from '#exchange/formats/sheet/time-text.ts';

const SETTINGS: TimeSettings = { timeZone: '+08:00' };
const read = (cell: string | Cell, settings: Partial<TimeSettings> = {}) =>
  readTime(typeof cell === 'string' ? { kind: 'text', text: cell } : cell, { ...SETTINGS, ...settings });
const isoOf = (cell: string | Cell, settings: Partial<TimeSettings> = {}) => {
  const time = read(cell, settings);
  return time.kind === 'fault' ? time.reason : time.iso;
};
const wall = (iso: string): Cell => ({ kind: 'clock', wallMs: Date.parse(iso) });

describe('a time', () => {
  it.each([
    ['2022/7/5 8:30', '2022-07-05T08:30+08:00'],
    ['2022年7月5日 8时30分', '2022-07-05T08:30+08:00'],
    ['2022年07月05日08时30分05秒', '2022-07-05T08:30:05+08:00'],
    ['2022年7月5日 8点30分', '2022-07-05T08:30+08:00'],
    ['2022-07-05 08:30:00', '2022-07-05T08:30:00+08:00'],
    ['2022-07-05T08:30:00.125', '2022-07-05T08:30:00.125+08:00'],
    ['2022-07-05T08:30Z', '2022-07-05T08:30Z'],
    ['2022-07-05 08:30:00 +0900', '2022-07-05T08:30:00+0900'],
    ['2022.7.5 8:30', '2022-07-05T08:30+08:00'],
    ['２０２２／７／５　８：３０', '2022-07-05T08:30+08:00'],
    ['202207050830', '2022-07-05T08:30+08:00'],
    ['20220705083005', '2022-07-05T08:30:05+08:00'],
    ['202106040725-0400', '2021-06-04T07:25-0400'],
    ['2022/7/5 8:30 PM', '2022-07-05T20:30+08:00'],
    ['2022/7/5 12:05 AM', '2022-07-05T00:05+08:00'],
    ['2022/7/5 上午8:30', '2022-07-05T08:30+08:00'],
    ['2022/7/5 下午 8:30', '2022-07-05T20:30+08:00'],
    ['2022/7/5 中午12:30', '2022-07-05T12:30+08:00'],
    ['July 5, 2022 8:30', '2022-07-05T08:30+08:00'],
    ['5-Jul-2022 08:30', '2022-07-05T08:30+08:00'],
  ])('is read as it was written: %s', (text, iso) => {
    expect(read(text)).toEqual({ kind: 'time', iso });
  });
  it('has the sender’s zone where it states none', () => {
    expect(isoOf('2022/7/5 8:30', { timeZone: '-05:00' })).toBe('2022-07-05T08:30-05:00');
  });
  it.each([
    ['2022/7/5', '2022-07-05'],
    ['2022年7月5日', '2022-07-05'],
    ['20220705', '2022-07-05'],
    ['Jan 31, 2020', '2020-01-31'],
    ['January 31, 2020', '2020-01-31'],
  ])('without an hour is a date: %s', (text, iso) => {
    expect(read(text)).toEqual({ kind: 'date', iso });
  });
  it.each(['05/07/2022', '05/07/2022 08:30', '01/31/2020', '1-31-2020', '31.01.2020'])(
    'with the year last is refused without the mapping’s word: %s',
    (text) => {
      expect(isoOf(text)).toContain('two days');
    },
  );
  it('with the year last has its day by the mapping’s word', () => {
    expect(isoOf('05/07/2022 8:30', { dateOrder: 'day_first' })).toBe('2022-07-05T08:30+08:00');
    expect(isoOf('05/07/2022', { dateOrder: 'month_first' })).toBe('2022-05-07');
    expect(isoOf('31/01/2020', { dateOrder: 'month_first' })).toContain('no day');
  });
  it.each(['2022-07-05 8', '2022年7月5日8时', '2022-07-05T08Z'])('with an hour alone is refused: %s', (text) => {
    expect(isoOf(text)).toContain('no minute');
  });
  it.each(['2022-02-29', '2022/13/1', '2022/7/5 24:00', '2022/7/5 8:60', '2022/7/5 13:00 PM', '2022/7/5 0:30 pm'])(
    'that isn’t in the calendar is refused: %s',
    (text) => {
      expect(isoOf(text)).toContain('no day');
    },
  );
  it.each(['22/7/5', '2022', '2022-07', '8:30', 'today', '', '2022-07-05Z', '2022-07-05 08:30 x', '#####'])(
    'that isn’t one is refused: %s',
    (text) => {
      expect(read(text).kind).toBe('fault');
    },
  );
});

describe('a spreadsheet’s number for a time', () => {
  it('is refused without the mapping’s word', () => {
    expect(isoOf('44747.354166666664')).toContain('bare number');
    expect(isoOf({ kind: 'number', text: '44747' })).toContain('bare number');
  });
  it('is counted from the year that the mapping says', () => {
    expect(isoOf('44747.354166666664', { serialDates: '1900' })).toBe('2022-07-05T08:30+08:00');
    expect(isoOf({ kind: 'number', text: '43285' }, { serialDates: '1904' })).toBe('2022-07-05');
  });
  it('that is shown as a date is that of the clock on the wall, to the second', () => {
    expect(isoOf(wall('2022-07-05T08:29:59.999Z'))).toBe('2022-07-05T08:30+08:00');
    expect(isoOf(wall('2022-07-05T08:29:58.999Z'))).toBe('2022-07-05T08:29:59+08:00');
    expect(isoOf(wall('2022-07-05T00:00:00.000Z'))).toBe('2022-07-05');
  });
  it('without a day is refused', () => {
    expect(isoOf(wall('1899-12-30T12:00:00.000Z'))).toContain('without its day');
  });
});

describe('any text', () => {
  const piece = fc.constantFrom(
    '2022',
    '7',
    '05',
    '31',
    '8',
    '30',
    '/',
    '-',
    ':',
    ' ',
    '年',
    '月',
    '日',
    '时',
    '分',
    'T',
  );
  it('is a time of the calendar, a date, or refused', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const time = read(pieces.join(''), { dateOrder: 'day_first' });
        const parsed = time.kind === 'fault' ? null : parseTime(time.iso);
        expect(time.kind === 'fault' || (parsed?.precision === 'day') === (time.kind === 'date')).toBe(true);
        if (time.kind !== 'fault') expect(parsed).not.toBeNull();
      }),
      { numRuns: 1_000 },
    );
  });
  it('is the same day in every shape', () => {
    const day = fc.date({ min: new Date('2019-12-01'), max: new Date('2030-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(day, (date) => {
        const iso = date.toISOString().slice(0, 16);
        const [year, month, ofMonth, hour, minute] = iso.split(/[-T:]/).map(Number);
        const shapes = [
          `${year}/${month}/${ofMonth} ${hour}:${minute}`,
          `${year}年${month}月${ofMonth}日 ${hour}时${minute}分`,
          iso.replace('T', ' '),
          iso.replaceAll(/[-T:]/g, ''),
        ];
        expect(new Set(shapes.map((shape) => isoOf(shape)))).toEqual(new Set([`${iso}+08:00`]));
      }),
      { numRuns: 200 },
    );
  });
});
