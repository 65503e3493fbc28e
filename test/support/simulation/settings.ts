/** The one place where the simulation reads the environment: which seeds it runs. */
export interface SimulationSettings {
  /** Of the one run to repeat, with its trace; null: the seeds from 1 on. */
  readonly seed: number | null;
  readonly seeds: number;
}

export function readSimulationSettings(environment: NodeJS.ProcessEnv = process.env): SimulationSettings {
  const number = (name: string): number | null => {
    const text = environment[name];
    if (text === undefined || text === '') return null;
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1) throw new RangeError(`${name} is ${text}, not a whole number from 1 on`);
    return value;
  };
  return { seed: number('SEED'), seeds: number('SEEDS') ?? 10_000 };
}
