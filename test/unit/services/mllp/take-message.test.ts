/** What a message is answered: by what the reader says of it, and by what the door does. */

import { describe, expect, it } from 'vitest';
import type { DoorReply, EventResult } from '#exchange/door/post-events.ts';
import { acknowledgement } from '#services/mllp/acknowledgement.ts';
import { headerOf } from '#services/mllp/header.ts';
import { takeMessage } from '#services/mllp/take-message.ts';
import { BASE, MSH, OBR, OBX, PID, POS, SPM } from '#test/unit/exchange/formats/hl7/tried.ts';
import { SETTINGS } from '#test/unit/exchange/formats/support.ts';

const ACCEPTED: EventResult = { kind: 'accepted' };
const answered = (...results: readonly EventResult[]): DoorReply => ({
  kind: 'answered',
  results: new Map(results.map((result, index) => [index, result])),
  afterMs: null,
});
const AWAY: DoorReply = { kind: 'again', afterMs: 1_000, why: 'the connection failed (ECONNREFUSED)' };

async function ask(message: string, reply: DoorReply = answered(ACCEPTED, ACCEPTED)) {
  const posted: unknown[] = [];
  const bytes = Buffer.from(message);
  const door = { post: async (events: readonly { json: string }[]) => (posted.push(...events), reply) };
  const verdict = await takeMessage(bytes, SETTINGS, door);
  const text = acknowledgement(headerOf(bytes), verdict, { nowMs: 0, controlId: 'A1' }).toString('latin1');
  return { posted: posted.length, segments: text.split('\r').slice(0, -1) };
}

const REFUSED: EventResult = {
  kind: 'refused',
  pointer: '/sampledAt',
  code: 'report-before-sampling',
  detail: 'lies after the report',
  hint: 'check both',
};

describe('a message', () => {
  it('is acknowledged when the door has accepted it', async () => {
    const { posted, segments } = await ask(BASE);
    expect(posted).toBe(1);
    expect(segments).toEqual(['MSH|^~\\&|||LIS|Lab A|19700101000000+0000||ACK^R01^ACK|A1|P|2.5.1', 'MSA|AA|C-1']);
  });
  it('that was taken before is acknowledged again', async () => {
    expect((await ask(BASE, answered({ kind: 'duplicate' }))).segments[1]).toBe('MSA|AA|C-1');
  });
  it('of another disease is acknowledged, and the door isn’t asked', async () => {
    const flu = OBX.replace('94500-6^SARS-CoV-2 RNA^LN', '80382-5^Flu A Ag^LN');
    const { posted, segments } = await ask([MSH, PID, OBR, flu, SPM].join('\r'), AWAY);
    expect([posted, segments[1]]).toEqual([0, 'MSA|AA|C-1']);
  });
  it('is an error with its field where the reader can’t take it', async () => {
    const { posted, segments } = await ask(BASE.replace('202208011130', '1 August 2022'));
    expect(posted).toBe(0);
    expect(segments[1]).toMatch(/^MSA\|AE\|C-1\|OBX 1: OBR-22 can't be read as a time/);
    expect(segments[2]).toMatch(/^ERR\|\|OBR\^1\^22\^1\|102\^Data type error\^HL70357\|E\|\|\|\|OBX 1: OBR-22 can't/);
  });
  it('is an error with its field and problem where the door refuses it', async () => {
    const { segments } = await ask(BASE, answered(REFUSED));
    expect(segments[1]).toContain('MSA|AE|C-1|');
    expect(segments[2]).toMatch(/^ERR\|\|SPM\^1\^17\^1\|102\^.*\|E\|report-before-sampling\^\^hutong\|\|\|/);
  });
  it('is never acknowledged while the door is away, or has said nothing of an event', async () => {
    for (const reply of [AWAY, answered(), answered({ kind: 'unavailable', detail: 'slow' })]) {
      const { segments } = await ask(BASE, reply);
      expect(segments[1]).toContain('MSA|AR|C-1|');
      expect(segments[2]).toContain('|207^');
    }
  });
  it('is rejected as a whole for its header', async () => {
    expect((await ask(BASE.replace('ORU^R01^ORU_R01', 'ADT^A01'))).segments.slice(1)).toEqual([
      expect.stringContaining('MSA|AR|C-1|'),
      expect.stringContaining('ERR||MSH^1^9^1|200^'),
    ]);
    expect((await ask(BASE.replace('|P|', '|T|'))).segments[2]).toContain('ERR||MSH^1^11^1|202^');
    expect((await ask('hello')).segments[1]).toMatch(/^MSA\|AR\|\|/);
  });
  it('shares its frame with no other', async () => {
    const { posted, segments } = await ask(`${BASE}\r${BASE}`);
    expect(posted).toBe(0);
    expect(segments[1]).toContain('MSA|AR|C-1|MSH stands more than once');
  });
  it('has what it holds told by the place in it, in which order ever', async () => {
    const second = [OBR.replace('F-1', 'F-2').replace('202208011130', 'x'), OBX, SPM.replace('S-7', 'S-8')].join('\r');
    const { posted, segments } = await ask(`${BASE}\r${second}`, answered(ACCEPTED));
    expect(posted).toBe(1);
    expect(segments[2]).toContain('ERR||OBR^2^22^1|');
    const broken = await ask([MSH, PID, OBR, OBX, POS.toLowerCase(), SPM].join('\r'));
    expect(broken.segments.slice(2).join()).toContain('OBX^1|');
  });
  it('of an old version has all places in one segment', async () => {
    const old = BASE.replace('2.5.1', '2.3').replace('202208011130', 'x');
    expect((await ask(old)).segments.slice(2)).toEqual(['ERR|OBR^1^22^102&Data type error&HL70357']);
  });
  it('with thousands of faults tells twenty', async () => {
    const many = Array.from({ length: 3_000 }, () => 'OBX|1||94500-6||?||||||F');
    const { segments } = await ask([MSH, PID, OBR, ...many, SPM].join('\r'));
    expect(segments).toHaveLength(22);
    expect(segments.at(-1)).toContain('2981 more things');
  });
});

describe('an acknowledgement', () => {
  it('gives the control number back as the bytes that came', async () => {
    const bytes = Buffer.from(BASE.replace('C-1', '\u00d0\u00a1'), 'latin1');
    const said = acknowledgement(headerOf(bytes), { code: 'AA', troubles: [] }, { nowMs: 0, controlId: 'A1' });
    expect(said.includes(Buffer.from('MSA|AA|\u00d0\u00a1\r', 'latin1'))).toBe(true);
  });
  it('has the sender’s own delimiters, and keeps them out of its texts', async () => {
    const other = BASE.replaceAll('|', '$').replaceAll('^', '*').replace('$*~', '$*~').replace('202208011130', 'x');
    const { segments } = await ask(other);
    expect(segments[0]).toMatch(/^MSH\$\*~\\&\$/);
    expect(segments[2]).toMatch(/^ERR\$\$OBR\*1\*22\*1\$102\*/);
  });
});
