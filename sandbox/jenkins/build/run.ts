import { mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuildLog } from "../log.ts";
import type { ParameterValue } from "../model.ts";
import type { Checkout } from "./checkout.ts";
import { checkout } from "./checkout.ts";
import { BuildFailure } from "./failure.ts";
import { run } from "./process.ts";
import { cacheDirectory, pathInside, publishImage } from "./publish.ts";
import { createSigner } from "./signer.ts";
import type { BuildEnvironment } from "./variables.ts";
import { buildEnvironment, parameterMap } from "./variables.ts";

/** What the server gives to every build. */
export interface BuildTools {
  /** The git executable. */
  git: string;
  /** PKCS #8, PEM: images are signed with it. Null: they are not. */
  signingKey: string | null;
}

export interface BuildInput extends BuildTools {
  parameters: ParameterValue[];
  /** Jenkins' own variables, such as BUILD_NUMBER. */
  jenkins: Record<string, string>;
  workspace: string;
  dataDir: string;
  archiveDir: string;
}

/** Parameters that the statement of origin repeats: what was built, and how. Values of variables are not told. */
const TOLD = [
  "PROJECT",
  "COMPONENT",
  "SUB_PATH",
  "DOCKERFILE",
  "BASE_IMAGE",
  "BUILD_COMMAND",
  "ARTIFACT_PATH",
];

/** An address may carry a password, which has no place beside an image. */
function withoutUser(address: string): string {
  return address.replace(/^([a-z+]+:\/\/)[^/@]*@/, "$1");
}

export const RESULT_FILE = "refract-result.json";

function stage(log: BuildLog, name: string): void {
  log.line(`[Refract] stage: ${name}`);
}

async function buildStage(
  command: string,
  cwd: string,
  environment: BuildEnvironment,
  log: BuildLog,
  signal: AbortSignal,
) {
  const directory = await stat(cwd).catch(() => null);
  if (!directory?.isDirectory()) throw new BuildFailure("SUB_PATH is not a directory of the repository");
  if (environment.refused.length > 0) {
    log.line(`WARNING: reserved names are not overridden: ${environment.refused.join(", ")}`);
  }
  if (command.trim() === "") {
    log.line("No BUILD_COMMAND");
    return;
  }
  for (const line of command.trimEnd().split("\n")) log.line(`+ ${line}`);
  await run({ file: "sh", args: ["-c", command], cwd, env: environment.env }, log, signal);
}

/**
 * Runs the Refract build: check out, build, publish, archive the result. The steps are those of
 * `deploy/jenkins/`; without GIT_URL nothing is checked out, without IMAGE nothing is published.
 * @returns the names of the archived artifacts.
 * @throws {BuildFailure} with a reason for the log. @throws {BuildStopped} when `signal` fires.
 */
export async function runBuild(input: BuildInput, log: BuildLog, signal: AbortSignal): Promise<string[]> {
  const startedAt = new Date();
  const values = parameterMap(input.parameters);
  const value = (name: string) => values.get(name) ?? "";
  const environment = buildEnvironment(input.parameters, input.jenkins);
  log.hide(environment.secrets);

  stage(log, "Checkout");
  let source: Checkout = { commit: value("GIT_COMMIT"), committedAt: new Date(0) };
  await mkdir(input.workspace, { recursive: true });
  if (value("GIT_URL") === "") log.line("No GIT_URL: nothing to check out");
  else {
    const from = { url: value("GIT_URL"), ref: value("GIT_REF"), commit: value("GIT_COMMIT") };
    source = await checkout(input.git, input.workspace, from, log, signal);
    log.line(`Checked out ${source.commit}`);
  }

  stage(log, "Build");
  const context = pathInside(input.workspace, value("SUB_PATH") || ".", "SUB_PATH");
  await buildStage(value("BUILD_COMMAND"), context, environment, log, signal);

  stage(log, "Publish");
  const image = value("IMAGE");
  if (image === "") {
    log.line("No IMAGE: nothing to publish");
    return [];
  }
  const labels = new Map([
    ["org.opencontainers.image.revision", source.commit],
    ["org.opencontainers.image.version", value("RELEASE")],
  ]);
  const publish = {
    context,
    dockerfile: value("DOCKERFILE"),
    baseImage: value("BASE_IMAGE"),
    artifactPath: value("ARTIFACT_PATH"),
    image,
    labels,
    buildArguments: new Map([["BASE_IMAGE", value("BASE_IMAGE")]]),
    created: source.committedAt,
    origin: {
      gitUrl: withoutUser(value("GIT_URL")),
      gitRef: value("GIT_REF"),
      commit: source.commit,
      release: value("RELEASE"),
      attemptId: value("REFRACT_ATTEMPT_ID"),
      parameters: Object.fromEntries(TOLD.map((name) => [name, value(name)])),
      buildUrl: input.jenkins.BUILD_URL ?? "",
      builder: input.jenkins.JENKINS_URL ?? "",
      startedAt,
    },
    signer: input.signingKey === null ? null : createSigner(input.signingKey),
    cacheDir: cacheDirectory(input.dataDir),
  };
  const digest = await publishImage(publish, log, signal);
  await mkdir(input.archiveDir, { recursive: true });
  const result = { attemptId: value("REFRACT_ATTEMPT_ID"), commit: source.commit, image, digest };
  await writeFile(join(input.archiveDir, RESULT_FILE), `${JSON.stringify(result)}\n`);
  return [RESULT_FILE];
}
