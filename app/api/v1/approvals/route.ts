import { listApprovalsApi } from "#lib/approvals/api.ts";
import { listApprovals } from "#lib/approvals/queries.ts";
import { route } from "#lib/http/route.ts";

export const GET = route(listApprovalsApi, ({ actor, query }) => listApprovals(actor, query));
