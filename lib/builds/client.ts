import { queryOptions } from "@tanstack/react-query";
import { call, urlOf } from "#lib/http/client.ts";
import {
  abortBuildApi,
  acceptBuildApi,
  buildLogApi,
  getBuildApi,
  listOpenBuildsApi,
  rebuildApi,
} from "./api.ts";

export const buildQuery = (id: string) =>
  queryOptions({
    queryKey: ["build", id],
    queryFn: ({ signal }) => call(getBuildApi, { params: { id }, signal }),
  });

export const openBuildsQuery = () =>
  queryOptions({
    queryKey: ["builds", "open"],
    queryFn: ({ signal }) => call(listOpenBuildsApi, { signal }),
  });

export const abortBuild = (id: string) => call(abortBuildApi, { params: { id } });
/** Answers the new build. */
export const rebuild = (id: string) => call(rebuildApi, { params: { id } });
export const acceptBuild = (id: string) => call(acceptBuildApi, { params: { id }, body: {} });

/** Address of the whole log as a file. */
export const logFileUrl = (id: string): string => urlOf(buildLogApi, { params: { id } });

/** Address of the whole log as plain text in the browser. */
export const logTextUrl = (id: string): string =>
  urlOf(buildLogApi, { params: { id }, query: { show: "inline" } });

/** `generation` is another than before when stored text was replaced: what was read before is void. */
export type LogPart = { bytes: Uint8Array; next: number; complete: boolean; generation: number };

/**
 * One piece of the log, at most 4 MiB. Bytes, because a piece may end inside a character.
 * @param offset bytes read so far; the answer names the next one
 * @throws Error when the portal does not answer with the log
 */
export async function readLogPart(id: string, offset: number, signal: AbortSignal): Promise<LogPart> {
  const url = urlOf(buildLogApi, { params: { id }, query: { offset } });
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`log: HTTP ${response.status}`);
  const { headers } = response;
  return {
    bytes: new Uint8Array(await response.arrayBuffer()),
    next: Number(headers.get("x-log-offset") ?? offset),
    complete: headers.get("x-log-complete") === "true",
    generation: Number(headers.get("x-log-generation") ?? 0),
  };
}
