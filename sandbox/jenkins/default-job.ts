import { parseJobXml, renderJobXml } from "./job-xml.ts";
import type { Job, JobKind, ParameterDefinition } from "./model.ts";

const DEFAULTS: Record<string, string> = { SUB_PATH: ".", DOCKERFILE: "Dockerfile" };

/** The parameters of the one build job, in the order in which Jenkins lists them. */
export const BUILD_PARAMETERS = [
  "REFRACT_ATTEMPT_ID",
  "RELEASE",
  "PROJECT",
  "COMPONENT",
  "GIT_URL",
  "GIT_REF",
  "GIT_COMMIT",
  "SUB_PATH",
  "DOCKERFILE",
  "BASE_IMAGE",
  "BUILD_COMMAND",
  "ARTIFACT_PATH",
  "IMAGE",
] as const;

export const VARIABLES_PARAMETER = "BUILD_VARIABLES";
export const SECRETS_PARAMETER = "SECRET_BUILD_VARIABLES";

/** The job that a fresh server starts with: concurrent, all parameters declared. */
export function defaultJob(name: string, kind: JobKind = "freestyle"): Job {
  const strings = BUILD_PARAMETERS.map(
    (parameter): ParameterDefinition => ({
      kind: "String",
      name: parameter,
      defaultValue: DEFAULTS[parameter] ?? "",
      description: null,
    }),
  );
  // Jenkins drops undeclared parameters, so the variables of a component travel inside declared ones.
  const variables: ParameterDefinition[] = [
    { kind: "Text", name: VARIABLES_PARAMETER, defaultValue: "", description: null },
    { kind: "Password", name: SECRETS_PARAMETER, defaultValue: "", description: null },
  ];
  const xml = renderJobXml({
    kind,
    description: "Refract build",
    concurrent: true,
    parameters: [...strings, ...variables],
  });
  return parseJobXml(name, xml);
}
