import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Json } from "./json.ts";
import { isObject, setAt, textAt, toJson } from "./json.ts";
import type { Exchange } from "./recorded.ts";
import { comparable, expected, recorded } from "./recorded.ts";
import type { RunningKubernetes } from "./server.ts";
import { startKubernetes } from "./server.ts";

const TOKENS: Record<string, string> = {
  "Bearer <admin token>": "Bearer admin-token",
  "Bearer <restricted token>": "Bearer restricted-token",
  "Bearer <invalid token>": "Bearer nonsense",
};

let cluster: RunningKubernetes;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "kubernetes-contract-"));
  cluster = await startKubernetes({
    port: 0,
    dataDir: directory,
    name: "contract",
    adminToken: "admin-token",
    restrictedToken: "restricted-token",
  });
});

afterAll(async () => {
  await cluster.close();
  rmSync(directory, { recursive: true, force: true });
});

interface Answer {
  status: number;
  body: Json;
  headers: Headers;
}

async function send(request: Exchange["request"]): Promise<Answer> {
  const headers = { ...request.headers };
  if (headers.authorization) headers.authorization = TOKENS[headers.authorization] ?? headers.authorization;
  headers["user-agent"] = "";
  const { body } = request;
  const response = await fetch(`http://127.0.0.1:${cluster.port}${request.path}`, {
    method: request.method,
    headers,
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: text === "" ? null : toJson(JSON.parse(text)),
    headers: response.headers,
  };
}

function call(method: string, path: string, body?: Json, type = "application/json"): Promise<Answer> {
  const headers = { authorization: "Bearer admin-token", "content-type": type };
  return send({ method, path, headers, body });
}

/** Plays a recording and expects the answer of the real server. */
async function play(number: string): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const exchange of recorded(number)) {
    const answer = await send(exchange.request);
    const label = `${number} ${exchange.label ?? ""}`;
    expect({ label, status: answer.status, body: comparable(answer.body) }).toEqual({
      label,
      ...expected(exchange),
    });
    answers.push(answer);
  }
  return answers;
}

const API = "/apis/apps/v1/namespaces/refract-demo/deployments/api";

// The recordings build on each other as they were made: one test for each chapter, in their order.
describe("a recorded real server answers the same", () => {
  test("who may talk, and what is served at all", async () => {
    for (const number of ["009", "010", "011"]) await play(number);
  });

  test("namespaces", async () => {
    for (const number of ["012", "013", "014", "015"]) await play(number);
  });

  test("apply creates: dry run leaves nothing, then ConfigMap, Service, Deployment", async () => {
    for (const number of ["016", "017", "018", "019", "020"]) await play(number);
  });

  test("apply unchanged leaves the object alone; a changed image makes a generation", async () => {
    const [created] = recorded("020");
    if (!created) throw new Error("020 has no exchange");
    // The controllers' own writes come first: the apply itself must add none.
    await expect
      .poll(async () =>
        textAt((await call("GET", API)).body, "metadata", "annotations", "deployment.kubernetes.io/revision"),
      )
      .toBe("1");
    const before = await settled();
    const again = await send(created.request);
    expect(again.status).toBe(200);
    expect(again.body).toEqual(before);
    const [dry] = await play("022");
    expect(textAt(dry?.body, "metadata", "resourceVersion")).toBe(
      textAt(before, "metadata", "resourceVersion"),
    );
    await play("023");
  });

  test("field ownership: another manager, conflict, force, sharing, dropping", async () => {
    for (const number of ["025", "026", "027", "028", "029", "030"]) await play(number);
    await play("031");
  });

  test("what is wrong with an object", async () => {
    for (const number of ["032", "033", "034", "036", "037", "038", "051"]) await play(number);
    const [warned] = recorded("038");
    if (!warned) throw new Error("038 has no exchange");
    expect((await send(warned.request)).headers.get("warning")).toBe(warned.response.headers.warning);
  });

  test("what is wrong with a request", async () => {
    for (let number = 39; number <= 50; number += 1) await play(`0${number}`);
    for (const number of ["052", "053", "054", "055", "092", "093", "094", "140"]) await play(number);
  });

  test("rights come from roles", async () => {
    const rbac = "rbac.authorization.k8s.io";
    const base = `/apis/${rbac}/v1/namespaces/refract-demo`;
    const metadata = { name: "deployer", namespace: "refract-demo" };
    const read = ["get", "list", "watch"];
    await call("POST", `${base}/roles`, {
      apiVersion: `${rbac}/v1`,
      kind: "Role",
      metadata,
      rules: [
        { verbs: [...read, "patch"], apiGroups: ["apps"], resources: ["deployments", "replicasets"] },
        { verbs: read, apiGroups: [""], resources: ["pods", "events"] },
      ],
    });
    const bound = await call("POST", `${base}/rolebindings`, {
      apiVersion: `${rbac}/v1`,
      kind: "RoleBinding",
      metadata,
      subjects: [{ kind: "Group", name: "deployers", apiGroup: rbac }],
      roleRef: { kind: "Role", name: "deployer", apiGroup: rbac },
    });
    expect(bound.status).toBe(201);
    for (const number of ["056", "057", "058", "059", "060", "061", "062", "063", "064", "065", "067"])
      await play(number);
    const [asked] = recorded("066");
    if (!asked) throw new Error("066 has no exchange");
    const { body } = await send(asked.request);
    const rules = (value: Json) =>
      isObject(value) && isObject(value.status) ? value.status.resourceRules : null;
    expect(rules(body)).toEqual(rules(toJson(asked.response.body)));
  });

  test("the scale subresource, and restarts beside an apply", async () => {
    for (const number of ["068", "069", "070", "071"]) await play(number);
    await play("072");
  });
});

/** The Deployment once the controllers have said all they have to say. */
async function settled(): Promise<Json> {
  let last: Json = null;
  for (;;) {
    const { body } = await call("GET", API);
    if (textAt(body, "metadata", "resourceVersion") === textAt(last, "metadata", "resourceVersion"))
      return body;
    last = body;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

describe("lists and watches", () => {
  const maps = "/api/v1/namespaces/refract-lists/configmaps";

  test("pages are of one moment, and say how much is left", async () => {
    await call("POST", "/api/v1/namespaces", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "refract-lists" },
    });
    await expect.poll(async () => (await call("GET", `${maps}/kube-root-ca.crt`)).status).toBe(200);
    for (let index = 0; index < 5; index += 1) await put(`page-${index}`, { i: String(index) });
    const first = await call("GET", `${maps}?limit=3`);
    const token = textAt(first.body, "metadata", "continue");
    await put("page-9", { late: "yes" });
    const second = await call("GET", `${maps}?limit=10&continue=${token}`);
    const names = [first, second].flatMap(({ body }) =>
      isObject(body) && Array.isArray(body.items)
        ? body.items.map((item) => textAt(item, "metadata", "name"))
        : [],
    );
    expect(names).toEqual(["kube-root-ca.crt", "page-0", "page-1", "page-2", "page-3", "page-4"]);
    expect(textAt(second.body, "metadata", "resourceVersion")).toBe(
      textAt(first.body, "metadata", "resourceVersion"),
    );
    const garbage = await call("GET", `${maps}?limit=3&continue=abc`);
    expect(textAt(garbage.body, "message")).toBe(
      "invalid continue token: continue key is not valid: invalid character 'i' looking for beginning of value",
    );
  });

  test("a watch tells additions, changes, what leaves its selector, and bookmarks", async () => {
    const start = textAt((await call("GET", maps)).body, "metadata", "resourceVersion");
    const events = watchFor(
      `${maps}?watch=1&resourceVersion=${start}&labelSelector=shown%3Dyes&allowWatchBookmarks=true&timeoutSeconds=3`,
    );
    await put("seen", { v: "1" }, { shown: "yes" });
    await put("seen", { v: "2" }, { shown: "yes" });
    await put("other", { v: "1" });
    await put("seen", { v: "2" }, { shown: "no" });
    const told = (await events).map((event) => [
      textAt(event, "type"),
      textAt(event, "object", "metadata", "name"),
    ]);
    expect(told).toEqual([
      ["ADDED", "seen"],
      ["MODIFIED", "seen"],
      ["DELETED", "seen"],
      ["BOOKMARK", ""],
    ]);
  });

  test("a watch from too far back is an ERROR event 410 inside a 200", async () => {
    const [event] = await watchFor(`${maps}?watch=1&resourceVersion=1&timeoutSeconds=3`);
    expect(textAt(event, "type")).toBe("ERROR");
    expect(comparable(isObject(event) ? event.object : null)).toMatchObject({ reason: "Expired", code: 410 });
  });

  test("sendInitialEvents ends the synthetic additions with a marked bookmark", async () => {
    const query =
      "watch=1&timeoutSeconds=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
    const events = await watchFor(`${maps}?${query}`);
    const last = events.at(-1);
    expect(textAt(last, "object", "metadata", "annotations", "k8s.io/initial-events-end")).toBe("true");
    expect(events.slice(0, -1).every((event) => textAt(event, "type") === "ADDED")).toBe(true);
  });

  function put(
    name: string,
    data: Record<string, string>,
    labels: Record<string, string> = {},
  ): Promise<Answer> {
    const object: Json = { apiVersion: "v1", kind: "ConfigMap", metadata: { name, labels }, data };
    if (Object.keys(labels).length === 0) setAt(object, ["metadata", "labels"], undefined);
    return call(
      "PATCH",
      `${maps}/${name}?fieldManager=test&force=true`,
      object,
      "application/apply-patch+yaml",
    );
  }

  async function watchFor(path: string): Promise<Json[]> {
    const headers = { authorization: "Bearer admin-token" };
    const response = await fetch(`http://127.0.0.1:${cluster.port}${path}`, { headers });
    const text = await response.text();
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => toJson(JSON.parse(line)));
  }
});
