/**
 * Key of the project that an address is about: `/projects/<key>…`, `/environments/<key>/…`, `/releases/<number>` (the
 * number holds the key), or `?project=`. Null where the address says nothing: the remembered project stays.
 */
export function projectOfPath(path: string, query: string | null): string | null {
  if (query !== null && query !== "") return query;
  const [, section = "", second = ""] = path.split("/");
  if (section === "projects" || section === "environments")
    return second === "" ? null : decodeURIComponent(second);
  if (section === "releases") return /^\d{8}-(.+)-\d+$/.exec(second)?.[1] ?? null;
  return null;
}
