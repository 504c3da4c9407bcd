import { SIZES, type Size } from "#lib/components/config-schema.ts";
import { type Draft, emptyDraft } from "./config-model.ts";

const VALUE = /^[0-9][0-9.]{0,17}[A-Za-z]{0,2}$/;

/**
 * Values that another page has for one environment's config (`?environment=FAT&replicas=3`), as if they were typed.
 * Nothing is saved by them. Pure.
 */
export function adoptedDrafts(params: Pick<URLSearchParams, "get">): Record<string, Draft> {
  const environment = params.get("environment");
  const given = SIZES.flatMap((name): [Size, string][] => {
    const value = params.get(name);
    return value !== null && VALUE.test(value) ? [[name, value]] : [];
  });
  if (environment === null || given.length === 0) return {};
  return { [environment]: { ...emptyDraft, sizes: Object.fromEntries(given) } };
}
