"""What belongs to the things that people do not want in a story: whoever bans magic does not want a spell either.

English words are stems with their endings, Chinese ones are long enough not to stand by chance inside another word
(神 alone would be found in 精神). The words of both languages stand together, as a family is the same thing.
"""

from dataclasses import dataclass
from typing import Final

from services.contexts.genesis.engine.feedback.patterns import either


@dataclass(frozen=True, slots=True)
class Family:
    """A thing that may be banned: the words by which it is named as a whole, and all that belongs to it."""

    names: str
    english: str
    chinese: str


FAMILIES: Final = tuple(
    Family(either(names), either(english), either(chinese))
    for names, english, chinese in (
        (
            "magic(?:al)? magics sorcery witchcraft supernatural_powers? 魔法 法术 巫术 超自然力?量? 魔力 仙术",
            """
            magic\\w* spell spells spell-?bound spell-?cast\\w* spellbook\\w* sorcer\\w+ wizard\\w* mage mages witch
            witches witchcraft enchant\\w* bewitch\\w* incantation\\w* conjur\\w+ hex(?:es|ed)? necroman\\w+ wands?
            thaumaturg\\w+ warlock\\w* charms arcane potions? alchem\\w+ runes?
            """,
            """
            魔法 法术 咒语 魔咒 诅咒 下咒 法师 巫师 女巫 巫术 魔力 魔药 魔杖 法阵 法力 施法 念咒 灵力 仙术 法宝 符咒
            符箓 炼金 灯术 咒
            """,
        ),
        (
            "violen(?:ce|t) fight(?:s|ing)? gore blood(?:shed)? brutality killing 暴力 血腥 打斗 杀戮",
            """
            violen\\w+ kill(?:s|ed|er|ers|ing|ings)? murder\\w* slaughter\\w* stab(?:s|bed|bing)? tortur\\w+
            massacre\\w* brutal\\w* bloodshed bloody gore gory fight(?:s|er|ers|ing)? fought beat(?:s|en|ing)_up
            knife-?fight\\w* assault\\w* behead\\w* wound(?:s|ed|ing)? strangl\\w+ shoot(?:s|ing)?
            shot_(?:dead|him|her) punch(?:es|ed)?
            """,
            """
            暴力 血腥 杀人 杀死 杀害 杀戮 杀手 屠杀 谋杀 凶杀 砍杀 虐待 酷刑 拷打 殴打 打斗 搏斗 厮杀 刺杀 暗杀 血泊
            鲜血 刀砍 捅 残杀
            """,
        ),
        (
            """
            romance romantic romantic_subplots? love love_(?:story|stories|line|interest|affairs?) 爱情 爱情线 感情线
            恋爱 言情 浪漫 感情戏
            """,
            """
            romanc\\w+ romantic\\w* lovers? in_love love_(?:story|stories|affair|affairs|letter|letters|interest)
            fall(?:s|ing|en)?_for fell_for kiss\\w* sweethearts? courtship betroth\\w+ fianc[ée]e? girlfriend
            boyfriend infatuat\\w+ beloved flirt\\w*
            """,
            """
            爱情 爱上 恋爱 恋人 情人 相爱 相恋 热恋 暗恋 初恋 情侣 爱人 接吻 亲吻 告白 表白 定情 未婚夫 未婚妻 心上人
            情书 缠绵 浪漫 言情 情愫
            """,
        ),
        (
            "gods? goddess(?:es)? deit(?:y|ies) religion religious faith 神 神明 神灵 神仙 众神 宗教 信仰",
            """
            gods? goddess\\w* deit(?:y|ies) divin(?:e|ity|ities) religio\\w+ temples? priests? priestess\\w* prayers?
            pray (?:prays|prayed|praying) worship\\w* shrines? altars? church\\w* holy sacred prophets?
            prophec(?:y|ies) monaster(?:y|ies) clergy
            """,
            """
            神明 神灵 众神 诸神 天神 女神 神祇 神仙 神像 神庙 神殿 上帝 天帝 祭司 祭坛 祭祀 祈祷 祷告 供奉 宗教 教会
            教堂 寺庙 庙宇 信徒 神谕 教团 圣殿 土地公 河神 山神 海神 灶神
            """,
        ),
        (
            "deaths? dying dead killing_characters? 死亡 死 死人",
            """
            deaths? die dies died dying dead deadly deceased corpse\\w* funeral\\w* graves? graveyard\\w* burial\\w*
            coffin\\w* perish\\w* kill(?:s|ed|ing)? tombs? mourning bereave\\w* drowned
            """,
            """
            死亡 死去 死了 死者 死人 去世 过世 丧命 身亡 尸体 尸骨 葬礼 坟墓 坟 墓地 棺材 灵堂 遗体 丧事 殉 牺牲 亡者
            亡魂 亡夫 亡妻 病逝
            """,
        ),
        (
            "technolog(?:y|ies) tech machines? computers? 科技 技术 高科技 机器 电脑",
            """
            technolog\\w+ high-tech machine(?:s|ry)? computer\\w* robots? android\\w* internet smartphone\\w*
            algorithm\\w* software engines? device\\w* gadget\\w* satellite\\w* cyber\\w* digital electronic\\w* ai
            screens? drones?
            """,
            """
            科技 高科技 机器 机械 电脑 计算机 机器人 仿生人 互联网 网络 手机 算法 软件 引擎 设备 卫星 赛博 数字化 电子
            人工智能 芯片 屏幕 无人机
            """,
        ),
        (
            "wars? battles? military 战争 打仗 战斗 军事 战场",
            """
            wars? wartime warfare warlord\\w* battle\\w* armies army soldier\\w* siege\\w* invasion\\w* invad\\w+
            troops? regiment\\w* militar\\w+ front_line\\w* general_staff cavalry besieg\\w+
            """,
            """
            战争 打仗 战斗 战场 战役 战火 战乱 军队 大军 士兵 军人 围城 入侵 攻城 前线 军团 将军 骑兵 开战 参战 战败
            战后 交战 兵变
            """,
        ),
        (
            "dragons? wyverns? 龙 巨龙",
            "dragon\\w* wyvern\\w* drakes? wyrms?",
            "巨龙 龙族 龙王 龙骨 龙鳞 御龙 飞龙 恶龙 龙息 老龙 幼龙 龙蛋 屠龙",
        ),
        (
            "aliens? extraterrestrials? 外星人 外星 异星",
            "aliens? extraterrestrial\\w* ufos? flying_saucers? martians? xeno\\w+ starfarers?",
            "外星 异星 天外来客 飞碟 火星人 星际来客 外星人",
        ),
        (
            "time[_-]travel(?:l?ing)? 穿越 时间旅行 时空穿越",
            """
            time[_-]travel\\w* time[_-]machine\\w* time[_-]loops? time_slips? back_in_time into_the_past
            into_the_future time-?lines? chrono\\w+
            """,
            "穿越 时间旅行 时光机 时空 时间循环 回到过去 回到未来 时间线 重生",
        ),
        (
            "horror 恐怖 惊悚",
            """
            horr(?:or|ors|ific|ifying|ible) terrif\\w+ terror\\w* gruesome ghastly nightmar\\w+ monster\\w* macabre
            haunt\\w* bloodcurdling dread\\w*
            """,
            "恐怖 惊悚 惊恐 毛骨悚然 噩梦 怪物 恶鬼 厉鬼 闹鬼 鬼影 可怖 骇人 阴森 血腥",
        ),
        (
            "politics political political_intrigue 政治 权谋 宫斗",
            """
            politic\\w* parliament\\w* senat\\w+ elect(?:ion|ions|ed|oral) ministers? ministr\\w+ government\\w*
            vot(?:e|es|ed|ing|ers?) lobby\\w* coup coups diplomat\\w* councillor\\w* campaign\\w* regime\\w*
            """,
            "政治 权谋 议会 选举 部长 政府 投票 政变 政客 党派 朝堂 宫斗 夺嫡 官场 外交官 议员 政权 朝廷",
        ),
        (
            "ghosts? spirits? 鬼 鬼魂 幽灵 鬼怪",
            "ghost\\w* spirits phantom\\w* spect(?:re|res|ral) apparition\\w* poltergeist\\w* wraith\\w* haunt\\w*",
            "鬼魂 幽灵 鬼怪 亡灵 亡魂 阴魂 恶鬼 女鬼 厉鬼 闹鬼 鬼影 魂魄 鬼神 魂灵",
        ),
        (
            "vampires? 吸血鬼",
            "vampir\\w* bloodsuck\\w* undead",
            "吸血鬼 血族 吸血",
        ),
        (
            "zombies? 丧尸 僵尸",
            "zombie\\w* undead walking_dead",
            "丧尸 僵尸 活死人 行尸",
        ),
        (
            "monsters? creatures? beasts? 怪物 怪兽 妖怪 妖魔",
            "monster\\w* creature\\w* beast\\w* demon\\w* ogre\\w* troll trolls chimera\\w* werewol\\w+",
            "怪物 怪兽 妖怪 妖魔 妖精 魔鬼 恶魔 魔兽 巨兽 狼人 妖兽 山精",
        ),
        (
            "sex(?:ual)?(?:_(?:scenes?|content))? nudity erotic(?:a|ism)? 性 色情 情色 床戏",
            """
            sex sexual\\w* nud(?:e|ity) naked erotic\\w* seduc\\w+ brothel\\w* prostitut\\w+ lust\\w* make_love
            made_love
            """,
            "色情 情色 床戏 裸体 赤裸 勾引 青楼 妓院 妓女 情欲 肉欲 上床 性爱",
        ),
        (
            "drugs? alcohol drinking 毒品 酒 喝酒 饮酒",
            """
            drugs? drugged opium heroin cocaine narcotic\\w* alcohol\\w* drunk\\w* whisk(?:y|ey) wine beer brandy gin
            tavern\\w* addict\\w*
            """,
            "毒品 鸦片 吸毒 嗑药 喝酒 饮酒 酗酒 醉酒 醉汉 酒馆 酒坛 酒壶 烈酒 喝醉 毒瘾",
        ),
        (
            "crimes? criminals? mafia gangs? 犯罪 黑帮 罪犯",
            """
            crim(?:e|es|inal|inals) thief thieves theft\\w* robber\\w* gangster\\w* mafia smuggl\\w+ burglar\\w*
            blackmail\\w* forger\\w* swindl\\w+ heists?
            """,
            "犯罪 罪犯 黑帮 小偷 盗窃 盗贼 抢劫 走私 绑架 勒索 骗局 诈骗 帮派 窃贼 作案",
        ),
        (
            "suicides? self-harm 自杀 自残",
            "suicid\\w* self-harm\\w* kill(?:s|ed)?_(?:him|her|them)sel(?:f|ves) took_(?:his|her)_own_life",
            "自杀 自残 自尽 轻生 寻短见 自缢 跳楼 割腕",
        ),
        (
            "royalty kings?_and_queens? monarchy nobility 王室 皇室 贵族 皇权",
            """
            king kings queen queens prince princes princess\\w* emperor\\w* empress\\w* royal\\w* thrones? crowns?
            duke\\w* duchess\\w* nobles? nobility monarch\\w* courtiers?
            """,
            "国王 女王 王后 王子 公主 皇帝 皇后 太子 王室 皇室 王座 王冠 公爵 贵族 君主 王庭 朝臣 皇宫",
        ),
        (
            "prophec(?:y|ies) chosen_ones? destiny fate 预言 命运 天命 天选之子",
            """
            prophe(?:cy|cies|sied|tic|ts?) chosen_ones? destin(?:y|ed|ies) fate fated foretold oracle\\w* foretell\\w*
            """,
            "预言 命运 天命 天选 注定 宿命 神谕 命中注定 先知 劫数",
        ),
        (
            "animals? pets? 动物 宠物",
            "animals? dogs? cats? horses? pets? birds? wolf wolves hounds? kitten\\w* pupp(?:y|ies) foxes fox",
            "动物 宠物 小狗 小猫 猫狗 马匹 骏马 野兽 狐狸 鸟儿 猎犬 野狗",
        ),
        (
            "children kids 孩子 小孩 儿童",
            "child children kids? bab(?:y|ies) toddler\\w* infant\\w* schoolchild\\w* orphans?",
            "孩子 小孩 儿童 婴儿 孩童 幼童 孤儿 娃娃 孩儿",
        ),
    )
)
