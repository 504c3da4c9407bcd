"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { Radio, RefreshCw, Snowflake, Wrench } from "lucide-react";
import { useNow, useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { useLiveQueries } from "#components/live/use-live-queries.ts";
import { Banner } from "#components/ui/banner.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { cx } from "#components/ui/cx.ts";
import { Dot } from "#components/ui/dot.tsx";
import { Page, PageHeader } from "#components/ui/page.tsx";
import { SkeletonCard } from "#components/ui/skeleton.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { EmptyState, ErrorState } from "#components/ui/states-of-page.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { ExactTime } from "#components/ui/time.tsx";
import { freezesQuery } from "#lib/freezes/client.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { askClusters, historyQuery, type LivePlace, liveQuery } from "#lib/live/client.ts";
import { targetKey } from "#lib/live/target-state.ts";
import { HistoryCard } from "./history-card.tsx";
import { LiveCluster } from "./live-cluster.tsx";
import { LiveEvents } from "./live-events.tsx";
import { countHealth, findPod, type PickedPod } from "./live-model.ts";
import { OperateDialog, type Operation } from "./operate-dialog.tsx";
import { PodPanel } from "./pod-panel.tsx";
import { useLiveStream } from "./use-live-stream.ts";
import { WhatRan } from "./what-ran.tsx";

/** Whether what is shown is told as it happens; when not, since when it is not, with a way to ask. */
function Freshness({
  open,
  at,
  checking,
  onCheck,
}: {
  open: boolean;
  at: number;
  checking: boolean;
  onCheck: () => void;
}) {
  const t = useTranslations("live");
  const now = useNow({ updateInterval: 1000 });
  if (open)
    return (
      <span role="status" className="state k-run">
        <Radio aria-hidden />
        {t("streaming")}
      </span>
    );
  const seconds = Math.max(0, Math.round((now.getTime() - at) / 1000));
  return (
    <span className="inline-flex items-center gap-1.5">
      <span role="status" className="text-fg-2">
        {checking ? t("checking") : t("checked", { seconds, minutes: Math.floor(seconds / 60) })}
      </span>
      <Button
        kind="quiet"
        size="small"
        icon={<RefreshCw aria-hidden />}
        disabled={checking}
        onClick={onCheck}
      >
        {t("checkNow")}
      </Button>
    </span>
  );
}

/** What runs in an environment, cluster beside cluster, with the log of a pod at the side. */
export function LiveView({
  place,
  name,
  kind,
  typeName,
}: {
  place: LivePlace;
  name: string;
  kind: string;
  typeName: string | null;
}) {
  const t = useTranslations("live");
  const stream = useLiveStream(place);
  const { data, error, isPending, isFetching, dataUpdatedAt, refetch } = useQuery({
    ...liveQuery(place),
    // The stream tells; only a page that has lost it asks.
    enabled: stream.state === "lost",
  });
  const freezes = useQuery(freezesQuery(place.project)).data?.items ?? [];
  const frozen = freezes.find(
    (freeze) => freeze.environment === place.environment && freeze.state === "active",
  );
  useLiveQueries([`environment:${place.project}/${place.environment}`], [historyQuery(place).queryKey]);
  const [picked, setPicked] = useState<PickedPod | null>(null);
  const [wide, setWide] = useState(false);
  const [operation, setOperation] = useState<Operation | null>(null);
  const targets = data?.targets ?? [];
  const told = new Set(targets.map(targetKey));
  const awaited = stream.targets.filter((target) => !told.has(targetKey(target)));
  const shown = findPod(targets, picked);
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Beside the tree it is in sight; below it, or above, the reader is taken to it.
    const beside = !wide && window.matchMedia("(min-width: 1280px)").matches;
    if (picked !== null && !beside) panel.current?.scrollIntoView({ block: "start" });
  }, [picked, wide]);
  const asking = useMutation({
    mutationFn: async () => {
      if (stream.state === "open") await askClusters(place);
      else await refetch();
    },
  });
  const checking = isFetching || asking.isPending;
  const check = () => asking.mutate();
  return (
    <Page>
      <PageHeader
        title={place.environment}
        badges={
          <>
            <Tag>{name}</Tag>
            <Tag>{t(kind === "controlled" ? "controlled" : "open")}</Tag>
            {frozen !== undefined && <StateBadge state="frozen" pill />}
          </>
        }
        meta={
          data !== undefined && (
            <>
              {countHealth(targets).map(([state, count]) => (
                <StateBadge key={state} state={state} text={t(`health.${state}`, { count })} />
              ))}
              <Dot />
              <Freshness
                open={stream.state === "open"}
                at={dataUpdatedAt}
                checking={checking}
                onCheck={check}
              />
              <Dot />
              <span className="inline-flex items-center gap-1.5">
                <Wrench aria-hidden className="text-fg-3" />
                {t(data.mayOperate ? "mayOperate" : "mayNotOperate")}
              </span>
            </>
          )
        }
        actions={<Button href={`/environments?project=${place.project}`}>{t("all")}</Button>}
      />
      {frozen !== undefined && (
        <Banner kind="held" icon={<Snowflake aria-hidden />} title={t("frozen")}>
          {frozen.reason} · {t("until")} <ExactTime at={frozen.endsAt} style="full" />
        </Banner>
      )}
      <WhatRan place={place} />
      {isPending && (
        <div className="grid gap-4 lg:grid-cols-2">
          <SkeletonCard rows={7} />
          <SkeletonCard rows={7} />
        </div>
      )}
      {error !== null && data === undefined && <ErrorState problem={problemOf(error)} onRetry={check} />}
      {data !== undefined && targets.length + awaited.length === 0 && (
        <Card>
          <EmptyState title={t("noTargets")}>{t("noTargetsText")}</EmptyState>
        </Card>
      )}
      <div
        className={cx(
          "grid items-start gap-4",
          shown !== null && !wide && "xl:grid-cols-[minmax(0,1fr)_minmax(400px,480px)]",
        )}
      >
        <div className="flex min-w-0 flex-col gap-4">
          <div
            className={cx(
              "grid min-w-0 items-start gap-4",
              targets.length + awaited.length > 1 &&
                (shown === null || wide ? "lg:grid-cols-2" : "2xl:grid-cols-2"),
            )}
          >
            {targets.map((target) => (
              <LiveCluster
                key={`${target.cluster}/${target.namespace}`}
                place={place}
                target={target}
                mayOperate={data?.mayOperate === true}
                picked={picked}
                onPick={(pod) => setPicked(pod.pod === picked?.pod ? null : pod)}
                onAct={(verb, workload) => setOperation({ verb, target, workload })}
                onCheck={check}
                checking={checking}
              />
            ))}
            {awaited.map(({ cluster, namespace }) => (
              <section key={`${cluster}/${namespace}`} aria-label={cluster} aria-busy>
                <SkeletonCard rows={5} />
              </section>
            ))}
          </div>
          {targets.length > 0 && <LiveEvents targets={targets} />}
          <HistoryCard place={place} mayOperate={data?.mayOperate === true} />
        </div>
        {shown !== null && (
          <div
            ref={panel}
            className={cx("min-w-0 scroll-mt-16", wide ? "order-first" : "xl:sticky xl:top-[60px]")}
          >
            <PodPanel
              key={`${shown.target.cluster} ${shown.pod.name}`}
              place={place}
              cluster={shown.target.cluster}
              namespace={shown.target.namespace}
              pod={shown.pod}
              containers={shown.pod.containers}
              events={shown.target.events}
              onClose={() => setPicked(null)}
              wide={wide}
              onWide={setWide}
            />
          </div>
        )}
      </div>
      {operation !== null && (
        <OperateDialog
          place={place}
          operation={operation}
          typeName={typeName}
          onClose={() => setOperation(null)}
        />
      )}
    </Page>
  );
}
