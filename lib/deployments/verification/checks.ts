import { z } from "zod";
import { connectMetrics } from "#lib/connections/connect.ts";
import { db } from "#lib/db.ts";
import { AdapterError } from "#lib/errors.ts";
import type { SmokeCheck } from "#lib/strategies/schema.ts";
import type { CauseInput, CheckResult } from "../content.ts";
import type { StepInput } from "../steps/outcome.ts";
import { checkJob, jobState } from "./job.ts";
import { fillQuery, judgeCheck, judgeSamples, type Look } from "./judge.ts";

type OwnedCheck = SmokeCheck & { component: string };
type Of<Kind extends SmokeCheck["kind"]> = Extract<SmokeCheck, { kind: Kind }> & { component: string };
export type Checked = { results: CheckResult[]; failed: CauseInput | null; passed: boolean };

const LOG_LINES = 20;
/** A service that hangs is not up; the API server would wait for it for much longer. */
const HTTP_MS = 5_000;
const serviceSchema = z.looseObject({
  spec: z.looseObject({ ports: z.array(z.looseObject({ port: z.number() })).min(1) }),
});

/**
 * Looks once at every smoke check of a plan (or of the named components). What was found before is in the step's
 * detail, so that a worker that takes over goes on with the same clock.
 * @throws AdapterError when the cluster cannot be asked
 */
export async function runChecks(input: StepInput, only?: readonly string[]): Promise<Checked> {
  const checks = input.run.plan.inputs.strategies
    .filter(({ component }) => !only || only.includes(component))
    .flatMap(({ component, checks: own }) => own.map((check): OwnedCheck => ({ ...check, component })));
  const known = input.step.detail?.checks ?? [];
  const now = new Date().toISOString();
  const results = await Promise.all(
    checks.map(async (check) => {
      const before = known.find(
        ({ component, name }) => component === check.component && name === check.name,
      );
      // A command is run once; its end does not change any more.
      if (before && check.kind === "job" && before.state === "passed") return before;
      return judgeCheck(check, before, await look(check, input), now);
    }),
  );
  const failed = results.find(({ state }) => state === "failed");
  return {
    results,
    failed: failed ? await causeOf(failed, checks, input) : null,
    passed: results.every(({ state }) => state === "passed"),
  };
}

/** A refusal is the check's result; only a cluster that is silent is the step's affair. */
async function look(check: OwnedCheck, input: StepInput): Promise<Look> {
  try {
    if (check.kind === "http") return await lookAtHttp(check, input);
    return await (check.kind === "job" ? lookAtJob(check, input) : lookAtMetrics(check, input));
  } catch (error) {
    if (!(error instanceof AdapterError) || error.retryable) throw error;
    // A Service may appear a moment later; a right does not.
    return { state: "failing", message: error.message, final: error.failure !== "missing" };
  }
}

/** The component's Service in the plan, with its first port, where the check does not name its own. */
function addressOf(check: Of<"http">, { plan }: StepInput): { service: string; port: string } | null {
  const services = plan.objects.filter(
    ({ component, manifest }) => component === check.component && manifest.kind === "Service",
  );
  const found = check.service
    ? services.find(({ manifest }) => manifest.metadata.name === check.service)
    : services[0];
  const service = check.service ?? found?.manifest.metadata.name;
  const port = check.port ?? serviceSchema.safeParse(found?.manifest).data?.spec.ports[0]?.port;
  return service === undefined || port === undefined ? null : { service, port: String(port) };
}

async function lookAtHttp(check: Of<"http">, input: StepInput): Promise<Look> {
  const address = addressOf(check, input);
  if (!address) {
    return { state: "failing", message: `${check.component} has no Service to ask`, final: true };
  }
  const where = { namespace: input.plan.namespace, ...address, path: check.path };
  const late = AbortSignal.timeout(HTTP_MS);
  const signal = AbortSignal.any([input.signal, late]);
  const answer = await input.client.proxyGet(where, { signal }).catch((error: unknown) => {
    if (late.aborted && !input.signal.aborted) return null;
    throw error;
  });
  if (!answer) {
    return { state: "failing", message: `GET ${check.path} was not answered within ${HTTP_MS / 1000} s` };
  }
  const told = `GET ${check.path} answered ${answer.status}`;
  if (answer.status !== check.expectStatus) {
    return { state: "failing", message: `${told}, expected is ${check.expectStatus}` };
  }
  if (check.contains !== undefined && !answer.body.includes(check.contains)) {
    return { state: "failing", message: `${told} without the expected text` };
  }
  return { state: "passed", message: told };
}

async function lookAtJob(check: Of<"job">, input: StepInput): Promise<Look> {
  const { run, plan, step, client, signal } = input;
  const job = checkJob({
    check,
    component: check.component,
    objects: plan.objects,
    place: { namespace: plan.namespace, project: run.project.key, environment: run.environment.key },
    deployment: run.id,
    plan: run.plan.digest,
    attempt: step.attempt,
  });
  if (!job) return { state: "failing", message: `${check.component} has no workload to run`, final: true };
  const { apiVersion, kind, metadata } = job;
  const ref = { apiVersion, kind, namespace: plan.namespace, name: metadata.name };
  const live = await client.get(ref, { signal });
  if (!live) {
    const outcome = await client.apply(job, { signal });
    return outcome.ok
      ? { state: "running", message: "the command was started" }
      : { state: "failing", message: outcome.message, final: true };
  }
  const { state, message } = jobState(live);
  if (state !== "failed") return { state, message };
  return { state: "failing", message, final: true };
}

async function lookAtMetrics(check: Of<"prometheus">, { run, plan, signal }: StepInput): Promise<Look> {
  const project = await db.project.findUniqueOrThrow({
    where: { id: run.project.id },
    select: { prometheusUrl: true },
  });
  if (!project.prometheusUrl) {
    return { state: "failing", message: "the project has no Prometheus URL", final: true };
  }
  const query = fillQuery(check.query, {
    project: run.project.key,
    component: check.component,
    environment: run.environment.key,
    release: run.release.number,
    namespace: plan.namespace,
  });
  try {
    const { samples } = await connectMetrics(project.prometheusUrl).query(query, { signal });
    return judgeSamples(check, samples);
  } catch (error) {
    signal.throwIfAborted();
    // Not the cluster is silent but the monitoring: the check says so, and fails when its time is over.
    if (!(error instanceof AdapterError)) throw error;
    return { state: "failing", message: error.message, final: error.failure === "invalid" };
  }
}

async function causeOf(
  result: CheckResult,
  checks: readonly OwnedCheck[],
  input: StepInput,
): Promise<CauseInput> {
  const { component, name, kind, message } = result;
  const check = checks.find((one) => one.component === component && one.name === name);
  const lines = check?.kind === "job" ? await lastWords(check, input) : [];
  return {
    code: "SMOKE_CHECK_FAILED",
    message: `smoke check ${name} of ${component} failed: ${message}`,
    facts: { component, check: name, kind, reason: message },
    evidence: [
      { source: "status", text: message, at: result.since },
      ...lines.map((text) => ({ source: "log" as const, text, at: null })),
    ],
  };
}

/** What the command of a Job said at the end; nothing when its pod never ran. */
async function lastWords(
  check: Of<"job">,
  { client, plan, run, step, signal }: StepInput,
): Promise<string[]> {
  const place = { namespace: plan.namespace, project: run.project.key, environment: run.environment.key };
  const job = checkJob({
    check,
    component: check.component,
    objects: plan.objects,
    place,
    deployment: run.id,
    plan: run.plan.digest,
    attempt: step.attempt,
  });
  const id = job?.metadata.labels?.["refract.dev/check"];
  try {
    const kind = { apiVersion: "v1", kind: "Pod", namespace: plan.namespace };
    const { items } = await client.list(kind, { labelSelector: `refract.dev/check=${id}`, signal });
    const name = items[0]?.metadata.name;
    if (!name) return [];
    const options = { container: "check", tailLines: LOG_LINES };
    const text = await client.podLog({ namespace: plan.namespace, name }, options, { signal });
    return text
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => line.slice(0, 1000));
  } catch (error) {
    // No log is no reason to lose the cause.
    if (error instanceof AdapterError) return [];
    throw error;
  }
}
