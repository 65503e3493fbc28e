/** What look-ups read of a partition at an instant, as it is printed. */

import { expect, it } from 'vitest';
import { NO_FRESHNESS } from '#core/view/snapshot.ts';
import { momentText } from '#services/cli/view/at.ts';
import { viewCommand } from '#services/cli/view/command.ts';
import { LOG } from '#test/support/first-edition.ts';
import { NOW_MS, POSITION } from '#test/support/lookup.ts';

it('names the position as answers do, how old it was, and how far each instance had got', () => {
  const watermarks = [
    { province: '43', instance: '43-a', throughMs: NOW_MS - 2_000 },
    { province: '11', instance: '11-a', throughMs: 0 },
  ] as const;
  const leak = { key: 'province-43-1', of: '43', sinceMs: NOW_MS } as const;
  const leaks = [
    { ...leak, isOut: false },
    { ...leak, key: 'province-43-2', isOut: true },
  ];
  const freshness = { ...NO_FRESHNESS, watermarks, incompleteProvinces: [null], withdrawals: 'digest', leaks };
  const moment = { atMs: NOW_MS, generation: 2, position: POSITION, freshness };
  expect(JSON.parse(momentText(LOG, moment, { partition: 3, atMs: NOW_MS + 700 }))).toEqual({
    at: '2026-03-02T12:00:00+08:00',
    ageSeconds: 0.7,
    generation: 2,
    position: {
      edition: 1,
      cluster: 'cluster',
      partition: 3,
      topics: { tests: { nextOffset: 41 }, vaccinations: { nextOffset: 7 } },
    },
    watermarks: [
      { province: '43', instance: '43-a', through: '2026-03-02T11:59:58+08:00' },
      { province: '11', instance: '11-a', through: null },
    ],
    incompleteProvinces: [null],
    withdrawals: 'digest',
    leaks: [{ key: 'province-43-1', since: '2026-03-02T12:00:00+08:00' }],
    acceptedUpTo: null,
  });
});

it('asks for an instant, not for a day', async () => {
  const at = viewCommand(LOG, () => undefined).commands.find((command) => command.name() === 'at');
  at?.exitOverride().configureOutput({ writeErr: () => undefined });
  for (const time of ['2022-08-03', 'yesterday', '2022-08-03T08:12'])
    await expect(at?.parseAsync(['--partition', '3', '--at', time], { from: 'user' })).rejects.toMatchObject({
      code: 'commander.invalidArgument',
    });
});
