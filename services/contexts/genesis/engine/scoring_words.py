"""The word lists and sentences of the scores, in each language."""

import regex

from services.contexts.genesis.engine.text import Language


def _words(text: str) -> regex.Pattern[str]:
    return regex.compile(rf"(?<![\p{{L}}])(?:{'|'.join(text.split())})(?![\p{{L}}])", regex.I)


def _signs(text: str) -> regex.Pattern[str]:
    return regex.compile("|".join(text.split()))


TURN_WORDS: dict[Language, regex.Pattern[str]] = {
    "en": _words(
        "but then until unless except although though instead yet however turns suddenly only wrong never "
        "nobody without if when before must cannot trouble"
    ),
    "zh": _signs(
        "但 却 偏偏 忽然 突然 直到 除非 除了 不料 反而 反倒 只有 竟 可惜 谁知 如今 错 没人 谁也 唯一 麻烦 "
        "从此 必须 不能 否则"
    ),
}
"""Words on which a story turns or tightens."""

STAKE_WORDS: dict[Language, regex.Pattern[str]] = {
    "en": _words(
        "lose loses losing lost cost costs price pay paid die dies dead death death's destroy ruin ruins "
        "betray betrayed danger dangerous save saved saving forget forgotten enemy guilt guilty blame debt "
        "debts secret lie lies truth trust forgive mourned grave steal stole stolen stealing risk sacrifice"
    ),
    "zh": _signs("代价 失去 赔 死 毁 命 仇 债 欠 罪 救 秘密 谎 真相 背叛 危险 忘 坟 偷 舍 赌 牺牲 不保 押 恨 后悔"),
}
"""Words that say what can be lost."""

OPEN_WORDS: dict[Language, regex.Pattern[str]] = {
    "en": _words(
        "whether who why how which what decide decides choose chooses question until each every someone whoever"
    ),
    "zh": _signs("谁 怎样 怎么 为什么 要不要 哪 是否 还是 选择 问题 每 另一 直到 会不会 该不该"),
}
"""Words that leave room for more story."""

CLICHES: dict[Language, regex.Pattern[str]] = {
    "en": regex.compile(
        (
            "chosen one|ancient prophecy|save the world|dark lord|it was all a dream|love at first sight|against "
            "all odds|dark and stormy|more than meets the eye|nothing will ever be the same|fate of the "
            "world|epic battle|once upon a time"
        ),
        regex.I,
    ),
    "zh": regex.compile(
        "天选之子|命中注定|拯救世界|废柴逆袭|打脸|霸道总裁|穿越重生|一见钟情|金手指|系统绑定|从此过上|扮猪吃虎"
    ),
}
"""Phrases that have been worn out."""

GENERIC_TITLES = frozenset(
    {
        "story",
        "a story",
        "the story",
        "my story",
        "untitled",
        "title",
        "novel",
        "my novel",
        "book",
        "test",
        "concept",
        "故事",
        "一个故事",
        "无题",
        "未命名",
        "未命名小说",
        "小说",
        "标题",
        "测试",
        "概念",
    }
)

PREMODERN_GENRES = frozenset({"historical", "wuxia", "xianxia", "fantasy"})
MODERN_WORDS = (
    "smartphone",
    "internet",
    "email",
    "laptop",
    "television",
    "website",
    "app",
    "手机",
    "电脑",
    "互联网",
    "微信",
    "短信",
    "网站",
    "直播",
    "高铁",
)

ADVICE: dict[Language, dict[str, str]] = {
    "en": {
        "turn": "Add a turn to the premise: something the main character does not expect and cannot undo.",
        "stakes": "Say what is lost if the main character fails, and what success would cost.",
        "hook": "Sharpen the hook to one sentence of 8-20 words that contains a contradiction or a question.",
        "fullness": "Tell more in the premise: who wants what, who is in the way, why now.",
        "freshness": "Replace stock phrases and repeated words by things that exist in this story only.",
        "title": "Find a title that names something only this story has.",
        "signs": "Show the genre in the story: its places, people and rules, not only its name.",
        "named": "Name the genre, so that readers know what promise is made to them.",
        "wish": "Tell the story in the genre that was asked for.",
        "audience": "Say for whom the story is meant and in what tone it speaks.",
        "elements": "Give it two more elements of its own that can return and change in later chapters.",
        "conflicts": "Add conflicts of another kind: within a person, between friends, with an institution.",
        "themes": "Name a further theme that pulls against the first.",
        "detail": "Work out the details: more people, objects and customs to build chapters from.",
        "openness": "Leave a question open that the next part of the story can live on.",
        "novelty": "Move it further away from the other candidates: another place, conflict, kind of hero.",
        "consistency": "Bring title, premise and hook into line with each other and with what was asked.",
    },
    "zh": {
        "turn": "给前提加一个转折：一件主角没料到、也收不回的事。",
        "stakes": "写明主角失败会失去什么，成功又要付出什么。",
        "hook": "把钩子磨成一句15至30字的话，里面要有矛盾或疑问。",
        "fullness": "前提再写实一些：谁想要什么，谁在拦路，为什么是现在。",
        "freshness": "把套话和重复的词，换成只有这个故事才有的东西。",
        "title": "换一个只属于这个故事的标题。",
        "signs": "让类型长在故事里：写出它的地方、人和规矩，而不只是一个名称。",
        "named": "写明类型，让读者知道得到的是什么承诺。",
        "wish": "按要求的类型来讲这个故事。",
        "audience": "说清写给谁看、用什么口气。",
        "elements": "再添两个独有的元素，能在后面的章节里反复出现并且变化。",
        "conflicts": "补上另一类冲突：与自己、与朋友、与一个机构。",
        "themes": "再立一个与现有主题互相拉扯的主题。",
        "detail": "把细节做足：多一些可以铺成章节的人、物和风俗。",
        "openness": "留一个悬而未决的问题，让后面的故事有得可写。",
        "novelty": "离其他候选再远一些：换地方、换冲突、换一种主角。",
        "consistency": "让标题、前提和钩子彼此对得上，也与要求对得上。",
    },
}

MESSAGES: dict[Language, dict[str, str]] = {
    "en": {
        "hook_length": "The hook is far from its length of {low}-{high} words.",
        "usp_length": "The selling point is far from its length of {low}-{high} words.",
        "language": "Parts of the concept are in another language than the rest.",
        "title_unearned": "The title does not come up anywhere in the concept.",
        "repetition": "The same element is listed twice.",
        "out_of_time": "Something in the story belongs to a later age than its setting.",
        "idea_missing": "The original idea is not recognisable in the concept.",
        "genre_ignored": "The concept is in another genre than the one asked for.",
        "wish_unseen": "A wish from the feedback does not show in the concept.",
        "too_alike": "Two candidates are told too much alike.",
        "confirm": "Three rounds in a row were very good: confirm \u201c{title}\u201d and go on to the theme.",
    },
    "zh": {
        "hook_length": "钩子的长度与{low}至{high}字相差太远。",
        "usp_length": "卖点的长度与{low}至{high}字相差太远。",
        "language": "概念里有一部分用了另一种语言。",
        "title_unearned": "标题在概念里没有任何着落。",
        "repetition": "同一个元素列了两次。",
        "out_of_time": "故事里有东西不属于那个时代。",
        "idea_missing": "在概念里认不出最初的想法。",
        "genre_ignored": "概念的类型与要求的不同。",
        "wish_unseen": "反馈里的一个愿望没有体现出来。",
        "too_alike": "有两个候选讲得太像。",
        "confirm": "连续三轮都很出色：不妨确认《{title}》，进入主题。",
    },
}

DIMENSION_NAMES: dict[Language, dict[str, str]] = {
    "en": {
        "concept_strength": "force",
        "novelty": "novelty",
        "genre_fit": "flavour of its genre",
        "extensibility": "room to grow",
        "consistency": "inner consistency",
    },
    "zh": {
        "concept_strength": "前提更有力",
        "novelty": "更新鲜",
        "genre_fit": "类型味更足",
        "extensibility": "更能写长",
        "consistency": "更前后一致",
    },
}
