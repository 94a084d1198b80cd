import { GraphQLClient } from "graphql-request";

const client = new GraphQLClient(process.env.GRAPHQL_URL ?? "http://localhost:4000/graphql");

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export function query(document: string, variables: Record<string, unknown>): Promise<any> {
  return client.request(document, variables);
}
