"""What a clause in Chinese asks for."""

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
from services.contexts.genesis.engine.feedback.numbers import CHINESE_NUMBER, number_in
from services.contexts.genesis.engine.feedback.patterns import either
from services.contexts.genesis.engine.feedback.terms import names_family
from services.contexts.genesis.engine.feedback.tones import tone_asked, tone_wanted
from services.contexts.genesis.engine.text import listed

Directives = Sequence[Directive]
Reading = Callable[[regex.Match[str]], Directives]

_TERM_MAX: Final = 40
_LEAD: Final = regex.compile(
    r"(?:请|麻烦|帮我|帮忙|我(?:还|也|更)?(?:想要?|希望|觉得|认为|建议)(?:你)?|希望|能不能|可不可以|可以|能否|最好|建议"
    r"|然后|另外|还有|而且|但是|不过|并且|同时|接着|此外|其次|首先|最后|也许|应该|需要|你|并|再把|还要|也要|但|也)*"
)
_TAIL: Final = regex.compile(r"(?:吧|吗|呢|啊|哦|呀|好吗|好不好|可以吗|谢谢|行吗|就好|就行|即可|就可以了?)+$")
_WHOLE: Final = regex.compile(
    r"(?:整个|整体|全部|全文|这个|这部|本|它|所有|一切)?(?:的)?(?:故事|小说|作品|书|氛围|基调|气氛|风格|语气|文风|文字|情节|剧情|结局|结尾"
    r"|开头|开篇|主题|世界观?|设定|场景|对话|描写|节奏|语言|概念|调子|笔调|大纲|内容|章节|背景|前提|钩子|基本|冲突)?(?:上|的)?(?:整体|节奏|氛围|基调|风格|语气)?"
)
_PLACE_END: Final = "城镇村港国州岛山湾谷关都市郡海河湖林原塔宫寨堡洲界域"
_SURNAMES: Final = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
    "唐罗薛雷贺倪汤滕殷毕郝安常于顾孟黄穆萧尹姚邵汪祁毛米贝明成戴宋庞熊纪舒屈项祝董梁杜阮蓝闵季贾路江童颜郭梅盛林钟徐邱骆高夏蔡田樊胡凌霍"
    "虞万柯卢莫房解应宗丁宣邓洪包左石崔程邢裴陆荣翁荀甄曲段侯宁叶白蒲温庄晏阎慕连习向古易廖终步沙鱼容慎戈阳佟言福"
)


def read_chinese(clause: str) -> Directives:
    """Return what a clause asks for, nothing if that is not plain."""
    words = _bare(clause)
    for pattern, reading in _RULES:
        found = pattern.fullmatch(words)
        directives = reading(found) if found else ()
        if directives:
            return directives
    return ()


def is_trait(word: str) -> bool:
    """Tell whether the word can be said of somebody."""
    return word in _TRAITS


def _bare(clause: str) -> str:
    """Return a clause without what is polite or only leads over."""
    lead = _LEAD.match(clause)
    words = clause[lead.end() :] if lead and lead.end() < len(clause) else clause
    return _TAIL.sub("", words.strip()).strip()


def _unquoted(name: str) -> str:
    return name.strip().strip("\"“”'‘’「」『』《》 ").strip()


# --- Names ---------------------------------------------------------------------------------------------------------


def _renamed(found: regex.Match[str]) -> Directives:
    old = regex.sub(r"的?(?:名字|名称|姓名|名|标题|书名)$", "", _unquoted(found["old"])) or "标题"
    new = _unquoted(found["new"])
    return (Rename(old, new),) if new and len(new) <= _TERM_MAX else ()


def _renamed_if_names(found: regex.Match[str]) -> Directives:
    """Read 把林晚改成林晴 and 把城市改成雾港 as new names, but not 把结局改成悲剧."""
    old, new = _unquoted(found["old"]), _unquoted(found["new"])
    named = "名" in old or found["new"].strip()[:1] in '“「『《"' or (_is_name(old) and _is_name(new))
    placed = regex.fullmatch(r".*(?:城市?|都城|镇|国家?|港口?|村|岛|地方|小镇|山|河)", old) and new[-1:] in _PLACE_END
    return _renamed(found) if named or placed else ()


def _renamed_if_said(found: regex.Match[str]) -> Directives:
    """Read a bare 改为 only where names are meant."""
    return _renamed(found) if regex.search(r"名|叫", found.group()) else _renamed_if_names(found)


def _is_name(words: str) -> bool:
    if regex.fullmatch(r"\p{Lu}[\p{Latin}'’ .-]*", words) or "·" in words:
        return True
    return bool(regex.fullmatch(rf"[{_SURNAMES}]\p{{Han}}{{1,2}}|[小老][{_SURNAMES}]|阿\p{{Han}}", words))


def _replaced(found: regex.Match[str]) -> Directives:
    return _renamed_if_names(found) or (Exclude(_term(found["old"])), Include(_unquoted(found["new"])))


# --- Things --------------------------------------------------------------------------------------------------------

_ADVERBS: Final = (
    r"(?:再|有|出现|写到?|提到?|提及|涉及|使用|用|搞|任何|所有|关于|一切|过多的?|太多的?|那些|这些|什么|全部)*"
)
_FILLER: Final = regex.compile(
    r"(?<=.)(?:的)?(?:元素|内容|世界|故事|情节|描写|戏份|设定|部分|成分|这些东西|之类的?|那一段|那段|这一段|这段|了)+$"
)
_NOTHING_BANNED: Final = regex.compile(
    r"(?:[让把使被给像因]|那么|这么|太|过于|改[动变掉]|变[得动]|动(?![物作画漫])|问题|意见|关系|急|错|第[\d一二三四五六七八九十]+[章幕节场卷部]).*|.*(?:那么|就是|因为|而是).*|改|人"
)
_AND: Final = regex.compile(r"以及|还有|或者|(?<!温|柔|调|总|饱|平|暖|共|缓|随)和(?!平|尚|谐|解|睦|气|声|约|服)|或")


def _term(words: str) -> str:
    return _FILLER.sub("", _unquoted(words)).strip()


def _excluded(found: regex.Match[str]) -> Directives:
    terms = [_term(part) for part in _AND.split(found["term"])]
    if any(not term or len(term) > _TERM_MAX or _NOTHING_BANNED.fullmatch(term) for term in terms):
        return ()
    return tuple(Exclude(term) for term in terms)


def _included(found: regex.Match[str]) -> Directives:
    words = found["term"]
    parts = [words] if "之间" in words else _AND.split(words)
    terms = [_term(regex.sub(r"^(?:一些|一点儿?|些|点|更多的?|关于)+", "", part)) for part in parts]
    if any(not term or len(term) > _TERM_MAX for term in terms):
        return ()
    return tuple(_tone_or_thing(term) for term in terms)


def _set_in(found: regex.Match[str]) -> Directives:
    """Read 把故事设在冬天 and 把背景改成唐朝: where or when it plays is a thing that is to occur."""
    return _included(found) if regex.match(r"(?:把|将)|.*(?:背景|时代|舞台|季节)", found.group()) else ()


def _tone_or_thing(term: str) -> Directive:
    tone = tone_asked(regex.sub(r"(?:感|的?氛围|的?气氛|色彩|的?元素)$", "", term), "zh") if len(term) > 1 else None
    return ChangeTone(tone) if tone else Include(term)


# --- How it and how somebody is to be ------------------------------------------------------------------------------

_DEGREE: Final = r"(?:更加|更为|更|再|稍微|稍稍|稍|略微|略|还|还要|多|多一点|一点|一些|很|非常|变得|变|显得|写得|有点)*"
_BIT: Final = r"(?:一点儿|一些|一点|些|点|一分|几分)?(?:吧|了|的)?"
_TRAITS: Final = listed("""
    勇敢 坚强 善良 聪明 温柔 冷静 果断 自信 成熟 幽默 谨慎 狡猾 冷酷 傲慢 自私 懦弱 固执 骄傲 天真 冲动 残忍
    脆弱 孤僻 沉默 热情 乐观 悲观 神秘 强大 弱小 忠诚 诚实 机智 叛逆 独立 主动 被动 软弱 坚定 坚韧 细心 粗心
    贪婪 慷慨 暴躁 温和 内向 外向 理性 感性 狠毒 阴险 正直 调皮 大胆 胆小 胆怯 高傲 谦虚 谦卑 稳重 毒舌 活泼
    开朗 多疑 敏感 倔强 孤独 无情 善变 强势 低调 圆滑 老练 单纯 邪恶 可怕 可爱 有主见 有魅力 有野心 有深度 立体
""")
# Of these there is much or little to say, but they have no nature of their own.
_NOBODY: Final = regex.compile(
    r"(?:这个|世界的?)?(?:地理|历史|文化|规则|社会|经济|政治|力量体系|(?:人物)?关系|意象|禁忌|问题|条目)(?:部分)?"
)
# How a story ends is more than a tone: it is a remark, which decides about the last scene.
_HAPPY_END: Final = regex.compile(r".*(?:结局|结尾|收场)(?:圆满|完美|美好|幸福|美满|甜)")
_OF_PLACES: Final = listed("靠海 临海 沿海 临河 靠山 干燥 潮湿 寒冷 炎热 繁华 荒凉 古老 拥挤 偏僻 富裕 贫穷 宁静 喧闹")
_NO_TRAIT: Final = regex.compile(
    r".*[，。]|(?:去|来|在|被|死|活|爱上|成为|变成|和|与|跟|知道|回|离开|有|是|出|遇|发现|多|少|好|差|早|晚).*|.*(?:了|着|过)$"
)


def _made_as_said(found: regex.Match[str]) -> Directives:
    """Read 主角年轻 (一点), where nothing but the quality itself tells where it begins."""
    said = found["said"]
    for start in range(max(0, len(said) - 4), len(said)):
        who = regex.sub(r"(?:变得?|要|应该?|写得|得|的)+$", "", said[:start])
        if _is_quality(said[start:], of_somebody=bool(who) and not _WHOLE.fullmatch(who)):
            return quality_of(who, said[start:], denied=False)
    return ()


def _made(found: regex.Match[str]) -> Directives:
    return quality_of(found["who"] or "", found["word"], denied=False)


def _unmade(found: regex.Match[str]) -> Directives:
    return quality_of(found["who"] or "", found["word"], denied=True)


def quality_of(who: str, word: str, *, denied: bool) -> Directives:
    """Return what is asked by a quality: of the whole a tone or a length, of somebody an age or a trait."""
    whole, word = bool(_WHOLE.fullmatch(who.strip())), word.strip()
    person = regex.sub(r"(?:的)?(?:性格|个性|脾气|性情|为人)$", "", who.strip()) or None
    if size := _sized(word, denied=denied):
        return (size,)
    if _NOBODY.fullmatch(who.strip()) or (denied and _HAPPY_END.fullmatch(who + word)):
        return ()
    if not whole or "性格" in who:
        if aged := _aged(person, word, denied=denied):
            return (aged,)
        return (ChangeTrait(person, word, absent=denied),) if _says_how(word) else ()
    if tone := tone_wanted(word, "zh", denied=denied):
        return (ChangeTone(tone),)
    if aged := _aged(None, word, denied=denied):
        return (aged,)
    return (ChangeTrait(None, word, absent=denied),) if not who and _says_how(word) else ()


def _is_quality(word: str, *, of_somebody: bool) -> bool:
    known = (
        tone_asked(word, "zh") is not None
        or is_trait(word)
        or word in _OF_PLACES
        or _sized(word, denied=False) is not None
    )
    return known or _aged("他" if of_somebody else None, word, denied=False) is not None


def _says_how(word: str) -> bool:
    if is_trait(word):
        return True
    return 0 < len(word) <= 6 and not _NO_TRAIT.fullmatch(word) and not regex.search(r"[\d一二三四五六七八九十]", word)


def _aged(who: str | None, word: str, *, denied: bool) -> ChangeAge | None:
    sizes = r"年长|年老|老|老成" + ("|大" if who else ""), r"年轻|年少|年幼|稚嫩" + ("|小" if who else "")
    older, younger = (bool(regex.fullmatch(size, word)) for size in sizes)
    if not older and not younger:
        return None
    return ChangeAge(_whose(who), "older" if older is not denied else "younger", None)


def _whose(who: str | None) -> str | None:
    return regex.sub(r"(?:的)?(?:年龄|年纪|岁数)$", "", who or "").strip() or None


def _age_named(found: regex.Match[str]) -> Directives:
    years = number_in(found["age"])
    return (ChangeAge(_whose(found["who"]), None, years),) if years is not None else ()


def _sized(word: str, *, denied: bool) -> ChangeLength | None:
    longer, shorter = (
        regex.fullmatch(r"长|详细|详尽|丰富|充实|细致|具体|啰嗦", word),
        regex.fullmatch(r"短|简短|精简|精炼|凝练|简略", word),
    )
    if not longer and not shorter:
        return None
    return ChangeLength("longer" if bool(longer) is not denied else "shorter")


def _length(direction: Literal["longer", "shorter"]) -> Reading:
    return lambda _: (ChangeLength(direction),)


def _given_a_reason(found: regex.Match[str]) -> Directives:
    return (ChangeMotive(found["who"].strip("的")),)


# --- How many ------------------------------------------------------------------------------------------------------


def _counted(found: regex.Match[str]) -> Directives:
    count = number_in(found["n"])
    what = (found["what"] or "").strip() or found["unit"] or ""
    what = regex.sub(rf"^(?:{CHINESE_NUMBER}|主要|重要|不同的?|的)|的?(?:数量?|总数|数目|人数)$", "", what) or what
    return (ChangeCount(what, count),) if count is not None and what else ()


def _recounted(found: regex.Match[str]) -> Directives:
    """Read 删掉一个角色 and 人物太多了: more or fewer than there are."""
    by = number_in(found["n"]) if found.groupdict().get("n") else None
    return (ChangeNumber(found["what"], "more" if found["more"] else "fewer", by),)


def _tone(tone: Tone) -> Reading:
    return lambda _: (ChangeTone(tone),)


def _left_out_of_family(found: regex.Match[str]) -> Directives:
    """Read 少一点暴力 as none of it, if it is a thing with all that belongs to it."""
    term = _term(found["term"])
    return (Exclude(term),) if names_family(term) else ()


_UNIT: Final = r"(?P<unit>章|幕|场|卷|集)"
_MEASURE: Final = r"(?:个|名|位|条|层|级|种|处|座|段|组|份|套|项|类|只|支|家)"
_COUNTABLE: Final = (
    "(?P<what>(?:主要|重要|配)?"
    + either("""
    角色 人物 主角 配角 反派 人 章节 场景 节点 情节点 候选 概念 方案 主题 计划 等级 境界 层级 级别 地点 地方
    城市 支线 副线 意象 母题 禁忌 问题 条目 物品 技能 组织 势力 例子 术语 子主题 选项 维度 阶段
""")
    + ")"
)
_ONLY: Final = either("""
    只要 只需要? 只有 只留下? 只保留 保留 留下? 减少?到 减为 减至 缩减[到为至] 缩短[到为至] 压缩[到为至成]
    增加?[到至为] 扩展?[到为至] 扩充到 改成 改为 变成 控制在 限制在 限定为 最多 至多 至少 一共 总共 共 要 写成?
    分成 分为 设为 设成 给我 来 需要 定为 定在 不超过
""")


# --- The rules, the first that fits first --------------------------------------------------------------------------

_BAN: Final = either("""
    不要 不需要 不想要 不能有 不许有? 不得出现 不准有? 不写 不用 不该有 别 禁止 避免 去掉 去除掉? 删掉 删除 删去
    拿掉 移除 取消 剔除 没有 无 排除 砍掉 除去 摒弃 抛开 杜绝
""")
_ADD: Final = either("""
    加入 加上 加进 增加 增添 添加 添上 引入 包含 要有 带上 写上 写进 放进 多加 多来 多写写? 多描写 更多的?
    需要有? 有(?=[一几两更]) 给[她他]们?(?=一) 突出 强调 着重写?  应该有 出现 融入 补充 安排 设计 穿插 加 添 多
""")
_GONE: Final = either("去掉 删掉 删除 拿掉 移除 取消 删了 去了 砍掉 剔除")
_MORE: Final = either("多一些 多一点儿? 多些 多点 多来一?些 多来点 来点 来一?些")
_CALLED: Final = either("叫做 叫作 叫 名叫 取名为? 取名叫 起名叫? 起名为 命名为 名为")
_RENAMED: Final = either("改名 更名 重命名 改 换") + either("叫做? 叫作 名?为 名成 作 名")
_LESS: Final = (
    either("不要 别 不必 不用 不应该? 不该 没必要 不能 不")
    + "再?"
    + either("那么 这么 太 过于 如此 那样")
    + "|没有?那么"
)
_COMES: Final = either("改成 改为 改到 设为 设成 定为 变成 应该?是 要 是 为 今年 大约 约 只有 才")
_STRETCHED: Final = either("扩写 展开 写长 拉长 加长 丰富 充实 扩充")
_CUT: Final = either("精简 压缩 缩短 缩写 删减 写短 删短")
_REASON: Final = either("理由 动机 缘由 原因")
_BETTER: Final = either(
    "更好 更强 更充分 更合理 更有说服力 更深 更可信 真正 像样 不同 说得过去 好一点 强一点 充分 合理"
)
_WEAK: Final = r"(?:太弱|太单薄|太薄弱|不够.{0,6}|站不住脚|不清楚|不明|不合理|太?牵强|没有说服力|太模糊)"
_PACE: Final = either("节奏 进度 速度 步子 步调")
_SLOWER: Final = either("放慢 慢下来 放缓 缓下来 慢 降下来")
_FASTER: Final = either("加快 快起来 提快 提起来 快 提速")
_SOMEWHAT: Final = r"(?:一点儿|一些|一点|些|点|一下)?了?"
_SOME_LESS: Final = either("少一些 少一点儿? 少些 少点 少来点 少写点?")
_TELLING: Final = either("说明 解释 铺垫 背景介绍 背景说明 设定说明 描写 描述 叙述 旁白 交代")
_SCENERY: Final = either("背景 时代 舞台 季节 时间 地点 场景 世界 时代背景")
_AT_ALL: Final = either("更加 更为 更 再 稍微 稍 略微 还要")

_SOURCES: Final[tuple[tuple[str, Reading], ...]] = (
    (rf"(?:把|将|给|让)?(?P<old>.+?){_RENAMED}(?P<new>(?!.{{0,3}}[岁章个]).+)", _renamed_if_said),
    (r"(?:把|将)?(?P<old>.+?)(?:改名字?|更名|重命名)成?(?P<new>.+)", _renamed),
    (rf"(?:把|将|让|给)?(?P<old>.{{1,20}}?)(?:就|要|应该?|最好)?{_CALLED}(?P<new>.{{1,30}})", _renamed),
    (r"(?:叫|称呼?|管)(?P<old>她|他|它|[男女]?主角|城市|反派)[作做为叫]?(?P<new>.{1,30})", _renamed),
    (rf"[让把将]?(?P<who>.*?)的?(?:年龄|年纪)?{_COMES}*(?P<age>{CHINESE_NUMBER})岁(?:左右)?", _age_named),
    (rf"{_ONLY}*(?P<n>{CHINESE_NUMBER}){_MEASURE}?{_COUNTABLE}", _counted),
    (rf"[把将]?(?:全书|故事|小说|大纲|它|篇幅)?{_ONLY}*(?P<n>{CHINESE_NUMBER}){_UNIT}(?P<what>)", _counted),
    (rf"{_ONLY}+(?P<n>{CHINESE_NUMBER}){_MEASURE}(?P<what>\p{{Han}}{{1,6}})", _counted),
    (
        rf"[把将让]?(?P<what>.{{1,10}}?)的?(?:数量?|总数)?{_ONLY}+(?P<n>{CHINESE_NUMBER})(?:{_MEASURE}|{_UNIT})?",
        _counted,
    ),
    (rf"(?:把|将)?(?:故事|整体|它|剧情)?的?{_PACE}(?:再|要|都)?{_SLOWER}{_SOMEWHAT}", _tone("calmer")),
    (rf"(?:把|将)?(?:故事|整体|它|剧情)?的?{_PACE}(?:再|要|都)?{_FASTER}{_SOMEWHAT}", _tone("tenser")),
    (
        rf"(?:{_SOME_LESS}|减少|别写?那么多|不要那么多|不要太多){_TELLING}|{_TELLING}(?:太多了?|{_SOME_LESS})",
        _length("shorter"),
    ),
    (rf"(?:{_SOME_LESS})(?P<term>.+)", _left_out_of_family),
    (
        rf"(?:(?P<more>(?:再加上?|再多加?|加|增加|添加)(?!一))|删掉|去掉|减少|减掉|删|砍掉|少)(?P<n>{CHINESE_NUMBER}){_MEASURE}?{_COUNTABLE}",
        _recounted,
    ),
    (rf"{_COUNTABLE}(?:(?P<more>太少|不够多?)|太多|过多)了?", _recounted),
    (rf"{_COUNTABLE}(?:再)?(?:(?P<more>多)|少)(?:一些|一点|点|些)", _recounted),
    (rf"(?:(?P<more>多)|少)(?:一些|一点|点|些|要)?{_COUNTABLE}", _recounted),
    (
        rf"(?:把|将)?(?:故事|小说|整个故事)?的?{_SCENERY}?(?:设定?|改|换|放|搬|移|写)(?:成|为|到|在|进)(?P<term>.+)",
        _set_in,
    ),
    (rf"[把将]?.{{0,10}}?{_STRETCHED}(?:一下|一些|一点)?.{{0,8}}", _length("longer")),
    (r"[再多加]*(?:补充|增加|一些|一点|更多的?)*细节", _length("longer")),
    (rf"[把将]?.{{0,10}}?{_CUT}(?:一下|一些|一点)?.{{0,6}}", _length("shorter")),
    (rf"给(?P<who>.{{1,12}}?)(?:找|想|加|写)?(?:一个|个|一些|些)?(?:{_BETTER}的?)?{_REASON}", _given_a_reason),
    (rf"(?P<who>.{{1,12}}?)(?:的|做事的)?{_REASON}{_WEAK}了?", _given_a_reason),
    (rf"[让把使将]?(?P<who>.{{0,12}}?)(?:{_LESS})(?P<word>.+?)[了吧的]?", _unmade),
    (r"[让把使将]?(?P<who>.{0,12}?)(?<!不要|不能|别|不)(?:太|过于|过分)(?P<word>.{1,6}?)[了些]?", _unmade),
    (r"(?P<who>.{0,12}?)(?:还|都)?不够(?P<word>.{1,6}?)", _made),
    (rf"[要再]*{_MORE}(?P<term>.+)", _included),
    (rf"(?P<term>.{{1,20}}?)[要再]*{_MORE}", _included),
    (rf"[让把使将](?P<who>.{{1,12}}?)(?:写得|变得|显得|改得|得){_DEGREE}(?P<word>.+?){_BIT}", _made),
    (
        rf"[让把使将]?(?P<who>.{{0,12}}?)(?:要|应该?|变得|得)?{_AT_ALL}{_DEGREE}(?P<word>.+?){_BIT}",
        _made,
    ),
    (r"[让把使将]?(?P<said>.{1,18}?)(?:一点儿|一些|一点|些|点)", _made_as_said),
    (r"[让使](?P<said>.{1,18})", _made_as_said),
    (r"[把将用](?P<old>.+?)(?:换成|替换[成为])(?P<new>.+)", _replaced),
    (r"[把将]?(?P<old>.+?)(?:改成|改为)(?P<new>.+)", _renamed_if_names),
    (rf"(?:一[个座种])?{_BAN}{_ADVERBS}(?P<term>.+)", _excluded),
    (rf"[把将](?P<term>.+?)(?:都|全部?|统统)?{_GONE}", _excluded),
    (r"(?P<term>.+?)(?:不要|不能|不许|不得|不该)再?(?:有|出现|存在)了?", _excluded),
    (rf"(?:故事|世界|书|文)里{_BAN}{_ADVERBS}(?P<term>.+)", _excluded),
    (rf"(?:要|再|(?:故事|世界|书)?里面?要?|给故事)*{_ADD}(?P<term>.+)", _included),
)
_RULES: Final = tuple((regex.compile(source), reading) for source, reading in _SOURCES)
