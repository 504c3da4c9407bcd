import { z } from "zod";
import type { Manifest } from "#lib/adapters/ports.ts";
import { eventSchema, timeOf } from "#lib/rollouts/facts.ts";
import { type Memo, remember } from "./memo.ts";
import type { LiveTargetDto } from "./schema.ts";
import { newestFirst } from "./target-state.ts";

type Shown = LiveTargetDto["events"][number];

const SHOWN = 50;
const shownSchema = z.object({
  type: z.string().nullish(),
  count: z.number().nullish(),
  series: z.object({ count: z.number().nullish() }).nullish(),
});

/** The newest events, as they are shown. */
export function eventsOf(events: readonly Manifest[], memo: Memo<Shown>): Shown[] {
  const shown = events.map((event) => remember(memo, event.metadata.name, [event], () => shownEvent(event)));
  const names = new Set(events.map(({ metadata }) => metadata.name));
  for (const name of memo.keys()) if (!names.has(name)) memo.delete(name);
  return shown.sort(newestFirst).slice(0, SHOWN);
}

function shownEvent(manifest: Manifest): Shown {
  const event = eventSchema.parse(manifest);
  const { type, count, series } = shownSchema.parse(manifest);
  return {
    name: manifest.metadata.name,
    at: timeOf(event),
    type: type ?? "",
    reason: event.reason ?? "",
    object: `${event.involvedObject?.kind ?? ""} ${event.involvedObject?.name ?? ""}`,
    message: event.message ?? "",
    count: series?.count ?? count ?? 1,
  };
}
