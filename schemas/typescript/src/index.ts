export * from "./api.js";
export * from "./genesisCommands.js";
export * from "./messages.gen.js";
export * from "./problems.gen.js";
