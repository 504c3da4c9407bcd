import type { z } from "zod";
import {
  type ComponentConfigDto,
  SIZES,
  type Size,
  type updateConfigSchema,
} from "#lib/components/config-schema.ts";
import type { SmokeCheck, Strategy } from "#lib/strategies/schema.ts";

/** What is being typed for one environment. Fields that are left out are as saved. */
export type Draft = {
  sizes: Partial<Record<Size, string>>;
  /** Null removes the variable. */
  variables: Record<string, string | null>;
  /** New values of secrets, null removes; what is saved is never known here. */
  secrets: Record<string, string | null>;
  /** Undefined keeps the choice, null goes back to the usual template. */
  templateId?: string | null;
  strategy?: Strategy;
  smokeChecks?: SmokeCheck[];
};
export const emptyDraft: Draft = { sizes: {}, variables: {}, secrets: {} };
/** Put over a draft it leaves nothing of it. */
export const discarded = {
  ...emptyDraft,
  templateId: undefined,
  strategy: undefined,
  smokeChecks: undefined,
} satisfies Draft;

export type Change = {
  name: string;
  kind: "size" | "variable" | "secret" | "template" | "strategy" | "checks";
  from: string;
  to: string;
};

const sizeOf = (config: ComponentConfigDto, size: Size) => String(config[size]);

/** What differs from what is saved, in the order of the page. A value typed back to the saved one is no change. */
export function changesOf(config: ComponentConfigDto, draft: Draft): Change[] {
  const sizes = SIZES.flatMap((name): Change[] => {
    const to = draft.sizes[name]?.trim();
    const from = sizeOf(config, name);
    return to === undefined || to === from ? [] : [{ name, kind: "size", from, to }];
  });
  const template: Change[] =
    draft.templateId === undefined || draft.templateId === config.templateId
      ? []
      : [{ name: "template", kind: "template", from: config.templateId ?? "", to: draft.templateId ?? "" }];
  const strategy: Change[] = isSame(strategyNow(config, draft), config.strategy)
    ? []
    : [{ name: "strategy", kind: "strategy", from: "", to: "" }];
  const checks: Change[] = isSame(checksNow(config, draft), config.smokeChecks)
    ? []
    : [{ name: "checks", kind: "checks", from: "", to: "" }];
  const variables = Object.entries(draft.variables).flatMap(([name, to]): Change[] => {
    const from = config.variables[name];
    return (to ?? undefined) === from ? [] : [{ name, kind: "variable", from: from ?? "", to: to ?? "" }];
  });
  const secrets = Object.entries(draft.secrets).flatMap(([name, value]): Change[] => {
    const known = config.secrets.find((secret) => secret.name === name);
    if (value === null && known === undefined) return [];
    return [
      {
        name,
        kind: "secret",
        from: known === undefined ? "" : `v${known.version}`,
        to: value === null ? "" : "•",
      },
    ];
  });
  return [...sizes, ...template, ...strategy, ...checks, ...variables, ...secrets];
}

/** What a draft looks like as a value now: typed, else saved; undefined when there is none. */
export const variableOf = (config: ComponentConfigDto, draft: Draft, name: string): string | undefined =>
  name in draft.variables ? (draft.variables[name] ?? undefined) : config.variables[name];
export const sizeNow = (config: ComponentConfigDto, draft: Draft, size: Size): string =>
  draft.sizes[size] ?? sizeOf(config, size);

export const strategyNow = (config: ComponentConfigDto, draft: Draft): Strategy =>
  draft.strategy ?? config.strategy;
export const checksNow = (config: ComponentConfigDto, draft: Draft): SmokeCheck[] =>
  draft.smokeChecks ?? config.smokeChecks;

/** Whether two settings are the same, whatever the order of their fields. */
export function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  return [...left.keys(), ...right.keys()].every((key) => isSame(left.get(key), right.get(key)));
}

/** The request that saves a draft on top of the version that was read. */
export function toUpdate(config: ComponentConfigDto, draft: Draft): z.input<typeof updateConfigSchema> {
  const { sizes, secrets, templateId, strategy, smokeChecks } = draft;
  const variables = { ...config.variables };
  for (const [name, value] of Object.entries(draft.variables)) {
    if (value === null) delete variables[name];
    else variables[name] = value;
  }
  const { replicas, ...quantities } = sizes;
  return {
    version: config.version,
    ...(replicas === undefined ? {} : { replicas: Number(replicas) }),
    ...quantities,
    variables,
    secrets: Object.entries(secrets)
      .filter(([name, value]) => value !== null || config.secrets.some((secret) => secret.name === name))
      .map(([name, value]) => ({ name, value })),
    ...(templateId === undefined ? {} : { templateId }),
    ...(strategy === undefined ? {} : { strategy }),
    ...(smokeChecks === undefined ? {} : { smokeChecks }),
  };
}
