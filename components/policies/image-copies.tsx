"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useLiveQueries } from "#components/live/use-live-queries.ts";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import { IMAGE_COPIES_KEY, imageCopiesQuery, retryImageCopy } from "#lib/image-copies/client.ts";
import { PLANS_KEY } from "#lib/plans/client.ts";
import { ImageCopyRow, isLost } from "./image-copy-row.tsx";

/**
 * The images of a release order in the registry of an environment, or on their way there. Nothing where the environment
 * has no registry of its own.
 */
export function ImageCopies({ release, environment }: { release: string; environment: string }) {
  const t = useTranslations("policies.copies");
  const toast = useToast();
  const client = useQueryClient();
  const { data } = useQuery(imageCopiesQuery(release, environment));
  useLiveQueries([`release:${release}`], [IMAGE_COPIES_KEY]);
  const retry = useMutation({
    mutationFn: retryImageCopy,
    onSuccess: () => {
      toast.done(t("retried"));
      void client.invalidateQueries({ queryKey: IMAGE_COPIES_KEY });
      void client.invalidateQueries({ queryKey: PLANS_KEY });
    },
    onError: (error) => toast.failed(problemOf(error) ?? String(error)),
  });
  const copies = data?.items ?? [];
  const [first] = copies;
  if (first === undefined) return null;
  const lost = copies.filter(isLost).length;
  const failed = copies.filter(({ state }) => state === "failed").length;
  const toGo = copies.filter(({ state }) => state === "queued" || state === "copying").length;
  return (
    <Card>
      <CardHeader
        title={t("title", { environment })}
        hint={t("hint", { registry: first.registryName })}
        actions={
          <>
            {lost > 0 && <StateBadge state="error" text={t("lostCount", { count: lost })} />}
            {failed > 0 && <StateBadge state="error" text={t("failed", { count: failed })} />}
            {toGo > 0 && <StateBadge state="running" text={t("toGo", { count: toGo })} />}
            {lost + failed + toGo === 0 && <StateBadge state="ok" text={t("done")} />}
          </>
        }
      />
      <ul>
        {copies.map((copy) => (
          <ImageCopyRow
            key={copy.id}
            copy={copy}
            retrying={retry.isPending && retry.variables === copy.id}
            onRetry={() => retry.mutate(copy.id)}
          />
        ))}
      </ul>
    </Card>
  );
}
