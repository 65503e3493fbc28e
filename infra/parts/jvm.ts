/**
 * How the Java virtual machines of Kafka and the registry run, apart from what they are told about their work. Most
 * stacks live for minutes, so most of it is about the start. It must never change what a server does.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PartPlan } from '#infra/process/part.ts';

/**
 * `quick` is for a stack that lives for minutes: its code is compiled fast, and once. `lasting` is for one that stays
 * or is measured: what runs often is compiled a second time, which at first takes more than it gives.
 */
export type JvmPace = 'quick' | 'lasting';

export interface Jvm {
  readonly pace: JvmPace;
  readonly heapMinMb: number;
  readonly heapMaxMb: number;
  /** Where `make install` has put the loaded form of its classes; without it they are loaded from the jars. */
  readonly classArchive: string;
}

const PACES: Readonly<Record<JvmPace, readonly string[]>> = {
  quick: ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'],
  lasting: ['-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20'],
};

/** What stands before everything else that the machine is told. */
export function jvmArgs({ pace, heapMinMb, heapMaxMb, classArchive }: Jvm): string[] {
  return [`-Xms${heapMinMb}m`, `-Xmx${heapMaxMb}m`, ...PACES[pace], ...readingArchive(classArchive)];
}

/** One that was made by another Java, or of other jars, is passed over. */
export function readingArchive(classArchive: string): string[] {
  return existsSync(classArchive)
    ? [`-XX:SharedArchiveFile=${classArchive}`, '-Xlog:cds=off', '-Xlog:cds+dynamic=off']
    : [];
}

/** The parts that are Java programs, by the names of their plans. */
export const JAVA_SERVERS = ['kafka', 'registry'] as const;
type JavaServer = (typeof JAVA_SERVERS)[number];

/**
 * At its end a server of this plan writes the archive of what it has loaded. A plan of another program stays as it is.
 * @param stopWithinMs what that may take
 */
export function archiving(plan: PartPlan, folder: string, stopWithinMs: number): PartPlan {
  const server = JAVA_SERVERS.find((name) => name === plan.name);
  if (server === undefined) return plan;
  const args = [`-XX:ArchiveClassesAtExit=${archiveOf(folder, server)}`, ...plan.args];
  return { ...plan, args, stopWithinMs };
}

export const archiveOf = (javaPartsDir: string, server: JavaServer): string => join(javaPartsDir, `${server}.jsa`);
