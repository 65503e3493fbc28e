/**
 * What a code that one province assigned comes to at another: the three ways of March 2020, from tables that are data.
 * Pure. It is shown and never enters an outcome: green from anywhere passes as such, and no rule can ask for a second
 * code.
 */

import { GREEN } from '#core/events/events.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import type { Words } from '#core/terms/words.ts';
import type { CodeText, CodeWay, NationalCodeText } from './code-table.ts';
import type { CodeInForce } from './codes.ts';

export interface StateNamed {
  readonly state: string;
  /** Null for a state that no table names. */
  readonly title: Words | null;
}

/**
 * How a code was read at the destination: assigned there; as it is, by its own name; converted; or not carried over,
 * because it's a local matter where it was assigned, or because its state isn't in that province's table.
 */
export const CONVERSIONS = [
  'own',
  'as_it_is',
  'through_national_code',
  'national_code',
  'stays_local',
  'unknown_state',
] as const;

export interface Converted {
  readonly conversion: (typeof CONVERSIONS)[number];
  /** As the assigning province names it. */
  readonly assigned: StateNamed;
  /** In the national code; null where it has no meaning there, or none that is known. */
  readonly national: StateNamed | null;
  /** At the destination; null where it isn't carried over. */
  readonly here: StateNamed | null;
  /** Whether it passes as green at the destination; null: not known. */
  readonly passes: boolean | null;
  /** For comparing: the graver the higher; 0 is green. */
  readonly gravity: number;
}

/** How a person's code stands at a destination, all assignments taken together. */
export interface CodeHere {
  readonly way: CodeWay;
  /** The gravest of what is carried over; null while it isn't known. */
  readonly shows: StateNamed | null;
  /** Null while it isn't known. */
  readonly passes: boolean | null;
}

export interface CodeBook {
  readonly convert: (code: CodeInForce, destination: ProvinceCode) => Converted;
  /** @param certain whether the codes given are certainly all that are in force */
  readonly together: (converted: readonly Converted[], destination: ProvinceCode, certain: boolean) => CodeHere;
}

/** Of tables that have no faults; see exchange/policy/code-faults.ts. */
export function compileCodeBook(national: NationalCodeText, tables: readonly CodeText[]): CodeBook {
  const gravities = new Map(national.states.map(({ state }, index) => [state, index]));
  const nationalStates = new Map<string, StateNamed>(
    national.states.map(({ state, title }) => [state, { state, title }]),
  );
  const provinces = new Map(
    tables.map((table) => [
      table.province,
      { table, states: new Map(statesOf(table, national).map((state) => [state.state, state])) },
    ]),
  );

  const convert = ({ province, code: { state } }: CodeInForce, destination: ProvinceCode): Converted => {
    const states = provinces.get(province)?.states;
    const local = states?.get(state) ?? states?.get(kindOf(state));
    const assigned = { state, title: local?.title ?? null };
    const inNational =
      local?.national === undefined || local.national === null ? null : (nationalStates.get(local.national) ?? null);
    const gravity = inNational === null ? LOCAL_GRAVITY : (gravities.get(inNational.state) ?? LOCAL_GRAVITY);
    const reading = { assigned, national: inNational, gravity, passes: state === GREEN || gravity === 0 };
    if (province === destination) return { ...reading, conversion: 'own', here: assigned };
    if (local === undefined)
      return { ...reading, conversion: 'unknown_state', here: null, passes: state === GREEN ? true : null };
    if (inNational === null) return { ...reading, conversion: 'stays_local', here: null, passes: true };
    const there = provinces.get(destination);
    switch (there?.table.way) {
      case 'recognition_data':
        return { ...reading, conversion: 'as_it_is', here: assigned };
      case 'through_national_code': {
        const own = there.states.get(there.table.fromNational?.[inNational.state] ?? '');
        return {
          ...reading,
          conversion: 'through_national_code',
          here: own === undefined ? inNational : { state: own.state, title: own.title },
        };
      }
      default:
        return { ...reading, conversion: 'national_code', here: inNational };
    }
  };

  const together = (converted: readonly Converted[], destination: ProvinceCode, certain: boolean): CodeHere => {
    const way = provinces.get(destination)?.table.way ?? 'national_code';
    const standing = converted.filter(({ here }) => here !== null);
    const gravest = standing.reduce<Converted | null>(
      (worst, one) => (worst === null || one.gravity > worst.gravity ? one : worst),
      null,
    );
    if (gravest?.passes === false) return { way, shows: gravest.here, passes: false };
    if (!certain || converted.some(({ passes }) => passes === null)) return { way, shows: null, passes: null };
    return { way, shows: gravest?.here ?? nationalStates.get(GREEN) ?? null, passes: true };
  };
  return { convert, together };
}

/** Of an open state such as `label:returned less than 5 days ago`, what a table names: `label`. */
function kindOf(state: string): string {
  const colon = state.indexOf(':');
  return colon === -1 ? state : state.slice(0, colon);
}

/** Without any table: everything is shown as it was assigned. */
export const NO_CODE_TABLES: CodeBook = compileCodeBook({ states: [], sources: [] }, []);

/** A state without a national meaning weighs more than green and less than whatever the national code names. */
const LOCAL_GRAVITY = 0.5;

/** Who has no code of its own assigns in the national one. */
function statesOf({ states, way }: CodeText, national: NationalCodeText): CodeText['states'] {
  const own = new Set(states.map(({ state }) => state));
  const borrowed =
    way === 'national_code'
      ? national.states.filter(({ state }) => !own.has(state)).map((one) => ({ ...one, national: one.state }))
      : [];
  return [...states, ...borrowed];
}
