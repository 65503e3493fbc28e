/** The texts of events: what is only written otherwise is the same, and what fills no field is refused. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tidyTexts } from '#core/events/event-texts.ts';
import type { TestReported } from '#core/events/events.ts';
import { codeAssigned, testReported } from '#exercises/town/events.ts';

const TODAY = 19_300;
const TEST = testReported();
const tidy = (changes: Partial<TestReported>) => tidyTexts({ ...TEST, ...changes }, null, TODAY);
const idOf = (sampleId: string) => {
  const tidied = tidy({ sampleId });
  return tidied.ok ? tidied.event.sampleId : tidied.fault.code;
};

describe('an identifier', () => {
  it('that is only written otherwise is the same, so that a retraction finds what it retracts', () => {
    for (const written of ['A-1', ' A-1', 'A-1 ', '\u3000A-1', 'Ａ－１'.replace('－', '-'), 'A-1\u00a0'])
      expect(idOf(written)).toBe('A-1');
    expect(idOf('e\u0301')).toBe(idOf('é'));
    expect(idOf('a-1')).toBe('a-1');
  });
  it('stays what it is once it is tidy', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (text) => {
        const once = idOf(text);
        fc.pre(!['text-blank', 'text-with-marks', 'number-in-text'].includes(once));
        expect(idOf(once)).toBe(once);
      }),
    );
  });
  it.each(['', ' ', '-', '--', '/', '无', 'N/A', 'null', '未知', '暂无', '\u2800', '\u200d'])(
    'can’t be left out by writing %j',
    (text) => {
      expect(idOf(text)).toBe('text-blank');
    },
  );
  it.each(['\u3164', '\u115f', '\uffa0', 'A\u00ad1', 'A\u034f1', 'A\u{e0041}1', 'A\ufffe', 'A\ufff91', 'A\u28001'])(
    'that looked like another, or like nothing, was taken: %j',
    (text) => {
      expect(idOf(text)).toBe('text-with-marks');
    },
  );
  it('is the same whatever form of its letters is chosen, and another text keeps that', () => {
    for (const written of ['A\u200d1', 'A1\ufe0f', 'A\u{e0100}1']) expect(idOf(written)).toBe('A1');
    expect(idOf('e\ufe0f\u0301')).toBe('é');
    const authority = 'ئۈرۈمچى\u200cشەھەر';
    expect(tidyTexts({ ...codeAssigned(), authority }, null, TODAY)).toMatchObject({ ok: true, event: { authority } });
  });
  it.each(['A\u0000', 'A\u001b[31mB', '\u202eA\u202cB', 'A\u200bB', 'A\u2066B', 'A\nB'])(
    'may hold no mark that a gate would act on: %j',
    (text) => {
      expect(idOf(text)).toBe('text-with-marks');
    },
  );
});

describe('another text', () => {
  it('keeps its characters, and only their composition and the blanks around it go', () => {
    const tidied = tidyTexts({ ...codeAssigned(), authority: ' 长沙市（疾控）e\u0301 ' }, null, TODAY);
    expect(tidied).toMatchObject({ ok: true, event: { authority: '长沙市（疾控）é' } });
  });
  it('that may be left out is left out where it is a placeholder', () => {
    expect(tidy({ tubeId: ' - ', specimen: '' })).toMatchObject({ ok: true, event: { tubeId: null, specimen: null } });
  });
});

it('an event that is tidy is handed on as it is', () => {
  const tidied = tidyTexts(TEST, null, TODAY);
  expect(tidied.ok && tidied.event).toBe(TEST);
});
