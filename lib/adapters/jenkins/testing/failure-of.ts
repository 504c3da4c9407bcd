import { AdapterError } from "#lib/errors.ts";

/** The AdapterError that a call fails with; any other outcome is thrown. */
export async function failureOf(call: Promise<unknown>): Promise<AdapterError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof AdapterError) return error;
    throw error;
  }
  throw new Error("the call did not fail");
}
