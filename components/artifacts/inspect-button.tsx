"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import { inspectArtifact } from "#lib/artifacts/client.ts";
import { problemOf } from "#lib/http/problem-of.ts";

/** How soon the answer is there. */
const LOOK_MS = 1500;

/** Has the registries asked now, once what they lacked was mended there. */
export function InspectButton({ artifact }: { artifact: string }) {
  const t = useTranslations("artifacts");
  const toast = useToast();
  const client = useQueryClient();
  const inspect = useMutation({
    mutationFn: () => inspectArtifact(artifact),
    onSuccess: () => {
      toast.done(t("inspecting"));
      setTimeout(() => client.invalidateQueries({ queryKey: ["artifact"] }), LOOK_MS);
    },
    onError: (error) => toast.failed(problemOf(error) ?? t("inspectFailed")),
  });
  return (
    <Button icon={<RefreshCw aria-hidden />} loading={inspect.isPending} onClick={() => inspect.mutate()}>
      {t("inspect")}
    </Button>
  );
}
