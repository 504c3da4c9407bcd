"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import { IMAGE_COPIES_KEY, retryImageCopy } from "#lib/image-copies/client.ts";

/** Has an image that the registry of an environment lost copied there again. */
export function CopyAgain({ copy }: { copy: string }) {
  const t = useTranslations("policies.copies");
  const toast = useToast();
  const client = useQueryClient();
  const retry = useMutation({
    mutationFn: () => retryImageCopy(copy),
    onSuccess: () => toast.done(t("retried")),
    onError: (error) => toast.failed(problemOf(error) ?? String(error)),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["artifact"] }),
        client.invalidateQueries({ queryKey: IMAGE_COPIES_KEY }),
      ]),
  });
  return (
    <Button
      size="small"
      icon={<RotateCw aria-hidden />}
      loading={retry.isPending}
      onClick={() => retry.mutate()}
    >
      {t("retry")}
    </Button>
  );
}
