/**
 * How a format is declared: a schema, from which the type is taken. What a field means stands in its description alone,
 * which editors show and people of other languages read.
 */

import { type Static, type TSchema, Type } from '@sinclair/typebox';

export { choice, closed } from '#core/field/form.ts';

export const text = (maxLength: number, description: string) => Type.String({ minLength: 1, maxLength, description });
export const count = (minimum: number, maximum: number, description: string) =>
  Type.Integer({ minimum, maximum, description });

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** The type of what a schema takes. Nobody changes what was read from a file. */
export type Read<S extends TSchema> = DeepReadonly<Static<S>>;
