"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { z } from "zod";
import { type LivePlace, liveQuery, liveStreamUrl } from "#lib/live/client.ts";
import { type LivePatch, livePatchSchema, liveTargetSchema } from "#lib/live/schema.ts";
import { applyPatch, targetKey } from "#lib/live/target-state.ts";

/** A page that nobody looks at gives its connection back: browsers allow six to a host. */
const HIDDEN_MS = 20_000;
const AGAIN_MS = 2_000;

const rightsSchema = z.object({ mayOperate: z.boolean() });

/**
 * Keeps what `liveQuery` holds as it is in the clusters, for as long as the page is looked at. It begins when there is
 * something to keep (`ready`); an answer that was on its way meanwhile would be older than what is told.
 * @returns whether the stream is open
 */
export function useLiveStream({ project, environment }: LivePlace, ready: boolean): boolean {
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (!ready) return;
    const { queryKey } = liveQuery({ project, environment });
    let source: EventSource | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const take = (patch: LivePatch) =>
      client.setQueryData(queryKey, (old) => {
        if (!old) return old;
        if (old.targets.some((target) => targetKey(target) === patch.target)) {
          const targets = old.targets.map((target) =>
            targetKey(target) === patch.target ? applyPatch(target, patch) : target,
          );
          return { ...old, targets };
        }
        // A target that was added since the page was opened.
        const added = patch.whole ? liveTargetSchema.safeParse(patch.view).data : undefined;
        return added ? { ...old, targets: [...old.targets, added] } : old;
      });
    const close = () => {
      clearTimeout(timer);
      source?.close();
      source = null;
      setOpen(false);
    };
    const connect = () => {
      close();
      const stream = new EventSource(liveStreamUrl({ project, environment }));
      source = stream;
      stream.onopen = () => setOpen(true);
      stream.onmessage = ({ data }) => take(livePatchSchema.parse(JSON.parse(data)));
      stream.addEventListener("rights", ({ data }) => {
        const { mayOperate } = rightsSchema.parse(JSON.parse(data));
        client.setQueryData(queryKey, (old) => (old ? { ...old, mayOperate } : old));
      });
      // The right to read was lost, or the session ended: what the page shows next is the server's decision.
      stream.addEventListener("closed", () => window.location.reload());
      stream.onerror = () => {
        setOpen(false);
        // A refused stream is not tried again by the browser; the portal may be restarting.
        if (stream.readyState === EventSource.CLOSED) timer = setTimeout(connect, AGAIN_MS);
      };
    };
    const onVisibility = () => {
      clearTimeout(timer);
      if (document.hidden) timer = setTimeout(close, HIDDEN_MS);
      else if (source?.readyState !== EventSource.OPEN) connect();
    };
    connect();
    document.addEventListener("visibilitychange", onVisibility);
    return () => {
      document.removeEventListener("visibilitychange", onVisibility);
      close();
    };
  }, [client, project, environment, ready]);
  return open;
}
