"""Words by which a reader hears a tone."""

from collections.abc import Mapping
from typing import Final

from services.contexts.genesis.engine.directives import Tone
from services.contexts.genesis.engine.text import Language, listed

TONE_WORDS: Final[Mapping[Language, Mapping[Tone, frozenset[str]]]] = {
    "en": {
        "darker": listed(
            "dark darker darkness grim bleak cold grave black night harm cruel merciless shadow loss ruin"
        ),
        "lighter": listed("light lighter bright warm warmth gentle hope sun morning kind ease cheerful playful open"),
        "funnier": listed(
            "funny funnier laugh laughs laughter joke jokes wry absurd comic ridiculous grin humour humor"
        ),
        "sadder": listed("sad sadder grief mourning tears sorrow ache lonely loss farewell melancholy weep"),
        "romantic": listed("love tender tenderness heart kiss longing romance romantic embrace beloved"),
        "tenser": listed("tense tension urgent hurry pressure deadline danger threat breath sudden race clock"),
        "calmer": listed("calm calmer quiet slow slowly still peace rest patience patient unhurried gentle"),
        "stranger": listed("strange stranger odd uncanny weird dream dreamlike impossible unexplained peculiar"),
        "simpler": listed("simple simpler plain plainly clear few short straightforward"),
        "grander": listed("grand grander vast epic great mighty thousand ages empire horizon enormous"),
        "realistic": listed("real realistic ordinary everyday practical receipts exact plausible plain weather"),
    },
    "zh": {
        "darker": listed("黑暗 阴暗 冷 残酷 深渊 阴影 血 夜 沉重 代价 毁 狠 绝"),
        "lighter": listed("轻松 明亮 温暖 阳光 希望 轻快 笑 暖 早晨 亮"),
        "funnier": listed("幽默 好笑 笑 滑稽 玩笑 荒唐 逗 可笑"),
        "sadder": listed("悲伤 伤感 哀 泪 失去 孤独 告别 忧"),
        "romantic": listed("爱 温柔 心动 吻 浪漫 思念 恋 牵挂"),
        "tenser": listed("紧张 逼近 危险 急 威胁 追 倒计时 紧 压力"),
        "calmer": listed("平静 安静 缓 慢 从容 静 歇 耐心"),
        "stranger": listed("诡异 奇异 怪 梦 不可思议 莫名 奇怪 蹊跷"),
        "simpler": listed("简单 朴素 直接 清楚 少 单纯"),
        "grander": listed("宏大 辽阔 史诗 千 帝国 壮 万 浩"),
        "realistic": listed("真实 现实 日常 平常 具体 账 柴米"),
    },
}
"""In lower case, and found inside longer words too: a word's other forms count."""
