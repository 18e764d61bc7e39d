"""Tones: the words people ask for them by, and the words by which a reader notices them."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

import regex

from services.contexts.genesis.engine.directives import Tone
from services.contexts.genesis.engine.feedback.patterns import either
from services.contexts.genesis.engine.text import Language

_OPPOSITES: Final[Mapping[Tone, Tone]] = {
    "darker": "lighter",
    "lighter": "darker",
    "tenser": "calmer",
    "calmer": "tenser",
    "grander": "simpler",
    "simpler": "grander",
    "stranger": "realistic",
    "realistic": "stranger",
    "sadder": "lighter",
    "funnier": "calmer",
    "romantic": "realistic",
}
"""What is meant by less of a tone."""

_ASKED_EN: Final[Mapping[Tone, str]] = {
    "darker": r"dark(?:er|ness)?|grim(?:mer)?|gritt(?:y|ier)|bleak(?:er)?|gloom(?:y|ier)?|edg(?:y|ier)|ominous"
    r"|sinister|noir|harsh(?:er)?|brutal|scar(?:y|ier)|creep(?:y|ier)",
    "lighter": r"light(?:er)?(?:[- ]hearted)?|bright(?:er)?|warm(?:er|th)?|cheer(?:ful|ier)|hope(?:ful)?|upbeat"
    r"|happ(?:y|ier)|cos(?:y|ier)|coz(?:y|ier)|optimistic|uplifting|gentl(?:e|er)|sweet(?:er)?|playful",
    "funnier": r"fun(?:ny|nier)?|humou?r(?:ous)?|witt(?:y|ier)|comic(?:al)?|comedy|hilarious|jokes|absurd(?:er)?"
    r"|laughs|ironic|irony|satirical",
    "sadder": r"sad(?:der|ness)?|melanchol(?:y|ic)|mournful|tragic|tragedy|sorrow(?:ful)?|bittersweet|wistful"
    r"|heart-?breaking|poignant",
    "romantic": r"romantic|passionate|tender(?:er)?|sensual",
    "tenser": r"tens(?:e|er|ion)|suspens(?:e|eful)|gripping|thrilling|excit(?:ing|ement)|fast(?:er)?(?:[- ]paced)?"
    r"|quick(?:er)?|urgen(?:t|cy)|intens(?:e|er|ity)|dramatic|nail-?biting|action-?packed|pac(?:y|ier)|punch(?:y|ier)",
    "calmer": r"calm(?:er)?|quiet(?:er)?|slow(?:er)?(?:[- ]paced)?|peaceful|serene|gentle pace|contemplative|relaxed"
    r"|restrained|meditative|subtle(?:r)?|subdued",
    "stranger": r"strang(?:e|er)|weird(?:er|ness)?|od(?:d|der)|surreal|eer(?:ie|ier)|uncann(?:y|ier)|dream-?like"
    r"|bizarre|mysterious|mystery|otherworldly|unsettling|whimsical",
    "simpler": r"simpl(?:e|er)|plain(?:er)?|clear(?:er)?|straightforward|accessible|easier to (?:read|follow)",
    "grander": r"grand(?:er)?|epic|bigger|larger in scope|sweeping|majestic|monumental|heroic|ambitious",
    "realistic": r"realis(?:tic|m)|real(?:er)?|down[- ]to[- ]earth|believable|grounded|authentic|credible|plausible",
}
_ASKED_ZH: Final[Mapping[Tone, str]] = {
    "darker": "黑暗|阴暗|暗黑|阴郁|阴沉|沉重|残酷|冷酷|压抑|灰暗|暗|黑|恐怖|阴森|沉郁|凝重",
    "lighter": "轻松|明亮|温暖|阳光|明快|欢快|温馨|治愈|光明|积极|乐观|轻快|甜|柔和|暖",
    "funnier": "幽默|搞笑|好笑|有趣|诙谐|风趣|滑稽|逗趣|逗|喜剧|喜剧感|荒诞",
    "sadder": "悲伤|伤感|悲凉|悲|虐|忧伤|感伤|凄凉|悲剧|催泪|哀伤|虐心|惆怅",
    "romantic": "浪漫|缠绵|深情|唯美",
    "tenser": "紧张|紧凑|刺激|惊险|悬疑|激烈|快|扣人心弦|悬念|紧迫|热血|爽",
    "calmer": "平静|舒缓|安静|缓慢|慢|克制|宁静|恬淡|平和|含蓄|内敛|冷静|沉静|细腻",
    "stranger": "诡异|怪异|奇怪|离奇|奇特|神秘|诡谲|魔幻|迷离|梦幻|奇诡|怪",
    "simpler": "简单|朴素|简洁|直白|通俗|易懂|平实|清楚|质朴",
    "grander": "宏大|史诗|壮阔|恢弘|恢宏|大气|磅礴|壮丽|史诗感|宏伟|壮观",
    "realistic": "现实|真实|写实|接地气|生活化|可信|逼真|真切",
}


_TOO_MUCH: Final[Mapping[Language, regex.Pattern[str]]] = {
    "en": regex.compile(r"complicated|complex|convoluted|confusing|intricate|dense", regex.I),
    "zh": regex.compile(r"复杂|繁琐|繁复|混乱|难懂|绕|乱|晦涩"),
}


def _patterns(asked: Mapping[Tone, str]) -> Mapping[Tone, regex.Pattern[str]]:
    return {tone: regex.compile(words, regex.I) for tone, words in asked.items()}


_ASKED: Final = {"en": _patterns(_ASKED_EN), "zh": _patterns(_ASKED_ZH)}


def tone_asked(word: str, language: Language) -> Tone | None:
    """Return the tone that a word (in any of its forms) asks for."""
    return next((tone for tone, pattern in _ASKED[language].items() if pattern.fullmatch(word.strip())), None)


def tone_wanted(word: str, language: Language, *, denied: bool) -> Tone | None:
    """Return the tone that is asked for by a word, or, where it is denied ("too dark"), by what is its opposite."""
    tone = tone_asked(word, language)
    if not denied:
        return tone
    return _OPPOSITES[tone] if tone else "simpler" if _TOO_MUCH[language].fullmatch(word.strip()) else None


# A reader notices a tone by its pictures; an asterisk stands for any ending.
_SHOWN_EN: Final[Mapping[Tone, str]] = {
    "darker": """
        dark* grim* bleak* shadow* black(?!bird|board)* night* ash(?:es)? blood* grave* cruel* ruin* rot(?:t|s)?
        cold* dead* death* bury* buried* drown* curse* dread* gloom* fear* merciless* scar* burn* worse* guilt*
        knife* sinister* rust* hunger*
    """,
    "lighter": """
        light(?!house|ning)* bright* warm* hope* sun(?:ny|light|rise|shine)? smil* laugh* kind(?:ly|ness|er)?
        gentl* singing* song* danc* joy* cheer* spring* happ* glad* friend* relief* forgiv* sweet* playful*
        morning*
    """,
    "funnier": """
        laugh* jok* funn* comic* comed* ridicul* absurd* smirk* grin* punchline* pun(?:s)? mock(?:ing|ery)?*
        goose* geese* slapstick* wit(?:ty|s)? embarrass* trouser* silly* ironi* deadpan* chuckl* giggl* mishap*
        hiccup* sneez* pompous*
    """,
    "sadder": """
        sad(?:ness|ly|der)? grief* griev* tear(?:s|ful)? weep* wept* mourn* loss* lonel* farewell* goodbye*
        ache* sorrow* regret* never_again* too_late* funeral* cried* crying* letting_go* melanchol* empty_chair*
        missing*
    """,
    "romantic": """
        love(?:d|r|rs|s)? heart* kiss* tender* longing* desire* beloved* sweetheart* blush* embrace* caress*
        devot* yearn* passion* courtship* intima* glance* fingertip*
    """,
    "tenser": """
        tense* tension* deadline* minute(?:s)? clock* breath* chase* hunt* danger* threat* race(?:s|d)? urgent*
        second(?:s)? pulse* pursu* footstep* suspens* tick(?:s|ing)? alarm* trap(?:s|ped)? hurry* before_time*
        too_late* countdown* nerve*
    """,
    "calmer": """
        calm* quiet* still(?:ness)? slow* peace* silen* rest(?:s|ing|ed)? gentl* patien* tea hush* pause* soft*
        settle* unhurried* breathes?* evening*
    """,
    "stranger": """
        strange* odd(?:ly|ity|er)? weird* uncann* eerie* dream* mirror* impossible* vanish* unseen* whisper*
        surreal* backward(?:s)? inexplic* unexplain* riddle* wrong_way* moth*
    """,
    "simpler": """
        simpl* plain* clear(?:ly|er)? short* one_thing* direct(?:ly)? bare* straight* single* few(?:er)?
    """,
    "grander": """
        grand(?!m|f|p)* epic* vast* empire* thousand* century* centuries* kingdom* horizon* arm(?:y|ies)
        mountain* generation* fate* banner* legend* histor* nation* immense* eternal* colossal*
    """,
    "realistic": """
        real(?:istic|ly|ity)? plain* rent wage* bread* paperwork* bill(?:s)? ordinar* everyday* street* tired*
        money* kitchen* dirt* price* practical* job(?:s)? receipt* habit* dishes* laundry*
    """,
}
_SHOWN_ZH: Final[Mapping[Tone, str]] = {
    "darker": """
        黑暗 阴暗 幽暗 昏暗 暗处 暗下 变暗 黑夜 夜色 深夜 长夜 寒意 冰冷 鲜血 血 坟 灰烬 废墟 残酷 残忍 罪 噩梦
        恐惧 绝望 沉重 阴影 死 代价 刀 腐 亏欠 没有退路 更暗 暗
    """,
    "lighter": """
        亮 光 温暖 暖 笑 晴 春 希望 轻松 轻快 阳光 甜 歌 安心 温柔 明朗 明快 欢 喜 善意 花
    """,
    "funnier": """
        笑 滑稽 荒唐 幽默 俏皮 尴尬 出丑 糗 打趣 诙谐 闹 逗 荒诞 喷嚏 一本正经 鹅
    """,
    "sadder": """
        悲 泪 哭 哀 伤 离别 失去 失落 空荡 孤独 遗憾 悔 愁 思念 再也 来不及 凄 凉 惆怅 告别
    """,
    "romantic": """
        爱 心动 心跳 吻 情 恋 温柔 牵手 拥抱 思念 眷 缠绵 脸红 相望 倾心 深情
    """,
    "tenser": """
        紧 急 险 危 追 逼 倒计时 心跳 屏住 时限 来不及 悬 秒 分钟 时辰 赶 绷 喘 刻不容缓
    """,
    "calmer": """
        静 缓 慢 平和 安宁 茶 恬淡 歇 从容 默默 沉默 稳 柔和 不急
    """,
    "stranger": """
        怪 异样 诡 离奇 奇 梦 镜 谜 莫名 不可能 倒着 消失 幻 雾 蹊跷
    """,
    "simpler": """
        简单 简洁 朴素 直白 清楚 一句话 一件事 明白 干脆 单纯
    """,
    "grander": """
        宏 壮 万里 千 史诗 王朝 帝国 天下 山河 苍穹 命运 百年 世代 大军 浩 天地
    """,
    "realistic": """
        真实 实在 日常 柴米 工钱 账 饭 钱 平常 活计 房租 手续 生计 票 琐碎 街坊 现实
    """,
}


def tone_words(text: str, tone: Tone, language: Language) -> Counter[str]:
    """Return the words of a tone's own that stand in a text."""
    return Counter(found.casefold() for found in _SHOWN[language][tone].findall(text))


def _stems(words: str, language: Language) -> regex.Pattern[str]:
    group = either(words.replace("*", r"\w*"))
    return regex.compile(group if language == "zh" else rf"\b{group}\b", regex.I)


_SHOWN: Final[Mapping[Language, Mapping[Tone, regex.Pattern[str]]]] = {
    "en": {tone: _stems(words, "en") for tone, words in _SHOWN_EN.items()},
    "zh": {tone: _stems(words, "zh") for tone, words in _SHOWN_ZH.items()},
}
