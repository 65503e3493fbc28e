/** What laboratories' files were once taken for, silently; each test is named after what went wrong. */

import { describe, expect, it } from 'vitest';
import { BASE, MSH, OBR, OBX, PID, POS, said, SPM, withIn } from './tried.ts';

const NEGATIVE = 'OBX 1 S-7 final negative';
const second = BASE.replace('11010519491231002X', '110105199003071238')
  .replace('Lab A', 'Lab B')
  .replace('20220801120000+0800', '20220801120000-0600')
  .replace('||||||||||||Changsha Lab No. 1', '');

it('takes the message itself', async () => {
  expect(await said(BASE)).toMatchObject({ events: [NEGATIVE], refused: [], notes: [], file: [] });
});

describe('a message that was cut is taken as whole', () => {
  it('when the status that would take it back is missing', async () => {
    const cut = [MSH, PID, OBR, OBX.replace('|F|', '|W|')].join('\r').split('|W|')[0] ?? '';
    expect(await said(cut)).toMatchObject({ events: [], refused: [expect.stringContaining('OBX 1: ')] });
  });
  it('unless something shows where it ends', async () => {
    const short = [MSH, PID, OBR, OBX].join('\r');
    expect((await said(short)).events).toEqual([]);
    expect((await said(`${short}\r`)).events).toEqual([]);
    expect((await said(`\u000b${short}\r\u001c\r`)).events).toEqual(['OBX 1 F-1 final negative']);
    expect((await said(`${short}\r${BASE}`)).events).toEqual(['OBX 1 F-1 final negative', NEGATIVE]);
    expect((await said(`BHS|^~\\&\r${short}\rBTS|1\r`)).events).toEqual(['OBX 1 F-1 final negative']);
    expect((await said(`${short.replace('2.5.1', '2.3')}\r`)).events).toEqual(['OBX 1 F-1 final negative']);
  });
  it('when another message was put behind it in the same line', async () => {
    const { events, refused } = await said(`${BASE.slice(0, -60)}${BASE}`);
    expect(events).toEqual([NEGATIVE]);
    expect(refused).toHaveLength(1);
  });
});

describe('a line is folded into the segment before it', () => {
  it.each([' ', '\t', '\ufeff', '\u200b', '"', '  \u00a0'])('after %j', async (before) => {
    const { events, refused } = await said([MSH, PID, OBR, OBX, before + POS, SPM].join('\r'));
    expect(events).toEqual([]);
    expect(refused.length).toBeGreaterThanOrEqual(2);
    expect(refused.join()).toContain('OBX 1');
    expect(refused.join()).toMatch(/OBX 2|line 5/);
  });
  it.each([
    POS.toLowerCase(),
    POS.replace('OBX', 'ＯＢＸ'),
    POS.replace('OBX', 'OBX '),
    POS.replace('OBX', '0BX'),
    POS.replace('OBX', 'OBY'),
    POS.replaceAll('|', ';'),
    `some words|${POS}`,
  ])('%s', async (line) => {
    const { events, refused } = await said([MSH, PID, OBR, OBX, line, SPM].join('\r'));
    expect(events).toEqual([]);
    expect(refused.join()).toContain('line 5: ');
    expect(refused.join()).toContain('OBX 1: ');
  });
  it('where the break between two was lost', async () => {
    const { events, refused } = await said([MSH, PID, OBR, OBX + POS, SPM].join('\r'));
    expect(events).toEqual([]);
    expect(refused[0]).toBe('line 4:  holds the beginning of another segment');
  });
  it('and the whole message, where its lines end otherwise', async () => {
    expect((await said(BASE.replaceAll('\r', '\u2028'))).refused[0]).toContain('neither with a carriage return');
  });
  it('so that a laboratory has a line break in its name', async () => {
    const { events } = await said([MSH, PID, OBR, `${OBX}\n${POS}`, SPM].join('\r'));
    expect(events).toEqual([]);
  });
});

describe('a second message is folded into the first', () => {
  it.each(['\r\ufeff', '\r ', '\n', '\r\n\u200b', '\r\ufeff\ufeff', '\r\u001c\r\u000b'])(
    'behind %j',
    async (between) => {
      const { sent, refused } = await said(BASE + between + second.replace('|F\r', '|F||||||||||||\r'));
      expect(refused).toEqual([]);
      expect(sent.map(({ laboratory, reportIssuedAt }) => [laboratory, reportIssuedAt])).toEqual([
        ['Changsha Lab No. 1', '2022-08-01T11:30+08:00'],
        ['Lab B', '2022-08-01T11:30-06:00'],
      ]);
    },
  );
  it('where its name is not in capital letters', async () => {
    const { events, refused } = await said(`${BASE}\r${BASE.replace('MSH', 'msh')}`);
    expect(events).toEqual([NEGATIVE]);
    expect(refused[0]).toBe('line 1:  begins with a segment’s name that is not in capital letters');
  });
});

it('drops a second result whose words aren’t known', async () => {
  const other = 'OBX|2|CWE|L9^COVID-19 PCR - Employee screening^L||260373001^Detected^SCT||||||F';
  const { refused } = await said([MSH, PID, OBR, OBX, other, SPM].join('\r'));
  expect(refused.join()).toContain('OBX 2: OBX-3 ');
});

describe('a batch ends without its trailer', () => {
  it.each([
    [
      `FHS|^~\\&\rBHS|^~\\&\r${BASE}`,
      ['BTS is missing: what BHS began has no end', 'FTS is missing: what FHS began has no end'],
    ],
    [`FHS|^~\\&\rBHS|^~\\&\r${BASE}\rBTS|1`, ['FTS is missing: what FHS began has no end']],
    [`BHS|^~\\&\r${BASE}\rBHS|^~\\&\r${BASE}\rBTS|1`, ['BTS is missing: what BHS began has no end']],
    [`FHS|^~\\&\r${BASE}\rFTS|5`, ['FTS-1 says 5, but 1 messages came']],
    [`FHS|^~\\&\rBHS|^~\\&\r${BASE}\rBTS|1\rFTS|1`, []],
  ])('case %#', async (content, faults) => {
    expect((await said(content)).file).toEqual(faults);
  });
});

describe('free text becomes a result', () => {
  it.each(['\n', '\n\n', '\n '])('in a note, behind %j', async (lineBreak) => {
    const phantom = 'OBX|9|CWE|94558-4^^LN||260373001^^SCT||||||F';
    const { events, ignored } = await said([MSH, PID, OBR, OBX, `NTE|1||see${lineBreak}${phantom}`, SPM].join('\r'));
    expect(events).toEqual([NEGATIVE]);
    expect(ignored[0]).toContain('looks like a segment but stands within a text');
  });
  it('though a note may go on in the next line', async () => {
    expect((await said([MSH, PID, OBR, OBX, 'NTE|1||see', 'the second line', SPM].join('\n'))).events).toEqual([
      NEGATIVE,
    ]);
  });
  it('as a message within a note', async () => {
    const { events, refused } = await said(
      [MSH, PID, OBR, OBX, `NTE|1||see\n${BASE.replaceAll('\r', '\n')}`, SPM].join('\r'),
    );
    expect(events).toEqual([]);
    expect(refused.length).toBeGreaterThanOrEqual(2);
  });
});

describe('two people become one', () => {
  it.each([
    '11010519491231002X^^^CHN^NI~110105199003071238^^^CHN^NI',
    '11010519491231002X^^^^NNCHN~110105199003071238^^^CHN^NI',
    'E1234567^^^FRA^PPN~E7654321^^^FRA^PPN',
  ])('in PID-3 (%s)', async (identifiers) => {
    const { events, refused } = await said(withIn('11010519491231002X^^^CHN^NI', identifiers));
    expect(events).toEqual([]);
    expect(refused).toEqual(['OBX 1: PID-3 holds different numbers of one kind, as of two people']);
  });
  it('in two PID segments', async () => {
    const { events } = await said([MSH, 'PID|||110105199003071238^^^CHN^NI', PID, OBR, OBX, SPM].join('\r'));
    expect(events).toEqual([]);
  });
  it('though one number may be written twice', async () => {
    const twice = '11010519491231002X^^^CHN^NI~11010519491231002x^^^^NNCHN';
    expect((await said(withIn('11010519491231002X^^^CHN^NI', twice))).events).toEqual([NEGATIVE]);
  });
});

describe('the order of segments changes the sample', () => {
  it.each([
    [[MSH, PID, SPM, OBR, OBX]],
    [[MSH, PID, OBR, SPM, OBX]],
    [[MSH, PID, 'ORC|RE', SPM, OBR, OBX]],
    [[MSH, PID, OBR, 'ORC|RE', OBX, SPM]],
  ])('%#', async (lines) => {
    const { sent } = await said(`${lines.join('\r')}\r\u001c\r`);
    expect(sent.map(({ sampleId, sampledAt }) => [sampleId, sampledAt])).toEqual([['S-7', '2022-08-01T08:12+08:00']]);
  });
  it('by which each of two orders has the specimen before it', async () => {
    const next = (line: string) => line.replace('S-7', 'S-8').replace('F-1', 'F-2');
    const { events } = await said(`${[MSH, PID, SPM, OBR, OBX, next(SPM), next(OBR), OBX].join('\r')}\r\u001c\r`);
    expect(events).toEqual(['OBR 1, OBX 1 S-7 final negative', 'OBR 2, OBX 1 S-8 final negative']);
  });
});
