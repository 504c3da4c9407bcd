import { errors, invalidValue } from "./errors.ts";
import { objectsAt, textAt } from "./json.ts";
import type { Node } from "./node/node.ts";
import type { KubeObject } from "./objects.ts";
import type { Call } from "./request.ts";
import { flag } from "./request.ts";

/** Answers `pods/<name>/log`: the container's output, once or as it comes. */
export async function streamLog(node: Node, pod: KubeObject, call: Call): Promise<void> {
  const { query, response } = call;
  const { name } = pod.metadata;
  for (const option of ["tailLines", "sinceSeconds", "limitBytes"]) {
    const value = query.get(option);
    const least = option === "tailLines" ? 0 : 1;
    if (value === null || Number(value) >= least) continue;
    const rule = `must be greater than ${least === 0 ? "or equal to 0" : "0"}`;
    throw errors.invalid("", "PodLogOptions", name, [invalidValue(option, Number(value), rule)]);
  }
  const container = containerFor(pod, query.get("container") ?? "");
  const previous = flag(query, "previous");
  const log = node.log(pod, container, previous);
  if (!log) {
    const status = [
      ...objectsAt(pod, "status", "containerStatuses"),
      ...objectsAt(pod, "status", "initContainerStatuses"),
    ].find((entry) => entry.name === container);
    const reason = textAt(status, "state", "waiting", "reason") || "ContainerCreating";
    if (previous) {
      throw errors.badRequest(`previous terminated container "${container}" in pod "${name}" not found`);
    }
    const detail =
      reason === "ContainerCreating" || reason === "PodInitializing" ? reason : waitingText(status, reason);
    throw errors.badRequest(`container "${container}" in pod "${name}" is waiting to start: ${detail}`);
  }
  response.writeHead(200, { "cache-control": "no-cache, private", "content-type": "text/plain" });
  response.flushHeaders();
  const since = query.get("sinceSeconds");
  const sinceTime = query.get("sinceTime");
  const tail = query.get("tailLines");
  const limit = query.get("limitBytes");
  await log.stream({
    write: (text) => response.write(text),
    ended: (stop) => response.on("close", stop),
    timestamps: flag(query, "timestamps"),
    follow: flag(query, "follow"),
    since: sinceTime ? Date.parse(sinceTime) : since === null ? 0 : Date.now() - Number(since) * 1000,
    tailLines: tail === null ? undefined : Number(tail),
    limitBytes: limit === null ? undefined : Number(limit),
  });
  response.end();
}

function waitingText(status: ReturnType<typeof objectsAt>[number] | undefined, reason: string): string {
  if (reason === "ErrImagePull" || reason === "ImagePullBackOff") {
    return reason === "ErrImagePull" ? "image can't be pulled" : "trying and failing to pull image";
  }
  return textAt(status, "state", "waiting", "message") || reason;
}

/** The named container, or the only one; throws the 400 of an unknown or ambiguous one. */
function containerFor(pod: KubeObject, asked: string): string {
  const { name } = pod.metadata;
  const containers = objectsAt(pod, "spec", "containers").map((entry) => textAt(entry, "name"));
  const init = objectsAt(pod, "spec", "initContainers").map((entry) => textAt(entry, "name"));
  if (asked !== "") {
    if ([...containers, ...init].includes(asked)) return asked;
    throw errors.badRequest(`container ${asked} is not valid for pod ${name}`);
  }
  const [only] = containers;
  const annotated = pod.metadata.annotations?.["kubectl.kubernetes.io/default-container"];
  if (annotated && containers.includes(annotated)) return annotated;
  if (only !== undefined && containers.length === 1) return only;
  throw errors.badRequest(
    `a container name must be specified for pod ${name}, choose one of: [${containers.join(" ")}]`,
  );
}
