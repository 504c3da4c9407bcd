import type { PackedFile } from "./layer.ts";

/** Who built an image from what. */
export interface BuildOrigin {
  /** Without a user or password. */
  gitUrl: string;
  gitRef: string;
  commit: string;
  release: string;
  attemptId: string;
  parameters: Record<string, string>;
  buildUrl: string;
  /** Address of the build server. */
  builder: string;
  startedAt: Date;
}

/** What is told beside an image about it. */
export interface ImageAbout {
  /** Full reference with its tag. */
  image: string;
  /** The commit's time: the same sources are told of in the same words. */
  created: Date;
  /** Files that were copied over the base. */
  files: PackedFile[];
  base: { name: string; digest: string } | null;
  origin: BuildOrigin;
}

export const SPDX_PREDICATE = "https://spdx.dev/Document";
export const SLSA_PREDICATE = "https://slsa.dev/provenance/v1";

/** Repository of a reference: what is before the tag. */
export const repositoryOf = (image: string) => image.slice(0, image.lastIndexOf(":"));
