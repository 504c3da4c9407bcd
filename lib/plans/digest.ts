import { canonicalJson } from "#lib/canonical-json.ts";
import { sha256 } from "#lib/crypto.ts";
import type { PlanInputs, PlanManifests } from "./content.ts";

/** Name of a plan: the same inputs give the same name, on every machine and at any time. */
export const planDigest = (inputs: PlanInputs): string => `sha256:${sha256(canonicalJson(inputs))}`;

/** The part of the inputs that stands for every byte that is applied. */
export const manifestsDigest = (manifests: PlanManifests): string => sha256(canonicalJson(manifests));
