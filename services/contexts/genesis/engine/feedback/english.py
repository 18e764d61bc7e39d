"""What a clause in English asks for."""

from collections.abc import Callable, Sequence
from typing import Final, Literal

import regex

from services.contexts.genesis.engine.directives import (
    ChangeAge,
    ChangeCount,
    ChangeLength,
    ChangeMotive,
    ChangeNumber,
    ChangeTone,
    ChangeTrait,
    Directive,
    Exclude,
    Include,
    Rename,
    Tone,
)
from services.contexts.genesis.engine.feedback.adjectives import is_adjective, is_comparative, positive
from services.contexts.genesis.engine.feedback.numbers import ENGLISH_NUMBER, number_in
from services.contexts.genesis.engine.feedback.patterns import either
from services.contexts.genesis.engine.feedback.terms import names_family
from services.contexts.genesis.engine.feedback.tones import tone_asked, tone_wanted
from services.contexts.genesis.engine.text import listed

Directives = Sequence[Directive]
Reading = Callable[[regex.Match[str]], Directives]

_TERM_MAX: Final = 60
_LEAD: Final = regex.compile(
    r"(?:(?:please|also|and|but|so|then|now|ok(?:ay)?|well|maybe|perhaps|just|still|again|kindly|i think|i feel|"
    r"(?:could|can|would|will) (?:you|we)|let['’]?s|let us|(?:you|we) (?:should|could|must)|try to|"
    r"i(?:['’]d| would)? (?:like|want|prefer|love)(?: you)? to|make sure(?: that)?)\s+)+",
    regex.I,
)
_TAIL: Final = regex.compile(
    r"\s+(?:please|thanks|thank you|overall|in general|throughout|now|instead|as well|too|at all|any ?more|whatsoever|"
    r"(?:in|from) (?:it|here|there|(?:the|this|my|our) (?:story|world|book|novel|plot|concept|setting)))$",
    regex.I,
)
_DEGREE: Final = (
    r"(?:(?:a (?:little )?(?:bit|lot|little|touch)|much|even|far|slightly|somewhat|way|really|very|quite|rather)\s+)*"
)
_WHOLE: Final = regex.compile(
    r"(?:it|this|that|them|things|everything|all(?: of it)?|"
    r"(?:the |its |this |my |our )?(?:whole |overall )?(?:story|tone|mood|novel|book|concept|atmosphere|style|prose|"
    r"language|ending|opening|beginning|plot|theme|themes|world|setting|scenes?|dialogues?|text|writing|voice|pace|"
    r"pacing|premise|feel|chapters?|descriptions?|backstory|backgrounds?|summary|outline|hook|title|concepts|answers?|conflicts?))",
    regex.I,
)
_SOMEBODY: Final = r"(?P<who>her|him|them|it|she|he|they)"
_NAMED: Final = (
    r"(?P<who>(?:the|my|our|his|her|their|its)\s+(?!a\b|much\b|more\b|less\b)[\p{L}'’-]+(?:\s+[\p{L}'’-]+){0,2}?"
    r"|[\p{L}·-]+['’]s\s+[\p{L}-]+|[\p{L}'’·-]+(?:\s+(?-i:\p{Lu})[\p{L}'’-]*){0,2})"
)
_NO_TRAIT: Final = regex.compile(
    r"(?:an?|the|to|in|on|at|of|about|for|by|with|like|from|into|who|more|less|be|have)\b", regex.I
)


def read_english(clause: str) -> Directives:
    """Return what a clause asks for, nothing if that is not plain."""
    words = _bare(clause)
    for pattern, reading in _RULES:
        found = pattern.fullmatch(words)
        directives = reading(found) if found else ()
        if directives:
            return directives
    return ()


def _bare(clause: str) -> str:
    """Return a clause without what is polite or only leads over."""
    words = _LEAD.sub("", clause, count=1) if _LEAD.match(clause) else clause
    while found := _TAIL.search(words):
        words = words[: found.start()]
    return words.strip()


def _unquoted(name: str) -> str:
    return name.strip().strip("\"“”'‘’「」『』《》*").strip()


# --- Names ---------------------------------------------------------------------------------------------------------


def _renamed(found: regex.Match[str]) -> Directives:
    old, new = _unquoted(found["old"]), _unquoted(found["new"])
    if second := _SECOND_NAME.fullmatch(new):
        return (Rename(old, _unquoted(second["first"])), *_renamed(second))
    return (Rename(old, new),) if old and new and len(new) <= _TERM_MAX else ()


# "… Anna to Eve and Ben to Bo"; a place may well be called Sodom and Gomorrah.
_SECOND_NAME: Final = regex.compile(
    r"(?P<first>[^,]+?)\s+and\s+(?P<old>[^,]+?)\s+(?:to|as|into)\s+(?P<new>.+)", regex.I
)


def _renamed_if_names(found: regex.Match[str]) -> Directives:
    """Read "Mara to Lena" as a new name, but not "the ending to a happy one"."""
    old, new = found["old"].strip(), found["new"].strip()
    return _renamed(found) if old[:1].isupper() and new[:1].isupper() else ()


def _replaced(found: regex.Match[str]) -> Directives:
    return _renamed_if_names(found) or (Exclude(_term(found["old"])), Include(found["new"].strip()))


# --- Things --------------------------------------------------------------------------------------------------------

_DETERMINER: Final = regex.compile(
    r"(?:(?:any|the|all|those|these|such|of|more|kinds?|sorts?|an?|his|her|their|its|my|our)\s+)+", regex.I
)
_FILLER: Final = regex.compile(r"\s+(?:elements?|stuff|parts?|themes? from it)$", regex.I)
_NOTHING_BANNED: Final = regex.compile(
    r"(?:(?:chapter|act|scene|part|level|candidate|theme|option)\s+\d+|(?:first|second|third|last)\s+\p{L}+|changes?|problem|idea|need|one(?:\s.*)?|matter|longer\b.*|thanks?|way|worries|comment|objections?|feedback|name(?:\s.*)?|\p{L}+ing\s.*"
    r"|.*\b(?:is|are|was|were|should|but|because|than|if|when|so|him|me|you|it|them)\b.*)",
    regex.I,
)


def _term(words: str) -> str:
    bare = words.strip()
    found = _DETERMINER.match(bare)
    return _FILLER.sub("", _unquoted(bare[found.end() :] if found and found.end() < len(bare) else bare))


def _excluded(found: regex.Match[str]) -> Directives:
    terms = [_term(part) for part in regex.split(r"\s+(?:and|or|nor)\s+(?:no\s+)?|\s*/\s*", found["term"])]
    if any(not term or len(term) > _TERM_MAX or _NOTHING_BANNED.fullmatch(term) for term in terms):
        return ()
    return tuple(Exclude(term) for term in terms)


def _included(found: regex.Match[str]) -> Directives:
    words = found["term"].strip()
    parts = regex.split(r"\s+and\s+", words) if not regex.search(r"\b(?:between|both)\b", words, regex.I) else [words]
    terms = [
        _unquoted(regex.sub(r"^(?:(?:some|more|of|about|a (?:bit|lot|little)(?: more)?)\s+)+", "", part))
        for part in parts
    ]
    if any(not term or len(term) > _TERM_MAX or _POINTING.fullmatch(term) for term in terms):
        return ()
    return tuple(_tone_or_thing(term) for term in terms)


_POINTING: Final = regex.compile(r"it|this|that|them|those|these|one", regex.I)


def _tone_or_thing(term: str) -> Directive:
    tone = tone_asked(term, "en")
    return ChangeTone(tone) if tone else Include(term)


def _more(found: regex.Match[str]) -> Directives:
    """Read "more brave" as a trait and "more dragons" as a thing."""
    word = found["term"].strip()
    if tone_asked(word, "en") is None and " " not in word and is_adjective(word):
        return (ChangeTrait(None, positive(word)),)
    return _included(found)


def _less(found: regex.Match[str]) -> Directives:
    """Read "less arrogant" as a trait, and of a thing with all that belongs to it ("less romance") leave out all."""
    said = found["trait"]
    if names_family(said):
        return (Exclude(said),)
    return (ChangeTrait(None, positive(said), absent=True),) if is_adjective(said) else ()


def _wanted(found: regex.Match[str]) -> Directives:
    """Read what follows "there should be": an order of its own, or a thing."""
    if said := read_english(found["term"]):
        return said
    return () if regex.search(r"\b(?:to be|to have|should|is|are)\b", found["term"], regex.I) else _included(found)


# --- How it and how somebody is to be ------------------------------------------------------------------------------


def _made(found: regex.Match[str]) -> Directives:
    return quality_of(_in_sentence(found["who"]), _BEING.sub(r"\1", found["rest"].strip()))


def _in_sentence(who: str) -> str:
    """Return whom it is about as in the middle of a sentence: "The villain" is the villain, Mara stays Mara."""
    first, _, rest = who.partition(" ")
    return who[:1].lower() + who[1:] if (rest and _ARTICLE.fullmatch(first)) or _PERSON.fullmatch(who) else who


_ARTICLE: Final = regex.compile(r"the|my|our|his|her|their|its", regex.I)
_PERSON: Final = regex.compile(r"her|him|them|she|he|they", regex.I)


def _bare_quality(found: regex.Match[str]) -> Directives:
    return quality_of("", found["rest"].strip())


def quality_of(who: str, words: str) -> Directives:
    """Return what is asked by "make `who` `words`"; of the whole a tone or a length, of somebody an age or a trait."""
    found = _QUALITY.fullmatch(words)
    if not found:
        return ()
    if aged := _aged(who, found["age"] or found["word"]):
        return (aged,)
    if not found["word"]:
        return ()
    whole, word, denied = not who or bool(_WHOLE.fullmatch(who)), found["word"], bool(found["less"] or found["too"])
    if not _PERSON.fullmatch(who) and (size := _sized(word, denied=denied)):
        return (size,)
    if denied and _HAPPY_END.fullmatch(f"{who} {word}"):
        return ()
    if whole and (tone := tone_wanted(word, "en", denied=denied)):
        return (ChangeTone(tone),)
    if _NOBODY.fullmatch(who) or word.casefold() in _JUDGEMENTS or _NO_TRAIT.match(word):
        return ()
    plain = is_comparative(word) or (is_adjective(word) and bool(who or denied))
    certain = plain or (bool(who) and (denied or bool(found["more"])))
    return (ChangeTrait(who or None, positive(word), absent=denied),) if certain else ()


# Of these there is much or little to say, but they have no nature of their own.
_NOBODY: Final = regex.compile(
    r"it|this|that|things|everything"
    r"|(?:the |its )?(?:geography|history|culture|rules|society|economy|politics|(?:magic|power) system|cast|motifs?)",
    regex.I,
)
# How a story ends is more than a tone: it is a remark, which decides about the last scene.
_HAPPY_END: Final = regex.compile(r"(?:the |its )?(?:ending|end)\s+(?:happy|perfect|neat|tidy|sweet)", regex.I)
# What only says that it is not good yet is nothing a character could be like.
_JUDGEMENTS: Final = listed("better worse nicer fewer greater rather good bad nice great right true")


_AGE: Final = (
    rf"(?:about |around |exactly |aged |at least )?{ENGLISH_NUMBER}(?:[- ]?years?)?(?:[- ]old(?:er)?| younger)?"
)
_QUALITY: Final = regex.compile(
    rf"(?:be\s+)?{_DEGREE}(?:(?P<more>more)\s+|(?P<less>less|not (?:so|as|that|too|be)|not)\s+|(?P<too>too)\s+)?"
    rf"{_DEGREE}(?:(?P<age>{_AGE})|(?P<word>[\p{{L}}'’-]+(?:\s+(?!and\b)[\p{{L}}'’-]+){{0,2}}?))"
    r"(?:\s+(?:tone|mood|feel|in tone|person))?",
    regex.I,
)


def _aged(who: str, words: str) -> ChangeAge | None:
    person = None if not who or (_WHOLE.fullmatch(who) and who.casefold() != "them") else who
    small = words.casefold()
    direction: Literal["older", "younger"] | None = None
    if small.endswith(("older", "younger")):
        direction = "older" if small.endswith("older") else "younger"
        return ChangeAge(person, direction, None) if regex.match(r"older|younger|[\p{L}\d -]*year", small) else None
    years = number_in(regex.sub(r"^(?:about|around|exactly|aged|at least) |[- ]?years?|[- ]old$", "", small).strip())
    return ChangeAge(person, None, years) if years is not None and (person or "old" in small) else None


def _sized(word: str, *, denied: bool) -> ChangeLength | None:
    longer = regex.fullmatch(
        r"long(?:er)?|detail(?:ed|s)?|elaborate|in-depth|richer in detail|extensive|verbose|wordy", word, regex.I
    )
    shorter = regex.fullmatch(
        r"short(?:er)?|brief(?:er)?|concise|compact|tight(?:er)?|terse(?:r)?|succinct", word, regex.I
    )
    if not longer and not shorter:
        return None
    return ChangeLength("longer" if bool(longer) is not denied else "shorter")


def _length(direction: Literal["longer", "shorter"]) -> Reading:
    return lambda _: (ChangeLength(direction),)


def _age_named(found: regex.Match[str]) -> Directives:
    aged = _aged((found["who"] or "it").removesuffix("'s").removesuffix("’s"), f"{found['age']} years old")
    return (aged,) if aged else ()


def _given_a_reason(found: regex.Match[str]) -> Directives:
    return (ChangeMotive(_in_sentence(regex.sub(r"['’]s?$", "", found["who"]))),)


# --- How many ------------------------------------------------------------------------------------------------------


def _counted(found: regex.Match[str]) -> Directives:
    count = number_in(found["n"])
    what = regex.sub(
        r"^(?:main|major|different|named|of the|of|whole|full)\s+", "", found["what"].strip(), flags=regex.I
    )
    return (ChangeCount(what, count),) if count is not None and not regex.match(r"more|years?\b", what, regex.I) else ()


def _recounted(found: regex.Match[str]) -> Directives:
    """Read "fewer characters", "add two more scenes": more or fewer than there are."""
    by = number_in(found["n"]) if found.groupdict().get("n") else None
    return (ChangeNumber(found["what"], "more" if found["more"] else "fewer", by),)


def _tone(tone: Tone) -> Reading:
    return lambda _: (ChangeTone(tone),)


_COUNTABLE: Final = r"(?:(?:main|major|supporting|side|key|named|different)\s+)?" + either("""
    characters? people persons? hero(?:es)? heroines? villains? antagonists? protagonists? figures? chapters? acts?
    scenes? nodes? plot_points? candidates? options? concepts? themes? sub-?themes? plans? proposals? levels? ranks?
    tiers? places? locations? cities subplots? motifs? taboos? questions? entries items? skills? organi[sz]ations?
    factions? examples? terms? dimensions?
""")
_BETTER: Final = either("better stronger clearer deeper real good different convincing believable new more_convincing")
_REASON: Final = either("reasons? motives? motivations?")
_WEAK: Final = either("weak thin unclear flat boring unconvincing vague shallow missing cliched")
_DOWN_TO: Final = (
    either("cut reduce bring shorten trim extend expand stretch") + "(?: it)?(?: down)?(?: up)?(?: out)? to"
)
_ONLY: Final = (
    rf"(?:{_DOWN_TO}|"
    + either("""
    only just exactly at_most at_least no_more_than up_to a_total_of make_(?:it|that) keep_(?:it_)?to use give_me
    there_should_be we_need i_want have with limit_(?:it_)?to
""")
    + r")\s+"
)
_NUMBER_OF: Final = r"(?:the\s+)?(?:(?:number|count)\s+of\s+)?"
_UP_OR_DOWN: Final = r"(?:\s+(?:down|up))?\s+to\s+"
_RESIZE: Final = either("reduce cut limit bring increase raise change set extend expand shorten keep trim")

_SHOULD: Final = either("should must has_to needs_to ought_to could shall may can")
_MAKINGS: Final = (
    r"(?:make|turn|have|let|get|keep|(?:i )?want)\s+{who}\s+(?P<rest>.+)",
    rf"{{who}}\s+{_SHOULD}\s+(?P<rest>(?:not\s+)?(?:be|become|feel|sound|seem)\s.+)",
    r"(?:i want|i['’]d like|i would like)\s+{who}\s+to\s+(?P<rest>.+)",
    r"{who}\s+(?:is|are|feels|seems|sounds)\s+(?P<rest>too\s.+)",
)
_BEING: Final = regex.compile(r"^(not\s+)?(?:be|become|look|feel|sound|seem)\s+", regex.I)


# --- The rules, the first that fits first --------------------------------------------------------------------------

_BAN: Final = either("""
    no(?:_more)? without minus remove delete drop cut(?:_out)? omit avoid ban exclude leave_out take_out get_rid_of skip
    eliminate lose strip_out forget(?:_about)? there_(?:should|must|can|is|are)(?:_to)?(?:_be)?_no
    (?:i_)?(?:do_not|don['’]?t|never)_(?:use|include|want|mention|have|write_about|show|add|need|like)
    nothing_about nothing_with
""")
_ADD: Final = either("""
    add include insert introduce bring(?:_in)? put_in throw_in give_(?:us|me) feature use work_in incorporate show
    mention focus_(?:more_)?on emphasi[sz]e
""")
_OF_ONES_OWN: Final = either("reasons? motives? motivations? goals? purpose arc voice name age")
_WANT: Final = either("""
    i_want i['’]d_like i_would_like we_need it_needs there_(?:should|must)_be it_should_have needs? with
""")
_KIND: Final = r"(?:the|our|my)\s+(?:(?-i:\p{Ll})[\p{L}-]*\s+){0,2}?[\p{L}-]+"
_CAPITALISED: Final = r"(?-i:[\p{Lu}\p{Han}\"“‘「《]).*"
_TO_BE: Final = either("should must is_to needs_to has_to shall will")
_STRETCH: Final = either("expand elaborate flesh_out lengthen go_into")
_DETAILS: Final = r"(?:add |with |give )?(?:some |much )?more\s+details?.*"
_ADD_OR_CUT: Final = either("add have give_(?:us|me|it) use i_want we_need there_should_be make_it with")
_PACE: Final = r"(?:it|things|(?:the|its) (?:pace|pacing|story|plot|action|tempo))"
_TELLING: Final = either("exposition description(?:s)? info-?dump(?:s|ing)? backstory explanation(?:s)? explaining")
_SCENERY: Final = (
    r"(?:it|(?:the|this|our)\s+(?:whole\s+)?(?:story|setting|book|novel|plot|concept|background|backdrop|period|time))"
)
_CONDENSE: Final = either("condense shorten trim tighten cut_the_length abridge")
_ABSENT: Final = either("appear occur exist be_there be_mentioned show_up")

_SOURCES: Final[tuple[tuple[str, Reading], ...]] = (
    (r"(?:rename|retitle)\s+(?P<old>.+?)\s+(?:to|as|into|->|→)\s+(?P<new>.+)", _renamed),
    (r"(?:change|turn)\s+the\s+name\s+of\s+(?P<old>.+?)\s+(?:to|into)\s+(?P<new>.+)", _renamed),
    (r"change\s+(?P<old>.+?)(?:['’]s)?\s+name\s+to\s+(?P<new>.+)", _renamed),
    (r"(?:call|name|rename)\s+(?P<old>her|him|them|it)\s+(?:as\s+)?(?P<new>.+)", _renamed),
    (rf"(?:call|name|rename)\s+(?P<old>{_KIND}|(?-i:\p{{Lu}})\S*)\s+(?:as\s+)?(?P<new>{_CAPITALISED})", _renamed),
    (r"(?:call|name)\s+(?P<old>(?:the|our|my)\s+[\p{L}-]+)\s+(?:as\s+)?(?P<new>.+)", _renamed),
    (rf"(?P<old>[^,]+?)\s+{_TO_BE}\s+be\s+(?:called|named|renamed)\s+(?:to\s+)?(?P<new>.+)", _renamed),
    (r"(?P<old>.+?)\s+is\s+(?:now\s+)?(?:called|named)\s+(?P<new>.+)", _renamed),
    (rf"(?:change|set|make)\s+(?:(?P<who>.+?)\s+)?age\s+(?:to\s+)?(?P<age>{ENGLISH_NUMBER})(?:\s+years)?", _age_named),
    (
        rf"(?:{_ONLY})?(?P<n>{ENGLISH_NUMBER})\s+(?P<what>{_COUNTABLE})(?:\s+(?:only|long|in total|in all|each))?",
        _counted,
    ),
    (rf"{_ONLY}(?P<n>{ENGLISH_NUMBER})\s+(?P<what>[\p{{L}}-]+(?:\s[\p{{L}}-]+)?)", _counted),
    (
        rf"{_RESIZE}\s+(?:{_NUMBER_OF})?(?P<what>[\p{{L}} -]+?){_UP_OR_DOWN}(?P<n>{ENGLISH_NUMBER})(?:\s+\p{{L}}+)?",
        _counted,
    ),
    (rf"(?:number\s+of\s+)?(?P<what>{_COUNTABLE})\s*[:=]\s*(?P<n>{ENGLISH_NUMBER})", _counted),
    (
        rf"(?:{_ADD_OR_CUT}\s+)?(?:(?P<n>{ENGLISH_NUMBER})\s+)?(?:(?P<more>more)|fewer|less)\s+(?P<what>{_COUNTABLE})",
        _recounted,
    ),
    (
        rf"(?:there are |it has )?(?:(?P<more>too few|not enough)|(?:far |way )?too many)\s+(?P<what>{_COUNTABLE})",
        _recounted,
    ),
    (
        rf"(?:cut|drop|remove|delete|(?P<more>add))\s+(?P<n>{ENGLISH_NUMBER})\s+(?:of the\s+)?(?P<what>{_COUNTABLE})",
        _recounted,
    ),
    (rf"(?:slow|calm)\s+(?:{_PACE}\s+)?down(?:\s+{_PACE})?|slow\s+{_PACE}", _tone("calmer")),
    (rf"(?:speed|hurry)\s+(?:{_PACE}\s+)?up(?:\s+{_PACE})?|(?:pick up|quicken)\s+{_PACE}", _tone("tenser")),
    (
        r"(?:raise|increase)\s+the\s+stakes|higher\s+stakes|(?:the\s+)?stakes\s+(?:are|feel)\s+too\s+low",
        _tone("tenser"),
    ),
    (
        rf"(?:less|cut(?:\s+down)?(?:\s+on)?|reduce|trim|too\s+much|no)\s+(?:of\s+)?(?:the\s+)?{_TELLING}",
        _length("shorter"),
    ),
    (rf"{_STRETCH}(?:\s+.*)?|{_DETAILS}", _length("longer")),
    (rf"{_CONDENSE}(?:\s+.*)?|too\s+(?:long|wordy)|fewer\s+(?:words|details)|less\s+details?", _length("shorter")),
    (r"(?:much |a bit )?longer\s+[\p{L} ]+", _length("longer")),
    (r"(?:much |a bit )?shorter\s+[\p{L} ]+", _length("shorter")),
    (
        rf"give\s+(?:{_SOMEBODY}|{_NAMED})\s+(?:an?\s+|some\s+)?(?:much\s+)?(?:{_BETTER}\s+)?{_REASON}(?:\s+.*)?",
        _given_a_reason,
    ),
    (rf"(?:{_SOMEBODY}|{_NAMED})\s+needs?\s+(?:an?\s+)?(?:much\s+)?{_BETTER}\s+{_REASON}(?:\s+.*)?", _given_a_reason),
    (
        rf"(?:{_SOMEBODY}|{_NAMED})(?:['’]s?)?\s+{_REASON}\s+(?:is|are|feels?|seems?)\s+(?:too\s+|so\s+|rather\s+)?{_WEAK}",
        _given_a_reason,
    ),
    *((source.format(who=who), _made) for source in _MAKINGS for who in (_SOMEBODY, _NAMED)),
    (rf"{_NAMED}\s+(?:is|are)\s+(?P<age>{ENGLISH_NUMBER})(?:\s+years\s+old)?", _age_named),
    (r"replace\s+(?P<old>.+?)\s+(?:with|by)\s+(?P<new>.+)", _replaced),
    (r"change\s+(?P<old>.+?)\s+(?:to|into)\s+(?P<new>.+)", _renamed_if_names),
    (rf"(?:change|move|set|shift|place|put)\s+{_SCENERY}\s+(?:to|in|into|during|on|at)\s+(?P<term>.+)", _included),
    (r"(?P<rest>.+)", _bare_quality),
    (r"a\s+(?P<rest>.+)", _bare_quality),
    (rf"{_BAN}\s+(?P<term>.+)", _excluded),
    (rf"(?P<term>.+?)\s+(?:should|must|may|can)(?: not|n['’]t)\s+{_ABSENT}", _excluded),
    (r"(?:a (?:bit|lot|little) )?more\s+(?!than\b)(?P<term>.+)", _more),
    (rf"{_ADD}\s+(?P<term>.+)", _included),
    (rf"give\s+{_SOMEBODY}\s+(?P<term>(?:an?|some|two|three)\s+(?!.*{_OF_ONES_OWN}).+)", _included),
    (rf"{_WANT}\s+(?!(?:to|it|you|her|him|them)\b)(?P<term>.+)", _wanted),
    (r"less\s+(?P<trait>\S+)", _less),
)
_RULES: Final = tuple((regex.compile(source, regex.I), reading) for source, reading in _SOURCES)
