/**
 * What the demo makes of texts and figures that others give it.
 */

import { describe, expect, it } from 'vitest';
import { readSummary } from '#exercises/demo/hl7-feed.ts';
import { bucketsOf, quantileOf, sumBuckets, sumOf } from '#exercises/demo/latency.ts';
import { columns, folded, latency } from '#exercises/demo/print.ts';
import { readDemoSettings } from '#exercises/demo/settings.ts';
import { printed } from '#services/cli/import/printed.ts';
import { ImportReport } from '#services/cli/import/report.ts';

const METRICS = `# TYPE hutong_x_seconds histogram
hutong_x_seconds_bucket{le="0.1",province="43"} 50
hutong_x_seconds_bucket{le="0.5",province="43"} 90
hutong_x_seconds_bucket{le="+Inf",province="43"} 90
hutong_x_seconds_bucket{le="0.1",province="44"} 0
hutong_x_seconds_bucket{le="0.5",province="44"} 8
hutong_x_seconds_bucket{le="+Inf",province="44"} 10
hutong_lag{topic="tests",partition="0"} 3
hutong_lag{topic="tests",partition="1"} 4
`;

describe('quantiles from buckets', () => {
  it('add up the label sets and interpolate within a bucket', () => {
    const buckets = bucketsOf(METRICS, 'hutong_x_seconds');
    expect(buckets).toEqual([
      { le: 0.1, count: 50 },
      { le: 0.5, count: 98 },
      { le: Number.POSITIVE_INFINITY, count: 100 },
    ]);
    expect(quantileOf(buckets, 0.5)).toBeCloseTo(0.1);
    expect(quantileOf(buckets, 0.74)).toBeCloseTo(0.3);
    expect(quantileOf(buckets, 0.99)).toBe(0.5);
    expect(quantileOf(sumBuckets([buckets, buckets]), 0.74)).toBeCloseTo(0.3);
    expect(quantileOf([], 0.5)).toBeNull();
  });

  it('leave sums of gauges and counters', () => {
    expect(sumOf(METRICS, 'hutong_lag')).toBe(7);
  });
});

describe('the summary of an import', () => {
  it('is read from its account', () => {
    const report = new ImportReport(['a', 'b'], () => undefined);
    const times = [{ field: 'OBR-22', reason: 'can’t be read as a time', hint: 'send it' }];
    for (const file of ['a', 'b']) report.aside({ file, at: 'message 1', within: 'OBX 1' }, 'refused', times);
    const number = [
      { field: 'PID-3 (/person/documentNumber)', reason: 'the number has not the form', hint: 'read it' },
    ];
    report.aside({ file: 'b', at: 'message 2', within: '' }, 'refused', number);
    report.aside({ file: 'b', at: 'message 3', within: '' }, 'ignored', number);
    report.account.count('b', 'accepted');
    expect(readSummary(printed(report.account.files, 'json', 'en'))).toEqual({
      accepted: 1,
      refused: 3,
      reasons: [
        ['OBR-22 can’t be read as a time', 2],
        ['PID-3 (/person/documentNumber) the number has not the form', 1],
      ],
    });
    expect(readSummary('oops')).toEqual({ accepted: 0, refused: 0, reasons: [] });
  });
});

describe('text', () => {
  it('is as wide as its characters', () => {
    expect(columns('胡同 Hutong')).toBe(11);
    expect(columns('\u001b[1mbold\u001b[22m')).toBe(4);
  });

  it('is folded between words and between Chinese characters, never before a full stop', () => {
    expect(folded('Recognised: a negative result', 12)).toEqual(['Recognised:', 'a negative', 'result']);
    expect(folded('认可湖南省。', 10)).toEqual(['认可湖南省。']);
    expect(folded('认可湖南省阴', 10)).toEqual(['认可湖南省', '阴']);
  });

  it('says small latencies in milliseconds', () => {
    expect([latency(0.0042), latency(0.35), latency(2.5), latency(null)]).toEqual([
      '4.2 ms',
      '350 ms',
      '2.50 s',
      'not measured',
    ]);
  });
});

describe('settings', () => {
  it('come from the environment, with a flag for keeping it up', () => {
    expect(readDemoSettings({}, [])).toMatchObject({ keep: false, people: 101_000, events: 505_000 });
    expect(readDemoSettings({ PEOPLE: '2000', EVENTS: '10000', KEEP: '1' }, [])).toMatchObject({
      keep: true,
      people: 2_000,
      events: 10_000,
    });
    expect(readDemoSettings({}, ['--keep']).keep).toBe(true);
    expect(() => readDemoSettings({ PEOPLE: 'many' }, [])).toThrow('PEOPLE=many');
  });
});
