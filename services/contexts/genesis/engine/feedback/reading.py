"""Reading feedback: what a person asks for, by patterns of both languages. What no pattern fits is a remark."""

from collections.abc import Callable, Iterator
from typing import Final, Literal

import regex

from services.contexts.genesis.engine.directives import (
    ChangeAge,
    ChangeCount,
    ChangeLength,
    ChangeTone,
    ChangeTrait,
    Directive,
    Exclude,
    Include,
    Remark,
    Rename,
    Tone,
)
from services.contexts.genesis.engine.text import Language

LENGTH_MAX: Final = 20_000
WISH_LENGTH_MAX: Final = 120
"""What is longer is told, not asked for."""

_FLAGS: Final = regex.I | regex.V1
_BREAK: Final = regex.compile(
    r"[,;，；、。！!\n]+|\.(?=\s|$)|\s+(?:and|but)\s+(?=(?:no|add|make|rename|call|remove|drop|more|less|without)\b)"
    r"|(?:并且|而且|同时|另外)",
    _FLAGS,
)
_POLITE: Final = regex.compile(
    r"^(?:please\s+|can you\s+|could you\s+|i(?:'d| would)? (?:want|like)(?: you)?(?: to)?\s+|请|希望|"
    r"我想要?)",
    _FLAGS,
)
_NUMBERS: Final = {
    **{word: number for number, word in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    )},
    **{word: number for number, word in enumerate("零一二三四五六七八九")},
    "两": 2,
}  # fmt: skip
_NUMBER: Final = (
    r"\d{1,4}|zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[零一二两三四五六七八九十百]{1,5}"
)
_THINGS: Final = (
    r"characters?|people|villains?|protagonists?|chapters?|nodes?|scenes?|plans?|levels?|places?|locations?|themes?"
    r"|concepts?|candidates?|entries|subplots?|acts?|motifs?|terms?|organi[sz]ations?"
    r"|角色|人物|反派|主角|章节?|节点|场景|方案|等级|级|层|地点|主题|概念|候选|条目|支线|幕|意象|词条|组织"
)
_HERO: Final = frozenset({
    "", "her", "him", "them", "she", "he", "the hero", "hero", "the heroine", "heroine", "the protagonist",
    "protagonist",
    "the main character", "main character", "他", "她", "它", "主角", "主人公", "男主", "女主", "男主角", "女主角",
})  # fmt: skip
_WHOLE: Final = frozenset({
    "it", "this", "everything", "all", "the story", "the tone", "the mood", "the world", "the concept", "the concepts",
    "the theme", "the themes", "the plot", "the ending", "the whole", "the whole thing", "the atmosphere", "story",
    "tone",
    "整体", "故事", "基调", "氛围", "世界", "世界观", "概念", "主题", "剧情", "结局", "语气", "风格", "气氛", "它",
})  # fmt: skip
_TONES: Final[tuple[tuple[str, Tone], ...]] = (
    (
        r"(?:less|not so|not as|too) (?:dark|grim|heavy|bleak)|(?:不要|别|太)(?:那么|这么|太)?(?:沉重|黑暗|阴暗|压抑)",
        "lighter",
    ),
    (r"\bdark(?:er)?\b|\bgrim(?:mer)?\b|\bbleak(?:er)?\b|\bgritt(?:y|ier)\b|黑暗|阴暗|更暗|沉重|残酷", "darker"),
    (r"\blight(?:er)?\b|\bbright(?:er)?\b|light-?hearted|\bhopeful\b|轻松|明快|明亮|轻快|温暖", "lighter"),
    (r"\bfunn(?:y|ier)\b|more humou?r|\bhumorous\b|\bcomic\b|搞笑|幽默|好笑|诙谐", "funnier"),
    (r"\bsad(?:der)?\b|\bmelanchol|悲伤|伤感|更悲|忧伤", "sadder"),
    (r"romantic|浪漫", "romantic"),
    (r"\btens(?:e|er)\b|more (?:tension|suspense)|suspenseful|\bfaster\b|紧张|悬念|更?紧凑|更快", "tenser"),
    (r"\bcalm(?:er)?\b|\bslower\b|\bquiet(?:er)?\b|\bgentler\b|平静|舒缓|更慢|安静", "calmer"),
    (r"\bstrang(?:e|er)\b|\bweird(?:er)?\b|\bodd(?:er)?\b|诡异|怪异|奇异|更?奇怪", "stranger"),
    (r"\bsimpl(?:e|er)\b|简单", "simpler"),
    (r"\bgrand(?:er)?\b|\bepic\b|\bbigger\b|宏大|史诗|壮阔", "grander"),
    (r"realistic|\brealism\b|写实|真实|现实", "realistic"),
)
_ADJECTIVE: Final = regex.compile(
    r"\w+(?:ous|ful|less|ive|ish|ant|ent|ing|able|ible|ial|ical)|brave|noble|kind|cold|wise", _FLAGS
)
_COMPARATIVES: Final = {
    "braver": "brave", "nicer": "nice", "wiser": "wise", "gentler": "gentle", "crueler": "cruel", "better": "good",
    "worse": "bad", "nobler": "noble", "freer": "free", "humbler": "humble", "subtler": "subtle", "politer": "polite",
    "fiercer": "fierce", "simpler": "simple", "stranger": "strange", "looser": "loose", "ruder": "rude",
}  # fmt: skip

_Reading = Callable[[regex.Match[str]], Directive | None]


def read_feedback(text: str, language: Language) -> tuple[Directive, ...]:
    """What a text asks for, in its order, whatever language the story has. Never raises."""
    wishes = (wish.strip(" \t\r\"“”‘’'「」『』!！?？") for wish in _BREAK.split(text[:LENGTH_MAX]))
    return tuple(_directive(wish) for wish in wishes if wish)


def _directive(wish: str) -> Directive:
    if len(wish) > WISH_LENGTH_MAX:
        return Remark(wish)
    asked = _POLITE.sub("", wish)
    return next(_readings(asked), Remark(wish))


def _readings(wish: str) -> Iterator[Directive]:
    for pattern, reading in _PATTERNS:
        if (found := pattern.fullmatch(wish)) and (directive := reading(found)) is not None:
            yield directive


# --- What each pattern means ---------------------------------------------------------------------------------------


def _rename(found: regex.Match[str]) -> Directive | None:
    old, new = found["old"].strip(" 的"), found["new"].strip(" .")
    return Rename(old, new) if old and new else None


def _age(found: regex.Match[str]) -> Directive | None:
    groups = found.groupdict()
    direction: Literal["older", "younger"] | None = None
    if groups.get("older"):
        direction = "older"
    elif groups.get("younger"):
        direction = "younger"
    years = _number(groups["years"]) if groups.get("years") else None
    return ChangeAge(_who(groups.get("who") or ""), direction, years)


def _count(found: regex.Match[str]) -> Directive | None:
    number = _number(found["number"])
    return None if number is None else ChangeCount(found["what"], number)


def _tone(wish: str) -> Directive | None:
    return next((ChangeTone(tone) for pattern, tone in _TONES if regex.search(pattern, wish, _FLAGS)), None)


def _whole_tone(found: regex.Match[str]) -> Directive | None:
    who = (found["who"] or "").strip().casefold()
    return _tone(found[0]) if who in _WHOLE or not who else None


def _trait(found: regex.Match[str]) -> Directive | None:
    trait = found["trait"].strip()
    return ChangeTrait(_who(found["who"] or ""), _plain(trait), absent=False) if trait else None


def _no_trait(found: regex.Match[str]) -> Directive | None:
    return ChangeTrait(_who(found["who"] or ""), found["trait"].strip(), absent=True)


def _more(found: regex.Match[str]) -> Directive | None:
    wanted = found["term"].strip()
    return ChangeTrait(None, wanted) if _ADJECTIVE.fullmatch(wanted) else Include(wanted)


def _who(text: str) -> str | None:
    who = text.strip()
    return None if who.casefold() in _HERO else who


def _plain(trait: str) -> str:
    """A comparative without its ending."""
    word = trait.casefold()
    if word in _COMPARATIVES:
        return _COMPARATIVES[word]
    if word.endswith("ier"):
        return f"{trait[:-3]}y"
    if word.endswith("er") and len(word) > 4:
        bare = trait[:-2]
        return bare[:-1] if len(bare) > 2 and bare[-1] == bare[-2] and bare[-1] not in "lsz" else bare
    return trait


def _number(text: str) -> int | None:
    word = text.casefold()
    if word.isascii() and word.isdigit():
        return int(word)
    if word in _NUMBERS:
        return _NUMBERS[word]
    if not regex.fullmatch(r"[零一二两三四五六七八九十百]+", word):
        return None
    hundreds, _, rest = word.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    digits = _NUMBERS.get(ones.removeprefix("零"), 0)
    return 100 * _NUMBERS.get(hundreds, 0) + 10 * (_NUMBERS.get(tens.removeprefix("零"), 1) if ten else 0) + digits


def _compiled(pattern: str, reading: _Reading) -> tuple[regex.Pattern[str], _Reading]:
    return regex.compile(pattern, _FLAGS), reading


_PATTERNS: Final = (
    _compiled(
        r"(?:rename|change)\s+(?:the name of\s+)?(?P<old>.{1,60}?)(?:'s name)?\s+(?:to|into|as)\s+"
        r"(?P<new>.{1,60})",
        _rename,
    ),
    _compiled(
        r"(?:call|name)\s+(?P<old>her|him|them|it|the\s+[\w-]+(?:\s[\w-]+)?|"
        r"\p{Lu}[\p{L}'’-]*(?:\s\p{Lu}[\p{L}'’-]*)*?)\s+(?P<new>.{1,60})",
        _rename,
    ),
    _compiled(
        r"(?:把|将|让)?(?P<old>.{1,30}?)(?:的名字)?(?:改名叫做?|改名为|改名成|改名|更名为|改叫做?|改成叫|"
        r"叫做|取名为?)(?P<new>.{1,30})",
        _rename,
    ),
    _compiled(
        r"(?:make\s+)?(?P<who>.{0,40}?)\s*(?:(?:a (?:little|bit)|much|slightly|somewhat)\s+)?\b(?:"
        r"(?P<older>older)|(?P<younger>younger))",
        _age,
    ),
    _compiled(
        rf"(?:make\s+)?(?P<who>.{{0,40}}?)\s*(?:should be|is to be|is|be|to)?\s*\b"
        rf"(?P<years>{_NUMBER})\s+years?\s+old",
        _age,
    ),
    _compiled(
        r"(?:让|把)?(?P<who>.{0,12}?)(?:再|更|变得)?(?:(?P<older>年长|老|岁数大|大)|(?P<younger>年轻|年幼|"
        r"小))(?:一?[些点]|几岁)",
        _age,
    ),
    _compiled(
        rf"(?:让|把|将)?(?P<who>.{{0,12}}?)(?:的年龄)?(?:改成|改为|变成|设为|设成|应该是|是|为)?"
        rf"(?P<years>{_NUMBER})岁",
        _age,
    ),
    _compiled(
        rf"(?:(?:only|just|exactly|use|have|make it|make that|(?:cut|reduce|shorten|extend|"
        rf"increase)(?: it)? to|there should be)\s+)?(?P<number>{_NUMBER})"
        rf"\s+(?:\w+\s+)?(?P<what>{_THINGS})(?: (?:only|are enough|please))?", _count,
    ),
    _compiled(
        rf"(?:只要|只留|只有|减到|减少到|减为|增加到|增到|扩到|改成|改为|写成|要|共|一共|控制在)?"
        rf"(?P<number>{_NUMBER})(?:个|名|位|条|种|处)?"
        rf"(?P<what>{_THINGS})(?:就够了|就好|即可)?", _count,
    ),
    _compiled(
        r"(?:make (?:it|this|them)\s+)?(?:(?:a (?:little|bit)|much|even)\s+)?(?:longer|more detailed|"
        r"more detail)|(?:写得?)?(?:更长|长一?[些点]|更?详细一?[些点]?)",
        lambda found: ChangeLength("longer"),
    ),
    _compiled(
        r"(?:make (?:it|this|them)\s+)?(?:(?:a (?:little|bit)|much|even)\s+)?(?:shorter|briefer|"
        r"more concise)|(?:写得?)?(?:更短|短一?[些点]|更?简短一?[些点]?|精简一?[些点下]?)",
        lambda found: ChangeLength("shorter"),
    ),
    _compiled(
        r"(?:make|keep)?\s*(?P<who>.{0,30}?)\s*(?:should be\s+)?(?:(?:a (?:little|bit)|much|even|more|"
        r"less|not so|too)\s+)*(?:dark|grim|bleak|gritt|light|bright|hopeful|funn|humor|comic|sad|"
        r"melanchol|romantic|tens|suspens|fast|calm|slow|quiet|gentle|strang|weird|odd|simpl|grand|epic|"
        r"bigg|realis)\w*(?:-?hearted)?(?:\s+(?:please|tone|mood|atmosphere))?",
        _whole_tone,
    ),
    _compiled(
        r"(?:让|把)?(?P<who>整体|故事|基调|氛围|世界观?|概念|主题|剧情|结局|语气|风格|气氛|)(?:的?(?:基调|"
        r"氛围|风格|语气))?(?:要|写得|变得)?(?:更加?|再|太|不要那么|别那么|不要太|别太|稍微|"
        r"有点)?.{2,4}(?:一?[些点]|了)?",
        _whole_tone,
    ),
    _compiled(r"(?:more|less|not so|not as|too)\s+\w+", lambda found: _tone(found[0])),
    _compiled(
        r"(?:make\s+)?(?P<who>.{0,40}?)\s*(?:less|not so|not as|not too|no longer)\s+(?P<trait>[\p{L}-]+)",
        _no_trait,
    ),
    _compiled(r"(?P<who>.{0,12}?)(?:不要|别)(?:那么|太|这么|再)(?P<trait>.{1,8})", _no_trait),
    _compiled(
        r"make\s+(?!.*\b(?:about|of|with|in|on|for|from|like)\b)(?P<who>.{1,40}?)\s+(?:(?:a (?:little|"
        r"bit)|much|more|even)\s+)*(?P<trait>[\p{L}-]+)",
        _trait,
    ),
    _compiled(r"让?(?P<who>.{0,12}?)(?:要)?(?:更加?|变得更?)(?P<trait>.{1,6}?)(?:一?[些点])?", _trait),
    _compiled(
        r"(?:no|without|remove|avoid|drop|skip|delete|cut|get rid of|take out|leave out|"
        r"there should be no|do(?:n't| not) (?:use|want|include|mention))"
        r"\s+(?:any\s+|the\s+|all\s+|more\s+|an?\s+)*(?P<term>.{1,60}?)(?:\s+(?:please|at all|in it|"
        r"anywhere|any more))?", lambda found: Exclude(found["term"].strip()),
    ),
    _compiled(
        r"(?:不要|去掉|删掉|删除|没有|别写|别出现|别提|避免|拿掉|取消|不想要|不能有|不许有|禁止)(?:有|"
        r"出现|任何|再有|写|提到)*(?P<term>.{1,30})",
        lambda found: Exclude(found["term"].strip()),
    ),
    _compiled(r"more\s+(?P<term>.{1,60})", _more),
    _compiled(
        r"(?:add|include|introduce|bring in|put in|with|give (?:it|us|them)|there should be)\s+(?:some\s+|"
        r"more\s+)?(?P<term>.{1,80})",
        lambda found: Include(found["term"].strip()),
    ),
    _compiled(
        r"(?:加入|加上|增加|多一?些|多一?点|添加|加[些点]|加|引入|要有|写到|突出|强调)(?P<term>.{1,40})",
        lambda found: Include(found["term"].strip()),
    ),
)  # fmt: skip
