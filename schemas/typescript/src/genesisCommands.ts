/** Which command a screen sends at which stage. Written by hand: rules, where the rest of the package is declarations. */
import type { GenesisStage } from "./enums.gen.js";

const PREFIX = "Command.Genesis.Session.";

export const GenesisCommandType = {
  SESSION_START: `${PREFIX}Start`,
  SESSION_FINISH: `${PREFIX}Finish`,
  SESSION_FAIL: `${PREFIX}Fail`,
  SEED_REQUEST: `${PREFIX}Seed.Request`,
  THEME_REQUEST: `${PREFIX}Theme.Request`,
  WORLD_REQUEST: `${PREFIX}World.Request`,
  CHARACTER_REQUEST: `${PREFIX}Character.Request`,
  PLOT_REQUEST: `${PREFIX}Plot.Request`,
  DETAILS_REQUEST: `${PREFIX}Details.Request`,
  STAGE_COMPLETE: `${PREFIX}Stage.Complete`,
  BRANCH_CREATE: `${PREFIX}Branch.Create`,
  CONCEPT_CONFIRM: `${PREFIX}Concept.Confirm`,
  THEME_CONFIRM: `${PREFIX}Theme.Confirm`,
  WORLD_CONFIRM: `${PREFIX}World.Confirm`,
  CHARACTER_CONFIRM: `${PREFIX}Character.Confirm`,
  PLOT_CONFIRM: `${PREFIX}Plot.Confirm`,
  DETAILS_CONFIRM: `${PREFIX}Details.Confirm`,
  THEME_REVISE: `${PREFIX}Theme.Revise`,
  WORLD_UPDATE: `${PREFIX}World.Update`,
  CHARACTER_UPDATE: `${PREFIX}Character.Update`,
  PLOT_UPDATE: `${PREFIX}Plot.Update`,
  CHARACTER_NETWORK_CREATE: `${PREFIX}CharacterNetwork.Create`,
} as const;
export type GenesisCommandType = (typeof GenesisCommandType)[keyof typeof GenesisCommandType];

type ByStage = Readonly<Record<GenesisStage, GenesisCommandType>>;

const REQUESTS: ByStage = {
  INITIAL_PROMPT: GenesisCommandType.SEED_REQUEST,
  WORLDVIEW: GenesisCommandType.WORLD_REQUEST,
  CHARACTERS: GenesisCommandType.CHARACTER_REQUEST,
  PLOT_OUTLINE: GenesisCommandType.PLOT_REQUEST,
  FINISHED: GenesisCommandType.DETAILS_REQUEST,
};
const CONFIRMATIONS: ByStage = {
  INITIAL_PROMPT: GenesisCommandType.CONCEPT_CONFIRM,
  WORLDVIEW: GenesisCommandType.WORLD_CONFIRM,
  CHARACTERS: GenesisCommandType.CHARACTER_CONFIRM,
  PLOT_OUTLINE: GenesisCommandType.PLOT_CONFIRM,
  FINISHED: GenesisCommandType.DETAILS_CONFIRM,
};
const UPDATES: ByStage = {
  INITIAL_PROMPT: GenesisCommandType.THEME_REVISE,
  WORLDVIEW: GenesisCommandType.WORLD_UPDATE,
  CHARACTERS: GenesisCommandType.CHARACTER_UPDATE,
  PLOT_OUTLINE: GenesisCommandType.PLOT_UPDATE,
  FINISHED: GenesisCommandType.DETAILS_REQUEST,
};

/** The command that asks for a stage's content. */
export const getCommandTypeByStage = (stage: GenesisStage): GenesisCommandType => REQUESTS[stage];

/** The command that confirms a stage's content. */
export const getConfirmCommandTypeByStage = (stage: GenesisStage): GenesisCommandType => CONFIRMATIONS[stage];

/** The command that changes a stage's content. */
export const getUpdateCommandTypeByStage = (stage: GenesisStage): GenesisCommandType => UPDATES[stage];

export const isConfirmCommand = (type: GenesisCommandType): boolean => type.endsWith(".Confirm");

export const isRequestCommand = (type: GenesisCommandType): boolean => type.endsWith(".Request");
