import { expect, test } from "vitest";
import type { BuildResultFile, BuildServer, ImageRegistry } from "#lib/adapters/ports.ts";
import { AdapterError } from "#lib/errors.ts";
import { takeArtifact } from "./take.ts";

const COMMIT = "c".repeat(40);
const DIGEST = `sha256:${"1".repeat(64)}`;
const expected = { attemptId: "a-2", commit: COMMIT, image: "registry.test/quotes/api:R-1" };
const written: BuildResultFile = { ...expected, digest: DIGEST };

type World = { result?: BuildResultFile | null; digest?: string | null; revision?: string; sole?: boolean };

/** What a build server and a registry of that kind answer. */
function take({ result = null, digest = DIGEST, revision = COMMIT, sole = true }: World, failure?: Error) {
  const asked: string[] = [];
  const labels: Record<string, string> = {};
  if (revision !== "") labels["org.opencontainers.image.revision"] = revision;
  const server: Pick<BuildServer, "result"> = { result: async () => result };
  const registry: Pick<ImageRegistry, "resolve" | "inspect"> = {
    resolve: async ({ reference }) => {
      asked.push(reference);
      if (failure) throw failure;
      return digest;
    },
    inspect: async ({ reference }) => {
      asked.push(reference);
      if (failure) throw failure;
      if (digest === null) return null;
      return {
        digest: reference,
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        sizeBytes: 7,
        layers: [],
        platforms: [],
        createdAt: null,
        labels,
      };
    },
  };
  const from = { number: 3, sole, server, registry, signal: AbortSignal.timeout(5000) };
  return { asked, taken: takeArtifact(expected, from) };
}

test("the result file names the digest, and the registry has it", async () => {
  const { taken, asked } = take({ result: written, sole: false });
  expect(await taken).toMatchObject({
    ok: true,
    artifact: { digest: DIGEST, source: "build", sizeBytes: 7 },
  });
  expect(asked).toEqual([DIGEST]);
});

test("a result file of another attempt is not this one's", async () => {
  const { taken } = take({ result: { ...written, attemptId: "a-1" } });
  expect(await taken).toMatchObject({ ok: false, state: "failed", code: "RESULT_MISMATCH" });
});

test("without a result file: the only attempt's image, which names the commit", async () => {
  const { taken } = take({});
  expect(await taken).toMatchObject({ ok: true, artifact: { digest: DIGEST, source: "registry" } });
});

test.each<[string, World]>([
  ["another attempt may have pushed it", { sole: false }],
  ["it is of another commit", { revision: "d".repeat(40) }],
  ["it does not say of which commit it is", { revision: "" }],
])("without a result file: %s, so a person decides", async (_, world) => {
  const { taken } = take(world);
  expect(await taken).toEqual({
    ok: false,
    state: "unknown",
    code: "RESULT_MISSING",
    facts: { image: expected.image, digest: DIGEST },
  });
});

test("an image that is not there is no success, whatever the build server says", async () => {
  for (const result of [null, written]) {
    const { taken } = take({ result, digest: null });
    expect(await taken).toMatchObject({ ok: false, state: "failed", code: "IMAGE_MISSING" });
  }
});

test("a registry that refuses leaves it to a person; one that is away is asked again", async () => {
  const refused = take({ result: written }, new AdapterError("unauthorized", "401"));
  expect(await refused.taken).toMatchObject({ ok: false, state: "unknown", code: "REGISTRY_REFUSED" });
  const away = take({ result: written }, new AdapterError("unreachable", "no answer"));
  expect(await away.taken).toEqual({ ok: false, state: "waiting", message: "no answer" });
});
