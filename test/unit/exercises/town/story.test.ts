/** The demo's story: what its table says can be played, and its questions can be asked. */

import { describe, expect, it } from 'vitest';
import { OUTCOMES } from '#core/decision/outcome.ts';
import { isProvinceCode, PROVINCE_CODES } from '#core/field/regions.ts';
import { tellStory } from '#exercises/town/story.ts';

const NOW_MS = Date.UTC(2022, 7, 10, 1);
const { written, whileFresh, onceSilent } = tellStory(NOW_MS);
const questions = [...whileFresh, ...onceSilent];

describe('what happened', () => {
  it('was sent by provinces that there are, after it happened', () => {
    for (const { province, atMs, lines } of written) {
      expect(PROVINCE_CODES[province]).toBeDefined();
      expect(atMs).toBeLessThan(NOW_MS);
      for (const line of lines) {
        const event = JSON.parse(line) as Record<string, unknown>;
        expect(event).toMatchObject({
          type: expect.any(String) as string,
          person: { documentType: 'resident_identity_card' },
          province: PROVINCE_CODES[province],
        });
        for (const field of ['sampledAt', 'testedAt', 'reportIssuedAt', 'assignedAt'])
          if (event[field] !== undefined) expect(Date.parse(event[field] as string)).toBeLessThan(atMs);
      }
    }
  });
  it('moves with the day', () => {
    const later = tellStory(NOW_MS + 1_000).written;
    expect(later.map(({ atMs }) => atMs)).toEqual(written.map(({ atMs }) => atMs + 1_000));
    expect(later.map(({ lines }) => lines.length)).toEqual(written.map(({ lines }) => lines.length));
  });
});

describe('each question', () => {
  it.each(questions)('says what it asks and why what answer is right: $title', (question) => {
    expect(isProvinceCode(question.destination)).toBe(true);
    expect(OUTCOMES).toContain(question.expected);
    expect(question.person.documentNumber).toMatch(/999[0-9X]$/);
    for (const text of [question.title, question.story, question.because]) expect(text.length).toBeGreaterThan(10);
  });
  it('comes in both parts of the demo', () => {
    expect([whileFresh.length, onceSilent.length]).toEqual([6, 2]);
  });
});
