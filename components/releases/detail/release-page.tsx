"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useLiveQueries } from "#components/live/use-live-queries.ts";
import { FreezeNotice } from "#components/shell/freeze-notice.tsx";
import { Columns } from "#components/ui/page.tsx";
import { SkeletonPage } from "#components/ui/skeleton.tsx";
import { ErrorState } from "#components/ui/states-of-page.tsx";
import { ExactTime } from "#components/ui/time.tsx";
import { ProblemError } from "#lib/http/client.ts";
import { IMAGE_COPIES_KEY } from "#lib/image-copies/client.ts";
import { IMAGE_VERDICTS_KEY } from "#lib/image-policies/client.ts";
import { changesQuery, releaseQuery } from "#lib/releases/client.ts";
import { distinctTickets } from "#lib/tickets/find.ts";
import { ChangesCard } from "./changes-card.tsx";
import { DeploymentsCard } from "./deployments-card.tsx";
import { DescriptionCard } from "./description-card.tsx";
import type { Freeze } from "./freeze.ts";
import { ItemsCard } from "./items-card.tsx";
import { LifeCard } from "./life-card.tsx";
import { Line } from "./line.tsx";
import { NextCard } from "./next-card.tsx";
import { ReleaseHeader } from "./release-header.tsx";
import { TimelineCard } from "./timeline-card.tsx";
import { WhyNotCard } from "./why-not-card.tsx";

/**
 * One release order, the product's home. Events of the order itself, and of the environments on its way (who holds
 * them changes what can be done here), reload it; nothing polls.
 */
export function ReleasePage({
  number,
  environments,
  freezes,
}: {
  number: string;
  /** Topics need them before anything is loaded. */
  environments: { project: string; keys: string[] };
  freezes: Freeze[];
}) {
  const t = useTranslations("releases.line");
  const query = useQuery(releaseQuery(number));
  const release = query.data;
  const last = environments.keys.at(-1) ?? "PROD";
  const [against, setAgainst] = useState(last);
  const changes = useQuery(changesQuery(number, against));
  useLiveQueries(
    [
      `release:${number}`,
      ...environments.keys.map((environment) => `environment:${environments.project}/${environment}`),
    ],
    [["release", number], ["release-timeline", number], IMAGE_VERDICTS_KEY, IMAGE_COPIES_KEY],
  );
  if (release === undefined) {
    return query.isError ? (
      <ErrorState
        problem={query.error instanceof ProblemError ? query.error.problem : null}
        onRetry={() => void query.refetch()}
      />
    ) : (
      <SkeletonPage />
    );
  }
  const items = changes.data?.items;
  return (
    <>
      <ReleaseHeader
        release={release}
        tickets={distinctTickets(items?.flatMap((item) => item.tickets) ?? [])}
        commits={items?.reduce((sum, item) => sum + item.total, 0)}
        freezes={freezes}
      />
      {freezes.map((freeze) => (
        <FreezeNotice key={freeze.environment} title={freeze.reason}>
          {freeze.environment} {t("frozenUntil")} <ExactTime at={freeze.until} style="minutes" />
        </FreezeNotice>
      ))}
      <Line release={release} freezes={freezes} />
      <Columns
        aside={
          <>
            <NextCard release={release} freezes={freezes} />
            <WhyNotCard release={release} freezes={freezes} />
            <LifeCard number={number} />
            <DescriptionCard text={release.description} />
          </>
        }
      >
        <ItemsCard release={release} />
        <ChangesCard release={release} against={against} onAgainst={setAgainst} changes={changes} />
        <DeploymentsCard release={release} />
        <TimelineCard number={number} />
      </Columns>
    </>
  );
}
