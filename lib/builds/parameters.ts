import { z } from "zod";
import { RESERVED_VARIABLES } from "#lib/components/schema.ts";
import { AppError } from "#lib/errors.ts";

/** What a build row keeps of what was sent: everything but the values of secrets. */
export const storedParametersSchema = z.object({
  values: z.record(z.string(), z.string()),
  secrets: z.array(z.object({ name: z.string(), version: z.number() })),
  /** How often the trigger was sent: at most once again after an answer that was lost. */
  sends: z.number().int().default(0),
  /** Those with a value that the job does not declare: the build server dropped them. */
  dropped: z.array(z.string()).default([]),
});
export type StoredParameters = z.infer<typeof storedParametersSchema>;

export type BuildInput = {
  attemptId: string;
  release: string;
  project: string;
  component: {
    key: string;
    gitUrl: string;
    subPath: string;
    dockerfile: string;
    baseImage: string;
    buildCommand: string;
    artifactPath: string;
  };
  ref: string;
  commit: string;
  /** `<registry>/<project>/<component>`, without a tag. */
  repository: string;
  variables: readonly { name: string; secret: boolean; value: string | null; version: number }[];
};

/**
 * Parameters of the one job for one attempt, without the values of secrets.
 * @throws AppError BLOCKED naming every variable that carries a reserved name
 */
export function buildParameters(input: BuildInput): StoredParameters {
  const { component, project, release } = input;
  const reserved = input.variables.filter(({ name }) => isReserved(name));
  if (reserved.length > 0) {
    throw new AppError("BLOCKED", "build variables carry reserved names", {
      blockers: reserved.map(({ name }) => ({
        code: "RESERVED_VARIABLE",
        message: `${component.key}: ${name} is a parameter of the build job`,
        facts: { component: component.key, name },
        liftedBy: ["developer", "owner"],
      })),
    });
  }
  const plain = input.variables.filter(({ secret }) => !secret);
  return {
    values: {
      REFRACT_ATTEMPT_ID: input.attemptId,
      RELEASE: release,
      PROJECT: project,
      COMPONENT: component.key,
      GIT_URL: component.gitUrl,
      GIT_REF: input.ref,
      GIT_COMMIT: input.commit,
      SUB_PATH: component.subPath,
      DOCKERFILE: component.dockerfile,
      BASE_IMAGE: component.baseImage,
      BUILD_COMMAND: component.buildCommand,
      ARTIFACT_PATH: component.artifactPath,
      IMAGE: `${input.repository}:${release}`,
      BUILD_VARIABLES: JSON.stringify(
        Object.fromEntries(plain.map(({ name, value }) => [name, value ?? ""])),
      ),
    },
    secrets: input.variables.filter(({ secret }) => secret).map(({ name, version }) => ({ name, version })),
    sends: 0,
    dropped: [],
  };
}

/** What the build server receives: the stored parameters and the secrets of this moment. */
export const sentParameters = (
  stored: StoredParameters,
  secrets: Readonly<Record<string, string>>,
): Record<string, string> => ({ ...stored.values, SECRET_BUILD_VARIABLES: JSON.stringify(secrets) });

/** Without these a build could not be found again, or would build something else. */
const REQUIRED = ["REFRACT_ATTEMPT_ID", "GIT_COMMIT", "IMAGE"] as const;

/** Of what the job does not declare: what forbids the build, and what it goes on without. */
export function judgeUndeclared(
  undeclared: readonly string[],
  sent: Readonly<Record<string, string>>,
): { missing: string[]; dropped: string[] } {
  const missing = REQUIRED.filter((name) => undeclared.includes(name));
  const dropped = undeclared.filter((name) => !EMPTY.includes(sent[name] ?? ""));
  return { missing, dropped };
}
/** A parameter without a value, and a set of variables without any. */
const EMPTY: readonly string[] = ["", "{}"];

const isReserved = (name: string) => RESERVED_VARIABLES.some((reserved) => reserved === name.toUpperCase());
