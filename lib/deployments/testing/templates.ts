type Json = Record<string, unknown>;

/** Stands for the release order's image by digest, its tag (and so its behaviour) still to be read. */
export const IMAGE = "{image}";
const IMAGE_TEXT = `{{ image|replace("@", ":" ~ release.number ~ "@") }}`;
/** Stands for the release order's number: what cannot be changed needs a new name. */
export const NUMBER = "{number}";

/** A template of these objects; JSON is YAML. */
export const templateOf = (...objects: Json[]): string =>
  objects
    .map((object) =>
      JSON.stringify(object)
        .replaceAll(`"${IMAGE}"`, IMAGE_TEXT)
        .replace(/"([^"]*)\{number\}"/g, '{{ "$1" ~ release.number }}'),
    )
    .join("\n---\n");

export type Parts = { spec?: Json; pod?: Json; container?: Json; metadata?: Json };

/** The pod template of `name`: one container with the release order's image. */
export const podTemplate = (name: string, { pod, container }: Parts = {}): Json => ({
  metadata: { labels: { app: name } },
  spec: {
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 0,
    containers: [{ name: "app", image: IMAGE, ...container }],
    ...pod,
  },
});

const workload =
  (apiVersion: string, kind: string, own: (name: string) => Json) =>
  (name: string, parts: Parts = {}): Json => ({
    apiVersion,
    kind,
    metadata: { name, ...parts.metadata },
    spec: { ...own(name), template: podTemplate(name, parts), ...parts.spec },
  });
const selected = (name: string): Json => ({ selector: { matchLabels: { app: name } } });

export const deployment = workload("apps/v1", "Deployment", selected);
export const statefulSet = workload("apps/v1", "StatefulSet", (name) => ({
  ...selected(name),
  serviceName: name,
}));
export const daemonSet = workload("apps/v1", "DaemonSet", selected);
export const job = (name: string, parts: Parts = {}): Json => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name: `${name}-${NUMBER}` },
  spec: {
    template: podTemplate(name, { ...parts, pod: { restartPolicy: "Never", ...parts.pod } }),
    ...parts.spec,
  },
});
export const configMap = (name: string, data: Json): Json => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name },
  data,
});
export const service = (name: string, extra: Json = {}): Json => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name },
  spec: {
    selector: { app: name },
    ports: [{ name: "http", port: 80, targetPort: 8080 }],
    ...extra,
  },
});
