"""Kinds of things by which people speak of something that has a name: "the city", 主角, "her"."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import regex

from services.contexts.genesis.engine.documents import name_of, objects_of, texts_of
from services.contexts.genesis.engine.feedback.patterns import either
from services.contexts.genesis.engine.text import Language

_LEADING: Final = regex.compile(
    r"^(?:(?:the|our|my|this|that|his|her|their|its)\s+|这座?|那座?|这个|那个|我的|我们的)", regex.I
)
_PRONOUN: Final = regex.compile(r"(?:her|him|she|he|them|they|她|他|TA)", regex.I)
_IT: Final = regex.compile(r"(?:it|this|that|它|这个|那个)", regex.I)
_TITLE: Final = regex.compile(either("novel book story title 书名 标题 题目 片名 小说 故事"), regex.I)
_WHOLES: Final = ("", "concept", "theme")
_ROLES: Final = {
    "protagonist": regex.compile(
        either("""
            hero heroine protagonist (?:main|leading|central)_(?:character|figure|role|person) lead main_hero
            男?女?主角 [男女]主人?公? 主人公 主人翁 主要人物 主角儿
        """),
        regex.I,
    ),
    "antagonist": regex.compile(
        either("""
            (?:main_|chief_)?villain(?:ess)? antagonist enemy adversary nemesis bad_guy
            大?反派 反派角色 敌人 对手 大?boss 坏人
        """),
        regex.I,
    ),
    "supporting": regex.compile(
        either("""
            sidekick companion supporting_character side_character ally best_friend
            [男女]?配角 同伴 伙伴 盟友 [男女]二号?
        """),
        regex.I,
    ),
}


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of entry: what people call it, in both languages, and under which types of entry it is found."""

    english: regex.Pattern[str]
    chinese: regex.Pattern[str]
    types: tuple[str, ...]

    def told_in(self, language: Language) -> regex.Pattern[str]:
        return self.chinese if language == "zh" else self.english

    def is_said(self, words: str) -> bool:
        return bool(self.english.fullmatch(words) or self.chinese.fullmatch(words))


def _kind(english: str, chinese: str, *types: str) -> _Kind:
    return _Kind(regex.compile(rf"\b{either(english)}s?\b", regex.I), regex.compile(either(chinese)), types)


_KINDS: Final = (
    _kind("city town capital metropolis settlement", "城市 都城 首都 主城 小城 城镇 城", "LOCATION"),
    _kind("harbou?r port dock quay", "港口 港城 码头 港", "LOCATION"),
    _kind("village hamlet", "村庄 村子 村落 小村 村", "LOCATION"),
    _kind("country kingdom empire realm nation state land", "国家 王国 帝国 王朝 国度 国", "LOCATION", "ORGANIZATION"),
    _kind("island isle archipelago", "岛屿 海岛 群岛 小岛 岛", "LOCATION"),
    _kind("river lake sea ocean bay", "河流 大河 湖泊 大海 海洋 河 湖 海 江", "LOCATION"),
    _kind("mountain hill valley peak pass", "高山 山脉 山谷 山峰 山口 山 谷", "LOCATION"),
    _kind("forest wood jungle", "森林 树林 丛林 林子 林", "LOCATION"),
    _kind("desert plain steppe", "沙漠 荒漠 平原 草原 荒原", "LOCATION"),
    _kind("planet world moon station ship", "星球 行星 世界 月球 空间站 飞船 船", "LOCATION", "TECHNOLOGY"),
    _kind(
        "castle palace tower fortress temple house inn tavern",
        "城堡 宫殿 高塔 塔 要塞 神殿 庙 房子 客栈 酒馆",
        "LOCATION",
    ),
    _kind("place location setting district street", "地方 地点 场所 地名 街区 街", "LOCATION"),
    _kind("school academy university college", "学校 学院 学堂 大学 书院", "ORGANIZATION", "LOCATION"),
    _kind(
        "guild order organi[sz]ation company society faction house bureau office church sect clan",
        "行会 组织 公司 教团 教派 门派 宗门 帮派 势力 机构 家族 商会 司",
        "ORGANIZATION",
    ),
    _kind(
        "sword blade weapon artefact artifact item object relic ring book map",
        "剑 刀 武器 神器 物品 法宝 宝物 戒指 书 地图",
        "ITEM",
    ),
    _kind("law rule custom", "法律 规矩 规则 律法 习俗", "LAW", "CULTURE"),
    _kind("species race people tribe", "种族 物种 民族 部落", "SPECIES", "CULTURE"),
)  # fmt: skip


def is_kind(words: str) -> bool:
    """Tell whether words stand for something by its kind instead of its name."""
    bare = _bare(words)
    roles = any(pattern.fullmatch(bare) for pattern in _ROLES.values())
    return roles or is_somebody(words) or is_thing(words)


def is_pronoun(words: str) -> bool:
    """Tell whether a word stands for a name and is nothing by itself."""
    return is_somebody(words) or bool(_IT.fullmatch(words.strip()))


def is_lead(words: str) -> bool:
    """Tell whether words mean the protagonist wherever nobody else was spoken of: "the hero", 主角, "her"."""
    return is_somebody(words) or bool(_ROLES["protagonist"].fullmatch(_bare(words)))


def is_somebody(words: str) -> bool:
    """Tell whether a word means a person that was spoken of before."""
    return bool(_PRONOUN.fullmatch(words.strip()))


def is_thing(words: str) -> bool:
    """Tell whether words are a kind of thing, which no pronoun for a person can mean."""
    bare = _bare(words)
    named = _IT.fullmatch(words.strip()) or _TITLE.fullmatch(bare)
    return bool(named) or any(kind.is_said(bare) for kind in _KINDS)


def kind_name(document: Mapping[str, Any], kind: str, language: Language) -> str | None:
    """Return the name of what is meant by a kind: the nearest person or entry, None if there is none."""
    bare = _bare(kind)
    if is_somebody(kind):
        return _person(document, "protagonist")
    for role, pattern in _ROLES.items():
        if pattern.fullmatch(bare):
            return _person(document, role)
    meant = next((one for one in _KINDS if one.is_said(bare)), None)
    if meant:
        return _entry(document, meant, language) or _place_of_nodes(document, meant)
    if _TITLE.fullmatch(bare):
        return _title(document)
    if _IT.fullmatch(kind.strip()):
        return _title(document) or _entry(document, None, language) or _place_of_nodes(document, None)
    return _person_told_as(document, bare) if bare != kind.strip() else None


def people_in(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the characters of a document, or itself if it is one."""
    return [one for key, one in objects_of(document) if name_of(one) and _is_character(key, one)]


def person_meant(document: Mapping[str, Any], who: str | None) -> Mapping[str, Any] | None:
    """Return the character who is meant: by name, by a part of it, by kind; the protagonist if nobody is named."""
    people = people_in(document)
    said = (who or "").casefold().strip()
    named = (one for one in people if said and any(part in said for part in _parts(name_of(one))))
    kind = kind_name(document, who, "en") if who and not is_pronoun(who) else None
    of_kind = (one for one in people if kind and name_of(one) == kind)
    leads = (one for one in people if one.get("role_type") == "protagonist")
    if who and not is_pronoun(who):
        return next(named, None) or next(of_kind, None)
    return next(leads, people[0] if people else None)


def _bare(words: str) -> str:
    return _LEADING.sub("", words.strip()).strip()


def _is_character(key: str, one: Mapping[str, Any]) -> bool:
    return "role_type" in one or "personality" in one or key == "characters" or (not key and "character_id" in one)


def _parts(name: str) -> Iterator[str]:
    """Yield a name and what somebody may be called for short."""
    yield name.casefold()
    yield from (part.casefold() for part in regex.split(r"[\s·]+", name) if len(part) > 2)


def _person(document: Mapping[str, Any], role: str) -> str | None:
    people = people_in(document)
    of_role = [name_of(one) for one in people if one.get("role_type") == role]
    if of_role:
        return of_role[0]
    return name_of(people[0]) if people and role == "protagonist" else _of_nodes(document, role)


def _of_nodes(document: Mapping[str, Any], role: str) -> str | None:
    """Return who is in most scenes of a plot: it names its people only there."""
    names = Counter(
        name for _, one in objects_of(document) for name in _names_under(one, "characters") if "scene" in one
    )
    return names.most_common(1)[0][0] if names and role == "protagonist" else None


def _names_under(one: Mapping[str, Any], key: str) -> Iterator[str]:
    value = one.get(key)
    items = value if isinstance(value, list | tuple) else (value,)
    return (item for item in items if isinstance(item, str) and item.strip())


def _entry(document: Mapping[str, Any], kind: _Kind | None, language: Language) -> str | None:
    """Return the entry that is called so, else one that tells of it, else the first of its type."""
    types = kind.types if kind else ("LOCATION",)
    entries = [one for _, one in objects_of(document) if one.get("entry_type") in types and name_of(one)]
    told = kind.told_in(language) if kind else None
    if told:
        called = [one for one in entries if told.search(name_of(one))]
        telling = [one for one in entries if any(told.search(text) for text in texts_of(one))]
        entries = called or telling or entries
    return name_of(entries[0]) if entries else None


def _title(document: Mapping[str, Any]) -> str | None:
    """Return what the whole is called; scenes and acts have titles of their own."""
    titles = (one.get("title") for key, one in objects_of(document) if key in _WHOLES)
    return next((title for title in titles if isinstance(title, str) and title.strip()), None)


def _place_of_nodes(document: Mapping[str, Any], kind: _Kind | None) -> str | None:
    if kind and "LOCATION" not in kind.types:
        return None
    places = Counter(place for _, one in objects_of(document) for place in _names_under(one, "place"))
    return places.most_common(1)[0][0] if places else None


def _person_told_as(document: Mapping[str, Any], calling: str) -> str | None:
    """Return the person who is told to be a captain, a sister, a judge."""
    word = regex.compile(rf"(?<![\p{{L}}\p{{N}}]){regex.escape(calling)}(?![\p{{L}}\p{{N}}])", regex.I)
    return next((name_of(one) for one in people_in(document) if any(word.search(text) for text in texts_of(one))), None)
