/** What is wrong with attempts: each that came out otherwise, and each action that shows nothing. */

import { describe, expect, it } from 'vitest';
import { type Attempt, faultsOf } from '#exercises/matrix/attempt.ts';

const attempt = (given: Partial<Attempt>): Attempt => ({
  who: 'province-43',
  what: 'report',
  of: '43',
  may: true,
  did: true,
  ...given,
});
const other = { of: '44', may: false, did: false };

describe('attempts', () => {
  it('are right where each came out as it should, and each refused one has an allowed twin', () => {
    expect(faultsOf([attempt({}), attempt(other)])).toEqual([]);
  });
  it('are wrong where one was let that shouldn’t be, or refused that should', () => {
    expect(faultsOf([attempt({}), attempt({ ...other, did: true })])).toEqual(['province-43: report: 44: was let']);
    expect(faultsOf([attempt({ did: false }), attempt(other)])).toEqual(['province-43: report: 43: was refused']);
  });
  it('show nothing where a door is shut to everybody, or open', () => {
    expect(faultsOf([attempt(other)])).toEqual(['report: nobody was to be let']);
    expect(faultsOf([attempt({})])).toEqual(['report: nobody was to be refused']);
  });
});
