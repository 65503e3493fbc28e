/**
 * The two parts of schemas that both the rules and the doors are made of. Here because everything may import this
 * folder; what a field means stands in its description, never here.
 */

import { Type } from '@sinclair/typebox';

/** Of an object: no field that isn't named. */
export const closed = { additionalProperties: false } as const;

export const choice = <T extends string>(values: readonly T[], description: string, more: object = {}) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values], description, ...more });
