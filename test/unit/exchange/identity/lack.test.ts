/**
 * Who may do what at the doors: all pairs of 32 provinces, purposes and modes as pure decisions. Each attempt that is
 * refused has a twin that is allowed, so that a decision that refuses everything fails.
 */

import { describe, expect, it } from 'vitest';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { type Purpose, PURPOSES } from '#core/rules/purpose.ts';
import { type Caller, callerHolding, MODES } from '#exchange/identity/caller.ts';
import { type Action, lackOf } from '#exchange/identity/lack.ts';

const may = (caller: Caller, action: Action): boolean => lackOf(caller, action) === null;

/** Each that holds one, asked for each: all of it that is allowed is on the diagonal. */
function matrixOf<N>(names: readonly N[], mayDo: (holds: N, wants: N) => boolean): [N, N][] {
  return names.flatMap((holds) => names.filter((wants) => mayDo(holds, wants)).map((wants): [N, N] => [holds, wants]));
}
const diagonal = <N>(names: readonly N[]): [N, N][] => names.map((name) => [name, name]);

const NOBODY = callerHolding('gate-1', {});
const purpose: Purpose = 'entry';

describe('of all pairs of 32 provinces', () => {
  it('each reports for itself and for no other', () => {
    const integrators = new Map(
      PROVINCE_CODES.map((code) => [code, callerHolding(`province-${code}`, { provinces: [code] })]),
    );
    const allowed = matrixOf(PROVINCE_CODES, (holds, province) =>
      may(integrators.get(holds) as Caller, { kind: 'report', province }),
    );
    expect(allowed).toEqual(diagonal(PROVINCE_CODES));
  });
  it('each gate asks for its own destination and for no other', () => {
    const allowed = matrixOf(PROVINCE_CODES, (holds, destination) =>
      may(callerHolding(`gate-${holds}`, { destinations: [holds], purposes: 'all' }), {
        kind: 'question',
        destination,
        purpose,
      }),
    );
    expect(allowed).toEqual(diagonal(PROVINCE_CODES));
  });
  it('whoever holds all may for each, and for all at once', () => {
    const national = callerHolding('national', { provinces: 'all', destinations: 'all', purposes: 'all' });
    for (const code of PROVINCE_CODES) {
      expect(may(national, { kind: 'report', province: code })).toBe(true);
      expect(may(national, { kind: 'question', destination: code, purpose })).toBe(true);
    }
    expect(may(national, { kind: 'question', destination: 'all', purpose })).toBe(true);
  });
  it('whoever lacks one of 32 destinations may not ask for all at once, and may for each of the others', () => {
    for (const lacking of PROVINCE_CODES) {
      const destinations = PROVINCE_CODES.filter((code) => code !== lacking);
      const caller = callerHolding('gate-1', { destinations, purposes: 'all' });
      expect(may(caller, { kind: 'question', destination: 'all', purpose })).toBe(false);
      const allowed = PROVINCE_CODES.filter((destination) => may(caller, { kind: 'question', destination, purpose }));
      expect(allowed).toEqual(destinations);
    }
  });
});

describe('of all pairs of purposes, and of modes', () => {
  it('a caller asks for what it holds and for nothing else', () => {
    const purposes = matrixOf(PURPOSES, (holds, wants) =>
      may(callerHolding('gate-44', { destinations: ['44'], purposes: [holds] }), {
        kind: 'question',
        destination: '44',
        purpose: wants,
      }),
    );
    expect(purposes).toEqual(diagonal(PURPOSES));
    const modes = matrixOf(MODES, (holds, mode) =>
      may(callerHolding('gate-44', { modes: [holds] }), { kind: 'ask', mode }),
    );
    expect(modes).toEqual(diagonal(MODES));
  });
  it('a caller may not turn what it holds for reporting into questions, nor the other way round', () => {
    const integrator = callerHolding('province-44', { provinces: ['44'] });
    const gate = callerHolding('gate-44', { destinations: ['44'], purposes: 'all', modes: ['single'] });
    const report: Action = { kind: 'report', province: '44' };
    const question: Action = { kind: 'question', destination: '44', purpose };
    expect([may(integrator, report), may(gate, report)]).toEqual([true, false]);
    expect([may(gate, question), may(integrator, question)]).toEqual([true, false]);
    expect([may(integrator, { kind: 'report' }), may(gate, { kind: 'report' })]).toEqual([true, false]);
    expect(may(callerHolding('operator', { provinces: 'all' }), { kind: 'erase-all' })).toBe(false);
    expect(may(callerHolding('national', {}), { kind: 'erase-all' })).toBe(true);
  });
});

describe('who asks for others', () => {
  const relay = callerHolding('gate-relay', { relay: true });
  it.each([
    ['names them', relay, 'gate 7', true],
    ['must name them', relay, null, false],
    ['is a relay: nobody else names anybody', NOBODY, 'gate 7', false],
    ['is a relay: whoever else asks names nobody', NOBODY, null, true],
  ])('%s', (_what, caller, onBehalfOf, allowed) => {
    expect(may(caller, { kind: 'ask-for', onBehalfOf })).toBe(allowed);
  });
});

describe('what is said of what is lacking', () => {
  it('names it, with the field that asks for it and how to mend it', () => {
    expect(lackOf(NOBODY, { kind: 'report', province: '43' })).toEqual({
      pointer: '/province',
      detail: 'the caller does not hold the province 43',
      hint: expect.stringContaining('whose client holds it') as string,
    });
  });
  it('is the same whatever else the caller holds: it doesn’t tell how near the caller came', () => {
    const near = callerHolding('gate-44', { destinations: ['43'], purposes: 'all', modes: MODES.slice() });
    const action: Action = { kind: 'question', destination: '44', purpose };
    expect(lackOf(near, action)).toEqual(lackOf(NOBODY, action));
  });
});

it('the MLLP listener hands on results of tests and nothing else', () => {
  const [listener, province] = (['mllp', 'province-43'] as const).map((id) => callerHolding(id, { provinces: ['43'] }));
  const report = (type: string): Action => ({ kind: 'report', province: '43', type });
  expect(may(listener as Caller, report('TestReported'))).toBe(true);
  for (const type of ['PersonErased', 'CodeAssigned', 'VaccinationAdministered']) {
    expect(may(listener as Caller, report(type))).toBe(false);
    expect(may(province as Caller, report(type))).toBe(true);
  }
});
