/**
 * Answers as the bytes of JSON, by the compiled serialisers of their schemas. What is the same in thousands of answers
 * (the rule that judged, what was searched where none is known, what stands of a person without codes) is written once,
 * and its bytes are kept for as long as the rules are. It must never write a field that the schema doesn't name.
 */

import { Type } from '@sinclair/typebox';
import type { Answer } from '#core/answer/answer.ts';
import type { Problem } from '#platform/problems.ts';
import { AnswerSchema, NoneKnown, Rule } from './answer-schema.ts';
import { ProblemSchema } from './problem-schema.ts';
import { Standing } from './standing-schema.ts';

export type Write = (value: object) => string;

export interface Answers {
  readonly answers: readonly Answer[];
}

export interface BatchItem {
  readonly index: number;
  readonly answer?: Answer;
  readonly problem?: Problem;
}

export interface BatchAnswer {
  readonly results: readonly BatchItem[];
}

/** One for each of the three addresses. */
export interface Writers {
  readonly single: (answer: Answer) => Buffer;
  readonly all: (answered: Answers) => Buffer;
  readonly batch: (answered: BatchAnswer) => Buffer;
}

/** @param compile a schema into what writes values of it; each schema is compiled once */
export function compileWriters(compile: (schema: object) => Write): Writers {
  const { rule: _, noneKnown: __, standing: ___, ...others } = AnswerSchema.properties;
  const writeOthers = compile(Type.Object(others));
  const writeProblem = compile(ProblemSchema);
  const ruleOf = keeping('{"rule":', compile(Rule));
  const noneKnownOf = keeping(',"noneKnown":', compile(NoneKnown));
  const standingOf = keeping(',"standing":', compile(Standing));
  const partsOf = (answer: Answer): Buffer[] => {
    const rest = Buffer.from(writeOthers(answer));
    rest[0] = COMMA; // instead of its brace: it goes on where the kept parts end
    return [ruleOf(answer.rule), noneKnownOf(answer.noneKnown), standingOf(answer.standing), rest];
  };
  return {
    single: (answer) => Buffer.concat(partsOf(answer)),
    all: ({ answers }) => listOf('{"answers":[', answers.map(partsOf), ']}'),
    batch: ({ results }) =>
      listOf(
        '{"results":[',
        results.map(({ index, answer, problem }) => [
          Buffer.from(`{"index":${index}`),
          ...(answer === undefined ? [] : [Buffer.from(',"answer":'), ...partsOf(answer)]),
          Buffer.from(problem === undefined ? '}' : `,"problem":${writeProblem(problem)}}`),
        ]),
        ']}',
      ),
  };
}

const SEPARATOR = Buffer.from(',');
const COMMA = SEPARATOR[0] as number;

/** A frozen value is the same for many answers, and is let go with the rules that made it: its bytes are kept. */
function keeping(before: string, write: Write): (value: object | null) => Buffer {
  const none = Buffer.from(`${before}null`);
  const kept = new WeakMap<object, Buffer>();
  return (value) => {
    if (value === null) return none;
    const known = kept.get(value);
    if (known !== undefined) return known;
    const bytes = Buffer.from(before + write(value));
    if (Object.isFrozen(value)) kept.set(value, bytes);
    return bytes;
  };
}

function listOf(before: string, items: readonly Buffer[][], after: string): Buffer {
  const separated = items.flatMap((parts, at) => (at === 0 ? parts : [SEPARATOR, ...parts]));
  return Buffer.concat([Buffer.from(before), ...separated, Buffer.from(after)]);
}
