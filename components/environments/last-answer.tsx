"use client";

import { useNow, useTranslations } from "next-intl";
import { Digest } from "#components/ui/copyable.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { ExactTime, TimeAgo } from "#components/ui/time.tsx";
import type { LiveTarget } from "./live-model.ts";

const TODAY_MS = 18 * 3_600_000;

/** The time of day, or the day where that says more. */
export function SinceTime({ at }: { at: string }) {
  const now = useNow();
  return <ExactTime at={at} style={now.getTime() - Date.parse(at) < TODAY_MS ? "minutes" : "day"} />;
}

/** What a silent cluster told last, in grey and with its time: it says what was there, not what is. */
export function LastAnswer({ cluster, last }: { cluster: string; last: LiveTarget["last"] }) {
  const t = useTranslations("live.last");
  if (last === null) return <p className="text-fg-2">{t("never")}</p>;
  return (
    <section aria-label={t("label", { cluster })} className="min-w-0">
      <p className="text-fg-2">
        {t.rich("asOf", { time: () => <ExactTime at={last.at} style="full" /> })}{" "}
        <span className="whitespace-nowrap">
          · <TimeAgo at={last.at} />
        </span>
      </p>
      {last.workloads.length === 0 && <p className="mt-1.5 text-fg-2">{t("nothing")}</p>}
      <ul className="mt-2 grid gap-2 @md:grid-cols-2 @3xl:grid-cols-3">
        {last.workloads.map((workload) => (
          <li
            key={`${workload.kind} ${workload.name}`}
            className="min-w-0 rounded-md border border-dashed border-line-strong bg-surface px-2.5 py-1.5 text-sm text-fg-2"
          >
            <span className="block truncate font-medium" title={`${workload.kind} ${workload.name}`}>
              {workload.name}
            </span>
            <span className="block">
              {t(`state.${workload.state}`, { ready: workload.ready, desired: workload.desired })}
              {workload.drifted && ` · ${t("drifted")}`}
            </span>
            <span className="flex min-w-0 flex-wrap items-center gap-x-2">
              {workload.release !== null && <Tag mono>{workload.release}</Tag>}
              {workload.digest !== null && <Digest value={workload.digest} plain />}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
