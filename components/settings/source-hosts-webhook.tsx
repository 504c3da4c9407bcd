"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Banner } from "#components/ui/banner.tsx";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { DescriptionList } from "#components/ui/facts.tsx";
import { ProblemAlert } from "#components/ui/problem.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import { sourceHostsQuery } from "#lib/source-hosts/client.ts";
import type { SourceHostDto } from "#lib/source-hosts/schema.ts";
import { dropWebhookSecret, setWebhookSecret } from "#lib/webhooks/client.ts";
import { WebhookDeliveries } from "./webhook-deliveries.tsx";

/** The webhook of a Git host: what to paste there, its secret, and what came. A new secret is shown once. */
export function SourceHostWebhook({ host, onClose }: { host: SourceHostDto; onClose: () => void }) {
  const t = useTranslations("webhooks.secret");
  const client = useQueryClient();
  const [asking, setAsking] = useState<"renew" | "drop" | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: async (what: "create" | "renew" | "drop") => {
      if (what !== "drop") return (await setWebhookSecret(host.key)).secret;
      await dropWebhookSecret(host.key);
      return null;
    },
    onSuccess: (made) => {
      setSecret(made);
      setAsking(null);
      void client.invalidateQueries({ queryKey: sourceHostsQuery().queryKey, exact: true });
    },
  });
  const problem = problemOf(error);
  return (
    <>
      <Dialog
        open
        onOpenChange={(open) => !open && onClose()}
        size="wide"
        title={t("title", { name: host.name })}
        description={t("text")}
      >
        <div className="flex flex-col gap-4">
          <DescriptionList
            items={[
              { term: t("url"), detail: <Copyable text={host.webhookUrl} className="break-all" /> },
              {
                term: t("secret"),
                detail: (
                  <span className="flex flex-wrap items-center gap-2">
                    <span className="text-fg-2">{host.webhookSecret ? t("set") : t("none")}</span>
                    <Button
                      size="small"
                      icon={<KeyRound aria-hidden />}
                      loading={isPending && asking === null}
                      onClick={() => (host.webhookSecret ? setAsking("renew") : mutate("create"))}
                    >
                      {host.webhookSecret ? t("renew") : t("create")}
                    </Button>
                    {host.webhookSecret && (
                      <Button size="small" kind="quiet" onClick={() => setAsking("drop")}>
                        {t("drop")}
                      </Button>
                    )}
                  </span>
                ),
              },
            ]}
          />
          {secret !== null && (
            <Banner kind="wait" title={t("shown")}>
              <Copyable text={secret} label={t("secret")} className="mt-1 break-all" />
            </Banner>
          )}
          {problem !== null && asking === null && <ProblemAlert problem={problem} />}
          <WebhookDeliveries host={host.key} />
        </div>
      </Dialog>
      <ConfirmDialog
        open={asking !== null}
        onOpenChange={(open) => {
          if (open) return;
          setAsking(null);
          reset();
        }}
        title={asking === "drop" ? t("drop") : t("renew")}
        what={asking === "drop" ? t("dropText") : t("renewText")}
        confirm={asking === "drop" ? t("drop") : t("renew")}
        danger
        busy={isPending}
        problem={problem}
        onConfirm={() => {
          if (asking !== null) mutate(asking);
        }}
      />
    </>
  );
}
