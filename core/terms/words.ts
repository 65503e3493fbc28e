/** A text in both languages, as a rule writes it and an answer shows it. */

import { Type } from '@sinclair/typebox';
import { closed, type Read, text } from './form.ts';

export const BothLanguages = Type.Object({ zh: text(200, 'in Chinese'), en: text(200, 'in English') }, closed);
export type Words = Read<typeof BothLanguages>;
