/** How the topics are kept: nothing that a rebuild needs may be dropped. */

import { describe, expect, it } from 'vitest';
import { DAY_MS } from '#core/field/time.ts';
import { HISTORY_DAYS_KEPT } from '#core/terms/window-text.ts';
import { POLICIES_TOPIC, topicsOf } from '#exchange/topics/topics.ts';
import { LOG } from '#test/support/first-edition.ts';

describe.each(LOG.topics)('%s', (name) => {
  const config = topicsOf(LOG).find(({ topic }) => topic === name)?.config ?? {};
  const retentionMs = config['retention.ms'] === '-1' ? Number.POSITIVE_INFINITY : Number(config['retention.ms']);

  it('keeps at least what the longest window of any policy looks back on', () => {
    expect(retentionMs).toBeGreaterThanOrEqual(HISTORY_DAYS_KEPT * DAY_MS);
  });
  it('keeps everything for ever, whatever its size, and each of a person’s records beside the others', () => {
    expect([retentionMs, config['retention.bytes'], config['cleanup.policy']]).toEqual([
      Number.POSITIVE_INFINITY,
      '-1',
      'delete',
    ]);
  });
});

it('a publication of rules vanished when the next came, and with it by what gates had been answered', () => {
  const config = topicsOf(LOG).find(({ topic }) => topic === POLICIES_TOPIC)?.config;
  expect(config).toMatchObject({ 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1' });
});
