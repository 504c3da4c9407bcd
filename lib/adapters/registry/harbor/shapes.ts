import { z } from "zod";

/*
 * What Harbor's API 2.0 answers, as its own description has it (api/v2.0/swagger.yaml); keys that are left out when
 * empty are optional here.
 */

const time = z.string().transform((text) => {
  const at = Date.parse(text);
  // Harbor writes the year 1 for "never".
  return Number.isNaN(at) || at <= 0 ? null : new Date(at);
});

const reportSummary = z.object({
  scan_status: z.string().default(""),
  end_time: time.nullish(),
  summary: z.object({ summary: z.record(z.string(), z.number()).nullish() }).nullish(),
  scanner: z.object({ name: z.string().default(""), version: z.string().default("") }).nullish(),
});
export type ReportSummary = z.infer<typeof reportSummary>;

export const artifactShape = z.object({
  digest: z.string(),
  size: z.number().nullish(),
  push_time: time.nullish(),
  pull_time: time.nullish(),
  tags: z.array(z.object({ name: z.string(), immutable: z.boolean().nullish() })).nullish(),
  labels: z.array(z.object({ id: z.number(), name: z.string() })).nullish(),
  scan_overview: z.record(z.string(), reportSummary).nullish(),
});
export type HarborArtifact = z.infer<typeof artifactShape>;

/** By media type of the report. */
export const vulnerabilitiesShape = z.record(
  z.string(),
  z.object({
    vulnerabilities: z
      .array(
        z.object({
          id: z.string(),
          package: z.string().default(""),
          version: z.string().default(""),
          fix_version: z.string().nullish(),
          severity: z.string().default("Unknown"),
          links: z.array(z.string()).nullish(),
        }),
      )
      .nullish(),
  }),
);

export const projectShape = z.object({
  project_id: z.number(),
  name: z.string(),
  metadata: z.object({ auto_scan: z.string().nullish(), retention_id: z.string().nullish() }).nullish(),
});
export type HarborProject = z.infer<typeof projectShape>;

export const labelShape = z.object({ id: z.number(), name: z.string() });

export const robotShape = z.object({
  name: z.string(),
  disable: z.boolean().default(false),
  /** Seconds since 1970; -1: never. */
  expires_at: z.number().default(-1),
});

const resources = z.record(z.string(), z.number()).nullish();
export const summaryShape = z.object({
  quota: z.object({ hard: resources, used: resources }).nullish(),
});

export const healthShape = z.object({
  status: z.string(),
  components: z
    .array(z.object({ name: z.string(), status: z.string(), error: z.string().nullish() }))
    .default([]),
});

export const systemShape = z.object({
  harbor_version: z.string().nullish(),
  read_only: z.boolean().nullish(),
});

const selector = z.object({
  kind: z.string().default("doublestar"),
  decoration: z.string(),
  pattern: z.string().default("**"),
  /** JSON: `{"untagged":true}` */
  extras: z.string().nullish(),
});
export type Selector = z.infer<typeof selector>;
const rule = z.object({
  disabled: z.boolean().default(false),
  template: z.string(),
  params: z.record(z.string(), z.unknown()).nullish(),
  tag_selectors: z.array(selector).nullish(),
  scope_selectors: z.record(z.string(), z.array(selector)).nullish(),
});
export type Rule = z.infer<typeof rule>;
export const retentionShape = z.object({ rules: z.array(rule).nullish() });
export const immutableShape = z.array(rule);
