import { mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuildLog } from "../log.ts";
import type { ParameterValue } from "../model.ts";
import type { Checkout } from "./checkout.ts";
import { checkedOut, checkout } from "./checkout.ts";
import { BuildFailure } from "./failure.ts";
import { run } from "./process.ts";
import type { PackedImage } from "./publish.ts";
import { cacheDirectory, packImage, pathInside, pushImage } from "./publish.ts";
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
  startedAt: Date;
  /** Runs BUILD_COMMAND in the place of `run`. */
  runCommand?: typeof run;
}

/** One step of the build; `run` throws BuildFailure with a reason for the log, or BuildStopped. */
export interface Phase {
  name: string;
  /** @param again a restart interrupted it: what it says when it begins has been said */
  run(again: boolean): Promise<void>;
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

/**
 * The Refract build as its steps, those of `deploy/jenkins/`: check out, build, make the image, push it and archive
 * the result. Without GIT_URL nothing is checked out, without IMAGE nothing is published. A step finds again what the
 * ones before it left behind, so that a build may go on with any of them after a restart.
 * @returns the steps, and the names of the archived artifacts once they have run.
 * @throws {BuildFailure} where the variables cannot be read.
 */
export function buildPhases(input: BuildInput, log: BuildLog, signal: AbortSignal) {
  const values = parameterMap(input.parameters);
  const value = (name: string) => values.get(name) ?? "";
  const environment = buildEnvironment(input.parameters, input.jenkins);
  log.hide(environment.secrets);
  const artifacts: string[] = [];
  let source: Checkout | null = null;
  let packed: PackedImage | null = null;

  const context = () => pathInside(input.workspace, value("SUB_PATH") || ".", "SUB_PATH");
  const currentSource = async (): Promise<Checkout> => {
    if (value("GIT_URL") === "") return { commit: value("GIT_COMMIT"), committedAt: new Date(0) };
    source ??= await checkedOut(input.git, input.workspace, log, signal);
    return source;
  };
  const publishInput = ({ commit, committedAt }: Checkout) => ({
    context: context(),
    dockerfile: value("DOCKERFILE"),
    baseImage: value("BASE_IMAGE"),
    artifactPath: value("ARTIFACT_PATH"),
    image: value("IMAGE"),
    labels: new Map([
      ["org.opencontainers.image.revision", commit],
      ["org.opencontainers.image.version", value("RELEASE")],
    ]),
    buildArguments: new Map([["BASE_IMAGE", value("BASE_IMAGE")]]),
    created: committedAt,
    origin: {
      gitUrl: withoutUser(value("GIT_URL")),
      gitRef: value("GIT_REF"),
      commit,
      release: value("RELEASE"),
      attemptId: value("REFRACT_ATTEMPT_ID"),
      parameters: Object.fromEntries(TOLD.map((name) => [name, value(name)])),
      buildUrl: input.jenkins.BUILD_URL ?? "",
      builder: input.jenkins.JENKINS_URL ?? "",
      startedAt: input.startedAt,
    },
    signer: input.signingKey === null ? null : createSigner(input.signingKey),
    cacheDir: cacheDirectory(input.dataDir),
  });

  async function checkOut(): Promise<void> {
    await mkdir(input.workspace, { recursive: true });
    if (value("GIT_URL") === "") return log.line("No GIT_URL: nothing to check out");
    const from = { url: value("GIT_URL"), ref: value("GIT_REF"), commit: value("GIT_COMMIT") };
    source = await checkout(input.git, input.workspace, from, log, signal);
    log.line(`Checked out ${source.commit}`);
  }

  async function build(again: boolean): Promise<void> {
    const command = value("BUILD_COMMAND");
    const cwd = context();
    if (!again) await announce(command, cwd, environment, log);
    if (command.trim() === "") return;
    const execute = input.runCommand ?? run;
    await execute({ file: "sh", args: ["-c", command], cwd, env: environment.env }, log, signal);
  }

  async function image(): Promise<void> {
    if (value("IMAGE") === "") return log.line("No IMAGE: nothing to publish");
    packed = await packImage(publishInput(await currentSource()), log, signal);
  }

  async function push(): Promise<void> {
    if (value("IMAGE") === "") return log.line("No IMAGE: nothing to publish");
    const from = await currentSource();
    const publish = publishInput(from);
    packed ??= await packImage(publish, log, signal);
    const digest = await pushImage(publish, packed, log, signal);
    await mkdir(input.archiveDir, { recursive: true });
    const result = {
      attemptId: value("REFRACT_ATTEMPT_ID"),
      commit: from.commit,
      image: publish.image,
      digest,
    };
    await writeFile(join(input.archiveDir, RESULT_FILE), `${JSON.stringify(result)}\n`);
    artifacts.push(RESULT_FILE);
  }

  const phase = (name: string, act: (again: boolean) => Promise<void>): Phase => ({
    name,
    run: (again) => {
      if (!again) log.line(`[Refract] stage: ${name}`);
      return act(again);
    },
  });
  const phases = [
    phase("Checkout", checkOut),
    phase("Build", build),
    phase("Image", image),
    phase("Push", push),
  ];
  return { phases, artifacts };
}

async function announce(
  command: string,
  cwd: string,
  environment: BuildEnvironment,
  log: BuildLog,
): Promise<void> {
  const directory = await stat(cwd).catch(() => null);
  if (!directory?.isDirectory()) throw new BuildFailure("SUB_PATH is not a directory of the repository");
  if (environment.refused.length > 0) {
    log.line(`WARNING: reserved names are not overridden: ${environment.refused.join(", ")}`);
  }
  if (command.trim() === "") log.line("No BUILD_COMMAND");
  else for (const line of command.trimEnd().split("\n")) log.line(`+ ${line}`);
}
