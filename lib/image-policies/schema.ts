import { z } from "zod";
import { SEVERITIES } from "#lib/artifacts/content.ts";

/** The worst severity that may be let through; a policy without one asks for none of it. */
export const MAX_SEVERITIES = ["none", "low", "medium", "high"] as const;
export type MaxSeverity = (typeof MAX_SEVERITIES)[number];

/** What a policy can find; a waiver names one of them, or a single vulnerability. */
export const IMAGE_RULES = ["severity", "scan", "signature", "base", "registry"] as const;
export type ImageRule = (typeof IMAGE_RULES)[number];

const key = z.string().trim().min(1).max(60);
const rules = {
  maxSeverity: z.enum(MAX_SEVERITIES).nullable(),
  /** An image of a registry that does not scan is refused, too. */
  requireScan: z.boolean(),
  requireSignature: z.boolean(),
  /** Keys of base images; empty: any. */
  allowedBases: z.array(key).max(100),
  /** Keys of the registries that may be deployed from; empty: any. */
  allowedRegistries: z.array(key).max(100),
};
export const policyRulesSchema = z.object(rules);
export type PolicyRules = z.infer<typeof policyRulesSchema>;
/** An environment that nobody wrote a policy for. */
export const NO_POLICY: PolicyRules = {
  maxSeverity: null,
  requireScan: false,
  requireSignature: false,
  allowedBases: [],
  allowedRegistries: [],
};

export const imagePolicySchema = z.object({
  environment: z.string(),
  name: z.string(),
  ...rules,
  /** 0 while nobody wrote one. */
  version: z.number(),
});
export type ImagePolicyDto = z.infer<typeof imagePolicySchema>;
export const imagePolicyListSchema = z.object({
  items: z.array(imagePolicySchema),
  /** What the lists may name. */
  bases: z.array(z.object({ key: z.string(), name: z.string() })),
  registries: z.array(z.object({ key: z.string(), name: z.string() })),
});
export const imagePolicyParams = z.object({ environment: z.string() });
export const setImagePolicySchema = z.object({ ...rules, version: z.int32() });

/** A waiver that lets a finding through. */
const waivedBySchema = z.object({
  id: z.string(),
  owner: z.string(),
  reason: z.string(),
  expiresAt: z.string(),
});
/** One thing that an image is not, although the environment's policy asks for it. */
export const imageFindingSchema = z.object({
  component: z.string(),
  rule: z.enum(IMAGE_RULES),
  /** What a waiver has to name: the vulnerability, or the rule. */
  subject: z.string(),
  severity: z.enum(SEVERITIES).nullable(),
  /** Which case of the rule it is: the text's name. */
  reason: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
  waivedBy: waivedBySchema.nullable(),
});
export type ImageFinding = z.infer<typeof imageFindingSchema>;

/** `free`: the environment asks for nothing. */
export const VERDICTS = ["free", "passes", "waived", "refused"] as const;
export type Verdict = (typeof VERDICTS)[number];
export const imageVerdictsSchema = z.object({
  items: z.array(
    z.object({
      environment: z.string(),
      name: z.string(),
      images: z.array(
        z.object({
          component: z.string(),
          /** Where it would be deployed from. */
          image: z.string(),
          digest: z.string(),
          verdict: z.enum(VERDICTS),
          findings: z.array(imageFindingSchema),
        }),
      ),
    }),
  ),
  nextCursor: z.null(),
});
export type ImageVerdictsDto = z.infer<typeof imageVerdictsSchema>;
export const imageVerdictsParams = z.object({ number: z.string() });
