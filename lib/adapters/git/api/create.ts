import type { GitApi } from "./git-api.ts";
import { createGitea } from "./gitea.ts";
import { createGitHub } from "./github.ts";
import { createGitLab } from "./gitlab.ts";

const VENDORS = { gitlab: createGitLab, gitea: createGitea, github: createGitHub } as const;

export type GitApiKind = keyof typeof VENDORS;
export const isApiKind = (kind: string): kind is GitApiKind => Object.hasOwn(VENDORS, kind);

/**
 * The API of a Git host.
 * @param apiUrl its base address, without a slash at the end
 * @param token null: what anybody may see
 */
export const createGitApi = (kind: GitApiKind, apiUrl: string, token: string | null): GitApi =>
  VENDORS[kind](apiUrl, token);

/** Path below which the host of an API has its repositories: what stands before `/api/…`, usually nothing. */
export const basePathOf = (apiUrl: string): string =>
  new URL(apiUrl).pathname.replace(/\/?(?:api\/v\d+)?\/?$/, "").replace(/^\//, "");
