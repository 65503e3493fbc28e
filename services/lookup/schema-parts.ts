/** What the schemas of answers are made of: an instant, something that may be null, each with what it means. */

import { type TObject, type TSchema, Type } from '@sinclair/typebox';
import { text, textOrNull } from '#platform/schema.ts';

export const integerOrNull = (description: string) =>
  Type.Unsafe<number | null>({ type: ['integer', 'null'], description });
export const booleanOrNull = (description: string) =>
  Type.Unsafe<boolean | null>({ type: ['boolean', 'null'], description });
export const objectOrNull = (schema: TObject, description: string): TSchema =>
  Type.Unsafe({ ...schema, type: ['object', 'null'], description });
export const arrayOrNull = (items: TSchema, description: string): TSchema =>
  Type.Unsafe({ type: ['array', 'null'], items, description });
export const instant = (description: string) =>
  text(`${description}; ISO 8601 with +08:00`, { examples: ['2022-08-03T08:12:00+08:00'] });
export const instantOrNull = (description: string) =>
  textOrNull(`${description}; ISO 8601 with +08:00`, { examples: ['2022-08-03T08:12:00+08:00'] });

export const Words = Type.Object({ zh: text('in Chinese'), en: text('in English') });
export const words = (description: string) => Type.Object(Words.properties, { description });
