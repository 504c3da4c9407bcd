import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import {
  artifactOf,
  artifactsIn,
  artifactView,
  type Known,
  keyOf,
  type Place,
  reportView,
} from "./artifacts.ts";
import { HarborError, notFound, readJson, send, sendPage } from "./exchange.ts";
import { immutableRequest, projectRequest, retentionRequest } from "./state.ts";

export type Robot = { name: string; secret: string; expiresAt?: number; disabled?: boolean };
export type HarborOptions = {
  /** Who may change something; everybody may read, as of public projects. None: everybody may do everything. */
  robots?: readonly Robot[];
  /** How long a scan takes, milliseconds; 0: none. */
  scanMs?: number;
};

type Call = Known & {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  robots: readonly Robot[];
};

const labelRequest = z.object({ name: z.string().min(1), scope: z.literal("p"), project_id: z.number() });
const labelReference = z.object({ id: z.number() });

/** Answers a call of Harbor's API 2.0; the path's names are decoded once by the router, repositories once more. */
export async function answerHarbor(call: Call): Promise<void> {
  try {
    assertKnown(call);
    const parts = call.url.pathname.slice("/api/v2.0/".length).split("/").map(decodeURIComponent);
    if (parts[0] === "projects" && parts.length > 1) await answerProject(call, parts.slice(1));
    else await answerSystem(call, parts);
  } catch (error) {
    if (!(error instanceof HarborError)) throw error;
    call.request.resume();
    send(call.response, error.status, { errors: [{ code: error.code, message: error.message }] });
  }
}

function assertKnown({ request, robots }: Call): void {
  const [scheme, encoded = ""] = (request.headers.authorization ?? "").split(" ");
  const [name, ...secret] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  const robot = scheme === "Basic" ? robots.find((one) => one.name === name) : undefined;
  const letIn = robot !== undefined && robot.secret === secret.join(":") && !robot.disabled;
  const reads = request.method === "GET" || request.method === "HEAD";
  if (letIn || robots.length === 0 || (scheme === "" && reads)) return;
  throw new HarborError(401, "UNAUTHORIZED", "unauthorized");
}

async function answerSystem(call: Call, [first, second]: string[]): Promise<void> {
  const { request, response, url, harbor } = call;
  const route = `${request.method} ${first}`;
  if (route === "GET ping") {
    response.end("Pong");
    return;
  }
  if (route === "GET health") {
    const components = ["core", "database", "jobservice", "registry", "trivy"];
    const healthy = components.map((name) => ({ name, status: "healthy" }));
    return send(response, 200, { status: "healthy", components: healthy });
  }
  if (route === "GET systeminfo")
    return send(response, 200, { harbor_version: "v2.11.0-sandbox", auth_mode: "db_auth", read_only: false });
  if (route === "GET robots") {
    const items = call.robots.map(({ name, expiresAt, disabled }, index) => ({
      id: index + 1,
      name,
      level: "system",
      disable: disabled ?? false,
      expires_at: expiresAt ?? -1,
    }));
    return sendPage(response, url, items);
  }
  if (route === "GET projects") {
    const items = Object.entries(harbor.state.projects).map(([name, project]) => projectView(name, project));
    return sendPage(response, url, items);
  }
  if (route === "POST projects") {
    const { project_name: name, metadata, storage_limit } = await readJson(request, projectRequest);
    if (name === undefined) throw new HarborError(400, "BAD_REQUEST", "a project needs a name");
    if (harbor.state.projects[name]) throw new HarborError(409, "CONFLICT", `project ${name} exists`);
    const made = harbor.project(name);
    Object.assign(made.metadata, metadata);
    made.storageLimit = storage_limit ?? -1;
    await harbor.save();
    return send(response, 201, undefined, { location: `/api/v2.0/projects/${made.id}` });
  }
  if (route === "GET labels" || route === "POST labels") return answerLabels(call);
  if (route === "POST retentions") {
    const policy = await readJson(request, retentionRequest);
    const owner = harbor.projectOfId(policy.scope.ref)?.[1];
    if (!owner) throw notFound(`project ${policy.scope.ref}`);
    const id = harbor.nextId();
    harbor.state.retentions[id] = policy;
    owner.metadata.retention_id = String(id);
    await harbor.save();
    return send(response, 201, undefined, { location: `/api/v2.0/retentions/${id}` });
  }
  const policy = harbor.state.retentions[second ?? ""];
  if (route === "GET retentions" && policy) return send(response, 200, { id: Number(second), ...policy });
  throw notFound(url.pathname);
}

async function answerLabels({ request, response, url, harbor }: Call): Promise<void> {
  const { labels } = harbor.state;
  if (request.method === "GET") {
    const owner = Number(url.searchParams.get("project_id"));
    if (url.searchParams.get("scope") !== "p" || !owner)
      throw new HarborError(400, "BAD_REQUEST", "must with project ID when to query project labels");
    const name = url.searchParams.get("name") ?? "";
    const found = labels.filter((label) => label.projectId === owner && label.name.includes(name));
    const items = found.map((label) => ({ id: label.id, name: label.name, scope: "p", project_id: owner }));
    return sendPage(response, url, items);
  }
  const { name, project_id: projectId } = await readJson(request, labelRequest);
  if (!harbor.projectOfId(projectId)) throw notFound(`project ${projectId}`);
  if (labels.some((label) => label.name === name && label.projectId === projectId))
    throw new HarborError(409, "CONFLICT", `label ${name} already exists`);
  const id = harbor.nextId();
  labels.push({ id, name, projectId });
  await harbor.save();
  send(response, 201, undefined, { location: `/api/v2.0/labels/${id}` });
}

const projectView = (name: string, project: { id: number; metadata: Record<string, string> }) => ({
  project_id: project.id,
  name,
  metadata: project.metadata,
});

async function answerProject(call: Call, [name = "", noun, ...rest]: string[]): Promise<void> {
  const { request, response, harbor, store } = call;
  const repositories = (await store.repositories()).filter((one) => one.startsWith(`${name}/`));
  if (!harbor.state.projects[name] && repositories.length === 0) throw notFound(`project ${name}`);
  const project = harbor.project(name);
  const route = `${request.method} ${noun ?? ""}`;
  if (route === "GET ") return send(response, 200, projectView(name, project));
  if (route === "PUT ") {
    const change = await readJson(request, projectRequest);
    Object.assign(project.metadata, change.metadata);
    project.storageLimit = change.storage_limit ?? project.storageLimit;
    await harbor.save();
    return send(response, 200);
  }
  if (route === "GET summary") {
    let used = 0;
    for (const one of repositories) {
      const place = { project: name, repository: one.slice(name.length + 1) };
      for (const { size } of await artifactsIn(call, place)) used += size;
    }
    const quota = { hard: { storage: project.storageLimit }, used: { storage: used } };
    return send(response, 200, { repo_count: repositories.length, quota });
  }
  if (route === "GET immutabletagrules") return sendPage(response, call.url, project.immutable);
  if (route === "POST immutabletagrules") {
    project.immutable.push(await readJson(request, immutableRequest));
    await harbor.save();
    return send(response, 201);
  }
  if (noun !== "repositories") throw notFound(call.url.pathname);
  const [encoded, ...below] = rest;
  if (encoded === undefined) {
    return sendPage(
      response,
      call.url,
      repositories.map((one) => ({ name: one, project_id: project.id })),
    );
  }
  // One that was encoded once is two parts of the path to the real router.
  if (encoded.includes("/")) throw notFound(call.url.pathname);
  return answerArtifacts(call, { project: name, repository: decodeURIComponent(encoded) }, below);
}

async function answerArtifacts(call: Call, place: Place, parts: string[]): Promise<void> {
  const { request, response, url, harbor } = call;
  const [noun, reference, kind, last] = parts;
  if (noun !== "artifacts") throw notFound(url.pathname);
  if (reference === undefined) {
    const found = await artifactsIn(call, place);
    const views = found.map((artifact) => artifactView(call, place, artifact, url.searchParams));
    return sendPage(response, url, await Promise.all(views));
  }
  const artifact = await artifactOf(call, place, reference);
  const key = keyOf(place, artifact.digest);
  const carried = harbor.state.carried[key] ?? [];
  switch (`${request.method} ${kind ?? ""}`) {
    case "GET ":
      return send(response, 200, await artifactView(call, place, artifact, url.searchParams));
    case "GET additions":
      if (last !== "vulnerabilities") throw notFound(url.pathname);
      return send(response, 200, await reportView(call, place, artifact));
    case "POST scan":
      harbor.state.scans[key] = Date.now();
      await harbor.save();
      return send(response, 202);
    case "POST labels": {
      const { id } = await readJson(request, labelReference);
      const label = harbor.state.labels.find((one) => one.id === id);
      if (label?.projectId !== harbor.project(place.project).id) throw notFound(`label ${id}`);
      if (carried.includes(id)) throw new HarborError(409, "CONFLICT", `label ${id} is already added`);
      harbor.state.carried[key] = [...carried, id];
      await harbor.save();
      return send(response, 200);
    }
    case "DELETE labels":
      if (!carried.includes(Number(last))) throw notFound(`reference with label ${last}`);
      harbor.state.carried[key] = carried.filter((id) => id !== Number(last));
      await harbor.save();
      return send(response, 200);
    default:
      throw notFound(url.pathname);
  }
}
