/** Marks that a strategy puts on a Deployment, its selector and its pods. */
export const TRACK_LABEL = "refract.dev/track";
export const CANARY = "canary";
export const COLOR_LABEL = "refract.dev/color";
export const COLORS = ["blue", "green"] as const;
export type Color = (typeof COLORS)[number];

export const otherColor = (color: Color | null): Color => (color === "blue" ? "green" : "blue");
export const coloredName = (name: string, color: Color): string => `${name}-${color}`;
export const canaryName = (name: string): string => `${name}-${CANARY}`;
/** On the Service through which the new colour is reached before the traffic is switched. */
export const PREVIEW_LABEL = "refract.dev/preview";
export const previewName = (name: string): string => `${name}-preview`;
