/** What each rule that ships says of the words by which it has its purposes. */

import { expect, test } from 'vitest';
import type { RuleText } from '#core/rules/rule-text.ts';
import { shippedPolicies } from '#test/support/policies.ts';

/** Words of an announcement, in Chinese quotation marks. */
const QUOTES = /“[^”]*\p{Script=Han}[^”]*”/u;
const NAMES_NONE = /[Tt]he source(?:, of grade C,)? names no (?:places|certificate)/;
const AS_VERSION = /As version (\d+)/;

test('each rule quotes the words that gave its purposes, or says that its source has none', async () => {
  const rules = (await shippedPolicies()).rules.map(({ rule }) => rule);
  const says = ({ id, note = '' }: RuleText): boolean => {
    if (QUOTES.test(note) || NAMES_NONE.test(note)) return true;
    const other = AS_VERSION.exec(note)?.[1];
    const meant = rules.find((rule) => rule.id === id && rule.version === Number(other));
    return meant !== undefined && says(meant);
  };
  expect(rules.filter((rule) => !says(rule)).map(({ id, version }) => `${id} ${version}`)).toEqual([]);
});
