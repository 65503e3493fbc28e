/** A worker whose store, registry or code fails: it waits and tries again, or it ends; it never skips a record. */

import { describe, expect, it } from 'vitest';
import { testReported } from '#exercises/town/events.ts';
import { schemaSource, turns } from '#test/unit/platform/kafka/support.ts';
import { A, begun, numbered } from './begun.ts';
import { MemoryLog, offsetsOf, unavailable } from './support.ts';

describe('a failure that may pass', () => {
  const records = (log = new MemoryLog()) => {
    log.append(A, testReported(), { isNamed: false });
    return log.chunk('tests', 0);
  };
  function flakyRegistry(failures: number) {
    const source = schemaSource();
    let left = failures;
    return {
      cached: () => undefined,
      fetch: async (id: number) => {
        left -= 1;
        if (left >= 0) throw unavailable('REGISTRY_UNAVAILABLE');
        return source.fetch(id);
      },
    };
  }
  it('holds the partition and tries again, ever more slowly, and commits once', async () => {
    const { worker, store, happened, wake } = await begun({ schemas: flakyRegistry(8) });
    worker.offer(records());
    for (let tries = 0; tries < 8; tries += 1) {
      await turns();
      expect(store.commits).toHaveLength(0);
      wake();
    }
    await turns();
    expect(happened.filter((what) => what.startsWith('sleep'))).toEqual(
      [50, 100, 200, 400, 800, 1_600, 2_000, 2_000].map((ms) => `sleep ${ms}`),
    );
    expect(happened.filter((what) => what === 'commit')).toHaveLength(1);
    expect(store.views.size).toBe(1);
  });
  it('ends when the partition is taken away, and nothing is committed or reported', async () => {
    const { worker, store, happened } = await begun({ schemas: flakyRegistry(100) });
    worker.offer(records());
    await turns();
    await worker.halt();
    expect(happened).toEqual(['retry', 'sleep 50']);
    expect({ commits: store.commits.length, queued: worker.queued, running: worker.isRunning }).toEqual({
      commits: 0,
      queued: 0,
      running: false,
    });
  });
  it('of the topic of keys holds a record that a revocation might reach', async () => {
    let away = true;
    const asked: number[] = [];
    const { worker, store, happened, wake } = await begun({
      keys: {
        leaks: [],
        readThrough: async (appendedAtMs) => {
          asked.push(appendedAtMs);
          if (away) throw unavailable('KAFKA_UNAVAILABLE');
        },
      },
    });
    const log = new MemoryLog();
    log.append(A, numbered(1), { appendedAtMs: 5 });
    log.append(A, numbered(2), { appendedAtMs: 9 });
    worker.offer(log.chunk('tests', 0));
    await turns();
    expect([happened, store.commits.length, asked]).toEqual([['retry', 'sleep 50'], 0, [9]]);
    away = false;
    wake();
    await turns();
    expect([offsetsOf(store.position)[0], asked]).toEqual([2, [9, 9]]);
  });
  it('of the dead-letter topic holds the partition before the position', async () => {
    let away = true;
    const { worker, store, happened, wake } = await begun({
      deadLetters: {
        write: async () => {
          if (away) throw unavailable('KAFKA_UNAVAILABLE');
        },
        note: async () => undefined,
        claimed: async () => undefined,
      },
    });
    const log = new MemoryLog();
    log.append(A, testReported(), { value: null });
    worker.offer(log.chunk('tests', 0));
    await turns();
    expect(happened).toEqual(['retry', 'sleep 50']);
    expect(store.commits).toHaveLength(0);
    away = false;
    wake();
    await turns();
    expect(happened.at(-1)).toBe('commit');
  });
});

describe('a failure that nobody foresaw', () => {
  it('ends the process, and nothing is committed', async () => {
    const unforeseen = new TypeError('x is undefined');
    const { worker, store, happened, errors } = await begun({
      schemas: {
        cached: () => {
          throw unforeseen;
        },
        fetch: async () => null,
      },
    });
    const log = new MemoryLog();
    log.append(A, testReported(), { isNamed: false });
    worker.offer(log.chunk('tests', 0));
    await turns();
    expect([happened, errors]).toEqual([['fatal'], [unforeseen]]);
    expect([store.commits.length, worker.isRunning]).toEqual([0, false]);
  });
});
