"""Reading an idea: what it is as a sentence, whom it is about, and on what it turns.

The reading is shallow on purpose. Where a pattern is not certain nothing is read out of the idea, and the story brings
its own hero; a wrong guess would put words into a person's mouth. The idea's words themselves are never changed.
"""

from dataclasses import dataclass
from typing import Literal

import regex

from services.contexts.genesis.engine.text import Language, excerpt, listed

IDEA_WHOLE_MAX = 200
"""Ideas up to this many characters stand in the premise as a whole; of longer ones the beginning does."""

Shape = Literal["person", "statement", "question", "quotation", "keywords"]


@dataclass(frozen=True, slots=True)
class Spark:
    """An idea as read: `words` is a literal piece of it; `hero` and `thing` are named with its words, without article.

    Shapes: a *person* can be carried on by a verb ("A keeper who hears letters" + "has kept quiet"); a *statement* and
    a *question* stand by themselves; a *quotation* and *keywords* have to be quoted by a sentence of ours.
    """

    words: str
    shape: Shape
    hero: str | None = None
    hero_is_name: bool = False
    thing: str | None = None
    keywords: tuple[str, ...] = ()
    has_own_setting: bool = False


def read_idea(idea: str, language: Language) -> Spark | None:
    """Read an idea; None if there is nothing in it but blanks."""
    words = quoted_words(idea)
    if not words or _NO_IDEA.fullmatch(words):
        return None
    return _read_chinese(words) if language == "zh" else _read_english(words)


def quoted_words(idea: str) -> str:
    """Return the literal part of an idea that every concept built on it contains."""
    return excerpt(idea, IDEA_WHOLE_MAX)


# What people type when they have none: the product's own button says it.
_NO_IDEA = regex.compile(
    r"(?:请?给我一?点?灵感|随便|give me (?:some )?inspiration|inspire me|surprise me)[!.。！~～]*", regex.I
)
_SENTENCE_END = regex.compile(r"[.!?…。！？][\"'”’」』)）]*$")
_SENTENCE_INSIDE = regex.compile(r"[.!?;\n。！？；]")
_LIST_BREAK = regex.compile(r"\s*[,;/+|、，；\n]\s*")


def ends_a_sentence(text: str) -> bool:
    """Tell whether the text closes with its own full stop."""
    return bool(_SENTENCE_END.search(text.rstrip()))


# --- English -----------------------------------------------------------------------------------------------------

_EN_PEOPLE = listed("""
    accountant acrobat actor actress adventurer agent alchemist ambassador android angel apprentice archer architect
    archivist artist assassin astronaut astronomer aunt author baby baker bard barber bartender beekeeper beggar
    biologist blacksmith boy brother bride builder butcher butler captain carpenter cartographer chef chemist child
    cleaner clerk clown coach collector colonel composer conductor cook cop courier cowboy dancer daughter dentist
    designer detective diver diplomat doctor dragon driver duchess duke editor emperor empress engineer explorer
    farmer father firefighter fisherman florist forger fortune-teller friar gardener general ghost girl goalkeeper
    governess grandfather grandmother guard guide hacker heir heiress hermit historian horse hunter inspector
    inventor janitor jeweller journalist judge keeper kid king knight lawyer librarian lighthouse-keeper locksmith
    magician maid man mapmaker mathematician mayor mechanic medic merchant messenger midwife miner minister monk
    monster mother musician nanny neighbour neighbor novelist nun nurse officer operator orphan painter pastor
    patient philosopher photographer pianist pilot pirate plumber poet policeman policewoman politician porter
    postman priest prince princess prisoner professor programmer prophet puppeteer queen ranger refugee reporter
    robot sailor salesman scholar schoolgirl schoolboy scientist scribe sculptor seamstress secretary senator
    sheriff shepherd shopkeeper singer sister smuggler soldier son sorcerer spy stranger student surgeon swordsman
    tailor teacher teenager thief toymaker trader translator traveller traveler treasurer tutor twin uncle
    undertaker vampire veteran veterinarian violinist waiter waitress warden warrior watchmaker weaver widow widower
    wife witch witness wizard woman worker writer zookeeper
""")
_EN_PERSON = (
    rf"(?:[\w'’-]+\s+){{0,2}}?(?:{'|'.join(sorted(_EN_PEOPLE))}"
    r"|[a-z]+(?:keeper|maker|smith|herd|monger|wright|ologist))"
)
_EN_NAME = r"\p{Lu}\p{L}+(?:[-\s]\p{Lu}\p{L}+)?"
_EN_NAMED = regex.compile(rf"\b(?:named|called)\s+(?P<name>{_EN_NAME})")
_EN_APPOSED = regex.compile(rf"^(?P<name>{_EN_NAME}),\s+(?:an?|the)\s+{_EN_PERSON}\b")
_EN_SUBJECT = regex.compile(
    rf"^(?i:when|as|if|while|after|before|once|until|because)\s+(?P<name>{_EN_NAME})\s+\p{{Ll}}"
)
_EN_WHO = regex.compile(
    r"^(?:an?|the)\s+(?P<person>(?:[\w'’-]+\s+){0,3}[\w'’-]+)\s+who(?:se)?\s+(?P<rest>.+)$", regex.I
)
_EN_SOMEBODY = regex.compile(rf"\b(?:an?|the)\s+(?P<person>{_EN_PERSON})\b(?!['’])", regex.I)
_EN_SECOND_PERSON = regex.compile(r"\band\s+(?:an?|the|his|her|their)\b", regex.I)
_EN_WISH = regex.compile(
    r"^(?:i\s+(?:want|need|wish|would|am|have)|i['’](?:d|m|ve)|please|write|give|tell|make|create|let|help|can\s+you"
    r"|could\s+you|(?:an?\s+)?(?:story|novel|book|tale|idea|something)\b)",
    regex.I,
)
_EN_QUESTION = regex.compile(r"^(?:what\s+if|what\s+happens\s+(?:if|when)|suppose|imagine)\b", regex.I)
_EN_SETTING = regex.compile(r"\b(?i:in|on|at|aboard|inside|beneath|under)\s+(?:an?\b|the\b|\p{Lu})")
_EN_BEFORE_OBJECT = listed("""
    can could must may might will would shall only always never still secretly cannot not once also just to
""")
_EN_ARTICLES = frozenset({"a", "an", "the"})
_EN_POSSESSIVES = listed("her his their its my our your")
_EN_PREPOSITIONS = listed("""
    to with for about into in on at from of by through over under against
""")
_EN_NOUN = regex.compile(
    r"\b(?P<article>an?|the)\s+(?P<noun>\p{L}[\p{L}'’-]*(?:\s+\p{L}[\p{L}'’-]*)?)"
    r"(?=[,.;:!?]|\s+(?:in|on|at|of|to|from|with|by|that|which|where|whose|is|was|and|or|but|for|under|between|until|when)\b|$)",
    regex.I,
)
_EN_NOT_NOUNS = listed("""
    story novel book tale idea something lot little few way time day man woman boy girl person people world end
    found took saw came went got made lost left fell knew ran met heard felt became began stole built kept woke can
    will must could would should next last first same other only
""")
_EN_NO_OBJECT = listed("""
    back away home again twice alone everywhere anymore forever together there here up down out off well too be been
    is are was were has have had he she they it who that when because if and or but
""")


def _read_english(words: str) -> Spark:
    hero, is_name = _english_hero(words)
    thing = _english_thing(words, hero)
    return Spark(
        words=words,
        shape=_english_shape(words),
        hero=hero,
        hero_is_name=is_name,
        thing=thing,
        keywords=_keywords(words),
        has_own_setting=bool(_EN_SETTING.search(words)),
    )


def _english_shape(words: str) -> Shape:
    pieces = _LIST_BREAK.split(words)
    if len(words.split()) <= 3 or all(len(piece.split()) <= 2 for piece in pieces):
        return "keywords"
    if words[0].islower() or _EN_WISH.match(words):
        return "quotation"
    if words.endswith("?") or _EN_QUESTION.match(words):
        return "question"
    who = _EN_WHO.match(words)
    if who and "," not in words and not _SENTENCE_INSIDE.search(words) and not _EN_SECOND_PERSON.search(words):
        return "person"
    return "statement" if words[0].isalnum() or words[0] in "\"'“‘¿¡" else "quotation"


def _english_hero(words: str) -> tuple[str | None, bool]:
    for pattern in (_EN_NAMED, _EN_APPOSED, _EN_SUBJECT):
        named = pattern.search(words)
        if named:
            return named["name"], True
    who = _EN_WHO.match(words)
    if who and len(who["person"]) <= 40 and not _LIST_BREAK.search(who["person"]):
        return who["person"], False
    somebody = _EN_SOMEBODY.search(words)
    return (somebody["person"], False) if somebody and len(somebody["person"]) <= 40 else (None, False)


def _english_thing(words: str, hero: str | None) -> str | None:
    """Return the object of "who hears letters from the future", if it is short and plainly a noun phrase.

    Without such a clause, the first other noun with an article: "the haunted cinema" that two sisters inherit.
    """
    who = regex.search(r"\bwho\s+(?P<rest>[^,.;:!?\n]+)[.!?]?$", words)
    if not who:
        return None if _EN_WHO.match(words) else _english_noun(words, hero)
    rest = who["rest"].split()
    while rest and rest[0].lower() in _EN_BEFORE_OBJECT:
        rest = rest[1:]
    phrase = rest[1:]
    if phrase and phrase[0].lower() in _EN_PREPOSITIONS:
        phrase = phrase[1:]
    return " ".join(phrase) if _is_noun_phrase(phrase) else None


def _english_noun(words: str, hero: str | None) -> str | None:
    for found in _EN_NOUN.finditer(words):
        noun = found["noun"].split()
        is_verb = noun[-1].endswith(("ed", "ing")) or (noun[-1].endswith("s") and found["article"].lower() != "the")
        if is_verb or noun[-1].lower() in _EN_NOT_NOUNS or (hero and hero.startswith(found["noun"])):
            continue
        return found["noun"]
    return None


def _is_noun_phrase(phrase: list[str]) -> bool:
    if not 1 <= len(phrase) <= 5 or any(word.lower() in _EN_NO_OBJECT for word in phrase):
        return False
    first = phrase[0].lower()
    if first in _EN_ARTICLES or first in _EN_POSSESSIVES:
        return len(phrase) > 1
    looks_plain = not first.endswith(("ly", "ing", "ed")) and first.isalpha() and first not in _EN_PREPOSITIONS
    return looks_plain and (len(phrase) == 1 or any(word.endswith("s") for word in phrase[:2]))


# --- Chinese -----------------------------------------------------------------------------------------------------

_ZH_PEOPLE = listed("""
    图书管理员 守望者 守护者 守门人 守墓人 守夜人 看守人 守林人 钟表匠 科学家 工程师 程序员 宇航员 机器人 邮递员
    管理员 调查员 研究员 修复师 调音师 建筑师 魔术师 摄影师 快递员 翻译官 探险家 小说家 音乐家 女孩 男孩 女人 男人
    少年 少女 老人 孩子 青年 医生 护士 老师 教师 侦探 警察 警长 律师 记者 作家 画家 诗人 歌手 演员 厨师 司机 船长
    水手 渔夫 渔民 农夫 商人 将军 士兵 国王 女王 王子 公主 皇帝 太监 宫女 刺客 剑客 刀客 侠客 道士 和尚 书生 仙人
    巫师 女巫 骑士 猎人 工匠 铁匠 木匠 裁缝 学生 旅人 信使 邮差 乞丐 小偷 盗贼 杀手 母亲 父亲 女儿 儿子 姐姐 妹妹
    哥哥 弟弟 奶奶 爷爷 寡妇 孤儿 店主 老板 掌柜 大厨 姑娘 婆婆 师傅 徒弟 弟子 仙女 狐妖 妖怪 幽灵 吸血鬼 法医 法官
    编辑 上班族 打工人 保安 外卖员 修士 剑修 掌门 镖师 郎中
""")
_ZH_PERSON = rf"(?:{'|'.join(sorted(_ZH_PEOPLE, key=lambda person: (-len(person), person)))})"
_ZH_PERSON_END = regex.compile(
    rf"(?:{_ZH_PERSON}|[者师员人家匠兵生手工客侠孩童妇夫官长僧警探贼盗王]|王子|公子|孩子|男子|女子|弟子|妻子|儿子)$"
)
_ZH_ONE = r"(?:一个|一名|一位|有个|有一个|有一位)"
_ZH_WHO = regex.compile(rf"^{_ZH_ONE}(?P<what>[^，。；！？、：\s]{{2,40}})的(?P<person>[\p{{Han}}]{{1,8}})$")
_ZH_SOMEBODY = regex.compile(
    rf"(?:个|名|位|的|关于|^)(?P<person>(?:(?![的个名位一关于有在是和与跟叫])\p{{Han}}){{0,4}}?{_ZH_PERSON})"
)
_ZH_NAMED = regex.compile(r"(?:名叫|名为|叫做|叫作|个叫)(?P<name>[\p{Han}·]{2,4}?)(?=[的，。、；：！？\s]|是|在|$)")
_ZH_WISH = regex.compile(
    r"^(?:我想|我要|我希望|想写|想要|帮我|请|给我|写一|写个|来一|来个|讲一|讲个|关于|一个关于|一部|一篇|一本|故事)"
)
_ZH_QUESTION = regex.compile(r"^(?:如果|假如|要是|倘若|万一|假设)")
_ZH_SETTING = regex.compile(r"在\S{1,12}[里中上下内，]|[城镇村岛]|星球|王国|学校")
_ZH_THING = regex.compile(
    r"(?:听见|听到|听懂|看见|看到|收到|收集|闻到|记得|记住|修理|修复|贩卖|出售|偷走|预见|梦见|梦到|寻找|守护|守着|守望|书写|种植|饲养"
    r"|翻译|遗忘|忘记|失去|继承|发现|拥有|携带|保管|制造|创造|雕刻|绘制|驾驶|追捕|追踪|等待|读懂|读出|预知|拍摄|录制|打捞|召唤|操控)"
    r"了?(?P<thing>[\p{Han}]{2,10})$"
)

_ZH_COUNTED = regex.compile(
    r"[一那这](?P<measure>[座扇把封本间家条艘只张块栋台颗口面幅件场道部枚盏片棵])(?:[^，。；！？：\s]{0,20}的)?"
    r"(?P<noun>(?!的)[\p{Han}]{1,5}?)(?=[，。；！？、：\s]|$|[里上中下内]|是|会|能|在|却|只)"
)


def _read_chinese(words: str) -> Spark:
    who = _ZH_WHO.match(words)
    is_person = bool(who and _ZH_PERSON_END.search(who["person"]))
    hero, is_name = _chinese_hero(words, who["person"] if who and is_person else None)
    return Spark(
        words=words,
        shape=_chinese_shape(words, is_person=is_person),
        hero=hero,
        hero_is_name=is_name,
        thing=_chinese_thing(words, who["what"] if who and is_person else None),
        keywords=_keywords(words),
        has_own_setting=bool(_ZH_SETTING.search(words)),
    )


def _chinese_shape(words: str, *, is_person: bool) -> Shape:
    pieces = _LIST_BREAK.split(words)
    if len(words) <= 6 or (len(pieces) > 1 and all(len(piece) <= 4 for piece in pieces)):
        return "keywords"
    if _ZH_WISH.match(words):
        return "quotation"
    if words.endswith(("?", "？")) or _ZH_QUESTION.match(words):
        return "question"
    return "person" if is_person else "statement"


def _chinese_hero(words: str, person: str | None) -> tuple[str | None, bool]:
    named = _ZH_NAMED.search(words)
    if named:
        return named["name"], True
    if person:
        return person, False
    somebody = _ZH_SOMEBODY.search(words)
    return (somebody["person"], False) if somebody else (None, False)


def _chinese_thing(words: str, clause: str | None) -> str | None:
    """Return the object of the clause before the person, else the first thing counted by a word of its own."""
    found = _ZH_THING.search(clause) if clause else None
    if found:
        return found["thing"]
    counted = _ZH_COUNTED.search(words)
    return f"那{counted['measure']}{counted['noun']}" if counted else None


def _keywords(words: str) -> tuple[str, ...]:
    """Return the items of a list of words, at most six, none longer than 24 characters."""
    pieces = [piece.strip() for piece in _LIST_BREAK.split(words) if piece.strip()]
    return tuple(piece for piece in pieces if len(piece) <= 24)[:6]


# --- Others --------------------------------------------------------------------------------------------------------


def people_in(words: str, language: Language) -> tuple[str, ...]:
    """Return the people spoken of by what they are, in their order: "the old harbourmaster" without its article."""
    if language == "zh":
        found = [match["person"] for match in _ZH_SOMEBODY.finditer(words)]
    else:
        found = [match["person"] for match in _EN_SOMEBODY.finditer(words)]
    return tuple(dict.fromkeys(found))
