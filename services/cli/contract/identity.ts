/**
 * With what a province proves who it is: its certificate and its token, as they lie at hand. It reads files and asks
 * the issuer; it never shows a key or a token.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DAY_MS, formatTime } from '#core/field/time.ts';
import { readIssued, templateIn } from '#exchange/identity/pki.ts';
import { newestOf, type Principal, standingOf } from '#exchange/identity/principals.ts';
import { HutongError } from '#platform/errors.ts';
import { filesOf, Identity, type TlsFiles } from '#platform/tls.ts';
import type { Found } from './findings.ts';

export interface CertificateSought {
  readonly principal: Principal;
  readonly runDir: string;
  /** Where the environment says that certificates lie, if none is in the run directory. */
  readonly tls: TlsFiles;
  readonly nowMs: number;
  /** One that ends sooner is named. */
  readonly dueDays: number;
}

const fault = (code: string, detail: string, hint: string): Found => ({
  step: 'identity',
  code,
  field: '',
  detail,
  hint,
});
const warning = (code: string, detail: string, hint: string): Found => ({
  ...fault(code, detail, hint),
  step: 'warning',
});

/** What is wrong with the certificate, or null. */
export function certificateFound({ principal, runDir, tls, nowMs, dueDays }: CertificateSought): Found | null {
  const inRunDir = filesOf(templateIn(join(runDir, 'pki')), principal);
  const files = existsSync(inRunDir.cert) ? inRunDir : filesOf(tls, principal);
  if (!existsSync(files.cert))
    return warning(
      'no-certificate',
      `no certificate of ${principal} lies at hand`,
      'a door asks for none; for a producer hutong pki issue makes one, or the operator of the exchange does',
    );
  let identity: Identity;
  try {
    identity = new Identity(files);
  } catch (error) {
    if (!(error instanceof HutongError)) throw error;
    return fault('certificate-unusable', error.message, error.hint ?? 'ask for another');
  }
  if (identity.principal !== principal)
    return fault(
      'certificate-of-another',
      `the certificate at hand is not that of ${principal}`,
      'give the file that was issued to this province',
    );
  const its = newestOf(readIssued(join(runDir, 'pki'))).find(({ name }) => name === principal);
  if (its !== undefined && standingOf(its, nowMs) === 'revoked')
    return fault('certificate-revoked', 'the certificate was revoked', 'ask the operator of the exchange for another');
  const leftMs = identity.endsAtMs - nowMs;
  const ends = formatTime(identity.endsAtMs);
  if (leftMs <= 0) return fault('certificate-ended', `the certificate ended ${ends}`, RENEW);
  return leftMs < dueDays * DAY_MS ? warning('certificate-due', `the certificate ends ${ends}`, RENEW) : null;
}

const RENEW = 'hutong pki renew, or ask the operator of the exchange for another';

/** Whether the province's client gets a token. */
export async function tokenFound(principal: Principal, token: () => Promise<string>): Promise<Found | null> {
  try {
    await token();
    return null;
  } catch (error) {
    if (error instanceof HutongError)
      return fault('no-token', error.message, error.hint ?? 'is the issuer up and reachable?');
    if (error instanceof RangeError)
      return fault(
        'no-client',
        error.message,
        `${principal} needs a client at the issuer, and its file in clients/ of the run directory`,
      );
    throw error;
  }
}
