/** What a mapping file must say, and what none may say. */

import { describe, expect, it } from 'vitest';
import { readMapping } from '#exchange/formats/sheet/mapping.ts';
import { MAPPING } from './mapped-sheet.ts';

const faultOf = (changes: object) => {
  const read = readMapping({ ...MAPPING, ...changes });
  return read.ok ? null : `${read.fault.field} ${read.fault.reason}`;
};
const { columns, values } = MAPPING;

describe('a mapping', () => {
  it('is taken as it is', () => {
    expect(readMapping(MAPPING)).toEqual({ ok: true, value: MAPPING });
  });
  it.each([
    ['a field that there isn’t', { colums: {} }, 'additional properties: colums'],
    ['no result', { values: {} }, '/values'],
    ['a zone that is none', { timeZone: '+25:00' }, '/timeZone is no offset'],
    ['a province that there isn’t', { province: '99' }, '/province'],
    ['a result that there isn’t', { values: { ...values, result: { 阴性: 'clean' } } }, '/values/result'],
    ['neither column nor constant', { constants: {} }, '/columns/status is either'],
    ['both', { constants: { status: 'final', laboratory: 'L' } }, '/columns/laboratory is either'],
    ['words without meanings', { values: { ...values, method: undefined } }, '/values/method'],
    ['one column twice', { columns: { ...columns, tubeId: ' 样本编码' } }, '/columns names one column twice'],
    ['a constant that is to be filled', { constants: { status: 'final', specimen: '?' } }, 'says ?'],
    ['a method that is to be filled', { values: { ...values, method: { 新冠核酸: '?' } } }, 'says ?'],
    ['a column that is to be filled', { columns: { ...columns, tubeId: '?' } }, 'says ?'],
    ['a positive of a first screening', { values: { ...values, result: { 初筛阳性: 'positive' } } }, '初筛'],
  ])('with %s is refused', (_what, changes, fault) => {
    expect(faultOf(changes)).toContain(fault);
  });
});
