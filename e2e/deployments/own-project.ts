import { randomBytes } from "node:crypto";
import { expect } from "@playwright/test";
import { api, until } from "../support/api.ts";

type Component = Record<string, unknown> & { key: string };
type Targets = { items: { cluster: string }[] };

/** A call that must be answered well. */
async function done<Body = Record<string, unknown>>(
  who: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Body> {
  const answer = await api<Body>(who, method, path, body);
  expect(answer.status, `${method} ${path}: ${JSON.stringify(answer.body)}`).toBeLessThan(300);
  return answer.body;
}

export type Policy = {
  waveGate: "auto" | "person";
  wavePauseSeconds: number;
  maxFailedTargets: number;
  onFailure: "stop" | "rollback";
};
type Environment = Policy & { key: string; version: number };

/** Changes what FAT says about waves; answers how it was. */
export async function setPolicy(change: Partial<Policy>): Promise<Policy> {
  const { items } = await done<{ items: Environment[] }>("admin", "GET", "/environments");
  const fat = items.find(({ key }) => key === "FAT");
  if (!fat) throw new Error("no FAT");
  await done("admin", "PATCH", "/environments/FAT", { version: fat.version, ...change });
  const { waveGate, wavePauseSeconds, maxFailedTargets, onFailure } = fat;
  return { waveGate, wavePauseSeconds, maxFailedTargets, onFailure };
}

/**
 * A project of its own with one component whose FAT lives in several namespaces, one wave each, so that nobody else's
 * locks and holds are met.
 * @returns its key, and how a release order of it is built at a ref and enters FAT
 */
export async function ownProject(waves: number) {
  const key = `waves-${randomBytes(3).toString("hex")}`;
  const { items } = await done<Targets>("owner", "GET", "/projects/quotes/targets");
  const clusters = [...new Set(items.map(({ cluster }) => cluster))];
  await done("admin", "POST", "/projects", { key, name: "分批部署走查", owner: "owner" });
  for (const [username, role] of [
    ["dev", "developer"],
    ["tester", "tester"],
    ["ops", "ops"],
  ] as const)
    await done("owner", "PUT", `/projects/${key}/members`, { username, roles: [role] });
  const project = await done<{ version: number }>("owner", "GET", `/projects/${key}`);
  await done("owner", "PATCH", `/projects/${key}`, {
    version: project.version,
    environments: [{ key: "FAT", developersMayDeploy: true }],
  });
  const model = await done<Component>("owner", "GET", "/projects/quotes/components/quote-api");
  const kept = ["key", "name", "kind", "gitUrl", "subPath", "defaultRef", "baseImage", "dockerfile"];
  const fields = [...kept, "buildCommand", "artifactPath", "port", "buildServer", "registry"];
  await done(
    "owner",
    "POST",
    `/projects/${key}/components`,
    Object.fromEntries(fields.map((field) => [field, model[field]])),
  );
  await done("owner", "PUT", `/projects/${key}/targets`, {
    targets: Array.from({ length: waves }, (_, index) => ({
      environment: "FAT",
      cluster: clusters[index % clusters.length],
      namespace: `${key}-${index + 1}`,
      wave: index + 1,
    })),
  });
  const release = async (ref: string): Promise<string> => {
    const { number } = await done<{ number: string }>("dev", "POST", "/releases", {
      project: key,
      title: `分批部署 ${ref}`,
      items: [{ component: "quote-api", ref }],
      build: true,
    });
    await until(
      "the build",
      () => api<{ state: string }>("dev", "GET", `/releases/${number}`),
      ({ state }) => state === "built",
    );
    await api("owner", "DELETE", `/projects/${key}/environments/FAT/reservation`);
    await done("tester", "POST", `/releases/${number}/stages/FAT/enter`);
    return number;
  };
  /** Plans and starts it; answers the deployment's id. */
  const deploy = async (number: string): Promise<string> => {
    const { digest } = await done<{ digest: string }>(
      "ops",
      "POST",
      `/releases/${number}/stages/FAT/plan`,
      {},
    );
    return (await done<{ id: string }>("ops", "POST", "/deployments", { planDigest: digest })).id;
  };
  return { key, release, deploy };
}
