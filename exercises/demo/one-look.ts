/**
 * One answer's evidence and all else that stands on record, in lines that a guard reads at a glance. It only shows.
 */

import type { Answer } from '#exercises/town/gate.ts';

export interface Shown {
  readonly label: string;
  readonly text: string;
}

export function recordOf({ evidence, standing }: Pick<Answer, 'evidence' | 'standing'>): Shown[] {
  if (standing === null) return [{ label: 'Left out', text: 'what else stands on record: the look-up is busy' }];
  const { code, doses, exposures, codes } = standing;
  return [
    ...(evidence ?? []).map(({ result, provinceName, reportIssuedAt, sampledAt, countsUntil }) => {
      const where = provinceName?.en ?? 'unknown province';
      const since = reportIssuedAt === null ? `sampled ${clock(sampledAt)}` : `reported ${clock(reportIssuedAt)}`;
      return { label: 'Test', text: `${result ?? 'sampled'}, ${where}, ${since}; counts until ${clock(countsUntil)}` };
    }),
    ...(doses.length === 0
      ? []
      : [
          {
            label: 'Vaccination',
            text: doses
              .toSorted((a, b) => a.doseNumber - b.doseNumber)
              .map(doseOf)
              .join('; '),
          },
        ]),
    ...exposures.map(({ riskArea, level, from, to, reportedBy }) => ({
      label: 'Exposure',
      text:
        `area ${riskArea}, ${level} risk, ${from.slice(0, 10)} to ${to === null ? 'now' : to.slice(0, 10)}; ` +
        `recorded by ${reportedBy.name.en}`,
    })),
    ...codes.map(({ state, assignedBy, reason, authority, legalBasis, expiresAt, appealContact, clearedBy }) => {
      const why = reason === null ? '' : ` (${reason.replaceAll('_', ' ')})`;
      const grounds =
        clearedBy === null
          ? ''
          : `: ${authority}, by ${legalBasis}, until ${clock(expiresAt)}; ` +
            `appeals ${appealContact ?? 'nowhere stated'}; ${clearedBy.name.en} alone clears it`;
      return { label: 'Code', text: `${state} by ${assignedBy.name.en}${why}${grounds}` };
    }),
    ...(codes.length === 0 ? [] : [{ label: 'Code here', text: code.sentence.en }]),
  ];
}

function doseOf({
  product,
  doseNumber,
  givenAt,
  reportedBy,
}: NonNullable<Answer['standing']>['doses'][number]): string {
  return `${product}, dose ${doseNumber}, ${givenAt.slice(0, 10)}, ${reportedBy.name.en}`;
}

/** `2022-08-01 08:12` of an instant with offset. */
function clock(text: string | null): string {
  return text === null ? '…' : text.slice(0, 16).replace('T', ' ');
}
