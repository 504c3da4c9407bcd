"use client";

import { useMutation } from "@tanstack/react-query";
import { Link2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { Banner } from "#components/ui/banner.tsx";
import { Button } from "#components/ui/button.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { ProblemAlert } from "#components/ui/problem.tsx";
import { verifyAudit } from "#lib/audit/client.ts";
import { problemOf } from "#lib/http/problem-of.ts";

/** Walks the hash chain of the whole trail and says whether an entry was changed, removed or added. */
export function useChainCheck() {
  const t = useTranslations("audit");
  const { mutate, data, error, isPending } = useMutation({ mutationFn: verifyAudit });
  const problem = problemOf(error);
  const button = (
    <Button icon={<Link2 aria-hidden />} loading={isPending} onClick={() => mutate()}>
      {t("verify")}
    </Button>
  );
  const result =
    problem !== null ? (
      <ProblemAlert problem={problem} />
    ) : data === undefined ? null : data.ok ? (
      <Banner kind="good" title={t("chainOk")}>
        <span className="flex flex-wrap items-center gap-x-2">
          {t("chainOkText", { count: data.entries })}
          {data.head !== "" && (
            <Copyable text={data.head} shown={`${data.head.slice(0, 12)}…`} label={t("head")} />
          )}
        </span>
      </Banner>
    ) : (
      <Banner kind="bad" title={t("chainBroken")}>
        {t("chainBrokenText", { seq: data.broken?.seq ?? "" })}{" "}
        {t(`broken.${data.broken?.reason ?? "CHAIN"}`)}
      </Banner>
    );
  return { button, result };
}
