import type { z } from "zod";
import { type Actor, forbidden } from "#lib/access/actor.ts";
import { mayEditConfig } from "#lib/access/policy.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { secretContext } from "#lib/connections/connect.ts";
import { encryptSecret } from "#lib/crypto.ts";
import type { Tx } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { configFacts } from "#lib/plans/facts.ts";
import { toJson } from "#lib/plans/json.ts";
import type { SmokeCheck, Strategy } from "#lib/strategies/schema.ts";
import { transaction } from "#lib/transaction.ts";
import { resourceProblems } from "./config-quantity.ts";
import { type ConfigPlace, findConfig, getConfig, readConfigPlace } from "./config-queries.ts";
import type { ComponentConfigDto, updateConfigSchema } from "./config-schema.ts";

type Input = z.output<typeof updateConfigSchema>;

/**
 * Saves a component's configuration in an environment as a new version. Secrets are written and never read back: a
 * secret's version is the config's version at which it was set, so that it never returns to an old number.
 * @throws AppError NOT_FOUND; FORBIDDEN; INVALID_INPUT naming each wrong field; VERSION_CONFLICT
 */
export async function updateConfig(
  input: { actor: Actor } & ConfigPlace & Input,
): Promise<ComponentConfigDto> {
  const { actor, version, secrets = [], templateId } = input;
  const place = { project: input.project, component: input.component, environment: input.environment };
  const { project, component, environment } = await readConfigPlace(actor, place);
  if (!mayEditConfig(actor.rights, project.id, environment.kind)) {
    throw forbidden(environment.kind === "open" ? "config.edit.open" : "config.edit.controlled");
  }
  await transaction(async (tx) => {
    const row = await findConfig(tx, component.id, environment.id);
    const { version: current, secrets: kept, ...before } = configFacts(row);
    if (current !== version)
      throw new AppError("VERSION_CONFLICT", `the configuration is at version ${current}`);
    const numbers = pickNumbers(input, before);
    const variables = input.variables ?? before.variables;
    refuseWrong(numbers, variables, namesAfter(kept, secrets));
    if (templateId) await requireTemplate(tx, templateId, { project, component, environment });
    const next = version + 1;
    const data = {
      ...numbers,
      variables,
      ...(templateId === undefined ? {} : { templateId }),
      strategy: input.strategy ?? before.strategy,
      smokeChecks: input.smokeChecks ?? before.smokeChecks,
    };
    const configId = await write(tx, {
      row,
      componentId: component.id,
      environmentId: environment.id,
      version,
      data,
    });
    for (const { name, value } of secrets) {
      if (value === null) await tx.configSecret.deleteMany({ where: { configId, name } });
      else {
        const valueEncrypted = encryptSecret(value, secretContext.configSecret(configId, name));
        await tx.configSecret.upsert({
          where: { configId_name: { configId, name } },
          create: { configId, name, valueEncrypted, version: next },
          update: { valueEncrypted, version: next },
        });
      }
    }
    const after = await findConfig(tx, component.id, environment.id);
    const snapshot = { ...configFacts(after), templateId: after?.templateId ?? null };
    const { version: _next, ...content } = snapshot;
    await tx.componentConfigVersion.create({
      data: { configId, version: next, snapshot: toJson(content), createdById: actor.id },
    });
    await emit(tx, {
      topics: [`project:${project.key}`, `environment:${project.key}/${environment.key}`],
      type: "config.updated",
      data: { component: component.key, environment: environment.key, version: next },
    });
    await recordAudit(tx, {
      actor,
      action: "config.update",
      subject: "config",
      subjectId: `${project.key}/${component.key}/${environment.key}`,
      projectKey: project.key,
      data: {
        before: { ...before, secrets: kept, templateId: row?.templateId ?? null, version },
        after: snapshot,
      },
    });
  });
  return getConfig(actor, place);
}

const NUMBERS = ["cpuRequest", "cpuLimit", "memoryRequest", "memoryLimit"] as const;
type Numbers = Record<(typeof NUMBERS)[number], string> & { replicas: number };

function pickNumbers(input: Input, before: Numbers): Numbers {
  return {
    replicas: input.replicas ?? before.replicas,
    cpuRequest: input.cpuRequest ?? before.cpuRequest,
    cpuLimit: input.cpuLimit ?? before.cpuLimit,
    memoryRequest: input.memoryRequest ?? before.memoryRequest,
    memoryLimit: input.memoryLimit ?? before.memoryLimit,
  };
}

function namesAfter(
  kept: Record<string, number>,
  changes: readonly { name: string; value: string | null }[],
): Set<string> {
  const names = new Set(Object.keys(kept));
  for (const { name, value } of changes) {
    if (value === null) names.delete(name);
    else names.add(name);
  }
  return names;
}

function refuseWrong(numbers: Numbers, variables: Record<string, string>, secrets: Set<string>): void {
  const issues: { path: string; message: string }[] = resourceProblems(numbers).map(({ field, message }) => ({
    path: field,
    message,
  }));
  for (const name of Object.keys(variables)) {
    if (secrets.has(name))
      issues.push({ path: `variables.${name}`, message: "there is a secret of this name" });
  }
  if (issues.length > 0) {
    throw new AppError("INVALID_INPUT", issues.map(({ path, message }) => `${path}: ${message}`).join("; "), {
      facts: { issues },
    });
  }
}

/** A template may be chosen when it is global, the project's, or the component's own, and of this environment. */
async function requireTemplate(
  tx: Tx,
  id: string,
  place: { project: { id: string }; component: { id: string }; environment: { id: string } },
): Promise<void> {
  const found = await tx.template.findFirst({
    where: {
      id,
      environmentId: place.environment.id,
      AND: [
        { OR: [{ projectId: null }, { projectId: place.project.id }] },
        { OR: [{ componentId: null }, { componentId: place.component.id }] },
      ],
    },
    select: { id: true },
  });
  if (!found) throw new AppError("INVALID_INPUT", "no such template for this component and environment");
}

async function write(
  tx: Tx,
  input: {
    row: { id: string } | null;
    componentId: string;
    environmentId: string;
    version: number;
    data: Numbers & {
      variables: Record<string, string>;
      templateId?: string | null;
      strategy: Strategy;
      smokeChecks: SmokeCheck[];
    };
  },
): Promise<string> {
  const { row, componentId, environmentId, version, data } = input;
  if (!row) {
    // Two first saves at once: the unique index lets one through, the other meets no row to create.
    const { count } = await tx.componentConfig.createMany({
      data: [{ componentId, environmentId, ...data }],
      skipDuplicates: true,
    });
    const created = await findConfig(tx, componentId, environmentId);
    if (count === 0 || !created)
      throw new AppError("VERSION_CONFLICT", "the configuration was saved meanwhile");
    return created.id;
  }
  const { count } = await tx.componentConfig.updateMany({
    where: { id: row.id, version },
    data: { ...data, version: { increment: 1 } },
  });
  if (count === 0) throw new AppError("VERSION_CONFLICT", "the configuration was saved meanwhile");
  return row.id;
}
