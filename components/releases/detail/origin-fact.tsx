"use client";

import { Webhook } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReleaseDto } from "#lib/releases/schema.ts";

/** That a push made the release order: by which rule, who pushed, and the delivery for who may see it. */
export function OriginFact({
  project,
  origin,
}: {
  project: string;
  origin: NonNullable<ReleaseDto["origin"]>;
}) {
  const t = useTranslations("releases.origin");
  const { event, refPattern, pusher, delivery } = origin;
  return (
    <span className="inline-flex min-w-0 flex-wrap items-center gap-x-1.5">
      <Webhook aria-hidden className="text-fg-3" />
      <span className="min-w-0 break-words">
        {t.rich(pusher === null ? "textNobody" : "text", {
          event: t(`event.${event}`),
          pattern: refPattern,
          pusher: pusher ?? "",
          rule: (text) => (
            <Link
              href={`/projects/${encodeURIComponent(project)}#webhook-rules`}
              className="hover:text-fg hover:underline"
            >
              {text}
            </Link>
          ),
        })}
      </span>
      {delivery !== null && (
        <Link
          href={`/settings/source-hosts?webhook=${encodeURIComponent(delivery.host)}&delivery=${delivery.id}`}
          className="text-accent hover:underline"
        >
          {t("delivery")}
        </Link>
      )}
    </span>
  );
}
