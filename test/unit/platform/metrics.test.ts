/**
 * The catalogue of metrics: each with help, a name that Prometheus users expect, no label that names or counts people.
 */

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '#platform/folders.ts';
import { Metrics, METRICS_CATALOGUE, type MetricName } from '#platform/metrics.ts';

const NAMES = Object.keys(METRICS_CATALOGUE) as MetricName[];
const SOURCES = globSync('{platform,exchange,services}/**/*.ts', { cwd: ROOT })
  .filter((file) => file !== join('platform', 'metrics.ts'))
  .map((file) => readFileSync(join(ROOT, file), 'utf8'))
  .join('\n');
/** The labels that there are; each has a fixed list of values. */
const LABELS = [
  'province',
  'outcome',
  'topic',
  'partition',
  'cause',
  'reason',
  'destination',
  'problem',
  'part',
  'purpose',
  'principal',
  'limit',
  'status',
  'acknowledgement',
];

describe('every metric', () => {
  it.each(NAMES)('%s has help that says what it is', (name) => {
    expect(METRICS_CATALOGUE[name].help).toMatch(/^[A-Z0-9].{20,}\.$/);
  });
  it.each(NAMES)('%s is named as its kind is', (name) => {
    expect(name).toMatch(/^hutong_[a-z]+(_[a-z]+)*$/);
    const { kind } = METRICS_CATALOGUE[name];
    expect(name.endsWith('_total')).toBe(kind === 'counter');
    if (kind === 'histogram') expect(name).toMatch(/_seconds$/);
    expect(name).not.toMatch(/_(ms|milliseconds|count|sum|bucket)$/);
  });
  it.each(NAMES)('%s has only labels with a fixed list of values', (name) => {
    expect(LABELS).toEqual(expect.arrayContaining([...METRICS_CATALOGUE[name].labels]));
  });
  it.each(NAMES)('%s is measured by a service', (name) => {
    expect(SOURCES.includes(`'${name}'`)).toBe(true);
  });
});

it('no label names a person, a record or a request', () => {
  for (const label of LABELS)
    expect(label).not.toMatch(/person|key|number|name|id|document|sample|offset|address|instance/);
});

describe('a process', () => {
  it('exposes what it has measured, and nothing that it never does', async () => {
    const metrics = new Metrics();
    metrics.counter('hutong_events_total').inc({ province: '43', outcome: 'accepted' }, 2);
    metrics.counter('hutong_events_total').inc({ province: '43', outcome: 'accepted' });
    metrics.gauge('hutong_outbox_events').set({ province: '43' }, 7);
    metrics.histogram('hutong_commit_seconds').observe(0.002);
    const { body, contentType } = await metrics.expose();
    expect(contentType).toMatch(/^text\/plain/);
    expect(body).toContain('hutong_events_total{province="43",outcome="accepted"} 3');
    expect(body).toContain('hutong_outbox_events{province="43"} 7');
    expect(body).toContain('hutong_commit_seconds_bucket{le="0.0025"} 1');
    expect(body).toContain('process_cpu_seconds_total');
    expect(body).not.toContain('hutong_lookups_total');
  });
  it('brings up to date what is read at the exposition only', async () => {
    const metrics = new Metrics();
    let waiting = 0;
    metrics.beforeExposing(() => metrics.gauge('hutong_outbox_events').set({ province: '43' }, waiting));
    for (waiting of [3, 8])
      expect((await metrics.expose()).body).toContain(`hutong_outbox_events{province="43"} ${waiting}`);
  });
  it('shares no metric with another in the same test', async () => {
    new Metrics().counter('hutong_dead_letters_total').inc({ province: '43', topic: 'tests', reason: 'tombstone' });
    expect((await new Metrics().expose()).body).not.toContain('hutong_dead_letters_total');
  });
  it('takes no label that isn’t in the catalogue', () => {
    expect(() => new Metrics().counter('hutong_events_total').inc({ person: 'x' })).toThrow(/label/i);
  });
});
