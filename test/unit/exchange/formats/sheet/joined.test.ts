/** Results by tube and people by tube as one: in either order, late halves named, and no row lost. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JoinedItem, readJoined } from '#exchange/formats/sheet/joined.ts';
import { readMapping } from '#exchange/formats/sheet/mapping.ts';
import { chunksOf, collect } from '#test/unit/exchange/formats/support.ts';
import { BY_TUBE, PEOPLE, PEOPLE_HEADER, personRow, TUBES, TUBES_HEADER, tubeRow } from './by-tube.ts';

async function read(files: Readonly<Record<string, string>>, mapping = BY_TUBE): Promise<readonly JoinedItem[]> {
  const inputs = Object.entries(files).map(([path, text]) => ({ path, chunks: chunksOf(Buffer.from(text)) }));
  return collect(readJoined(inputs, mapping));
}

function said({ path, item }: JoinedItem): string {
  const place = `${path} ${item.at}`;
  if (item.kind === 'file_fault') return `${place}: file_fault ${item.fault.reason}`;
  if (item.kind !== 'event') return `${place}: ${item.kind} ${item.faults.map(({ reason }) => reason).join('; ')}`;
  const { result, poolSize } = JSON.parse(item.json);
  return `${place}: ${result} of ${poolSize}`;
}

describe('tubes and people', () => {
  it('are one, in whatever order their files come', async () => {
    const one = await read({ tubes: TUBES, people: PEOPLE });
    const other = await read({ people: PEOPLE, tubes: TUBES });
    expect(one.map(said)).toEqual([
      'people row 2: negative of 10',
      'people row 3: negative of 10',
      'people row 4: note is of a pool: for each of its people it is indeterminate',
      'people row 4: indeterminate of 10',
      'tubes row 2: ignored stands as the result of each of its people',
      'tubes row 3: ignored stands as the result of each of its people',
    ]);
    expect(other.map(said)).toEqual(one.map(said));
    const event = one[0]?.item.kind === 'event' ? JSON.parse(one[0].item.json) : null;
    expect(event).toMatchObject({
      tubeId: 'T-1',
      sampleId: 'S-1',
      laboratory: '长沙市第一实验室',
      sampledAt: '2022-07-05T08:30+08:00',
      reportIssuedAt: '2022-07-05T20:15+08:00',
    });
    expect(one[0]?.tubesPath).toBe('tubes');
  });
  it('name the halves that are late, on either side', async () => {
    const late = await read({
      people: `${PEOPLE}${personRow('S-9', 'T-9')}\n`,
      tubes: `${TUBES}${tubeRow('T-8', '阴性')}\n`,
    });
    expect(late.map(said)).toContain('people row 5: refused is of a tube of which no result came along');
    expect(late.map(said)).toContain('tubes row 4: refused is of a tube of whose people none came along');
  });
  it('alone are refused row by row', async () => {
    expect((await read({ tubes: TUBES })).map(({ item }) => item.kind)).toEqual(['refused', 'refused']);
    expect((await read({ people: PEOPLE })).map(({ item }) => item.kind)).toEqual(['refused', 'refused', 'refused']);
  });
  it('refuse a tube that stands twice, and its people with it', async () => {
    const twice = `${TUBES}${tubeRow('Ｔ-1 ', '阳性')}\n`;
    expect((await read({ people: PEOPLE, tubes: twice })).map(({ item }) => item.kind)).toEqual([
      'refused',
      'refused',
      'note',
      'event',
      'refused',
      'ignored',
      'refused',
    ]);
  });
  it('refuse several people of a tube whose size isn’t said, or is too small', async () => {
    for (const [size, reason] of [
      ['', 'is of a pool whose size isn’t said'],
      ['1', 'is of a pool whose size isn’t said'],
      ['2', null],
    ] as const) {
      const tubes = `${TUBES_HEADER}\n${tubeRow('T-1', '阴性', size)}\n`;
      const people = `${PEOPLE_HEADER}\n${personRow('S-1', 'T-1')}\n${personRow('S-2', 'T-1')}\n`;
      const [first] = await read({ people, tubes });
      expect(first?.item.kind === 'refused' ? first.item.faults[0]?.reason : null).toBe(reason);
    }
    const three = `${PEOPLE_HEADER}\n${[1, 2, 3].map((n) => personRow(`S-${n}`, 'T-1')).join('\n')}\n`;
    const [first] = await read({ people: three, tubes: `${TUBES_HEADER}\n${tubeRow('T-1', '阴性', '2')}\n` });
    expect(said(first as JoinedItem)).toContain('is less than the tube has people');
  });
  it('say of a file that is neither what it lacks', async () => {
    expect((await read({ people: PEOPLE, tubes: TUBES, other: 'a,b\n1,2\n' })).map(said)[0]).toBe(
      'other the file: file_fault has neither the columns of people nor those of tubes',
    );
  });
  it('lose no row, however they are put together', async () => {
    const tube = fc.constantFrom('T-1', 'T-2', 'T-3', '');
    const people = fc.array(tube, { maxLength: 8 });
    const tubes = fc.array(fc.tuple(tube, fc.constantFrom('阴性', '阳性', '没有这个词')), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(people, tubes, fc.boolean(), async (ofPeople, ofTubes, isFirst) => {
        const one = `${[PEOPLE_HEADER, ...ofPeople.map((name, n) => personRow(`S-${n}`, name)), '合计,,,,'].join('\n')}\n`;
        const other = `${[TUBES_HEADER, ...ofTubes.map(([name, result]) => tubeRow(name, result))].join('\n')}\n`;
        const items = await read(isFirst ? { people: one, tubes: other } : { tubes: other, people: one });
        const counted = items.filter(({ item }) => item.kind !== 'note');
        const places = counted.map(({ path, item }) => `${path} ${item.at}`);
        expect(new Set(places).size).toBe(places.length);
        expect(counted).toHaveLength(ofPeople.length + 1 + ofTubes.length);
      }),
    );
  });
});

describe('a mapping of tubes and people', () => {
  it('needs the tube’s column, a result, and a column for each field', () => {
    const { tubeId: _tubeId, ...columns } = BY_TUBE.columns;
    for (const [wrong, reason] of [
      [{ ...BY_TUBE, columns }, 'is missing, by which people and tubes belong together'],
      [{ ...BY_TUBE, tubes: { ...BY_TUBE.tubes, fields: ['reportIssuedAt'] } }, 'has no result'],
      [{ ...BY_TUBE, tubes: { ...BY_TUBE.tubes, fields: ['result', 'run'] } }, 'is missing for a field of tubes'],
    ] as const)
      expect(readMapping(wrong)).toMatchObject({ ok: false, fault: { reason } });
    expect(readMapping(BY_TUBE).ok).toBe(true);
  });
  it('may take the tube’s number for the sample’s, and one name for columns of both files', async () => {
    const columns = { ...BY_TUBE.columns, sampleId: '采样管编码', sampledAt: '时间', reportIssuedAt: '时间' };
    const mapping = { ...BY_TUBE, columns };
    expect(readMapping(mapping).ok).toBe(true);
    const people = PEOPLE.replace('采样时间', '时间');
    const [first] = await read({ people, tubes: TUBES.replace('报告时间', '时间') }, mapping);
    const event = first?.item.kind === 'event' ? JSON.parse(first.item.json) : null;
    expect(event).toMatchObject({ sampleId: 'T-1', tubeId: 'T-1', sampledAt: '2022-07-05T08:30+08:00' });
    expect(event.reportIssuedAt).toBe('2022-07-05T20:15+08:00');
  });
});
