import { defineConfig } from "@hey-api/openapi-ts";

// Where the documents lie and where the code goes is said by whoever runs this: see tools/typescript.py.
const { CONTRACTS_INPUT: input, CONTRACTS_OUTPUT: output } = process.env;
// Times come with the offset that they are stored with.
const zod = { name: "zod", dates: { offset: true } } as const;
// Every call checks what it sends, and what it is answered.
const sdk = { name: "@hey-api/sdk", validator: "zod" } as const;

export default defineConfig([
  ...["command-api", "query-api"].map((api) => ({
    input: `${input}/${api}.json`,
    output: { path: `${output}/${api}`, module: { extension: ".js" } },
    plugins: ["@hey-api/client-fetch", "@hey-api/typescript", sdk, zod] as const,
  })),
  {
    input: `${input}/messages.json`,
    output: { path: `${output}/messages`, module: { extension: ".js" } },
    plugins: ["@hey-api/typescript", zod] as const,
  },
]);
