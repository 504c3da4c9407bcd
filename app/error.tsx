"use client";

import { RotateCcw, Unplug } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRetryWhenReady } from "#components/shell/use-retry-when-ready.ts";
import { Button } from "#components/ui/button.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { EmptyState } from "#components/ui/states-of-page.tsx";

/** A page that broke: the others go on; the id finds the entry in the log. What a server made is asked for anew. */
export default function PageError({ error }: { error: Error & { digest?: string } }) {
  const t = useTranslations("shell.broken");
  useRetryWhenReady();
  return (
    <div className="grid min-h-[70vh] flex-1 place-items-center" role="alert">
      <EmptyState
        icon={<Unplug aria-hidden />}
        title={t("title")}
        action={
          <Button icon={<RotateCcw aria-hidden />} onClick={() => window.location.reload()}>
            {t("retry")}
          </Button>
        }
      >
        {t("text")}
        {error.digest !== undefined && (
          <p className="mt-2 text-sm">
            {t("digest")} <Copyable text={error.digest} />
          </p>
        )}
      </EmptyState>
    </div>
  );
}
