/**
 * Times at the edges: what is read, how precisely, what is refused, and which civil day an instant belongs to.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatDay,
  formatTime,
  formatTimeAs,
  parseDay,
  parseTime,
  shanghaiDayOf,
  startOfShanghaiDayMs,
} from '#core/field/time.ts';

describe('parseTime', () => {
  it.each([
    ['2022-08-01T08:12+08:00', Date.UTC(2022, 7, 1, 0, 12), 'minute'],
    ['2022-08-01T00:12Z', Date.UTC(2022, 7, 1, 0, 12), 'minute'],
    ['2022-08-01T08:12:30+0800', Date.UTC(2022, 7, 1, 0, 12, 30), 'second'],
    ['2022-08-01t08:12:30.25+08:00', Date.UTC(2022, 7, 1, 0, 12, 30, 250), 'millisecond'],
    ['2022-08-01T08:12:30,123456789+08:00', Date.UTC(2022, 7, 1, 0, 12, 30, 123), 'millisecond'],
    ['2022-07-31T19:42:00-04:30', Date.UTC(2022, 7, 1, 0, 12), 'second'],
    ['2022-08-01', Date.UTC(2022, 6, 31, 16), 'day'],
    ['2024-02-29T23:59+08:00', Date.UTC(2024, 1, 29, 15, 59), 'minute'],
  ])('reads %s', (text, atMs, precision) => {
    expect(parseTime(text)).toEqual({ atMs, precision });
  });

  it.each([
    '2022-08-01T08:12', // which instant would it be?
    '2022-08-01 08:12+08:00',
    '2022-8-1',
    '2023-02-29',
    '2022-02-30T08:00+08:00',
    '2022-04-31',
    '2022-13-01',
    '2022-00-10',
    '2022-08-01T24:00+08:00',
    '2022-08-01T08:60+08:00',
    '2022-08-01T08:12:60+08:00',
    '2022-08-01T08:12+15:00',
    '2022-08-01T08:12+08:60',
    '0022-08-01',
    '20220801',
    '1659312720000',
    '',
    ' 2022-08-01',
    '2022-08-01T08:1a+08:00',
    '2022-08-01T08:12:30.+08:00',
    '2022-08-01T08:12:30.1234567891+08:00',
    '2022-08-01T08:12+8:00',
    '2022-08-01T08:12+08:00 ',
    '2022-08-01T08:12Z0',
    '٢022-08-01T08:12+08:00',
    '2022-08-01\n',
  ])('refuses %j', (text) => {
    expect(parseTime(text)).toBeNull();
  });
});

describe('civil days', () => {
  it('change at midnight in Shanghai', () => {
    const midnightMs = Date.UTC(2022, 7, 9, 16);
    expect(shanghaiDayOf(midnightMs - 1)).toBe(parseDay('2022-08-09'));
    expect(shanghaiDayOf(midnightMs)).toBe(parseDay('2022-08-10'));
    expect(startOfShanghaiDayMs(shanghaiDayOf(midnightMs))).toBe(midnightMs);
  });

  it('include leap days of leap years only', () => {
    expect(parseDay('2020-02-29')).not.toBeNull();
    expect(parseDay('2000-02-29')).not.toBeNull();
    expect(parseDay('2022-02-29')).toBeNull();
    expect(parseDay('1900-02-29')).toBeNull();
    expect(formatDay((parseDay('2020-02-28') as number) + 1)).toBe('2020-02-29');
  });

  it('hold every instant between their start and the next one’s', () => {
    expect(() =>
      fc.assert(
        fc.property(fc.integer({ min: Date.UTC(2019, 11), max: Date.UTC(2040, 0) }), (atMs) => {
          const day = shanghaiDayOf(atMs);
          return (
            startOfShanghaiDayMs(day) <= atMs &&
            atMs < startOfShanghaiDayMs(day + 1) &&
            parseDay(formatDay(day)) === day
          );
        }),
      ),
    ).not.toThrow();
  });
});

describe('formatTime', () => {
  it('writes Shanghai time with its offset, milliseconds only where there are some', () => {
    expect(formatTime(Date.UTC(2022, 7, 1, 0, 12))).toBe('2022-08-01T08:12:00+08:00');
    expect(formatTime(Date.UTC(2022, 6, 31, 16, 0, 0, 7))).toBe('2022-08-01T00:00:00.007+08:00');
  });

  it('is read back as the same instant', () => {
    expect(() =>
      fc.assert(
        fc.property(
          fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2090, 0) }),
          (atMs) => parseTime(formatTime(atMs))?.atMs === atMs,
        ),
      ),
    ).not.toThrow();
  });

  it('leaves a date a date', () => {
    expect(formatTimeAs(startOfShanghaiDayMs(19_205), 'day')).toBe('2022-08-01');
    expect(formatTimeAs(startOfShanghaiDayMs(19_205), 'minute')).toBe('2022-08-01T00:00:00+08:00');
  });
});
