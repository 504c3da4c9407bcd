import type { ComponentConfigDto } from "#lib/components/config-schema.ts";
import type { RunningConfigDto } from "#lib/components/running-schema.ts";
import { type Change, changesOf, type Draft, isSame } from "./config-model.ts";

/** One environment of the page: what is saved, what runs, what is typed. */
export type Column = {
  key: string;
  name: string;
  kind: string;
  config: ComponentConfigDto;
  running: RunningConfigDto | null;
  draft: Draft;
  changes: Change[];
  /** Changes the draft; parts that are left out stay. */
  edit: (part: Partial<Draft>) => void;
};

export const columnOf = (column: Omit<Column, "changes">): Column => ({
  ...column,
  changes: changesOf(column.config, column.draft),
});

/** Names of all variables, or secrets, of some columns: saved and typed. */
export const namesOf = (
  columns: readonly Column[],
  what: "variables" | "secrets",
  extra: string[],
): string[] =>
  [
    ...new Set([
      ...columns.flatMap(({ config, draft }) => [
        ...(what === "variables" ? Object.keys(config.variables) : config.secrets.map(({ name }) => name)),
        ...Object.keys(draft[what]),
      ]),
      ...extra,
    ]),
  ].sort((a, b) => a.localeCompare(b));

/**
 * How many settings were saved but are not what runs; null when nothing runs. What ran before the first saved version
 * is on record by its number only: then `newer`.
 */
export function undeployed({ config, running }: Pick<Column, "config" | "running">): number | "newer" | null {
  if (running === null) return null;
  const { config: snapshot } = running;
  if (snapshot === null) return config.version === running.version ? 0 : "newer";
  const differs = (left: unknown, right: unknown) => Number(left !== right);
  const names = new Set([...Object.keys(config.variables), ...Object.keys(snapshot.variables)]);
  const secrets = new Set([...config.secrets.map(({ name }) => name), ...Object.keys(snapshot.secrets)]);
  return (
    differs(config.replicas, snapshot.replicas) +
    differs(config.cpuRequest, snapshot.cpuRequest) +
    differs(config.cpuLimit, snapshot.cpuLimit) +
    differs(config.memoryRequest, snapshot.memoryRequest) +
    differs(config.memoryLimit, snapshot.memoryLimit) +
    differs(config.templateId, snapshot.templateId) +
    Number(!isSame(config.strategy, snapshot.strategy)) +
    Number(!isSame(config.smokeChecks, snapshot.smokeChecks)) +
    [...names].filter((name) => config.variables[name] !== snapshot.variables[name]).length +
    [...secrets].filter(
      (name) => config.secrets.find((secret) => secret.name === name)?.version !== snapshot.secrets[name],
    ).length
  );
}
