/**
 * A length of time in words: "4 分 12 秒" / "4m 12s"; from an hour on without seconds, from a day on without minutes.
 * `seconds` is rounded to whole seconds, below one to tenths: what took hardly any time has taken some; negative counts
 * as 0. Chinese for every locale that starts with `zh`.
 */
export function formatDuration(seconds: number, locale: string): string {
  const chinese = locale.startsWith("zh");
  const tenths = Math.round(seconds * 10);
  if (seconds > 0 && tenths < 10) return partOfSecond(tenths, chinese);
  const total = Math.max(0, Math.round(seconds));
  const [d, h, m, s] = [
    Math.floor(total / 86_400),
    Math.floor((total % 86_400) / 3600),
    Math.floor((total % 3600) / 60),
    total % 60,
  ] as const;
  const two = (value: number) => String(value).padStart(2, "0");
  const join = (big: number, bigUnit: string, small: number, smallUnit: string, pad: boolean) => {
    const rest = pad ? two(small) : String(small);
    if (chinese) return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${rest} ${smallUnit}`;
    return small === 0 ? `${big}${bigUnit}` : `${big}${bigUnit} ${rest}${smallUnit}`;
  };
  const units = chinese ? { d: "天", h: "小时", m: "分", s: "秒" } : { d: "d", h: "h", m: "m", s: "s" };
  if (d > 0) return join(d, units.d, h, units.h, false);
  if (h > 0) return join(h, units.h, m, units.m, false);
  if (m > 0) return join(m, units.m, s, units.s, true);
  return chinese ? `${s} ${units.s}` : `${s}${units.s}`;
}

function partOfSecond(tenths: number, chinese: boolean): string {
  if (tenths === 0) return chinese ? "不到 0.1 秒" : "under 0.1s";
  return chinese ? `0.${tenths} 秒` : `0.${tenths}s`;
}
