import { AdapterError } from "#lib/errors.ts";
import type { BuildServerFinding } from "../ports.ts";

type Outcome<T> = { ok: true; value: T } | { ok: false; error: AdapterError };

/** What a call of the adapter answered or failed with; anything else that is thrown is a bug. */
export async function attempt<T>(answer: Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await answer };
  } catch (error) {
    if (error instanceof AdapterError) return { ok: false, error };
    throw error;
  }
}

/** @param fix said only where it is not well */
export function finding(
  code: string,
  ok: boolean | null,
  message: string,
  facts: Record<string, string | number> = {},
  fix?: string,
): BuildServerFinding {
  return { code, ok, message, facts, ...(ok === false && fix !== undefined ? { fix } : {}) };
}
