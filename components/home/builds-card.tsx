"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { BuildProgress } from "#components/builds/build-progress.tsx";
import { useLiveQueries } from "#components/live/use-live-queries.ts";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { MiddleText } from "#components/ui/copyable.tsx";
import { openBuildsQuery } from "#lib/builds/client.ts";
import { shortNumber, to } from "./release-number.ts";

const SHOWN = 6;
/** Places in a queue change without an event. */
const QUEUE_MS = 4000;

/** Builds that run or wait in the reader's projects; not there when there are none. */
export function BuildsCard({ topics }: { topics: string[] }) {
  const t = useTranslations("home");
  const { data } = useQuery({
    ...openBuildsQuery(),
    refetchInterval: ({ state }) =>
      state.data?.items.some((build) => build.state === "queued") ? QUEUE_MS : false,
  });
  useLiveQueries(topics, [openBuildsQuery().queryKey]);
  if (data === undefined || data.items.length === 0) return null;
  const more = data.total - Math.min(SHOWN, data.items.length);
  return (
    <Card>
      <CardHeader title={t("building")} hint={data.total} />
      <ul className="px-3.5">
        {data.items.slice(0, SHOWN).map((build) => (
          <li key={build.id} className="border-b border-line py-2 last:border-0">
            <Link href={to.build(build.id)} className="group grid gap-y-1">
              <span className="flex min-w-0 items-baseline gap-2">
                <span className="max-w-[70%] flex-none truncate font-medium group-hover:underline">
                  <MiddleText text={build.component} max={24} />
                </span>
                <span className="ml-auto min-w-0 truncate text-fg-3 text-sm" title={build.releaseTitle}>
                  {build.projectName} · <span className="font-mono">{shortNumber(build.release)}</span>
                </span>
              </span>
              <BuildProgress build={build} component={build.component} />
            </Link>
          </li>
        ))}
      </ul>
      {more > 0 && (
        <p className="border-line border-t px-3.5 py-2 text-fg-3 text-sm">
          <Link href="/releases?state=building" className="hover:underline">
            {t("moreBuilding", { count: more })}
          </Link>
        </p>
      )}
    </Card>
  );
}
