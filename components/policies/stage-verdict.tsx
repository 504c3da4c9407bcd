"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { imageVerdictsQuery } from "#lib/image-policies/client.ts";

/** How many findings of a release order's images each environment would refuse now; none where it would not. */
export function useRefusals(release: string, built: boolean): ReadonlyMap<string, number> {
  const { data } = useQuery({ ...imageVerdictsQuery(release), enabled: built });
  return new Map(
    (data?.items ?? []).flatMap(({ environment, images }): [string, number][] => {
      const open = images.flatMap(({ findings }) => findings.filter(({ waivedBy }) => waivedBy === null));
      return open.length === 0 ? [] : [[environment, open.length]];
    }),
  );
}

/** That an environment would refuse its images, before anybody flows into it. */
export function StageVerdict({
  release,
  environment,
  count,
}: {
  release: string;
  environment: string;
  count: number;
}) {
  const t = useTranslations("policies.verdicts");
  return (
    <Link
      href={`/releases/${encodeURIComponent(release)}/plan/${encodeURIComponent(environment)}`}
      className="text-bad hover:underline"
    >
      {t("stage", { count })}
    </Link>
  );
}
