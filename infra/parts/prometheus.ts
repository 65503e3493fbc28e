/**
 * Prometheus, which scrapes every service of the stack and serves the dashboard from infra/dashboards. Services come
 * and go by a file of targets that it watches. It must not be reachable from other machines.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PROVINCES } from '#core/field/regions.ts';
import type { PartPlan } from '#infra/process/part.ts';
import { ROOT } from '#platform/folders.ts';
import { replaceFile } from '#platform/replace-file.ts';
import { filesOf, type TlsFiles } from '#platform/tls.ts';
import { prometheus } from './programs.ts';

export interface Target {
  readonly service: string;
  readonly instance: string;
  readonly address: string;
}

const RULES = 'rules.json';
export const DASHBOARD_PATH = '/consoles/hutong.html';

export interface PrometheusOptions {
  readonly dataDir: string;
  readonly log: string;
  readonly port: number;
  /** Of any principal: see `filesOf`. */
  readonly tls: TlsFiles;
}

export function planPrometheus({ dataDir, log, port, tls }: PrometheusOptions): PartPlan {
  const url = `http://127.0.0.1:${port}`;
  mkdirSync(dataDir, { recursive: true });
  const config = join(dataDir, 'prometheus.yml');
  writeFileSync(config, JSON.stringify(configOf(dataDir, filesOf(tls, 'prometheus')))); // JSON is YAML
  writeFileSync(join(dataDir, RULES), JSON.stringify(rules()));
  writeTargets(dataDir, []);
  return {
    name: 'prometheus',
    address: url,
    command: prometheus(),
    args: [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(dataDir, 'tsdb')}`,
      '--storage.tsdb.retention.time=1d',
      `--web.listen-address=127.0.0.1:${port}`,
      `--web.console.templates=${join(ROOT, 'infra/dashboards')}`,
      `--web.console.libraries=${join(ROOT, 'infra/dashboards')}`,
      '--log.level=warn',
    ],
    env: {},
    log,
    ready: async () => (await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(1_000) })).ok,
    readyWithinMs: 60_000,
    stopWithinMs: 10_000,
  };
}

export function writeTargets(dataDir: string, targets: readonly Target[]): void {
  const groups = targets.map(({ service, instance, address }) => ({
    targets: [address],
    labels: { service, instance },
  }));
  const path = join(dataDir, 'targets.json');
  replaceFile(path, JSON.stringify(groups, null, 2));
}

/** It reads the files of certificates anew at each scrape. */
function configOf(dataDir: string, { ca, cert, key }: TlsFiles): object {
  return {
    global: { scrape_interval: '2s', scrape_timeout: '2s', evaluation_interval: '5s' },
    rule_files: [join(dataDir, RULES)],
    scrape_configs: [
      {
        job_name: 'hutong',
        scheme: 'https',
        tls_config: { ca_file: resolve(ca), cert_file: resolve(cert), key_file: resolve(key), min_version: 'TLS12' },
        file_sd_configs: [{ files: [join(dataDir, 'targets.json')], refresh_interval: '5s' }],
      },
    ],
  };
}

/** The publishers with their names, so that the dashboard shows one that has never been heard of too. */
function rules(): object {
  const recorded = PROVINCES.map(({ code, nameEn }) => ({
    record: 'hutong_province_info',
    expr: 'vector(1)',
    labels: { province: code, province_name: nameEn },
  }));
  return { groups: [{ name: 'provinces', rules: recorded }] };
}
