import { join } from "node:path";
import { z } from "zod";
import { readText, writeAtomically } from "../files.ts";

const selector = z.looseObject({ decoration: z.string(), pattern: z.string() });
const ruleShape = z.looseObject({
  template: z.string(),
  tag_selectors: z.array(selector).optional(),
  scope_selectors: z.record(z.string(), z.array(selector)).optional(),
});

export const projectRequest = z.object({
  project_name: z.string().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  storage_limit: z.number().optional(),
});
export const retentionRequest = z.object({
  algorithm: z.literal("or"),
  rules: z.array(ruleShape),
  scope: z.object({ level: z.literal("project"), ref: z.number() }),
  trigger: z.looseObject({ kind: z.string() }).optional(),
});
export const immutableRequest = ruleShape;

const projectShape = z.object({
  id: z.number(),
  metadata: z.record(z.string(), z.string()),
  storageLimit: z.number(),
  immutable: z.array(ruleShape),
});
export type Project = z.infer<typeof projectShape>;

const stateShape = z.object({
  last: z.number().default(0),
  projects: z.record(z.string(), projectShape).default({}),
  labels: z.array(z.object({ id: z.number(), name: z.string(), projectId: z.number() })).default([]),
  /** Ids of labels by `repository@digest`. */
  carried: z.record(z.string(), z.array(z.number())).default({}),
  retentions: z.record(z.string(), retentionRequest).default({}),
  /** When a scan was asked for, by `repository@digest`. */
  scans: z.record(z.string(), z.number()).default({}),
});

/** What Harbor knows beside the registry's own content, kept in one file. */
export async function openState(dataDir: string) {
  const file = join(dataDir, "harbor.json");
  const state = stateShape.parse(JSON.parse((await readText(file)) ?? "{}"));
  let saving: Promise<void> = Promise.resolve();

  const save = (): Promise<void> => {
    saving = saving.then(() => writeAtomically(file, JSON.stringify(state)));
    return saving;
  };
  const nextId = () => {
    state.last += 1;
    return state.last;
  };
  return {
    state,
    save,
    nextId,
    /** A project comes into being with its first repository, or by being asked for. */
    project(name: string): Project {
      const known = state.projects[name];
      if (known) return known;
      const made = {
        id: nextId(),
        metadata: { public: "true", auto_scan: "true" },
        storageLimit: -1,
        immutable: [],
      };
      state.projects[name] = made;
      return made;
    },
    projectOfId: (id: number) => Object.entries(state.projects).find(([, project]) => project.id === id),
  };
}
export type HarborState = Awaited<ReturnType<typeof openState>>;
