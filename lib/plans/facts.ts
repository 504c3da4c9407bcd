import { z } from "zod";
import type { Tx } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { type OwnRegistry, promotedImage, registryHost } from "#lib/image-copies/reference.ts";
import type { PlanWaiver } from "#lib/image-policies/blockers.ts";
import { rulesOf } from "#lib/image-policies/queries.ts";
import type { PolicyRules } from "#lib/image-policies/schema.ts";
import { type Running, runningBefore } from "#lib/strategies/running.ts";
import {
  ROLLING,
  type SmokeCheck,
  type Strategy,
  smokeChecksSchema,
  strategySchema,
} from "#lib/strategies/schema.ts";
import { pickTemplate, type TemplateChoice } from "#lib/templates/resolve.ts";
import type { objectRefSchema } from "./content.ts";

export type ConfigFacts = {
  version: number;
  replicas: number;
  cpuRequest: string;
  cpuLimit: string;
  memoryRequest: string;
  memoryLimit: string;
  variables: Record<string, string>;
  /** Version by name. */
  secrets: Record<string, number>;
  strategy: Strategy;
  smokeChecks: SmokeCheck[];
};
/** A component that nobody has configured in an environment; the same numbers as the columns' defaults. */
export const DEFAULT_CONFIG: ConfigFacts = {
  version: 0,
  replicas: 1,
  cpuRequest: "50m",
  cpuLimit: "500m",
  memoryRequest: "64Mi",
  memoryLimit: "256Mi",
  variables: {},
  secrets: {},
  strategy: ROLLING,
  smokeChecks: [],
};
export type TemplateFacts = { id: string; name: string; version: number; body: string };
export type ComponentFacts = {
  id: string;
  key: string;
  name: string;
  kind: string;
  port: number;
  registryId: string;
  image: { image: string; digest: string } | null;
  config: ConfigFacts;
  template: TemplateFacts | null;
};
export type TargetFacts = {
  id: string;
  clusterId: string;
  cluster: string;
  namespace: string;
  wave: number;
  createNamespace: boolean;
  inventory: { component: string; ref: z.infer<typeof objectRefSchema> }[];
};
export type EnvironmentFacts = {
  id: string;
  key: string;
  name: string;
  kind: "open" | "controlled";
  rank: number;
  developersMayDeploy: boolean;
  approvalsRequired: number;
  fourEyes: boolean;
  approvalMinutes: number;
  imagePolicy: PolicyRules;
  /** Where its images are copied before they are deployed; null: they stay where they were pushed. */
  registry: OwnRegistry | null;
};
export type PlanFacts = {
  project: { id: string; key: string };
  release: { id: string; number: string; state: string; createdById: string };
  environment: EnvironmentFacts;
  components: ComponentFacts[];
  targets: TargetFacts[];
  /** What ran before; empty where no strategy asks. */
  running: Running[];
  /** Those that let an image through which the environment's policy would refuse; left out where none is needed. */
  waivers?: readonly PlanWaiver[];
};

const kindSchema = z.enum(["open", "controlled"]);
const variablesSchema = z.record(z.string(), z.string());

/** An environment with the project's own switch. @throws AppError NOT_FOUND when it is not on the project's path */
export async function environmentFacts(
  tx: Tx,
  projectId: string,
  where: { id: string } | { key: string },
): Promise<EnvironmentFacts> {
  const row = await tx.projectEnvironment.findFirst({
    where: { projectId, environment: where },
    select: {
      developersMayDeploy: true,
      environment: {
        select: {
          id: true,
          key: true,
          name: true,
          kind: true,
          rank: true,
          approvalsRequired: true,
          fourEyes: true,
          approvalMinutes: true,
          imagePolicy: true,
          registry: { select: { id: true, key: true, url: true } },
        },
      },
    },
  });
  if (!row) throw new AppError("NOT_FOUND", "no such environment on the project's path");
  const { developersMayDeploy } = row;
  const { registry, ...environment } = row.environment;
  return {
    ...environment,
    kind: kindSchema.parse(environment.kind),
    developersMayDeploy,
    imagePolicy: rulesOf(environment.imagePolicy),
    registry: registry && { id: registry.id, key: registry.key, host: registryHost(registry.url) },
  };
}

/** Where the environment of a project lives, in order of waves, with what the portal applied there. */
export async function targetFacts(tx: Tx, projectId: string, environmentId: string): Promise<TargetFacts[]> {
  const rows = await tx.target.findMany({
    where: { projectId, environmentId },
    orderBy: [{ wave: "asc" }, { cluster: { key: "asc" } }, { namespace: "asc" }],
    select: {
      id: true,
      clusterId: true,
      namespace: true,
      wave: true,
      createNamespace: true,
      cluster: { select: { key: true } },
      inventory: {
        select: { apiVersion: true, kind: true, name: true, component: { select: { key: true } } },
        orderBy: [{ kind: "asc" }, { name: "asc" }],
      },
    },
  });
  return rows.map(({ cluster, inventory, ...target }) => ({
    ...target,
    cluster: cluster.key,
    inventory: inventory.map(({ component, ...ref }) => ({
      component: component.key,
      ref: { ...ref, namespace: target.namespace },
    })),
  }));
}

/**
 * Everything a plan of a release in an environment is computed from, as the database has it now.
 * @param options.exceptPlan a plan that is told from what it did itself
 * @param options.environment the environment's facts, if somebody reads them already
 */
export async function planFacts(
  tx: Tx,
  releaseId: string,
  environmentId: string,
  options: { exceptPlan?: string; environment?: Promise<EnvironmentFacts> } = {},
): Promise<PlanFacts> {
  const release = await tx.release.findUniqueOrThrow({
    where: { id: releaseId },
    select: {
      id: true,
      number: true,
      state: true,
      createdById: true,
      project: { select: { id: true, key: true } },
      items: {
        orderBy: { component: { key: "asc" } },
        select: {
          artifact: { select: { image: true, digest: true } },
          component: {
            select: {
              id: true,
              key: true,
              name: true,
              kind: true,
              port: true,
              registryId: true,
              configs: {
                where: { environmentId },
                select: { ...configSelect, templateId: true },
              },
            },
          },
        },
      },
    },
  });
  const { project, items, ...rest } = release;
  const chosen = items.flatMap(({ component }) => component.configs[0]?.templateId ?? []);
  const [templates, targets, environment] = await Promise.all([
    templatesFor(tx, { projectId: project.id, environmentId, chosen }),
    targetFacts(tx, project.id, environmentId),
    options.environment ?? environmentFacts(tx, project.id, { id: environmentId }),
  ]);
  const strategies = items.map(({ component: { key, configs } }) => {
    const { strategy } = configFacts(configs[0]);
    return { key, strategy };
  });
  return {
    project,
    release: rest,
    environment,
    components: items.map(({ artifact, component: { configs, ...component } }) => {
      const config = configs[0];
      const facts = {
        configTemplateId: config?.templateId ?? null,
        environmentId,
        projectId: project.id,
        componentId: component.id,
      };
      return {
        ...component,
        image: artifact && { ...artifact, image: promotedImage(artifact.image, environment.registry) },
        config: configFacts(config),
        template: pickTemplate(templates, facts),
      };
    }),
    targets,
    running: await runningBefore(tx, { targets, components: strategies, exceptPlan: options.exceptPlan }),
  };
}

type ConfigRow = Omit<ConfigFacts, "variables" | "secrets" | "strategy" | "smokeChecks"> & {
  variables: unknown;
  strategy: unknown;
  smokeChecks: unknown;
  secrets: { name: string; version: number }[];
};
/** Columns that `configFacts` reads. */
export const configSelect = {
  version: true,
  replicas: true,
  cpuRequest: true,
  cpuLimit: true,
  memoryRequest: true,
  memoryLimit: true,
  variables: true,
  strategy: true,
  smokeChecks: true,
  secrets: { select: { name: true, version: true } },
} as const;
export function configFacts(row: ConfigRow | undefined | null): ConfigFacts {
  if (!row) return DEFAULT_CONFIG;
  const { version, replicas, cpuRequest, cpuLimit, memoryRequest, memoryLimit } = row;
  const variables = variablesSchema.parse(row.variables);
  const secrets = Object.fromEntries(row.secrets.map((secret) => [secret.name, secret.version]));
  const strategy = strategySchema.parse(row.strategy);
  const smokeChecks = smokeChecksSchema.parse(row.smokeChecks);
  return {
    version,
    replicas,
    cpuRequest,
    cpuLimit,
    memoryRequest,
    memoryLimit,
    variables,
    secrets,
    strategy,
    smokeChecks,
  };
}

/** Current versions of the templates that a project can use in an environment, and of those named by configs. */
export async function templatesFor(
  tx: Tx,
  facts: { projectId: string; environmentId: string; chosen: string[] },
) {
  return tx.$queryRaw<(TemplateFacts & TemplateChoice)[]>`
    SELECT template.id, template.name, template."environmentId", template."projectId", template."componentId",
      current.version, current.body
    FROM "Template" template
    JOIN "TemplateVersion" current ON current."templateId" = template.id AND current.version = template."currentVersion"
    WHERE template.id = ANY (${facts.chosen}::uuid[]) OR template."environmentId" = ${facts.environmentId}::uuid
      AND (template."projectId" IS NULL OR template."projectId" = ${facts.projectId}::uuid)`;
}
