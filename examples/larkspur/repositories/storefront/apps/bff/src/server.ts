import { readFileSync } from "node:fs";

import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";

import { services } from "./services.js";

const typeDefs = readFileSync(new URL("../schema.graphql", import.meta.url), "utf8");

const resolvers = {
  Query: {
    search: (_: unknown, args: { text: string; page: number }) => services.search.find(args),
    basket: (_: unknown, args: { id: string }) => services.orders.basket(args.id),
  },
  Mutation: {
    placeOrder: (_: unknown, { input }: { input: { basketId: string; cardReference: string } }) =>
      services.orders.place(input),
  },
};

const server = new ApolloServer({ typeDefs, resolvers });
const { url } = await startStandaloneServer(server, { listen: { port: 4000 } });
console.log(JSON.stringify({ message: "GraphQL is ready", url }));
