"use client";

/** Fills that can be told apart without colour: full, tinted, hatched, dotted. Once on the page. */
export function ChartPatterns() {
  return (
    <svg width="0" height="0" className="absolute" aria-hidden="true" focusable="false">
      <defs>
        <pattern id="chart-tint" width="4" height="4" patternUnits="userSpaceOnUse">
          <rect width="4" height="4" fill="var(--accent)" opacity="0.45" />
        </pattern>
        <pattern
          id="chart-hatch"
          width="4"
          height="4"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width="4" height="4" fill="var(--accent-soft)" />
          <rect width="1.8" height="4" fill="var(--accent)" />
        </pattern>
        <pattern id="chart-dots" width="3" height="3" patternUnits="userSpaceOnUse">
          <rect width="3" height="3" fill="var(--idle-soft)" />
          <circle cx="1.5" cy="1.5" r="0.8" fill="var(--text-3)" />
        </pattern>
      </defs>
    </svg>
  );
}

const FILLS = ["var(--accent)", "url(#chart-tint)", "url(#chart-hatch)", "url(#chart-dots)"] as const;
export const fillOf = (index: number): string => FILLS[index % FILLS.length] ?? FILLS[0];

/** The square that names a series in a table. */
export function SeriesKey({ index }: { index: number }) {
  return (
    <svg width="14" height="14" aria-hidden="true" className="flex-none">
      <rect
        width="14"
        height="14"
        rx="3"
        fill={fillOf(index)}
        stroke="var(--line-strong)"
        strokeWidth="0.5"
      />
    </svg>
  );
}
