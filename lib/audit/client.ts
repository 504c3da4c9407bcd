import { type InfiniteData, infiniteQueryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { call } from "#lib/http/client.ts";
import { listAuditApi, verifyAuditApi } from "./api.ts";
import type { auditListSchema } from "./schema.ts";

type AuditPage = z.infer<typeof auditListSchema>;
/** Filters as they stand in the page's address; empty ones count for nothing. */
export const AUDIT_FILTERS = ["project", "actor", "action", "subjectId", "from", "until"] as const;
export type AuditFilters = Partial<Record<(typeof AUDIT_FILTERS)[number], string>>;

const loadAudit = (query: AuditFilters, cursor: string, signal: AbortSignal) =>
  call(listAuditApi, { query: { ...query, ...(cursor ? { cursor } : {}) }, signal });

export const auditQuery = (filters: AuditFilters) =>
  infiniteQueryOptions<AuditPage, Error, InfiniteData<AuditPage, string>, unknown[], string>({
    queryKey: ["audit", filters],
    queryFn: ({ signal, pageParam }) => loadAudit(filters, pageParam, signal),
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
export const verifyAudit = () => call(verifyAuditApi);
