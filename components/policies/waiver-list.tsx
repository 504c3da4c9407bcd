"use client";

import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { ShieldOff } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { MoreFooter } from "#components/ui/more-footer.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states-of-page.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import { APPROVALS_KEY } from "#lib/approvals/client.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { decideWaiver, revokeWaiver, WAIVERS_KEY, waiversQuery } from "#lib/waivers/client.ts";
import type { WaiverDto, WaiverView } from "#lib/waivers/schema.ts";
import { subjectText } from "./ask-waiver.tsx";
import { type WaiverAct, WaiverRow } from "./waiver-row.tsx";

/** Waivers of one view, with what the reader may do about each. */
export function WaiverList({ view, hideEmpty = false }: { view: WaiverView; hideEmpty?: boolean }) {
  const t = useTranslations("policies");
  const toast = useToast();
  const client = useQueryClient();
  const [chosen, setChosen] = useState<{ waiver: WaiverDto; act: WaiverAct } | null>(null);
  const list = useInfiniteQuery(waiversQuery(view));
  const { data, error, isPending, refetch } = list;
  const refresh = () => client.invalidateQueries({ queryKey: WAIVERS_KEY });
  const carryOut = useMutation({
    mutationFn: ({ comment, waiver, act }: { comment: string; waiver: WaiverDto; act: WaiverAct }) =>
      act === "revoke"
        ? revokeWaiver(waiver.id)
        : decideWaiver(waiver.id, { decision: act, comment, version: waiver.version }),
    onSuccess: (_answer, { act }) => {
      void client.invalidateQueries({ queryKey: APPROVALS_KEY });
      toast.done(t(`waiver.${act}.done`));
      setChosen(null);
    },
    // Whatever refused it is news to this list.
    onSettled: refresh,
  });
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  if (hideEmpty && items.length === 0) return null;
  const act = chosen?.act ?? "grant";
  return (
    <Card>
      <CardHeader title={t(`waivers.${view}`)} hint={items.length > 0 ? items.length : undefined} />
      {isPending && <SkeletonRows rows={3} />}
      {error !== null && data === undefined && (
        <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />
      )}
      {data !== undefined && items.length === 0 && (
        <EmptyState icon={<ShieldOff aria-hidden />} title={t("waivers.none")}>
          {t("waivers.noneText")}
        </EmptyState>
      )}
      <ul>
        {items.map((waiver) => (
          <WaiverRow key={waiver.id} waiver={waiver} onAct={(next) => setChosen({ waiver, act: next })} />
        ))}
      </ul>
      <MoreFooter list={list}>{t("waivers.more")}</MoreFooter>
      <ConfirmDialog
        open={chosen !== null}
        onOpenChange={(open) => {
          if (open) return;
          carryOut.reset();
          setChosen(null);
        }}
        title={t(`waiver.${act}.title`)}
        danger={act !== "grant"}
        confirm={t(`waiver.${act}.confirm`)}
        what={
          chosen &&
          t(`waiver.${act}.what`, {
            subject: subjectText(t, chosen.waiver.subject),
            scope: chosen.waiver.component ?? chosen.waiver.project,
            environment: chosen.waiver.environment,
          })
        }
        comment={act === "revoke" ? undefined : { label: t("waiver.comment"), required: act === "decline" }}
        busy={carryOut.isPending}
        problem={problemOf(carryOut.error)}
        onConfirm={(comment) => chosen !== null && carryOut.mutate({ comment, ...chosen })}
      />
    </Card>
  );
}
