import type { BuildResultFile, BuildServer, ImageRegistry } from "#lib/adapters/ports.ts";
import { AdapterError } from "#lib/errors.ts";
import { parseImage } from "./image.ts";
import type { NewArtifact } from "./record.ts";

export type Expected = { attemptId: string; commit: string; image: string };
export type Taken =
  | { ok: true; artifact: NewArtifact }
  | { ok: false; state: "failed" | "unknown"; code: string; facts: Record<string, string> }
  /** The registry cannot be asked now: ask again later. */
  | { ok: false; state: "waiting"; message: string };

/** Which image builders name the commit with that they built. */
const REVISION = "org.opencontainers.image.revision";

/**
 * The artifact of a build that the build server calls a success: what its result file says. Without one, what the
 * registry has for the tag, if that can be nothing but this attempt's: no other attempt of the item was ever sent (they
 * push to the same tag), and the image names the commit. Else a person decides. Either way the registry is asked for the
 * digest: nothing is recorded that is not there.
 * @param input.sole no other attempt of the item was ever sent
 * @throws AdapterError the build server cannot be asked now
 */
export async function takeArtifact(
  expected: Expected,
  input: {
    number: number;
    sole: boolean;
    server: Pick<BuildServer, "result">;
    registry: Pick<ImageRegistry, "resolve" | "inspect">;
    signal: AbortSignal;
  },
): Promise<Taken> {
  const { server, registry, signal } = input;
  const { path, repository, tag } = parseImage(expected.image);
  let result: BuildResultFile | null;
  try {
    result = await server.result(input.number, { signal });
  } catch (error) {
    if (!(error instanceof AdapterError) || error.retryable) throw error;
    return { ok: false, state: "failed", code: "RESULT_UNREADABLE", facts: { message: error.message } };
  }
  if (result) {
    const different = (["attemptId", "commit", "image"] as const).filter(
      (key) => result?.[key] !== expected[key],
    );
    if (different.length > 0) {
      return { ok: false, state: "failed", code: "RESULT_MISMATCH", facts: { fields: different.join(", ") } };
    }
  }
  try {
    const digest =
      result?.digest ?? (await registry.resolve({ repository: path, reference: tag }, { signal }));
    const summary = digest
      ? await registry.inspect({ repository: path, reference: digest }, { signal })
      : null;
    if (!digest || !summary) {
      return { ok: false, state: "failed", code: "IMAGE_MISSING", facts: { image: expected.image } };
    }
    const { commit, image } = expected;
    if (!result && !(input.sole && summary.labels[REVISION] === commit)) {
      return { ok: false, state: "unknown", code: "RESULT_MISSING", facts: { image, digest } };
    }
    const source = result ? "build" : "registry";
    return {
      ok: true,
      artifact: { image, repository, digest, commit, sizeBytes: summary.sizeBytes, source },
    };
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    if (error.retryable) return { ok: false, state: "waiting", message: error.message };
    // It may well be there: a person decides when the registry lets us look again.
    return { ok: false, state: "unknown", code: "REGISTRY_REFUSED", facts: { message: error.message } };
  }
}
