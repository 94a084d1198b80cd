import { Button, Price } from "@larkspur/design-system";
import { query } from "../graphql";

const PRODUCT = /* GraphQL */ `
  query Product($slug: String!) {
    product(slug: $slug) {
      name
      description
      variants { sku colour size price { amount currency } availability }
    }
  }
`;

export default async function ProductPage({ slug, locale }: { slug: string; locale: string }) {
  const { product } = await query(PRODUCT, { slug });
  const [first] = product.variants;
  return (
    <main>
      <h1>{product.name}</h1>
      <p>{product.description}</p>
      <form method="post" action="/basket">
        <input type="hidden" name="sku" value={first.sku} />
        <Price value={first.price} locale={locale} />
        <Button type="submit" emphasis="primary" disabled={first.availability === "SOLD_OUT"}>
          Add to basket
        </Button>
      </form>
    </main>
  );
}
