import { randomUUID } from "node:crypto";
import { expect, test } from "@playwright/test";
import { z } from "zod";
import { as, call, newPerson } from "./caller.ts";
import { built, leaveAll } from "./flow.ts";
import { type Operation, operations, sampleBody, urlOf, type Values } from "./operations.ts";

// Whoever may only read changes nothing, and whoever belongs nowhere reads nothing: asked of every call of the API
// document, those that are added later too.

/** One's own account, and what Git hosts prove in their own way. */
const OWN = /^\/(tokens|me|webhooks)(\/|$)/;
/** Settings of the platform. */
const PLATFORM =
  /^\/(clusters|registries|build-servers|source-hosts|signing-keys|users)(\/|$)|^\/environments(\/\{environment\}.*)?$|^\/base-images(\/\{base\})?$/;
/** They answer what would be, or have a registry asked what it has: whoever may read may ask. */
const READING = [
  "POST /releases/{number}/stages/{environment}/plan",
  "POST /plans/{digest}/evidence",
  "POST /artifacts/{id}/inspect",
  "POST /templates/preview",
];

/** Environments are named in capitals. */
const bodyOf = (operation: Operation) =>
  sampleBody(operation, operation.path === "/environments" ? { ...values, key: "SAMPLE" } : values);

let values: Values = {};
let number = "";
test.beforeAll(async () => {
  const release = await built(as("owner"), "trading", "order-gateway", "只读者");
  number = release.number;
  const [item] = release.items;
  const artifact = await call(as("auditor"), "GET", `/artifacts/${item?.artifact?.digest}?release=${number}`);
  const waiver = await call(as("owner"), "POST", "/waivers", {
    project: "trading",
    environment: "FAT",
    subject: "signature",
    reason: "只读者不能决定",
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  });
  const plan = await call(as("ops"), "POST", `/releases/${number}/stages/FAT/plan`);
  const digest = z.string().parse(plan.json.digest);
  values = {
    project: "trading",
    component: "order-gateway",
    environment: "FAT",
    number,
    release: number,
    digest,
    planDigest: digest,
    against: number,
    "builds.id": item?.build?.id,
    "artifacts.id": artifact.json.id,
    "waivers.id": waiver.json.id,
    "deployments.id": randomUUID(),
    "templates.id": randomUUID(),
    "freezes.id": randomUUID(),
    "image-copies.id": randomUUID(),
    grant: randomUUID(),
    rule: randomUUID(),
    username: "dev",
    ref: "main",
    commit: "0123456789abcdef0123456789abcdef01234567",
    gitUrl: "https://git.example.com/a.git",
    items: [{ component: "order-gateway", ref: "main" }],
    startsAt: "2098-02-01T00:00:00Z",
    expiresAt: "2098-02-01T00:00:00Z",
  };
  for (const name of ["builds.id", "artifacts.id", "waivers.id"]) expect(values[name], name).toBeTruthy();
});
test.afterAll(async () => {
  await call(as("owner"), "DELETE", `/waivers/${values["waivers.id"]}`);
  await leaveAll(number);
});

test("an auditor, who reads everything, is refused every change", async () => {
  const changes = (await operations()).filter(
    ({ method, path, name }) => method !== "GET" && !OWN.test(path) && !READING.includes(name),
  );
  expect(changes.length).toBeGreaterThan(50);
  const wrong: string[] = [];
  let refused = 0;
  for (const operation of changes) {
    const reply = await call(as("auditor"), operation.method, urlOf(operation, values), bodyOf(operation));
    if (reply.status === 403) refused += 1;
    // What is not there.
    else if (reply.status !== 404)
      wrong.push(`${operation.name} ${reply.status} ${reply.text.slice(0, 500)}`);
  }
  expect(wrong).toEqual([]);
  expect(refused).toBeGreaterThan(40);
});

test("the platform's settings are an admin's alone to change", async () => {
  const settings = (await operations()).filter(
    ({ method, path }) => method !== "GET" && PLATFORM.test(path) && !OWN.test(path),
  );
  expect(settings.length).toBeGreaterThan(15);
  const wrong: string[] = [];
  for (const who of ["dev", "tester", "ops", "owner"]) {
    for (const operation of settings) {
      const reply = await call(as(who), operation.method, urlOf(operation, values), bodyOf(operation));
      if (reply.status !== 403)
        wrong.push(`${who} ${operation.name} ${reply.status} ${reply.text.slice(0, 500)}`);
    }
  }
  expect(wrong).toEqual([]);
});

test("somebody of no project finds nothing of any", async () => {
  const stranger = await newPerson({});
  const named = (await operations()).filter(
    ({ path }) => path.includes("{") && !OWN.test(path) && !PLATFORM.test(path),
  );
  const wrong: string[] = [];
  for (const operation of named) {
    const reply = await call(stranger, operation.method, urlOf(operation, values), bodyOf(operation));
    if (![403, 404].includes(reply.status))
      wrong.push(`${operation.name} ${reply.status} ${reply.text.slice(0, 500)}`);
  }
  expect(wrong).toEqual([]);
});
