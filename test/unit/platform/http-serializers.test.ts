/** Serializers are compiled once for each form, and write each form as it is. */

import { expect, it } from 'vitest';
import { onceForEachForm } from '#platform/http-serializers.ts';

const FORMS = {
  A: { $id: 'A', type: 'object', properties: { a: { type: 'string' } } },
  B: { $id: 'B', type: 'object', properties: { b: { type: 'number' } } },
};
const at = (httpStatus: string, schema: object, url = '/') => ({ method: 'GET', url, httpStatus, schema });

it('one form is compiled once, whatever is said of it at each status', () => {
  const compile = onceForEachForm()(FORMS, {});
  const first = compile(at('400', { description: 'wrong', $ref: 'A#' }));
  expect(compile(at('404', { description: 'not there', $ref: 'A#' }, '/other'))).toBe(first);
  expect(first({ a: 'x', b: 1 })).toBe('{"a":"x"}');
});

it('another form, or the same name among other forms, is another', () => {
  const serializers = onceForEachForm();
  const compile = serializers(FORMS, {});
  expect(compile(at('200', { $ref: 'B#' }))({ a: 'x', b: 1 })).toBe('{"b":1}');
  expect(compile(at('400', { $ref: 'A#' }))({ a: 'x', b: 1 })).toBe('{"a":"x"}');
  const others = serializers({ A: { ...FORMS.B, $id: 'A' } }, {});
  expect(others(at('400', { $ref: 'A#' }))({ a: 'x', b: 1 })).toBe('{"b":1}');
});
