import type { LookupFunction } from "node:net";
import { z } from "zod";
import { AdapterError } from "#lib/errors.ts";
import type { ApplyOutcome, CallOptions, Cluster, Manifest, ObjectRef } from "../ports.ts";
import { fieldConflicts, parseStatus, statusError } from "./failure.ts";
import { createKinds, groupPath, type KindRef, type Resource } from "./kinds.ts";
import { createLogs } from "./logs.ts";
import { parseJson, parseList, parseManifest } from "./objects.ts";
import { createReviews } from "./reviews.ts";
import { createTransport, type KubeAnswer, type KubeRequest, readBody } from "./transport.ts";
import { readWatch } from "./watch.ts";

export type ClusterSettings = {
  /** YAML or JSON; users with `exec` or `auth-provider` are refused. */
  kubeconfig: string;
  /** The current context if left out. */
  contextName?: string;
  /** Milliseconds for one request; a followed log or a watch may last longer. */
  timeoutMs?: number;
  fieldManager?: string;
  /** Resolves the server's name in place of DNS alone: it may refuse addresses. Not asked about literal ones. */
  lookup?: LookupFunction;
  /** Objects in one page of a list. */
  pageSize?: number;
  /** After this the server ends a watch. */
  watchSeconds?: number;
};

const PAGE_SIZE = 500;
const WATCH_SECONDS = 240;
const PROPAGATION = { background: "Background", foreground: "Foreground", orphan: "Orphan" } as const;

const versionSchema = z.object({ gitVersion: z.string() });

/**
 * One cluster through its API server.
 * @throws {AdapterError} `invalid` for a kubeconfig that cannot be used (see `parseKubeconfig`)
 */
export function createCluster(settings: ClusterSettings): Cluster {
  const timeoutMs = settings.timeoutMs ?? 30_000;
  const fieldManager = settings.fieldManager ?? "refract";
  const { pageSize = PAGE_SIZE, watchSeconds = WATCH_SECONDS } = settings;
  const transport = createTransport({ ...settings, timeoutMs });
  const kinds = createKinds(transport);

  /** Sends and lets only a success through. */
  const ask = async (request: KubeRequest, resource?: Resource): Promise<KubeAnswer> => {
    const answer = await transport.send(request);
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw statusError(request.what, answer.status, answer.body, resource?.plural);
  };

  /** Path of a kind's collection; of all namespaces where none is given. */
  const collectionPath = (kind: KindRef, resource: Resource, namespace: string | undefined): string => {
    const within = resource.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : "";
    return `${groupPath(kind.apiVersion)}${within}/${resource.plural}`;
  };

  const locate = async (verb: string, ref: ObjectRef, options: CallOptions) => {
    const resource = await kinds.resourceOf(ref, options);
    if (resource.namespaced && !ref.namespace) {
      throw new AdapterError("invalid", `${verb} ${ref.kind} ${ref.name}: the namespace is missing`);
    }
    const where = resource.namespaced ? `${ref.namespace}/${ref.name}` : ref.name;
    const path = `${collectionPath(ref, resource, ref.namespace)}/${encodeURIComponent(ref.name)}`;
    return { what: `${verb} ${ref.kind} ${where}`, path, resource, signal: options.signal };
  };

  const listOnce = async (
    what: string,
    path: string,
    kind: KindRef,
    options: CallOptions & { labelSelector?: string; fieldSelector?: string },
  ): Promise<{ items: Manifest[]; resourceVersion: string }> => {
    const { labelSelector, fieldSelector, signal } = options;
    const items: Manifest[] = [];
    let next: string | null = null;
    for (;;) {
      const query = { labelSelector, fieldSelector, limit: pageSize, continue: next ?? undefined };
      const answer = await ask({ what, method: "GET", path, query, signal });
      const page = parseList(what, answer.body, kind);
      items.push(...page.items);
      if (page.next === null) return { items, resourceVersion: page.resourceVersion };
      next = page.next;
    }
  };

  const patch = async (verb: string, ref: ObjectRef, body: unknown, options: CallOptions, part = "") => {
    const { path, resource, ...rest } = await locate(verb, ref, options);
    const contentType = "application/merge-patch+json";
    const query = { fieldManager };
    return ask({ ...rest, method: "PATCH", path: `${path}${part}`, query, contentType, body }, resource);
  };

  return {
    async version(options = {}) {
      const what = "version";
      const answer = await ask({ what, method: "GET", path: "/version", signal: options.signal });
      return parseJson(what, answer.body, versionSchema);
    },

    async apply(object, options = {}) {
      const { name, namespace } = object.metadata;
      const ref = { apiVersion: object.apiVersion, kind: object.kind, namespace, name };
      const { what, path, resource, signal } = await locate(
        options.dryRun ? "dry run of" : "apply",
        ref,
        options,
      );
      const send = (force: boolean | undefined) =>
        transport.send({
          what,
          method: "PATCH",
          path,
          query: {
            fieldManager,
            force: force ? true : undefined,
            dryRun: options.dryRun ? "All" : undefined,
            fieldValidation: "Strict",
          },
          // JSON is YAML.
          contentType: "application/apply-patch+yaml",
          body: object,
          signal,
          // Storing the same again would change nothing, unless somebody came between: the caller looks first.
          repeatable: options.dryRun === true,
        });
      let answer = await send(options.force);
      let conflicts = fieldConflicts(answer.status, answer.body);
      // A restart or scale of ours is kept apart from what we applied, and would be a conflict with ourselves.
      if (conflicts?.every((conflict) => conflict.manager === fieldManager)) {
        answer = await send(true);
        conflicts = fieldConflicts(answer.status, answer.body);
      }
      if (conflicts) return { ok: false, conflicts, message: parseStatus(answer.body)?.message ?? "" };
      if (answer.status !== 200 && answer.status !== 201) {
        throw statusError(what, answer.status, answer.body, resource.plural);
      }
      return applied(what, answer);
    },

    async get(ref, options = {}) {
      const { resource, ...request } = await locate("get", ref, options);
      const answer = await transport.send({ ...request, method: "GET" });
      if (answer.status === 200) return parseManifest(request.what, answer.body);
      const error = statusError(request.what, answer.status, answer.body, resource.plural);
      if (answer.status === 404 && parseStatus(answer.body)?.details?.name) return null;
      throw error;
    },

    async list(kind, options = {}) {
      const resource = await kinds.resourceOf(kind, options);
      const path = collectionPath(kind, resource, kind.namespace);
      const what = `list ${kind.kind} in ${kind.namespace ?? "all namespaces"}`;
      try {
        return await listOnce(what, path, kind, options);
      } catch (error) {
        // The pages took longer than the server remembers: from the start, once.
        if (!(error instanceof AdapterError) || error.status !== 410) throw error;
        return listOnce(what, path, kind, options);
      }
    },

    async watch(kind, { resourceVersion, labelSelector, onEvent }, options = {}) {
      const resource = await kinds.resourceOf(kind, options);
      const what = `watch ${kind.kind} in ${kind.namespace ?? "all namespaces"}`;
      // The server ends a watch after the seconds we name; if it dies without a word, our own clock does.
      const lost = AbortSignal.timeout(watchSeconds * 1000 + timeoutMs);
      const signal = options.signal ? AbortSignal.any([options.signal, lost]) : lost;
      try {
        const answer = await transport.open({
          what,
          method: "GET",
          path: collectionPath(kind, resource, kind.namespace),
          query: {
            watch: 1,
            allowWatchBookmarks: true,
            resourceVersion,
            labelSelector,
            timeoutSeconds: watchSeconds,
          },
          signal,
        });
        if (answer.statusCode === 200) return await readWatch(what, answer, onEvent, options.signal);
        const body = await readBody(what, answer, timeoutMs);
        if (answer.statusCode === 410) return { ended: "expired" };
        throw statusError(what, answer.statusCode ?? 0, body, resource.plural);
      } catch (error) {
        if (options.signal?.aborted) return { ended: "aborted" };
        throw error;
      }
    },

    async remove(ref, options = {}) {
      const { resource, ...request } = await locate("delete", ref, options);
      const { propagation = "background", uid } = options;
      const body = {
        apiVersion: "v1",
        kind: "DeleteOptions",
        propagationPolicy: PROPAGATION[propagation],
        ...(uid === undefined ? {} : { preconditions: { uid } }),
      };
      const answer = await transport.send({ ...request, method: "DELETE", body, repeatable: true });
      if (answer.status >= 200 && answer.status < 300) return true;
      // Gone at a later try: an earlier one has done it.
      if (answer.status === 404 && parseStatus(answer.body)?.details?.name) return answer.uncertain;
      throw statusError(request.what, answer.status, answer.body, resource.plural);
    },

    async createNamespace(name, labels, options = {}) {
      const what = `create namespace ${name}`;
      const body = { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
      const query = { fieldManager };
      const path = "/api/v1/namespaces";
      const answer = await transport.send({
        what,
        method: "POST",
        path,
        query,
        body,
        signal: options.signal,
        // There is one of a name: the second try meets the first one's.
        repeatable: true,
      });
      if (answer.status === 201) return "created";
      if (answer.status === 409 && parseStatus(answer.body)?.reason === "AlreadyExists") return "present";
      throw statusError(what, answer.status, answer.body, "namespaces");
    },

    async mergePatch(ref, body, options = {}) {
      const answer = await patch("patch", ref, body, options);
      return parseManifest(`patch ${ref.kind} ${ref.name}`, answer.body);
    },

    async scale(ref, replicas, options = {}) {
      await patch("scale", ref, { spec: { replicas } }, options, "/scale");
    },

    ...createLogs(transport, timeoutMs),

    async proxyGet(ref, options = {}) {
      const { namespace, service, port, path } = ref;
      // Read the path as the service would: what climbs above its root would leave the proxy.
      const target = new URL(path.replace(/^\/*/, "/"), "http://service");
      const encode = encodeURIComponent;
      const answer = await transport.send({
        what: `GET ${path} of service ${namespace}/${service}`,
        method: "GET",
        path: `/api/v1/namespaces/${encode(namespace)}/services/${encode(service)}:${encode(port)}/proxy${target.pathname}${target.search}`,
        signal: options.signal,
        // A 5xx is what the service says, or that it says nothing: the answer to the question.
        repeatable: false,
      });
      const own = answer.status >= 400 ? parseStatus(answer.body) : null;
      // 503 is about the service (no endpoints, connection refused): that is what was asked.
      if (own && answer.status !== 503) {
        throw statusError(`proxy to ${namespace}/${service}`, answer.status, answer.body, "services");
      }
      return { status: answer.status, body: answer.body };
    },

    ...createReviews(ask),
  };
}

function applied(what: string, answer: KubeAnswer): ApplyOutcome {
  return {
    ok: true,
    object: parseManifest(what, answer.body),
    warnings: parseWarnings(answer.headers.warning),
  };
}

/** Texts of `Warning: 299 - "…"` headers, which arrive joined by commas. */
export function parseWarnings(header: string | string[] | undefined): string[] {
  const text = Array.isArray(header) ? header.join(", ") : (header ?? "");
  return [...text.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, quoted = ""]) =>
    quoted.replace(/\\(.)/g, "$1"),
  );
}
