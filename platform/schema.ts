/** What schemas are made of, whoever makes one: a choice, a closed object, something that may be null or left out. */

import { type TSchema, Type } from '@sinclair/typebox';

export { choice, closed } from '#core/field/form.ts';

export const text = (description: string, more: object = {}) => Type.String({ description, ...more });

export const textOrNull = (description: string, more: object = {}) =>
  Type.Unsafe<string | null>({ type: ['string', 'null'], description, ...more });

/** Null and left out mean the same. */
export const nullable = <T extends TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]));
