import type { ComponentDto } from "#lib/components/schema.ts";

type Saved = ComponentDto["variables"][number];
export type VariableDraft = {
  name: string;
  secret: boolean;
  /** Null: a secret whose stored value stays. */
  value: string | null;
  saved: Saved | null;
  removed: boolean;
};

/** The rows as they are saved. */
export const startVariables = (variables: readonly Saved[]): VariableDraft[] =>
  variables.map((saved) => ({
    name: saved.name,
    secret: saved.secret,
    value: saved.value,
    saved,
    removed: false,
  }));

/** How many rows differ from what is saved. */
export const variableChanges = (rows: readonly VariableDraft[]): number =>
  rows.filter(({ saved, value, removed }) => (saved === null ? !removed : removed || value !== saved.value))
    .length;

/** The whole list as the API takes it: what is left out is removed, a secret without a value keeps its stored one. */
export const toVariables = (
  rows: readonly VariableDraft[],
): { name: string; secret: boolean; value?: string }[] =>
  rows
    .filter(({ removed }) => !removed)
    .map(({ name, secret, value }) => ({ name, secret, ...(value === null ? {} : { value }) }));
