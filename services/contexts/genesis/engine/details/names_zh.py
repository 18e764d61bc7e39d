"""What Chinese names are made from."""

from services.contexts.genesis.engine.details.material import NameGrammar, row
from services.contexts.genesis.engine.foundations import Category

_SURNAMES = row(
    """
    沈 裴 柯 陆 顾 苏 宋 叶 秦 江 温 纪 傅 阮 钟 霍 乔 褚 卫 简 岑 贺 樊 邵 孟 蒋 聂 鲁 尹 倪 杭 桑 池 蓝 鄢 骆
    邬 屠 宁 缪 段 甄 程 盛 洪 晏 茅 艾 连 端木 上官 闻人 令狐 百里 南宫 尉迟 公孙
    """
)
_GIVEN_FIRST = row(
    """
    青 阿 小 知 望 怀 照 听 渡 半 归 念 守 若 承 疏 停 微 问 长 素 晚 千 回 行 有 不 既 南 重
    """
)
_GIVEN_LAST = row(
    """
    舟 禾 棠 蘅 灯 砚 竹 鸢 潮 麦 榆 钧 弦 霜 苇 桥 鹤 石 樵 粟 帆 梧 苓 衣 渔 篱 雁 岫 镜 泊
    """
)

NAMES: dict[Category, NameGrammar] = {
    "place": NameGrammar(
        patterns=("{two}{site}", "{two}{site}", "{one}{long}", "{count}{thing}{site}", "{trade}{long}"),
        words={
            "two": row(
                """
                苦楝 石臼 歪脖 白鹭 晒盐 磨刀 回头 半截 油灯 豆腐 借伞 落钉 听雨 倒影 空碗 旧渡 赊账 纸鸢 老鸦
                铜扣 瞌睡 针脚 药渣 歇脚 麻绳 冷灶 斜阳 鱼骨 补锅 皂角 榫头 霜降 醋坛 井绳 蓑衣 牙祭 木屐 哑铃
                蚕豆 火镰
                """
            ),
            "one": row(
                """
                沉 偏 瘦 湿 咸 哑 迟 困 欠 陡 窄 暗 浮 枯 甜 轻 钝 远
                """
            ),
            "site": row(
                """
                巷 渡 埠 坡 塘 桥 坊 集 堰 崖 浦 岭 坞 台 沟 市 滩 栈 湾 亭
                """
            ),
            "long": row(
                """
                水闸 钟楼 船坞 粮仓 染坊 义庄 茶寮 驿站 磨坊 书肆 窑场 药圃 戏台 堤岸 牌楼 码头 澡堂 当铺 学塾
                石阶
                """
            ),
            "count": row(
                """
                三 五 七 九 十二 半 双 百
                """
            ),
            "thing": row(
                """
                锁 井 灶 碑 梯 瓮 绳 门 枣 钟 椅 伞 镜 针 鞋
                """
            ),
            "trade": row(
                """
                绣娘 更夫 瞽者 箍桶 磨镜 弹棉 货郎 接生 守墓 卖冰 抄书 养蜂 打更 说书 补瓷
                """
            ),
        },
    ),
    "person": NameGrammar(
        patterns=(
            "{family}{first}{last}",
            "{family}{first}{last}",
            "{family}{last}",
            "{family}{title}",
            "{nick}{family}",
        ),
        words={
            "family": _SURNAMES,
            "first": _GIVEN_FIRST,
            "last": _GIVEN_LAST,
            "title": row(
                """
                掌柜 郎中 娘子 主簿 婆婆 师傅 账房 老丈 班头 先生 姑姑 校尉
                """
            ),
            "nick": row(
                """
                哑巴 跛脚 老 小 独眼 大嗓 白头 左手
                """
            ),
        },
    ),
    "item": NameGrammar(
        patterns=("{two}{object}", "{two}{object}", "{owner}的{object}", "{count}{mark}{object}", "{stuff}{object}"),
        words={
            "two": row(
                """
                回潮 倒走 认主 记仇 不眠 思乡 折寿 左撇 半醒 赖账 耐心 早到 反悔 落泪 守口 迟疑 借光 偷声 三嫁
                解语 忘年 替罪 知冷 逆鳞 余温 讨饶
                """
            ),
            "object": row(
                """
                罗盘 算盘 漏壶 铜镜 墨斗 缰绳 香炉 顶针 秤砣 竹笛 印匣 骰子 剪子 烟斗 锁片 灯盏 砚台 梭子 铃铛
                鱼钩 药杵 发簪 皮囊 木鱼 折扇 酒壶 马鞍 针匣 纸鸢 面具 钥匙 斗笠 瓷枕 账本 火镰 船桨
                """
            ),
            "owner": row(
                """
                判官 接生婆 寡妇 状师 养蜂人 纤夫 更夫 驯鹰人 替身 伴娘 守墓人 账房 私贩 继母 逃兵 画师
                """
            ),
            "count": row(
                """
                三 七 九 双 半 十二
                """
            ),
            "mark": row(
                """
                结 孔 色 齿 缺 铆 转 叠 响
                """
            ),
            "stuff": row(
                """
                鳗皮 沉香 锡 骨瓷 乌木 马鬃 玳瑁 鹿角 油纸 盐晶 琥珀 生漆 竹丝 牛角 螺钿 粗陶 榫木 青铅
                """
            ),
        },
    ),
    "skill": NameGrammar(
        patterns=("{verb}{noun}{art}", "{verb}{noun}", "{way}{art_long}", "{noun}上{deed}", "{verb}{noun}十{unit}"),
        words={
            "verb": row(
                """
                听 称 织 拆 数 缝 腌 逐 唤 赎 折 养 嫁接 熨 挑 筛 抄 封 借 偷 驯 熬 译 拓 淬 垂钓 拾 种 劝 守
                赊
                """
            ),
            "noun": row(
                """
                灰 雨 谎 影 债 锈 梦 雾 脚印 余烬 旧怨 饥饿 冷铁 潮汛 烛泪 门闩 沉默 骨缝 月光 口音 霜花 绳结
                病气 流言 镜面 睡意 根须 火候
                """
            ),
            "art": row(
                """
                术 法 诀 功 谱
                """
            ),
            "way": row(
                """
                赤脚 反手 侧耳 闭目 空手 慢火 借力 隔墙 低声 倒背 单足 醉眼 冷面 逆风
                """
            ),
            "art_long": row(
                """
                算学 刀法 针法 辩术 追踪 口技 厨艺 讨价 接骨 认路 缝补 吟唱 读唇 笔法
                """
            ),
            "deed": row(
                """
                行走 写字 听声 点灯 栽树 架桥 问路 养鱼 下棋 安眠
                """
            ),
            "unit": row(
                """
                式 问 转 针 调 步
                """
            ),
        },
    ),
    "organization": NameGrammar(
        patterns=("{members}{body}", "{quality}{body}", "{place}{body}", "{quality}{office}", "{members}{office}"),
        words={
            "members": row(
                """
                掌灯 补网 抄书 敲钟 渡夫 拾荒 哭丧 熬盐 接生 守桥 制墨 送信 量地 养蜂 织绳 磨镜 卖水 弃婴 驯马
                称骨
                """
            ),
            "quality": row(
                """
                迟到 赤脚 三更 半价 公道 无名 暂代 四十日 感恩 终身 改良 下游 星期三 同舟 缄口 自愿 清白
                """
            ),
            "place": row(
                """
                苦楝 石臼 白鹭 回头 铜扣 斜阳 霜降 鱼骨 井绳 火镰
                """
            ),
            "body": row(
                """
                会 社 堂 帮 盟 院 局 司 门 行 团 馆
                """
            ),
            "office": row(
                """
                善堂 钱庄 公会 学社 监察院 兄弟会 姐妹会 议事厅 登记处 唱诗班 联保 同盟 书院 巡夜队 商号 法庭
                """
            ),
        },
    ),
}
