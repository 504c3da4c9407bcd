"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus, Trash2, TriangleAlert, Webhook } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ConfirmAction } from "#components/forms/confirm-action.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Person } from "#components/ui/person.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states-of-page.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { TimeAgo } from "#components/ui/time.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import { deleteWebhookRule, webhookRulesQuery } from "#lib/webhooks/client.ts";
import type { WebhookRuleDto } from "#lib/webhooks/schema.ts";
import { WebhookRuleForm } from "./webhook-rule-form.tsx";

/** Which pushes make release orders of themselves, in whose name. */
export function WebhookRulesCard({
  project,
  components,
}: {
  project: string;
  components: { key: string; name: string }[];
}) {
  const t = useTranslations("webhooks.rules");
  const query = webhookRulesQuery(project);
  const { data, error, isPending, refetch } = useQuery(query);
  const [adding, setAdding] = useState(false);
  const [ending, setEnding] = useState<WebhookRuleDto | null>(null);
  return (
    <Card id="webhook-rules">
      <CardHeader
        className="flex-wrap"
        title={t("title")}
        hint={t("hint")}
        actions={
          <Button
            size="small"
            icon={<Plus aria-hidden />}
            disabled={data?.mayCreate !== true || components.length === 0}
            reason={data?.mayCreate === false ? t("needsWriter") : undefined}
            onClick={() => setAdding(true)}
          >
            {t("add")}
          </Button>
        }
      />
      {isPending && <SkeletonRows rows={2} />}
      {error !== null && <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />}
      {data?.items.length === 0 && (
        <EmptyState icon={<Webhook aria-hidden />} title={t("none")}>
          {t("noneText")}
        </EmptyState>
      )}
      {data !== undefined && data.items.length > 0 && (
        <Table label={t("title")}>
          <thead>
            <tr>
              <Th>{t("component")}</Th>
              <Th>{t("refPattern")}</Th>
              <Th>{t("then")}</Th>
              <Th>{t("writer")}</Th>
              <Th>{t("last")}</Th>
              <Th />
            </tr>
          </thead>
          <tbody>
            {data.items.map((rule) => (
              <Rule key={rule.id} rule={rule} onEnd={() => setEnding(rule)} />
            ))}
          </tbody>
        </Table>
      )}
      {adding && (
        <WebhookRuleForm project={project} components={components} onClose={() => setAdding(false)} />
      )}
      {ending !== null && (
        <ConfirmAction
          title={t("remove")}
          what={t("removeText", { component: ending.component, pattern: ending.refPattern })}
          confirm={t("remove")}
          save={() => deleteWebhookRule(project, ending.id)}
          answers={query.queryKey}
          onClose={() => setEnding(null)}
        />
      )}
    </Card>
  );
}

function Rule({ rule, onEnd }: { rule: WebhookRuleDto; onEnd: () => void }) {
  const t = useTranslations("webhooks.rules");
  const wrong = !rule.holds
    ? t("lost", { person: rule.createdBy.displayName })
    : !rule.listens
      ? t("deaf")
      : null;
  return (
    <Tr>
      <Td>
        <span title={rule.componentName}>{rule.component}</span>
        {wrong !== null && (
          <span className="flex items-start gap-1.5 text-sm text-wait">
            <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" />
            {wrong}
          </span>
        )}
      </Td>
      <Td>
        <span className="mr-1.5 text-fg-3 max-sm:block">{t(`events.${rule.event}`)}</span>
        <code className="font-mono text-sm whitespace-nowrap">{rule.refPattern}</code>
      </Td>
      <Td className="whitespace-nowrap">{rule.build ? t("build") : t("draft")}</Td>
      <Td>
        <Person {...rule.createdBy} />
      </Td>
      <Td className="whitespace-nowrap">
        {rule.lastRelease === null ? (
          <span className="text-fg-3">{t("never")}</span>
        ) : (
          <>
            <Link
              href={`/releases/${encodeURIComponent(rule.lastRelease.number)}`}
              className="font-mono text-sm hover:underline"
            >
              {rule.lastRelease.number}
            </Link>{" "}
            <span className="text-fg-3">
              <TimeAgo at={rule.lastRelease.createdAt} />
            </span>
          </>
        )}
      </Td>
      <Td className="text-right">
        {rule.mayDelete && (
          <IconButton size="small" label={t("remove")} icon={<Trash2 aria-hidden />} onClick={onEnd} />
        )}
      </Td>
    </Tr>
  );
}
