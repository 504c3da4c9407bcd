"use client";

import { useFormatter, useTranslations } from "next-intl";
import { shortDigest } from "#components/ui/text.ts";
import type { PlanDto } from "#lib/plans/schema.ts";

type Origin = PlanDto["origins"][number];
const MOMENT = {
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
} as const;

/** Where a change comes from in words: a short one for a line, and the facts behind it. */
export function useOriginText(): (origin: Origin) => { word: string; details: string[] } {
  const t = useTranslations("plans.origin");
  const format = useFormatter();
  const setBy = ({ person, at }: { person: string | null; at: string | null }) =>
    person === null || at === null ? null : t("setBy", { person, at: format.dateTime(new Date(at), MOMENT) });
  const line = (...parts: (string | null)[]) => parts.filter((part) => part !== null).join(t("comma"));
  const valueName = (name: string) => (t.has(`value.${name}`) ? t(`value.${name}`) : name);
  return (origin) => {
    switch (origin.source) {
      case "artifact":
        return {
          word: t("artifact", { component: origin.component }),
          details: [`${origin.image.split("@")[0]} ${shortDigest(origin.digest)}`],
        };
      case "config": {
        const [first] = origin.values;
        const more = origin.values.length - 1;
        const name = valueName(first?.name ?? "");
        return {
          word: more > 0 ? t("values", { name, more }) : name,
          details: origin.values.map((value) =>
            line(
              valueName(value.name),
              value.layer === "environment" && value.version !== null
                ? t("layer.version", { component: origin.component, version: value.version })
                : t(`layer.${value.layer}`, { component: origin.component }),
              setBy(value),
            ),
          ),
        };
      }
      case "template":
        return {
          word: t("template", { name: origin.name, version: origin.version }),
          details: [line(t("template", { name: origin.name, version: origin.version }), setBy(origin))],
        };
      case "release":
        return { word: origin.number, details: [t("release", { number: origin.number })] };
      case "cluster":
        return origin.manager === null
          ? { word: t("default"), details: [t("defaultDetail")] }
          : { word: origin.manager, details: [t("manager", { manager: origin.manager })] };
    }
  };
}
