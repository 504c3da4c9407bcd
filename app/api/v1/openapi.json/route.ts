import { openApiDocument } from "#lib/openapi/document.ts";

/** Open to anyone who reaches the portal: it holds no data, and tools fetch it without a session. */
export const GET = () => Response.json(openApiDocument());
