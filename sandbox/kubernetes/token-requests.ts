import { randomUUID } from "node:crypto";
import { objectAt } from "./json.ts";
import type { KubeObject } from "./objects.ts";
import { now, stamp } from "./objects.ts";
import { parseJson } from "./patches.ts";
import type { Call } from "./request.ts";
import { readBody, send } from "./request.ts";
import type { User } from "./users.ts";

/** Answers `serviceaccounts/<name>/token` with a token for the account; it lasts as long as this server runs. */
export async function requestToken(users: Map<string, User>, account: KubeObject, call: Call): Promise<void> {
  const text = await readBody(call.request);
  const spec = objectAt(text === "" ? {} : parseJson(text), "spec");
  const seconds = typeof spec.expirationSeconds === "number" ? spec.expirationSeconds : 3600;
  const { name, namespace = "", uid } = account.metadata;
  const token = `sandbox.${randomUUID()}`;
  users.set(token, {
    name: `system:serviceaccount:${namespace}:${name}`,
    ...(uid ? { uid } : {}),
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
  });
  send(call, 201, {
    kind: "TokenRequest",
    apiVersion: "authentication.k8s.io/v1",
    metadata: { name, namespace, creationTimestamp: now() },
    spec: {
      audiences: ["https://kubernetes.default.svc"],
      expirationSeconds: seconds,
      boundObjectRef: null,
    },
    status: { token, expirationTimestamp: stamp(Date.now() + seconds * 1000) },
  });
}
