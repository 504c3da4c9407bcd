import type Jenkins from "jenkins";
import { z } from "zod";
import { AdapterError } from "#lib/errors.ts";
import type { BuildServerFinding, CallOptions } from "../ports.ts";
import type { Call } from "./client.ts";

/** Every parameter that the job must declare: Jenkins drops those it does not know without a word. */
export const JOB_PARAMETERS = [
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
  "BUILD_VARIABLES",
  "SECRET_BUILD_VARIABLES",
] as const;

const rootSchema = z.object({ quietingDown: z.boolean().nullish() });
const whoAmISchema = z.object({ name: z.string(), authenticated: z.boolean(), anonymous: z.boolean() });
const jobSchema = z.object({
  buildable: z.boolean(),
  property: z.array(
    z.object({
      parameterDefinitions: z.array(z.object({ name: z.string(), type: z.string() })).nullish(),
    }),
  ),
  lastCompletedBuild: z.object({ number: z.number().int() }).nullish(),
});
const JOB_TREE = "buildable,property[parameterDefinitions[name,type]],lastCompletedBuild[number]";

type Outcome<T> = { ok: true; value: T } | { ok: false; error: AdapterError };

async function attempt<T>(answer: Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await answer };
  } catch (error) {
    if (error instanceof AdapterError) return { ok: false, error };
    throw error;
  }
}

const finding = (code: string, ok: boolean, message: string, fix?: string): BuildServerFinding =>
  ok || fix === undefined ? { code, ok, message } : { code, ok, message, fix };

/**
 * Looks at everything a build needs, as far as it can be seen without starting or stopping one. The list ends at
 * the first finding without which the rest cannot be asked. Never throws for what the server answers.
 */
export async function checkServer(
  call: Call,
  job: { name: string; jobPath: string },
  options: CallOptions,
): Promise<BuildServerFinding[]> {
  const findings: BuildServerFinding[] = [];
  const root = await attempt(
    call("check", options, (jenkins) =>
      jenkins._get({ path: "/api/json", query: { tree: "mode,quietingDown" } }),
    ),
  );
  if (!root.ok && root.error.status === undefined) {
    return [
      finding(
        "REACHABLE",
        false,
        root.error.message,
        "Check the address, the network and that Jenkins runs.",
      ),
    ];
  }
  if (!root.ok && root.error.failure === "broken") {
    return [
      finding("REACHABLE", false, root.error.message, "Wait until Jenkins has started, or look at its log."),
    ];
  }
  findings.push(finding("REACHABLE", true, "Jenkins answers."));
  if (!root.ok) {
    const fix = "Use a user name with one of its API tokens, and grant Overall/Read.";
    return [...findings, finding("AUTHENTICATED", false, root.error.message, fix)];
  }
  const version = root.value.headers["x-jenkins"];
  const named = typeof version === "string";
  findings.push(
    finding(
      "VERSION",
      named,
      named ? `Jenkins ${version}` : "No X-Jenkins header.",
      "Is this address a Jenkins?",
    ),
  );
  const who = await attempt(
    call("check", options, async (jenkins) =>
      whoAmISchema.parse((await jenkins._get({ path: "/whoAmI/api/json" })).body),
    ),
  );
  const known = who.ok && who.value.authenticated && !who.value.anonymous;
  findings.push(
    finding(
      "AUTHENTICATED",
      known,
      who.ok ? `Signed in as ${who.value.name}.` : who.error.message,
      "Use a user name with one of its API tokens.",
    ),
  );
  const quieting = rootSchema.safeParse(root.value.body).data?.quietingDown === true;
  findings.push(
    finding(
      "ACCEPTS_BUILDS",
      !quieting,
      quieting ? "Jenkins prepares to shut down: builds stay in the queue." : "Builds are started.",
      "Cancel the quiet-down in Jenkins or wait for the restart.",
    ),
  );
  return [...findings, ...(await checkJob(call, job, options))];
}

async function checkJob(
  call: Call,
  { name, jobPath }: { name: string; jobPath: string },
  options: CallOptions,
): Promise<BuildServerFinding[]> {
  const asked = await attempt(
    call(`job ${name}`, options, async (jenkins) =>
      jobSchema.parse(await jenkins.job.get({ name, tree: JOB_TREE })),
    ),
  );
  if (!asked.ok) {
    const fix =
      "Let the portal create the job, or grant Job/Read on it. Jenkins hides a job that may not be read.";
    return [finding("JOB_EXISTS", false, asked.error.message, fix)];
  }
  const { buildable, property, lastCompletedBuild } = asked.value;
  const declared = property.flatMap((entry) => entry.parameterDefinitions ?? []);
  const missing = JOB_PARAMETERS.filter((wanted) => !declared.some((parameter) => parameter.name === wanted));
  const secrets = declared.find((parameter) => parameter.name === "SECRET_BUILD_VARIABLES");
  const findings = [
    finding("JOB_EXISTS", true, `The job ${name} is there.`),
    finding(
      "JOB_BUILDABLE",
      buildable,
      buildable ? "It can be built." : "The job is disabled.",
      "Enable the job.",
    ),
    finding(
      "PARAMETERS_DECLARED",
      missing.length === 0,
      missing.length === 0
        ? "All parameters are declared."
        : `Parameters not declared: ${missing.join(", ")}.`,
      "Add them to the job: Jenkins drops undeclared parameters silently.",
    ),
  ];
  if (secrets) {
    const masked = secrets.type === "PasswordParameterDefinition";
    const message = masked
      ? "Secret variables are masked."
      : "SECRET_BUILD_VARIABLES is not a password parameter.";
    findings.push(finding("SECRETS_MASKED", masked, message, "Declare it as a password parameter."));
  }
  // `/build` without a form is refused with 400 on a job with parameters, but only after the right was checked.
  if (declared.length > 0 && buildable) {
    const probe = (jenkins: Jenkins) => jenkins._post({ path: `${jobPath}/build` });
    findings.push(await checkRight(call, "MAY_BUILD", "Job/Build", 400, probe, options));
  }
  // Stopping a build that has ended does nothing, and is refused without the right.
  if (lastCompletedBuild) {
    const probe = (jenkins: Jenkins) => jenkins.build.stop({ name, number: lastCompletedBuild.number });
    findings.push(await checkRight(call, "MAY_CANCEL", "Job/Cancel", null, probe, options));
  }
  return findings;
}

/** @param harmless the status that says "allowed, but nothing to do"; null where the probe succeeds. */
async function checkRight(
  call: Call,
  code: string,
  right: string,
  harmless: number | null,
  probe: (jenkins: Jenkins) => Promise<unknown>,
  options: CallOptions,
): Promise<BuildServerFinding> {
  const outcome = await attempt(call(`probe for ${right}`, options, probe));
  if (outcome.ok || outcome.error.status === harmless)
    return finding(code, true, `The credential has ${right}.`);
  return finding(code, false, outcome.error.message, `Grant ${right} on the job to this user.`);
}
