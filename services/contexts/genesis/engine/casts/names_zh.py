"""Chinese names: surnames, and the characters given names are put together from."""

from services.contexts.genesis.engine.casts.naming_material import NameMaterial

_FAMILIES = tuple(
    "沈陆顾谢裴温江林叶苏许程梁宋韩秦白楚燕闻虞傅邵薛卫岑阮章骆俞纪孟柳穆简祁姚钟戚管简游冉洛聂莫凌乔池贺"
    "卓鲁曲晏桑岳庄常尹霍伍施陶姜范方石汪鲍杭蓝解褚蔺尤廖窦翟覃靳仲丁佟甘"
)
_OLD_FAMILIES = (*_FAMILIES, "司徒", "慕容", "上官", "欧阳", "闻人", "公孙", "南宫", "令狐")

NAMES_ZH = {
    "old": NameMaterial(
        women=tuple(
            one + two for one in "砚疏映挽听拂绾若织见采素晚折问霁扶漱汀" for two in "秋月棠微竹雪鸢萤蘅兰烟荻梨霜笙"
        ),
        men=tuple(
            one + two
            for one in "怀行守承知临照砚伯敬归无既闻長".replace("長", "长")
            for two in "舟砥川野石鹤岸樵渊锋灯青简羽梧"
        ),
        families=_OLD_FAMILIES,
        family_first=True,
    ),
    "present": NameMaterial(
        women=tuple(one + two for one in "小晓静雨书佳思安乐美明春" for two in "满禾楠蔓宁娟敏琴葵茉岚芹"),
        men=tuple(one + two for one in "志大建明一子家立永光启少" for two in "远川山野平江诚树东武衡年"),
        families=_FAMILIES,
        family_first=True,
    ),
    "far": NameMaterial(
        women=tuple(one + two for one in "星弦零澈以遥未析屿穹" for two in "漪弧汐禾序黎玑霓昀衍"),
        men=tuple(one + two for one in "星弦零恒以遥未析屿穹" for two in "回尧航辰朔维岩烽越泊"),
        families=_FAMILIES,
        family_first=True,
    ),
}
"""By the flavour of a world: long ago or elsewhere, the present, far ahead."""
