async function call<T>(base: string | undefined, path: string, init?: RequestInit): Promise<T> {
  if (!base) throw new Error(`no base URL for ${path}`);
  const response = await fetch(`${base}${path}`, { ...init, signal: AbortSignal.timeout(2_000) });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return (await response.json()) as T;
}

const json = (body: unknown): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

export const services = {
  search: {
    find: ({ text, page }: { text: string; page: number }) =>
      call(process.env.SEARCH_URL, `/v1/search?q=${encodeURIComponent(text)}&page=${page}`),
  },
  orders: {
    basket: (id: string) => call(process.env.ORDERS_URL, `/v1/baskets/${id}`),
    place: (input: { basketId: string; cardReference: string }) =>
      call(process.env.ORDERS_URL, "/v1/orders", json(input)),
  },
};
