/** docs/metrics.md is the catalogue of metrics, word for word. */

import { describe, expect, it } from 'vitest';
import { METRICS_CATALOGUE } from '#platform/metrics.ts';
import { codeIn, readDocument, rowsOf } from '#test/support/markdown.ts';

const [ofMetrics = '', ofLabels = ''] = readDocument('docs/metrics.md').split(/^## Values of the labels$/m);

describe('docs/metrics.md', () => {
  it('lists the metrics that there are, each with what it is, and no other', () => {
    const documented = rowsOf(ofMetrics).map(([name = '', kind, labels = '', meaning = '', whenToLook = '']) => ({
      name: codeIn(name)[0],
      kind,
      labels: codeIn(labels),
      help: [meaning, whenToLook].filter(Boolean).join(' '),
    }));
    expect(documented).toEqual(
      Object.entries(METRICS_CATALOGUE).map(([name, { kind, labels, help }]) => ({ name, kind, labels, help })),
    );
  });
  it('says of each label which values it may have, and of no other', () => {
    const documented = rowsOf(ofLabels).map(([label = '', values]) => ({ label: codeIn(label)[0], values }));
    const used = new Set(Object.values(METRICS_CATALOGUE).flatMap(({ labels }) => labels));
    expect(documented.map(({ label }) => label)).toHaveLength(used.size);
    expect(new Set(documented.map(({ label }) => label))).toEqual(used);
    expect(documented.filter(({ values }) => !values)).toEqual([]);
  });
});
