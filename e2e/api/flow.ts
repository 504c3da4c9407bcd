import { expect } from "@playwright/test";
import { z } from "zod";
import { until } from "../support/api.ts";
import { as, type Credential, call, type Reply } from "./caller.ts";

const blocker = z.object({ code: z.string(), liftedBy: z.array(z.string()) });
const releaseSchema = z.object({
  number: z.string(),
  project: z.string(),
  state: z.string(),
  items: z.array(
    z.object({
      component: z.string(),
      build: z.object({ id: z.string(), state: z.string(), attempt: z.number() }).nullable(),
      artifact: z.object({ image: z.string(), digest: z.string() }).nullable(),
    }),
  ),
  stages: z.array(z.object({ environment: z.string(), state: z.string() })),
});
export type Release = z.infer<typeof releaseSchema>;
const planSchema = z.object({ digest: z.string(), blockers: z.array(blocker) });
const deploymentSchema = z.object({
  id: z.string(),
  state: z.string(),
  cause: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type Deployment = z.infer<typeof deploymentSchema>;

/** Codes of a refusal's blockers. */
export const codes = (reply: Reply): string[] =>
  z
    .object({ blockers: z.array(blocker).default([]) })
    .parse(reply.json)
    .blockers.map(({ code }) => code);

/** How often each status came. */
export function tally(replies: readonly Reply[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, json } of replies) {
    const key = status < 300 ? "ok" : `${status} ${String(json.code)}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}
export const accepted = (replies: readonly Reply[]): Reply[] => replies.filter(({ status }) => status < 300);
export const times = <Result>(count: number, work: (n: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)));

const ok = (reply: Reply): Reply => {
  expect(reply.status, reply.text).toBeLessThan(300);
  return reply;
};

export async function draft(
  who: Credential,
  project: string,
  component: string,
  title: string,
  ref = "main",
): Promise<string> {
  const items = [{ component, ref }];
  const reply = ok(await call(who, "POST", "/releases", { project, title, description: title, items }));
  return releaseSchema.parse(reply.json).number;
}
export const releaseOf = async (number: string): Promise<Release> =>
  releaseSchema.parse(ok(await call(as("auditor"), "GET", `/releases/${number}`)).json);

export async function waitBuilt(number: string): Promise<Release> {
  return until(
    `the build of ${number}`,
    async () => ({ status: 200, body: await releaseOf(number) }),
    ({ state }) => state !== "building",
    120,
  );
}
/** A release order of one component, built. */
export async function built(
  who: Credential,
  project: string,
  component: string,
  title: string,
): Promise<Release> {
  const number = await draft(who, project, component, title);
  ok(await call(who, "POST", `/releases/${number}/build`));
  const release = await waitBuilt(number);
  expect(release.state, JSON.stringify(release)).toBe("built");
  return release;
}

export const stage = (who: string, number: string, environment: string, action: string, body?: unknown) =>
  call(as(who), "POST", `/releases/${number}/stages/${environment}/${action}`, body);
/** Enters, and waits for its turn where another release is in. */
export async function enter(number: string, environment: string): Promise<void> {
  await expect
    .poll(async () => (await stage("tester", number, environment, "enter")).json.state, { timeout: 120_000 })
    .toBe("entered");
}
const unscanned = ({ blockers }: z.infer<typeof planSchema>) =>
  blockers.some(({ code }) => code === "IMAGE_UNSCANNED");
/** Once the registry's scanner has looked at its images. */
export async function planOf(who: string, number: string, environment: string) {
  const planned = async () => planSchema.parse(ok(await stage(who, number, environment, "plan")).json);
  const plan = await planned();
  if (!unscanned(plan)) return plan;
  await until(
    `the scan of what ${number} brings`,
    async () => {
      const { status, json } = await call(as(who), "GET", `/plans/${plan.digest}`);
      return { status, body: planSchema.parse(json) };
    },
    (read) => !unscanned(read),
  );
  // A waiver of what was found by then makes it another plan.
  return planned();
}
export const approve = (who: string, digest: string, decision = "approve") =>
  call(as(who), "POST", `/plans/${digest}/approvals`, { decision, comment: "与工单核对" });
export const start = (who: string, planDigest: string, more: Record<string, unknown> = {}) =>
  call(as(who), "POST", "/deployments", { planDigest, ...more });

export const deploymentOf = async (id: string): Promise<Deployment> =>
  deploymentSchema.parse(ok(await call(as("auditor"), "GET", `/deployments/${id}`)).json);
export async function ended(id: string): Promise<Deployment> {
  return until(
    `the end of ${id}`,
    async () => ({ status: 200, body: await deploymentOf(id) }),
    ({ state }) => ["succeeded", "failed", "cancelled", "rolled_back"].includes(state),
    120,
  );
}
export const idOf = (reply: Reply): string => z.object({ id: z.string() }).parse(ok(reply).json).id;
export async function deployed(who: string, digest: string): Promise<Deployment> {
  const done = await ended(idOf(await start(who, digest)));
  expect(done.state, JSON.stringify(done)).toBe("succeeded");
  return done;
}
export const verdict = (who: string, number: string, environment: string, word = "pass") =>
  stage(who, number, environment, "verdict", { verdict: word, comment: "核对" });

/** FAT from entry to a pass. */
export async function throughFat(number: string, deployer = "ops"): Promise<void> {
  await enter(number, "FAT");
  await deployed(deployer, (await planOf(deployer, number, "FAT")).digest);
  ok(await verdict("tester", number, "FAT"));
}
/** Gives back whatever a release order still holds, after what runs there has ended, and its places in queues. */
export async function leaveAll(number: string): Promise<void> {
  const stages = async () => (await releaseOf(number)).stages;
  const quiet = async () => (await stages()).every(({ state }) => state !== "deploying");
  await expect.poll(quiet, { timeout: 60_000 }).toBe(true);
  const { project } = await releaseOf(number);
  for (const { environment, state } of await stages()) {
    if (["entered", "failed", "testing"].includes(state)) await stage("tester", number, environment, "leave");
    if (state !== "waiting") continue;
    const place = `/projects/${project}/environments/${environment}/reservation`;
    await call(as("tester"), "DELETE", `${place}?release=${number}`);
  }
}

/** The text of the template that every project uses in an environment unless it has its own. */
export async function globalTemplate(environment: string): Promise<string> {
  const list = z.object({ items: z.array(z.object({ id: z.string(), project: z.string().nullable() })) });
  const { json } = await call(as("owner"), "GET", `/templates?environment=${environment}&limit=200`);
  const found = list.parse(json).items.find(({ project }) => project === null);
  const { body } = z
    .object({ body: z.string() })
    .parse((await call(as("owner"), "GET", `/templates/${found?.id}`)).json);
  return body;
}
/** A component's configuration with a change, saved by the owner. */
export async function changeConfig(
  project: string,
  component: string,
  environment: string,
  change: Record<string, unknown>,
): Promise<void> {
  const path = `/projects/${project}/components/${component}/config/${environment}`;
  const { version } = (await call(as("owner"), "GET", path)).json;
  ok(await call(as("owner"), "PUT", path, { version, ...change }));
}
/** How many audit entries of an action a thing has. */
export async function audited(subjectId: string, action: string): Promise<number> {
  const query = new URLSearchParams({ subjectId, action, limit: "200" });
  const { json } = ok(await call(as("auditor"), "GET", `/audit?${query}`));
  return z.object({ items: z.array(z.unknown()) }).parse(json).items.length;
}
