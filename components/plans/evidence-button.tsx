"use client";

import { useMutation } from "@tanstack/react-query";
import { FileCheck2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import { exportPlan } from "#lib/plans/client.ts";

/** Gives the plan as a file for auditors, named by its digest. */
export function EvidenceButton({ digest }: { digest: string }) {
  const t = useTranslations("plans.evidence");
  const toast = useToast();
  const take = useMutation({
    mutationFn: () => exportPlan(digest),
    onSuccess: (evidence) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(
        new Blob([JSON.stringify(evidence, null, 2)], { type: "application/json" }),
      );
      link.download = `${evidence.release}-${evidence.environment}-${digest.replace(":", "-")}.json`;
      link.click();
      URL.revokeObjectURL(link.href);
      toast.done(t("done"));
    },
    onError: (error) => toast.failed(problemOf(error) ?? t("failed")),
  });
  return (
    <Button
      icon={<FileCheck2 aria-hidden />}
      loading={take.isPending}
      onClick={() => take.mutate()}
      title={t("hint")}
    >
      {t("take")}
    </Button>
  );
}
