/** That an import says in Chinese whatever it says in English: every reason and mend that the sources hold. */

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '#platform/folders.ts';
import { inChinese } from '#services/cli/import/chinese/all.ts';
import { translatorOf } from '#services/cli/import/chinese/lines.ts';
import { sentenceIn, wordsIn } from '#services/cli/import/language.ts';
import { saidIn } from '#test/support/said-in.ts';

const SOURCES = [
  'exchange/formats/*.ts',
  'exchange/formats/{fhir,hl7,sheet,json}/*.ts',
  'exchange/intake/*.ts',
  'core/events/event-faults.ts',
  'core/field/{identity,person}.ts',
  'services/cli/import/*.ts',
  'services/cli/shared/{items,sender}.ts',
];
/** Texts of the same form that are no sentences to a sender, or nothing but what is filled in. */
const NONE = /^(\{\}|GB 18030(-2000)?|GB 2312|KS X 1001|the fingerprint by which .*)$/s;

const saidBy = new Map(
  SOURCES.flatMap((pattern) => globSync(pattern, { cwd: ROOT }))
    .toSorted()
    .map(
      (file) => [file, saidIn(file, readFileSync(join(ROOT, file), 'utf8')).filter((one) => !NONE.test(one))] as const,
    )
    .filter(([, sentences]) => sentences.length > 0),
);

describe('in Chinese', () => {
  it.each([...saidBy])('is all that %s says', (_file, sentences) => {
    // Three words of English in a row are a sentence of which only the frame was known.
    const unsaid = sentences.filter((one) => {
      const chinese = inChinese(one) ?? '';
      return !/\p{Script=Han}/u.test(chinese) || /[a-z]{2,} [a-z]{2,} [a-z]{2,}/.test(chinese);
    });
    expect(unsaid).toEqual([]);
  });
  it('is looked for where something is said', () => {
    expect([...saidBy.values()].flat().length).toBeGreaterThan(250);
    expect(saidIn('a.ts', 'const a = { reason: `is ${b ? "one" : "two"} of ${c}`, hint: "write " + "it" };')).toEqual([
      'is one of {}',
      'is two of {}',
      'write it',
    ]);
  });
  it('says a place, and leaves a file’s own name as it is', () => {
    expect(wordsIn('zh').place('line 3: a.hl7: message 2 (MSH-10 C-1), OBX 1')).toBe(
      'line 3: a.hl7: 第 2 条消息（MSH-10 C-1），OBX 1',
    );
  });
  it('says a sentence within a sentence, and in English what it doesn’t know', () => {
    const fault = { field: 'OBX-5', reason: 'says the same as OBX 1, which is taken; it is left out', hint: 'so what' };
    expect(sentenceIn(fault, 'zh')).toBe('OBX-5 与已接收的 OBX 1 相同；已略去。改正：so what');
    expect(sentenceIn({ ...fault, code: 'x', hint: '' }, 'en')).toBe(
      'OBX-5: says the same as OBX 1, which is taken; it is left out [x]',
    );
  });
  it('fills in by number where the order differs', () => {
    expect(translatorOf([['a {} b {}', '{2}-{1}']])('a 1 b 2')).toBe('2-1');
  });
});
