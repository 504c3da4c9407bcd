import { expect, test } from "@playwright/test";
import { api, until } from "../support/api.ts";
import { freeEnvironments } from "../support/free.ts";
import { portalState } from "../support/state.ts";

// kill -9 of the worker and of the web process while they work: nothing is lost, nothing happens twice.

type Release = {
  number: string;
  state: string;
  items: { component: string; build: { id: string; state: string; attempt: number } | null }[];
};
type Deployment = { id: string; state: string; cause: unknown };

/** Ends a process of the portal as a crash would, and waits until another one has taken its place. */
async function kill(name: "web" | "worker"): Promise<void> {
  const pid = portalState().pids[name];
  if (!pid) throw new Error(`no pid of ${name}`);
  process.kill(pid, "SIGKILL");
  await expect.poll(() => portalState().pids[name], { timeout: 60_000 }).not.toBe(pid);
  if (name === "web") {
    const ready = () =>
      fetch(`${portalState().url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    await expect.poll(ready, { timeout: 60_000 }).toBe(true);
  }
}

/** How many builds Jenkins ran for each attempt. */
async function jenkinsBuilds(): Promise<Map<string, number>> {
  const { url, user, token, job } = portalState().jenkins;
  const tree = "builds[number,actions[parameters[name,value]]]{0,100}";
  const response = await fetch(
    `${url.replace(/\/$/, "")}/job/${job}/api/json?tree=${encodeURIComponent(tree)}`,
    {
      headers: { authorization: `Basic ${Buffer.from(`${user}:${token}`).toString("base64")}` },
    },
  );
  const { builds } = (await response.json()) as {
    builds: { actions: { parameters?: { name: string; value?: string }[] }[] }[];
  };
  const counts = new Map<string, number>();
  for (const { actions } of builds) {
    const attempt = actions
      .flatMap(({ parameters }) => parameters ?? [])
      .find(({ name }) => name === "REFRACT_ATTEMPT_ID")?.value;
    if (attempt) counts.set(attempt, (counts.get(attempt) ?? 0) + 1);
  }
  return counts;
}

test.beforeAll(() => freeEnvironments("quotes"));

test("builds and deployments outlive kill -9 of the worker and of the web process", async () => {
  const before = await jenkinsBuilds();
  const created = await api<Release>("dev", "POST", "/releases", {
    project: "quotes",
    title: "进程被杀",
    description: "",
    items: [
      { component: "quote-api", ref: "main" },
      { component: "tick-store", ref: "main" },
      { component: "portal-web", ref: "main" },
    ],
  });
  expect(created.status, JSON.stringify(created.body)).toBe(201);
  const { number } = created.body;
  expect((await api("dev", "POST", `/releases/${number}/build`)).status).toBe(202);
  await kill("worker");
  await kill("web");
  const release = () => api<Release>("dev", "GET", `/releases/${number}`);
  const built = await until(
    "the builds",
    release,
    ({ state }) => state === "built" || state === "build_failed",
    120,
  );
  expect(built.state, JSON.stringify(built)).toBe("built");
  expect(built.items.map(({ build }) => build?.attempt)).toEqual([1, 1, 1]);
  const after = await jenkinsBuilds();
  const fresh = [...after].filter(([attempt]) => !before.has(attempt));
  expect(
    fresh.map(([, count]) => count),
    "one build an attempt",
  ).toEqual([1, 1, 1]);

  expect((await api("tester", "POST", `/releases/${number}/stages/FAT/enter`)).status).toBeLessThan(300);
  const plan = await api<{ digest: string }>("dev", "POST", `/releases/${number}/stages/FAT/plan`);
  const body = { planDigest: plan.body.digest };
  const key = { "idempotency-key": `durability-${number}` };
  const started = await api<Deployment>("dev", "POST", "/deployments", body, key);
  expect(started.status, JSON.stringify(started.body)).toBe(202);
  for (const name of ["worker", "web", "worker"] as const) await kill(name);
  // The click again, as a person does who saw no answer: the same deployment, not another one.
  const again = await api<Deployment>("dev", "POST", "/deployments", body, key);
  expect(again.body.id).toBe(started.body.id);
  const done = await until(
    "the deployment",
    () => api<Deployment>("dev", "GET", `/deployments/${started.body.id}`),
    ({ state }) => ["succeeded", "failed", "cancelled"].includes(state),
    120,
  );
  expect(done.state, JSON.stringify(done)).toBe("succeeded");
  const list = await api<{ items: { release: string }[] }>(
    "dev",
    "GET",
    "/deployments?project=quotes&environment=FAT",
  );
  expect(list.body.items.filter((item) => item.release === number)).toHaveLength(1);
  const verdict = { verdict: "pass", comment: "重启后结果一致" };
  expect(
    (await api("tester", "POST", `/releases/${number}/stages/FAT/verdict`, verdict)).status,
  ).toBeLessThan(300);
  expect((await api<{ ok: boolean }>("auditor", "GET", "/audit/verify")).body.ok).toBe(true);
});
