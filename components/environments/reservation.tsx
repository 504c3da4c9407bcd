"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { LockKeyhole, LockKeyholeOpen, Undo2 } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Person } from "#components/ui/person.tsx";
import { ProblemAlert } from "#components/ui/problem.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { ExactTime, TimeAgo } from "#components/ui/time.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import { freeEnvironment, reservationQuery } from "#lib/reservations/client.ts";
import type { ReservationDto } from "#lib/reservations/schema.ts";
import { HoldDialog } from "./hold-dialog.tsx";

/** Who has the environment and until when, who waits; taking and freeing it. */
export function Reservation({
  project,
  environment,
  reservation,
}: {
  project: string;
  environment: string;
  reservation: ReservationDto | undefined;
}) {
  const t = useTranslations("environments.reservation");
  const toast = useToast();
  const client = useQueryClient();
  const [dialog, setDialog] = useState<"free" | "hold" | null>(null);
  const place = { project, environment };
  const free = useMutation({
    mutationFn: (release: string | undefined) => freeEnvironment(place, release),
    onSuccess: (answer) => {
      client.setQueryData(reservationQuery(place).queryKey, answer);
      toast.done(t("done"));
      setDialog(null);
    },
  });
  if (reservation === undefined) {
    return (
      <div className="flex flex-col gap-2 px-3.5 py-3">
        <Skeleton className="w-40" />
        <Skeleton className="w-56" />
      </div>
    );
  }
  const { holder, queue, mayHold, mayFree } = reservation;
  return (
    <section className="flex flex-col gap-2 px-3.5 py-3">
      <div className="flex flex-wrap items-start justify-between gap-2">
        {holder === null ? (
          <span className="text-fg-2">
            <StateBadge state="free" text={t("free")} />
          </span>
        ) : (
          <div className="min-w-0">
            <span className="flex flex-wrap items-center gap-x-2">
              <LockKeyhole aria-hidden className="text-held" />
              <Person {...holder.heldBy} />
              <Link href={`/releases/${holder.release}`} className="font-mono text-sm hover:text-accent">
                {holder.release}
              </Link>
            </span>
            <span className="block pl-[23px] text-sm text-fg-3">
              {t("since")} <TimeAgo at={holder.since} />
              {" · "}
              {holder.until === null ? (
                t("open")
              ) : (
                <>
                  {t("until")} <ExactTime at={holder.until} style="full" />
                </>
              )}
            </span>
          </div>
        )}
        {holder === null ? (
          <Button
            size="small"
            icon={<LockKeyhole aria-hidden />}
            disabled={!mayHold}
            reason={t("mayNotHold")}
            onClick={() => setDialog("hold")}
          >
            {t("hold")}
          </Button>
        ) : (
          <Button
            size="small"
            icon={<LockKeyholeOpen aria-hidden />}
            disabled={!mayFree}
            reason={t("mayNotFree", { person: holder.heldBy.displayName })}
            onClick={() => setDialog("free")}
          >
            {t("release")}
          </Button>
        )}
      </div>
      {queue.length > 0 && (
        <div>
          <h4 className="pb-1 text-sm text-fg-3">{t("queue", { count: queue.length })}</h4>
          <ol className="flex flex-col gap-1">
            {queue.map((entry) => (
              <li key={entry.release} className="flex flex-wrap items-center gap-x-2">
                <span className="w-4 text-right text-fg-3">{entry.position}</span>
                <Link
                  href={`/releases/${entry.release}`}
                  className="font-mono text-sm hover:text-accent"
                  title={entry.title}
                >
                  {entry.release}
                </Link>
                <Person {...entry.requestedBy} />
                <span className="text-sm text-fg-3">
                  <TimeAgo at={entry.since} />
                </span>
                {entry.calledAt !== null && <StateBadge state="attention" size="small" text={t("called")} />}
                {mayHold && (
                  <Button
                    size="small"
                    kind="quiet"
                    icon={<Undo2 aria-hidden />}
                    loading={free.isPending && free.variables === entry.release}
                    onClick={() => free.mutate(entry.release)}
                  >
                    {t("leave")}
                  </Button>
                )}
              </li>
            ))}
          </ol>
        </div>
      )}
      {free.error !== null && dialog === null && (
        <ProblemAlert problem={problemOf(free.error) ?? { code: "INTERNAL" }} />
      )}
      <ConfirmDialog
        open={dialog === "free"}
        onOpenChange={(open) => !open && setDialog(null)}
        title={t("freeTitle", { environment })}
        what={t(queue.length > 0 ? "freeNext" : "freeWhat", {
          environment,
          release: holder?.release ?? "",
          next: queue[0]?.release ?? "",
        })}
        confirm={t("release")}
        busy={free.isPending}
        problem={problemOf(free.error)}
        onConfirm={() => free.mutate(undefined)}
      />
      <HoldDialog open={dialog === "hold"} onClose={() => setDialog(null)} place={place} />
    </section>
  );
}
