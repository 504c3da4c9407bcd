/** The ground of the sign-in page: one quiet beam that the mark splits. Pure shape, no meaning. */
export function Prism() {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 1440 900"
      preserveAspectRatio="xMidYMid slice"
      className="pointer-events-none absolute inset-0 size-full"
    >
      <defs>
        {["good", "wait", "accent"].map((name) => (
          <linearGradient key={name} id={`beam-${name}`} x1="0" y1="0" x2="1" y2="0">
            <stop
              offset="0"
              stopColor={`var(--${name === "accent" ? "accent" : `${name}-solid`})`}
              stopOpacity="0.2"
            />
            <stop
              offset="1"
              stopColor={`var(--${name === "accent" ? "accent" : `${name}-solid`})`}
              stopOpacity="0.02"
            />
          </linearGradient>
        ))}
      </defs>
      <path d="M0 560 720 452v4L0 568Z" fill="var(--line-strong)" opacity="0.5" />
      <path d="M720 452 1440 470v74L720 456Z" fill="url(#beam-good)" />
      <path d="M720 454 1440 560v82L720 457Z" fill="url(#beam-wait)" />
      <path d="M720 455 1440 660v96L720 458Z" fill="url(#beam-accent)" />
    </svg>
  );
}
