import { expect, test } from "vitest";
import { AppError } from "#lib/errors.ts";
import { type BuildInput, buildParameters, judgeUndeclared, sentParameters } from "./parameters.ts";

const input: BuildInput = {
  attemptId: "a-1",
  release: "20261121-quotes-001",
  project: "quotes",
  component: {
    key: "quote-api",
    gitUrl: "https://git.example.com/quote-api.git",
    subPath: "",
    dockerfile: "Dockerfile",
    baseImage: "base/node:24",
    buildCommand: "node build.mjs",
    artifactPath: "dist",
  },
  ref: "main",
  commit: "0123456789012345678901234567890123456789",
  repository: "harbor.example.com/quotes/quote-api",
  variables: [
    { name: "MODE", secret: false, value: "fast", version: 1 },
    { name: "TOKEN", secret: true, value: null, version: 4 },
  ],
};

test("the parameters of the contract", () => {
  expect(buildParameters(input).values).toEqual({
    REFRACT_ATTEMPT_ID: "a-1",
    RELEASE: "20261121-quotes-001",
    PROJECT: "quotes",
    COMPONENT: "quote-api",
    GIT_URL: "https://git.example.com/quote-api.git",
    GIT_REF: "main",
    GIT_COMMIT: "0123456789012345678901234567890123456789",
    SUB_PATH: "",
    DOCKERFILE: "Dockerfile",
    BASE_IMAGE: "base/node:24",
    BUILD_COMMAND: "node build.mjs",
    ARTIFACT_PATH: "dist",
    IMAGE: "harbor.example.com/quotes/quote-api:20261121-quotes-001",
    BUILD_VARIABLES: '{"MODE":"fast"}',
  });
});

test("what is kept has secrets as name and version; what is sent has their values", () => {
  const stored = buildParameters(input);
  expect(stored.secrets).toEqual([{ name: "TOKEN", version: 4 }]);
  expect(sentParameters(stored, { TOKEN: "s3cr3t" }).SECRET_BUILD_VARIABLES).toBe('{"TOKEN":"s3cr3t"}');
  expect(JSON.stringify(stored)).not.toContain("s3cr3t");
});

test("every variable with a reserved name is refused at once, in any case of letters", () => {
  const variables = ["image", "GIT_COMMIT", "OTHER"].map((name) => ({
    name,
    secret: false,
    value: "x",
    version: 1,
  }));
  try {
    buildParameters({ ...input, variables });
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    if (error instanceof AppError)
      expect(error.blockers.map(({ facts }) => facts.name)).toEqual(["image", "GIT_COMMIT"]);
  }
});

test("what the job does not declare: some forbid the build, others are dropped when they have a value", () => {
  const sent = {
    REFRACT_ATTEMPT_ID: "a",
    IMAGE: "i",
    SUB_PATH: "",
    BUILD_VARIABLES: "{}",
    BUILD_COMMAND: "make",
  };
  expect(judgeUndeclared(["IMAGE"], sent)).toEqual({ missing: ["IMAGE"], dropped: ["IMAGE"] });
  expect(judgeUndeclared(["SUB_PATH", "BUILD_VARIABLES"], sent)).toEqual({ missing: [], dropped: [] });
  expect(judgeUndeclared(["BUILD_COMMAND"], sent)).toEqual({ missing: [], dropped: ["BUILD_COMMAND"] });
});
