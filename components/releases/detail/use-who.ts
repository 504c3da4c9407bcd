import { useTranslations } from "next-intl";
import { useMemo } from "react";

/** Roles and names as words of a sentence: "tester or owner". */
export function useWho() {
  const roles = useTranslations("roles");
  const t = useTranslations("releases");
  return useMemo(() => {
    const name = (who: string) => (roles.has(who) ? roles(who) : who);
    return (who: readonly string[]): string => {
      const names = who.map(name);
      if (names.length < 2) return names.join("");
      return `${names.slice(0, -1).join(t("roleComma"))}${t("or")}${names.at(-1)}`;
    };
  }, [roles, t]);
}
