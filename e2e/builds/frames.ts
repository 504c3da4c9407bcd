import type { Page } from "@playwright/test";

export type Frames = { count: number; medianFps: number; slow: number };

/**
 * Frames while the wheel scrolls at a steady speed, as the page itself is asked for them: the median rate, and the share
 * that came later than one and a half frames.
 */
export async function framesWhileScrolling(
  page: Page,
  x: number,
  y: number,
  seconds: number,
): Promise<Frames> {
  const session = await page.context().newCDPSession(page);
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { frameTimes: times });
    const next = (time: number) => {
      times.push(time);
      if ("frameTimes" in window) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  const speed = 1500;
  await session.send("Input.synthesizeScrollGesture", {
    x,
    y,
    yDistance: -speed * seconds,
    speed,
    gestureSourceType: "mouse",
    preventFling: true,
  });
  const times = await page.evaluate(() => {
    const found: unknown = Reflect.get(window, "frameTimes");
    Reflect.deleteProperty(window, "frameTimes");
    return Array.isArray(found) ? found.filter((time) => typeof time === "number") : [];
  });
  await session.detach();
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  const sorted = [...gaps].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.POSITIVE_INFINITY;
  return {
    count: gaps.length,
    medianFps: 1000 / median,
    slow: gaps.filter((gap) => gap > 25).length / gaps.length,
  };
}
