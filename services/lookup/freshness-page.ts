/**
 * The freshness of the 32 as a page for anybody, in Chinese and English. It holds its own style, runs no script, loads
 * nothing from elsewhere, and shows nothing but the freshness.
 */

import { hash } from 'node:crypto';
import { nameOfProvince } from '#core/field/regions.ts';
import { formatTime, SECOND_MS } from '#core/field/time.ts';
import type { SourceFreshness } from './source-states.ts';

const RELOAD_SECONDS = 30;

const STYLE = `
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: start; padding: .3rem .6rem; border-bottom: 1px solid #8886 }
td.number { text-align: end; font-variant-numeric: tabular-nums }
caption { text-align: start; padding-bottom: .6rem }
.late { font-weight: bold }
`;

/** Nothing may be loaded or run; this style alone counts. */
export const PAGE_POLICY =
  `default-src 'none'; style-src 'sha256-${hash('sha256', STYLE, 'base64')}'; ` +
  `frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

/** @param boundMs whoever is further behind, or isn't known, stands out */
export function freshnessPage(provinces: readonly SourceFreshness[], nowMs: number, boundMs: number): string {
  return `<!doctype html>
<html lang="zh">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="${RELOAD_SECONDS}">
<title>互通 · 数据新鲜度 — Hutong · freshness</title>
<style>${STYLE}</style>
</head>
<body>
<h1>各地数据新鲜度<br><span lang="en">How fresh each province’s data is</span></h1>
<table>
<caption>截至 ${formatTime(nowMs)}。${RELOAD_SECONDS} 秒后自动更新。<span lang="en">At this time; shown anew every
${RELOAD_SECONDS} s.</span></caption>
<thead>
<tr><th scope="col">发布者 <span lang="en">Publisher</span></th>
<th scope="col">数据已到 <span lang="en">All up to</span></th>
<th scope="col">落后 <span lang="en">Behind by</span></th></tr>
</thead>
<tbody>
${provinces.map((one) => rowOf(one, boundMs)).join('\n')}
</tbody>
</table>
<p>“数据已到”之前该地接收的结果均可查询。<span lang="en">What the publisher accepted before that time is seen by every
look-up.</span></p>
</body>
</html>
`;
}

function rowOf({ province, throughMs, behindByMs }: SourceFreshness, boundMs: number): string {
  const { zh, en } = nameOfProvince(province);
  const isLate = behindByMs === null || Math.abs(behindByMs) > boundMs;
  const through = throughMs === null ? '未知 <span lang="en">unknown</span>' : formatTime(throughMs);
  const behind = behindByMs === null ? '—' : spanOf(behindByMs);
  return (
    `<tr${isLate ? ' class="late"' : ''}><th scope="row">${zh} <span lang="en">${en}</span></th>` +
    `<td>${through}</td><td class="number">${behind}</td></tr>`
  );
}

/** `4 s`, `12 min`, `3 h 5 min`. */
function spanOf(ms: number): string {
  const seconds = Math.round(ms / SECOND_MS);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
