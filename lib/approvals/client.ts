import { infiniteQueryOptions } from "@tanstack/react-query";
import { call } from "#lib/http/client.ts";
import { decidePlanApi, listApprovalsApi } from "./api.ts";
import type { INBOX_BOXES } from "./schema.ts";

export type InboxBox = (typeof INBOX_BOXES)[number];
export const APPROVALS_KEY = ["approvals"] as const;

export const inboxQuery = (box: InboxBox) =>
  infiniteQueryOptions({
    queryKey: [...APPROVALS_KEY, box],
    queryFn: ({ pageParam, signal }) =>
      call(listApprovalsApi, { query: { box, ...(pageParam ? { cursor: pageParam } : {}) }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

export const decidePlan = (digest: string, decision: "approve" | "reject", comment: string) =>
  call(decidePlanApi, { params: { digest }, body: { decision, comment } });
