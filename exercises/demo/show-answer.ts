/** One question and its answer on the terminal, and whether it is the expected one. It only prints. */

import type { Answer, Asked } from '#exercises/town/gate.ts';
import type { Question } from '#exercises/town/story.ts';
import { recordOf } from './one-look.ts';
import { columns, folded, say, styled } from './print.ts';

export function showAnswer(question: Question, { answer, asExpected }: Asked): void {
  say();
  say(`   ${styled('bold', question.title)}`);
  say(`     ${styled('dim', question.story)}`);
  for (const text of [answer.sentence.zh, answer.sentence.en]) for (const line of folded(text, 92)) say(`     ${line}`);
  if (question.standing !== undefined) showRecord(answer);
  const verdict = styled(asExpected ? 'green' : ['bold', 'red'], `${asExpected ? '✓' : '✗'} ${inShort(answer)}`);
  const [first = '', ...more] = folded(
    `${asExpected ? '' : `expected ${question.expected}: `}${question.because}`,
    92 - columns(verdict) - 2,
  );
  say(`     ${verdict}  ${styled('dim', first)}`);
  for (const line of more) say(`     ${' '.repeat(columns(verdict))}  ${styled('dim', line)}`);
}

/** The outcome, and what it must not be read without. */
export function inShort({ outcome, mayGoIn }: Pick<Answer, 'outcome' | 'mayGoIn'>): string {
  return outcome === 'recognised' && mayGoIn === false ? `${outcome}, but barred` : outcome;
}

function showRecord(answer: Answer): void {
  for (const { label, text } of recordOf(answer)) {
    const [first = '', ...more] = folded(text, 80);
    say(`     ${label.padEnd(12)}${first}`);
    for (const line of more) say(`     ${' '.repeat(12)}${line}`);
  }
}
