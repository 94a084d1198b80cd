import { Price, type Money } from "@larkspur/design-system";

interface Line {
  sku: string;
  name: string;
  quantity: number;
  total: Money;
}

export function BasketSummary({ lines, total, locale }: { lines: Line[]; total: Money; locale: string }) {
  return (
    <section aria-label="Basket">
      <ul>
        {lines.map((line) => (
          <li key={line.sku}>
            {line.quantity} × {line.name} <Price value={line.total} locale={locale} />
          </li>
        ))}
      </ul>
      <p>
        Total <Price value={total} locale={locale} />
      </p>
    </section>
  );
}
