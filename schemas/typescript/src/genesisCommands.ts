/** Which command a screen sends at which stage. Written by hand: rules, where the rest of the package is declarations. */
import type { GenesisStage } from "./enums.gen.js";
import type { Commands } from "./messages.gen.js";

/** The languages that screens speak. */
export type Locale = "zh" | "en";

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

/** The body of a POST to a commands endpoint; the payload has to be that of the type. */
export const buildGenesisCommandPayload = <T extends GenesisCommandType>(
  type: T,
  payload: Commands[T]["payload"],
): { readonly type: T; readonly payload: Commands[T]["payload"] } => ({ type, payload });

const DISPLAY_NAMES: Readonly<Record<keyof typeof GenesisCommandType, Readonly<Record<Locale, string>>>> = {
  SESSION_START: { zh: "开始创世", en: "Start the genesis" },
  SESSION_FINISH: { zh: "完成创世", en: "Finish the genesis" },
  SESSION_FAIL: { zh: "标记失败", en: "Mark as failed" },
  SEED_REQUEST: { zh: "给我灵感", en: "Ask for concepts" },
  THEME_REQUEST: { zh: "生成主题", en: "Ask for themes" },
  WORLD_REQUEST: { zh: "生成世界观", en: "Ask for a world" },
  CHARACTER_REQUEST: { zh: "生成角色", en: "Ask for characters" },
  PLOT_REQUEST: { zh: "生成剧情", en: "Ask for a plot" },
  DETAILS_REQUEST: { zh: "生成细节", en: "Ask for details" },
  STAGE_COMPLETE: { zh: "完成阶段", en: "Complete the stage" },
  BRANCH_CREATE: { zh: "创建分支", en: "Create a branch" },
  CONCEPT_CONFIRM: { zh: "确认概念", en: "Confirm the concept" },
  THEME_CONFIRM: { zh: "确认主题", en: "Confirm the theme" },
  WORLD_CONFIRM: { zh: "确认世界观", en: "Confirm the world" },
  CHARACTER_CONFIRM: { zh: "确认角色", en: "Confirm the characters" },
  PLOT_CONFIRM: { zh: "确认剧情", en: "Confirm the plot" },
  DETAILS_CONFIRM: { zh: "确认细节", en: "Confirm the details" },
  THEME_REVISE: { zh: "修改主题", en: "Revise the theme" },
  WORLD_UPDATE: { zh: "修改世界观", en: "Update the world" },
  CHARACTER_UPDATE: { zh: "修改角色", en: "Update the characters" },
  PLOT_UPDATE: { zh: "修改剧情", en: "Update the plot" },
  CHARACTER_NETWORK_CREATE: { zh: "生成角色关系网", en: "Create the character network" },
};

const KEYS = new Map<string, keyof typeof GenesisCommandType>(
  Object.entries(GenesisCommandType).map(([key, type]) => [type, key as keyof typeof GenesisCommandType]),
);

/** What a command is called on a screen; one that this version does not know is called by its type. */
export const getCommandTypeDisplayName = (type: string, locale: Locale = "zh"): string => {
  const key = KEYS.get(type);
  return key === undefined ? type : DISPLAY_NAMES[key][locale];
};
