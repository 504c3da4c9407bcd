import { z } from "zod";
import { type BuildServerFinding, type CallOptions, JOB_PARAMETERS } from "../ports.ts";
import type { Client } from "./client.ts";
import { detailsOf } from "./failure.ts";
import { attempt, finding } from "./finding.ts";

const jobSchema = z.object({
  _class: z.string(),
  buildable: z.boolean(),
  /** Of freestyle jobs alone; a Pipeline names its agents in the Jenkinsfile. */
  labelExpression: z.string().nullish(),
  /** Of freestyle jobs alone; a Pipeline has a property that takes it away. */
  concurrentBuild: z.boolean().nullish(),
  property: z.array(
    z.object({
      _class: z.string().nullish(),
      parameterDefinitions: z.array(z.object({ name: z.string(), type: z.string() })).nullish(),
    }),
  ),
  lastCompletedBuild: z.object({ number: z.number().int() }).nullish(),
});
type Job = z.infer<typeof jobSchema>;
const JOB_TREE =
  "buildable,labelExpression,concurrentBuild,property[parameterDefinitions[name,type]],lastCompletedBuild[number]";

/** The findings about the one job, and the label of the agents that it is tied to. */
export async function checkJob(
  client: Client,
  { name, jobPath }: { name: string; jobPath: string },
  options: CallOptions,
): Promise<{ findings: BuildServerFinding[]; label: string | null }> {
  const parse = (body: unknown) => jobSchema.parse(body);
  const asked = await attempt(
    client.json(`job ${name}`, `${jobPath}/api/json`, { tree: JOB_TREE }, parse, options),
  );
  if (!asked.ok) {
    const { reason, permission } = detailsOf(asked.error);
    const facts = { job: name, reason, status: asked.error.status ?? 0, permission: permission ?? "" };
    const fix = "Create the job, or grant Job/Read on it. Jenkins hides a job that may not be read.";
    return { findings: [finding("JOB_EXISTS", false, asked.error.message, facts, fix)], label: null };
  }
  const job = asked.value;
  const findings = [
    finding("JOB_EXISTS", true, `The job ${name} is there.`, { job: name, kind: kindOf(job) }),
    finding(
      "JOB_BUILDABLE",
      job.buildable,
      job.buildable ? "It can be built." : "The job is disabled.",
      { job: name },
      "Enable the job.",
    ),
    ...parameterFindings(job),
    concurrencyFinding(job),
    await mayBuild(client, jobPath, job, options),
    await mayCancel(client, jobPath, job, options),
  ];
  return { findings, label: job.labelExpression ?? null };
}

const kindOf = (job: Job): string => (job._class.includes("WorkflowJob") ? "pipeline" : "freestyle");
const declaredBy = (job: Job) => job.property.flatMap((entry) => entry.parameterDefinitions ?? []);

function parameterFindings(job: Job): BuildServerFinding[] {
  const declared = declaredBy(job);
  const missing = JOB_PARAMETERS.filter((wanted) => !declared.some((parameter) => parameter.name === wanted));
  const complete = missing.length === 0;
  const findings = [
    finding(
      "PARAMETERS_DECLARED",
      complete,
      complete ? "All parameters are declared." : `Parameters not declared: ${missing.join(", ")}.`,
      { count: complete ? JOB_PARAMETERS.length : missing.length, missing: missing.join(", ") },
      "Add them to the job: Jenkins drops undeclared parameters silently.",
    ),
  ];
  const secrets = declared.find((parameter) => parameter.name === "SECRET_BUILD_VARIABLES");
  if (!secrets) return findings;
  const masked = secrets.type === "PasswordParameterDefinition";
  const message = masked
    ? "Secret variables are masked."
    : "SECRET_BUILD_VARIABLES is not a password parameter.";
  const fix = "Declare it as a password parameter.";
  return [...findings, finding("SECRETS_MASKED", masked, message, { type: secrets.type }, fix)];
}

function concurrencyFinding(job: Job): BuildServerFinding {
  const forbidden = job.property.some((entry) => entry._class?.includes("DisableConcurrentBuilds"));
  const concurrent = job.concurrentBuild ?? !forbidden;
  const message = concurrent ? "Several builds may run at once." : "Builds of the job wait for one another.";
  const fix = "Allow concurrent builds of the job.";
  return finding("CONCURRENT", concurrent, message, {}, fix);
}

/**
 * `/build` without a form is refused with 400 on a job with parameters, but only after the right was checked (and
 * with 409 where the job is disabled). On a job without parameters it would start a build, so it is not asked there.
 */
async function mayBuild(client: Client, jobPath: string, job: Job, options: CallOptions) {
  if (declaredBy(job).length === 0) {
    return finding("MAY_BUILD", null, "Cannot be known of a job without parameters, short of starting it.");
  }
  const probe = client.post("probe for Job/Build", `${jobPath}/build`, {}, [400, 409], options);
  return right("MAY_BUILD", "Job/Build", probe);
}

/** Stopping a build that has ended does nothing, and is refused without the right. */
async function mayCancel(client: Client, jobPath: string, job: Job, options: CallOptions) {
  if (!job.lastCompletedBuild) {
    return finding("MAY_CANCEL", null, "Cannot be known before the first build has ended.");
  }
  const path = `${jobPath}/${job.lastCompletedBuild.number}/stop`;
  return right(
    "MAY_CANCEL",
    "Job/Cancel",
    client.post("probe for Job/Cancel", path, {}, [200, 302], options),
  );
}

async function right(code: string, name: string, probe: Promise<unknown>): Promise<BuildServerFinding> {
  const outcome = await attempt(probe);
  if (outcome.ok) return finding(code, true, `The credential has ${name}.`, { right: name });
  const { reason, permission } = detailsOf(outcome.error);
  const facts = { right: name, reason, permission: permission ?? "" };
  // Whatever is neither yes nor no (a restart meanwhile) is left open.
  const denied = outcome.error.failure === "forbidden" || outcome.error.failure === "unauthorized";
  const fix = `Grant ${name} on the job to this user.`;
  return finding(code, denied ? false : null, outcome.error.message, facts, fix);
}
