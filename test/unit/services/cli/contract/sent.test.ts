/** How much each province has in the log, by its signed claims alone: those that aren't its own count for nothing. */

import { describe, expect, it } from 'vitest';
import { Claims, type Statement } from '#core/vouch/claims.ts';
import { Sent } from '#services/cli/contract/sent.ts';

const DIGEST = Buffer.alloc(32, 1);
const TOPICS = ['tests', 'vaccinations', 'codes', 'erasures'];

/** An instance that has records acknowledged and states what it claims. */
class Writer {
  readonly claims = new Claims(TOPICS, 2);
  readonly instance: string;
  readonly epoch: number;
  constructor(instance: string, epoch = 1) {
    this.instance = instance;
    this.epoch = epoch;
  }
  write(topic: string, count = 1): this {
    for (let n = 0; n < count; n += 1) this.claims.acknowledged([{ topic, partition: n % 2, digest: DIGEST }]);
    return this;
  }
  state(isFull: boolean): Statement {
    return this.claims.state(isFull);
  }
}

const stated = (writer: Writer, statement: Statement, atMs: number, holds = true) => ({
  province: '43' as const,
  instance: writer.instance,
  epoch: writer.epoch,
  statement,
  atMs,
  holds: () => holds,
});

describe('what a province has sent', () => {
  it('is counted by kind, with when it was last more', () => {
    const [sent, writer] = [new Sent(), new Writer('43-a')];
    sent.take(stated(writer, writer.write('tests', 5).state(true), 1_000));
    sent.take(stated(writer, writer.write('codes').state(true), 2_000));
    expect(sent.of('43')).toEqual({
      tests: { records: 5, lastAtMs: 1_000 },
      vaccinations: { records: 0, lastAtMs: null },
      codes: { records: 1, lastAtMs: 2_000 },
      erasures: { records: 0, lastAtMs: null },
    });
    expect(sent.of('11').tests).toEqual({ records: 0, lastAtMs: null });
  });
  it('has what was stated last, though it builds on a full statement', () => {
    const [sent, writer] = [new Sent(), new Writer('43-a')];
    sent.take(stated(writer, writer.write('tests').state(true), 1_000));
    sent.take(stated(writer, writer.write('tests').state(false), 2_000));
    sent.take(stated(writer, writer.write('tests').state(false), 3_000));
    expect(sent.of('43').tests).toEqual({ records: 3, lastAtMs: 3_000 });
    sent.take(stated(writer, writer.write('tests', 4).state(true), 4_000));
    expect(sent.of('43').tests).toEqual({ records: 7, lastAtMs: 4_000 });
  });
  it('is that of all its processes together, also of those that ended, and of every edition', () => {
    const sent = new Sent();
    const [former, present, other] = [new Writer('43-a'), new Writer('43-a', 2), new Writer('43-b')];
    sent.take(stated(former, former.write('tests', 2).state(true), 1_000));
    sent.take(stated(present, present.write('tests', 3).state(true), 3_000));
    const { heads, ...rest } = other.write('tests').state(true);
    const renamed = heads.map((head) => ({ ...head, topic: `${head.topic}-2` }));
    sent.take(stated(other, { ...rest, heads: renamed }, 2_000));
    expect(sent.of('43').tests).toEqual({ records: 6, lastAtMs: 3_000 });
  });
  it('is nothing that isn’t signed by whom it is of', () => {
    const [sent, writer, forger] = [new Sent(), new Writer('43-a'), new Writer('43-a')];
    sent.take(stated(forger, forger.write('vaccinations', 9).state(true), 500, false));
    sent.take(stated(writer, writer.write('tests').state(true), 1_000));
    sent.take(stated(forger, forger.write('vaccinations', 9).state(false), 2_000, false));
    expect(sent.of('43')).toMatchObject({ tests: { records: 1 }, vaccinations: { records: 0 } });
  });
  it('asks about few signatures: of each process the full statements, and the last', () => {
    const [sent, writer] = [new Sent(), new Writer('43-a')];
    let asked = 0;
    const take = (isFull: boolean): void =>
      sent.take({ ...stated(writer, writer.write('tests').state(isFull), 1_000), holds: () => (asked += 1) > 0 });
    take(true);
    for (let n = 0; n < 60; n += 1) take(false);
    take(true);
    for (let n = 0; n < 60; n += 1) take(false);
    expect(sent.of('43').tests.records).toBe(122);
    expect(asked).toBe(3);
  });
});
