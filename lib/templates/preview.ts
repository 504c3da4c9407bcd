import type { z } from "zod";
import type { Actor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { promotedImage, registryHost } from "#lib/image-copies/reference.ts";
import { configChecksum } from "#lib/plans/build.ts";
import { configFacts, configSelect, DEFAULT_CONFIG } from "#lib/plans/facts.ts";
import { pinnedImage } from "#lib/plans/image-name.ts";
import { readProject } from "#lib/projects/queries.ts";
import { type RenderContext, renderContext, secretNameOf } from "./context.ts";
import { parseOutput } from "./output.ts";
import { checkPolicy } from "./policy.ts";
import { type Rendered, renderAll } from "./render.ts";
import type { PreviewDto, previewSchema } from "./schema.ts";

const NO_DIGEST = `sha256:${"0".repeat(64)}`;

/** A context of the right shape for texts that are not rendered for anybody yet. */
export const sampleContext = (): RenderContext =>
  renderContext({
    project: "project",
    component: { key: "component", name: "Component", kind: "service", port: 8080 },
    environment: "ENVIRONMENT",
    release: "RELEASE",
    image: `registry.example.com/project/component@${NO_DIGEST}`,
    config: DEFAULT_CONFIG,
    configChecksum: "0",
    target: { cluster: "cluster", namespace: "namespace" },
  });

/**
 * Renders a text as a component's plans would, for each environment of its project, and checks what comes out. The
 * image is the component's latest one, or a made-up digest while it has none.
 * @throws AppError NOT_FOUND
 */
export async function previewTemplate(
  input: { actor: Actor } & z.output<typeof previewSchema>,
): Promise<PreviewDto> {
  const { actor, body } = input;
  const project = await readProject(actor, input.project);
  const component = await db.component.findUnique({
    where: { projectId_key: { projectId: project.id, key: input.component } },
    select: { id: true, key: true, name: true, kind: true, port: true, registry: { select: { url: true } } },
  });
  if (!component) throw new AppError("NOT_FOUND", `no component ${input.component}`);
  const artifact = await db.artifact.findFirst({
    where: { item: { componentId: component.id } },
    orderBy: { id: "desc" },
    select: { image: true, digest: true, item: { select: { release: { select: { number: true } } } } },
  });
  const image = artifact
    ? artifact
    : { image: `${new URL(component.registry.url).host}/${project.key}/${component.key}`, digest: NO_DIGEST };
  const places = await placesOf(project.id, component.id, input.environment);
  const { key, name, kind, port } = component;
  const jobs = places.map(({ environment, registry, config, target }) => ({
    source: body,
    context: renderContext({
      project: project.key,
      component: { key, name, kind, port },
      environment,
      release: artifact?.item.release.number ?? "PREVIEW",
      image: pinnedImage(promotedImage(image.image, registry), image.digest),
      config,
      configChecksum: configChecksum(config),
      target,
    }),
  }));
  const rendered = await renderAll(jobs);
  return {
    items: places.flatMap(({ environment, target }, index) => {
      const result = rendered[index];
      return result ? [{ environment, ...target, ...judge(result, target.namespace, key) }] : [];
    }),
  };
}

function judge(result: Rendered, namespace: string, component: string) {
  if (!result.ok) {
    const { message, line } = result;
    return { ok: false, text: null, objects: [], problems: [{ code: "RENDER_FAILED", message, line }] };
  }
  const { manifests, problems } = parseOutput(result.text);
  const found = [...problems, ...checkPolicy(manifests, { namespace, reserved: [secretNameOf(component)] })];
  const objects = manifests.map(({ apiVersion, kind, metadata }) => ({
    apiVersion,
    kind,
    name: metadata.name,
  }));
  return { ok: found.length === 0, text: result.text, objects, problems: found };
}

/** The first target of each environment; one without a target is shown with a place that does not exist yet. */
async function placesOf(projectId: string, componentId: string, only: string | undefined) {
  const rows = await db.projectEnvironment.findMany({
    where: { projectId, ...(only ? { environment: { key: only } } : {}) },
    orderBy: { environment: { rank: "asc" } },
    select: {
      environment: {
        select: {
          key: true,
          registry: { select: { url: true } },
          targets: {
            where: { projectId },
            orderBy: [{ wave: "asc" }, { id: "asc" }],
            take: 1,
            select: { namespace: true, cluster: { select: { key: true } } },
          },
          configs: {
            where: { componentId },
            select: configSelect,
          },
        },
      },
    },
  });
  return rows.map(({ environment }) => ({
    environment: environment.key,
    registry: environment.registry && { host: registryHost(environment.registry.url) },
    config: configFacts(environment.configs[0]),
    target: {
      cluster: environment.targets[0]?.cluster.key ?? "-",
      namespace: environment.targets[0]?.namespace ?? "-",
    },
  }));
}
