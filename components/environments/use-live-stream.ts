"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { watchSilence } from "#components/live/silence.ts";
import { type LivePlace, liveQuery, liveStreamUrl } from "#lib/live/client.ts";
import {
  type LiveDto,
  type LivePatch,
  type LivePlaceDto,
  livePatchSchema,
  livePlaceSchema,
  liveTargetSchema,
} from "#lib/live/schema.ts";
import { applyPatch, targetKey } from "#lib/live/target-state.ts";

/** A page that nobody looks at gives its connection back: browsers allow six to a host. */
const HIDDEN_MS = 20_000;
const AGAIN_MS = 2_000;

/** `lost`: what is shown was true once, and has to be asked for. */
export type LiveStream = { state: "connecting" | "open" | "lost"; targets: LivePlaceDto["targets"] };

function patched(old: LiveDto, patch: LivePatch): LiveDto {
  if (old.targets.some((target) => targetKey(target) === patch.target)) {
    const targets = old.targets.map((target) =>
      targetKey(target) === patch.target ? applyPatch(target, patch) : target,
    );
    return { ...old, targets };
  }
  const added = patch.whole ? liveTargetSchema.safeParse(patch.view).data : undefined;
  if (!added) return old;
  const targets = [...old.targets, added].sort(
    (a, b) => a.wave - b.wave || a.cluster.localeCompare(b.cluster),
  );
  return { ...old, targets };
}

/**
 * Fills what `liveQuery` holds and keeps it as it is in the clusters, for as long as the page is looked at: a target is
 * shown when it has answered, and none waits for another.
 */
export function useLiveStream({ project, environment }: LivePlace): LiveStream {
  const client = useQueryClient();
  const [stream, setStream] = useState<LiveStream>({ state: "connecting", targets: [] });
  useEffect(() => {
    const { queryKey } = liveQuery({ project, environment });
    let source: EventSource | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const lose = () => setStream((old) => ({ ...old, state: "lost" }));
    let silence: ReturnType<typeof watchSilence> | null = null;
    const close = () => {
      clearTimeout(timer);
      silence?.stop();
      source?.close();
      source = null;
    };
    const connect = () => {
      close();
      const opened = new EventSource(liveStreamUrl({ project, environment }));
      source = opened;
      const { heard, stop } = watchSilence(() => {
        lose();
        connect();
      });
      silence = { heard, stop };
      opened.addEventListener("beat", heard);
      opened.onopen = () => {
        heard();
        // An answer that is still on its way would be older than what is told from here on.
        void client.cancelQueries({ queryKey, exact: true });
      };
      opened.addEventListener("place", ({ data }) => {
        const { mayOperate, targets } = livePlaceSchema.parse(JSON.parse(data));
        client.setQueryData(queryKey, (old) => {
          const known = new Set(targets.map(targetKey));
          const still = (old?.targets ?? []).filter((target) => known.has(targetKey(target)));
          return { project, environment, mayOperate, targets: still };
        });
        setStream({ state: "open", targets });
      });
      opened.onmessage = ({ data }) => {
        heard();
        const patch = livePatchSchema.parse(JSON.parse(data));
        client.setQueryData(queryKey, (old) => (old ? patched(old, patch) : old));
      };
      // The right to read was lost, or the session ended: what the page shows next is the server's decision.
      opened.addEventListener("closed", () => window.location.reload());
      opened.onerror = () => {
        lose();
        // A refused stream is not tried again by the browser; the portal may be restarting.
        if (opened.readyState === EventSource.CLOSED) timer = setTimeout(connect, AGAIN_MS);
      };
    };
    const onVisibility = () => {
      clearTimeout(timer);
      if (document.hidden) {
        timer = setTimeout(() => {
          close();
          lose();
        }, HIDDEN_MS);
      } else if (source === null || source.readyState === EventSource.CLOSED) connect();
    };
    connect();
    document.addEventListener("visibilitychange", onVisibility);
    return () => {
      document.removeEventListener("visibilitychange", onVisibility);
      close();
    };
  }, [client, project, environment]);
  return stream;
}
