/** Checks an order `{symbol, price, quantity, reference}` and returns every reason against it, not just the first. */
export function check(order, limits) {
  const reasons = [];
  const amount = order.price * order.quantity;
  if (!Number.isFinite(amount) || amount <= 0) reasons.push("AMOUNT_INVALID");
  if (amount > limits.singleOrderAmount) reasons.push("SINGLE_ORDER_LIMIT");
  if (limits.blockedSymbols.includes(order.symbol)) reasons.push("SYMBOL_BLOCKED");
  if (order.reference > 0) {
    const deviation = (Math.abs(order.price - order.reference) / order.reference) * 100;
    if (deviation > limits.priceDeviationPercent) reasons.push("PRICE_DEVIATION");
  }
  return { accepted: reasons.length === 0, reasons };
}
