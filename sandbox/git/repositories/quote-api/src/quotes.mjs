import { readFileSync } from "node:fs";

const symbols = JSON.parse(readFileSync(new URL("./symbols.json", import.meta.url), "utf8"));

/** Prices walk around their base: no market data leaves this machine, and none is needed to see it move. */
export function quotes(now = Date.now()) {
  return symbols.map(({ symbol, name, base, tick }, index) => {
    const swing = Math.sin(now / 60_000 + index) * 0.02 + Math.sin(now / 7_000 + index * 3) * 0.004;
    const price = Math.round((base * (1 + swing)) / tick) * tick;
    return { symbol, name, price: Number(price.toFixed(2)), change: Number((swing * 100).toFixed(2)) };
  });
}

export function quote(symbol) {
  return quotes().find((entry) => entry.symbol === symbol);
}
