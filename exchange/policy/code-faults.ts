/**
 * The tables by which codes are converted: `00-national/national-code.json`, and `code.json` of every publisher. Held
 * against each other, so that each state of each province comes to something, and green always to green.
 */

import type { CodeText, NationalCodeText } from '#core/codes/code-table.ts';
import { GREEN } from '#core/events/events.ts';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import type { Fault } from '#core/terms/fault.ts';

interface InFile<T> {
  readonly file: string;
  readonly value: T;
}

/** `of`: undefined where it's the fault of no file. */
type Found<P> = Fault & { readonly of: P | undefined };

/** What is wrong among the tables; each is right in itself. */
export function codeFaults<N extends InFile<NationalCodeText>, T extends InFile<CodeText>>(
  national: readonly N[],
  tables: readonly T[],
): Found<N | T>[] {
  const [first] = national;
  if (first === undefined)
    return [
      {
        of: undefined,
        pointer: '',
        detail: 'has no table of the national code',
        mend: 'add 00-national/national-code.json',
      },
    ];
  const known = first.value.states.map((one) => one.state);
  const missing = PROVINCE_CODES.filter((code) => !tables.some(({ value }) => value.province === code));
  return [
    ...(known[0] === GREEN
      ? []
      : [
          {
            of: first,
            pointer: '/states/0/state',
            detail: 'is not green',
            mend: 'name the mildest state first: green',
          },
        ]),
    ...twice(first, known),
    ...tables.flatMap((table) => tableFaults(table, known)),
    ...missing.map((code) => ({
      of: undefined,
      pointer: `/${code}`,
      detail: 'has no code.json',
      mend: `add policies/${code}-<name>/code.json`,
    })),
  ];
}

function tableFaults<T extends InFile<CodeText>>(of: T, national: readonly string[]): Found<T>[] {
  const { province, way, states, fromNational } = of.value;
  const own = states.map((one) => one.state);
  const faults: Found<T>[] = [...twice(of, own)];
  const fault = (pointer: string, detail: string, mend: string): void =>
    void faults.push({ of, pointer, detail, mend });
  if (!of.file.startsWith(`${province}-`))
    fault('/province', 'does not agree with the file’s place', `move it to ${province}-<name>/code.json`);
  if (way === 'national_code') {
    if (states.length > 0) fault('/states', 'names states of its own', 'leave it empty, or choose another way');
  } else if (!own.includes(GREEN))
    fault('/states', 'does not name green', 'add green: what passes everywhere must have a name here too');
  states.forEach(({ state: name, national: to }, index) => {
    if (to !== null && !national.includes(to))
      fault(`/states/${index}/national`, 'is no state of the national code', `use ${national.join(', ')}, or null`);
    if (name === GREEN && to !== GREEN)
      fault(
        `/states/${index}/national`,
        'takes green away on the way out',
        'write green: green passes everywhere as such',
      );
  });
  if (way !== 'through_national_code') {
    if (fromNational !== undefined) fault('/fromNational', 'is not used in this way', 'take it out');
    return faults;
  }
  for (const name of national) {
    const to = fromNational?.[name];
    if (to === undefined)
      fault('/fromNational', `says nothing of ${name}`, 'say what each national state becomes here');
    else if (!own.includes(to)) fault(`/fromNational/${name}`, 'is none of the states above', `use ${own.join(', ')}`);
    else if (name === GREEN && to !== GREEN)
      fault(
        `/fromNational/${name}`,
        'takes green away on the way in',
        'write green: green from anywhere passes as such',
      );
  }
  for (const name of Object.keys(fromNational ?? {}))
    if (!national.includes(name))
      fault(`/fromNational/${name}`, 'is no state of the national code', `use ${national.join(', ')}`);
  return faults;
}

function twice<P>(of: P, names: readonly string[]): Found<P>[] {
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [{ of, pointer: `/states/${index}/state`, detail: 'is there twice', mend: 'name each state once' }],
  );
}
