"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import { homeQuery } from "#lib/home/client.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { IMAGE_COPIES_KEY, retryImageCopy } from "#lib/image-copies/client.ts";

/** Asks once more for every image of a row that did not get to its registry. */
export function RetryCopies({ copies, first }: { copies: readonly string[]; first: boolean }) {
  const t = useTranslations("policies.copies");
  const toast = useToast();
  const client = useQueryClient();
  const retry = useMutation({
    mutationFn: async () => {
      for (const id of copies) await retryImageCopy(id);
    },
    onSuccess: () => toast.done(t("retried")),
    onError: (error) => toast.failed(problemOf(error) ?? String(error)),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: homeQuery().queryKey }),
        client.invalidateQueries({ queryKey: IMAGE_COPIES_KEY }),
      ]),
  });
  return (
    <Button
      className="todo-act min-w-[84px] justify-self-end"
      kind={first ? "primary" : "normal"}
      icon={<RotateCw aria-hidden />}
      loading={retry.isPending}
      onClick={() => retry.mutate()}
    >
      {t("retry")}
    </Button>
  );
}
