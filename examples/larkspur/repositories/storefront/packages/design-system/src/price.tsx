export interface Money {
  amount: string;
  currency: "EUR" | "GBP" | "SEK";
}

export function formatPrice({ amount, currency }: Money, locale: string): string {
  return new Intl.NumberFormat(locale, { style: "currency", currency }).format(Number(amount));
}

export function Price({ value, before, locale }: { value: Money; before?: Money; locale: string }) {
  return (
    <span className="ls-price">
      {before && <s className="ls-price__before">{formatPrice(before, locale)}</s>}
      <span className="ls-price__now">{formatPrice(value, locale)}</span>
    </span>
  );
}
