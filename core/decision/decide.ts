/**
 * The decision: what judges × snapshot × occasion × what is presented × instant → outcome. One rule judges, or none is
 * known, or several do where kinds of place differ and none was stated; and a national one may stand alongside. Pure,
 * and cheap enough for every look-up.
 */

import { decideByKind } from './by-kind.ts';
import { decideByRule } from './by-rule.ts';
import type { Decision, Question } from './decision.ts';
import { decideEither } from './either.ts';
import { decideWithoutRule } from './none-known.ts';

export type { Decision, Question } from './decision.ts';

export function decide(question: Question): Decision {
  const { alongside } = question.policy;
  const judged = decideByWhatJudges(question);
  return alongside === undefined ? judged : decideEither(judged, question, alongside);
}

function decideByWhatJudges(question: Question): Decision {
  const { policy } = question;
  if (policy.kinds !== undefined) return decideByKind(question, policy.kinds);
  return policy.rule === null ? decideWithoutRule(question, policy) : decideByRule(question, policy);
}
