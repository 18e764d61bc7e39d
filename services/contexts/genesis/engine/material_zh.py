"""All the built-in author knows in Chinese, written in its own right and not translated."""

from services.contexts.genesis.engine.genres_zh import GENRES
from services.contexts.genesis.engine.material import Material, Phrases, Wish
from services.contexts.genesis.engine.situations_zh import PREDICAMENTS, SITUATIONS

_PHRASES = Phrases(
    openings=(
        "，这件事瞒了整整十一年。",
        "，只对一个人说过，而那个人已经不在了。",
        "，做梦都想当个普通人。",
        "，一直以为这没有什么害处。",
        "，从没遇见谁能说清缘由。",
        "，怎么看都不像危险人物。",
        "，把日子过得尽量不引人注意。",
        "，自己也知道这话听着不像真的。",
        "，很久以前就不再追问为什么了。",
        "，给自己立过七条规矩，开篇第一页就破了一条。",
        "，很快就要成为方圆百里最抢手的人。",
        "，到目前为止还没有出过事。",
    ),
    statement_links=(
        "最先明白这意味着什么的，是{a_hero}。",
        "为此失去最多、却最后一个知道的，是{a_hero}。",
        "所有人都望向{a_hero}，等一个并不安全的答案。",
        "没有人去问{a_hero}，这是第一个错误。",
        "若不是因为{a_hero}，这事本可以悄悄过去。",
    ),
    question_links=(
        "三月里一个寻常的早晨，对{a_hero}来说，这不再是假设。",
        "最先知道答案的是{a_hero}，最先后悔的也是。",
        "{a_hero}宁可不知道，可由不得自己挑。",
        "{a_hero}守着这个答案过了许多年，对谁也没讲。",
    ),
    keyword_links=(
        "“{idea}”，旁人看来不过是几个字，对{a_hero}来说，却是一份供词。",
        "门缝底下塞进来一张字条，上面只写着“{idea}”，收到它的是{a_hero}。",
        "旧碑上刻着“{idea}”，百年来头一个当了真的，是{a_hero}。",
        "“{idea}”，那条不该被看见的口信这样开头，偏偏看见它的是{a_hero}。",
    ),
    quoted_ideas=(
        "故事从“{idea}”这句话起头，落到{a_hero}身上，而这句话是要付代价的。",
        "把“{idea}”当真，一路走下去，尽头站着{a_hero}。",
        "根在“{idea}”，心在{a_hero}。",
        "“{idea}”：念头是你的，要带着它活下去的是{a_hero}。",
    ),
    worlds=(
        "在{place}，{rule}。",
        "故事发生在{place}，那里{rule}。",
        "落脚之处是{place}，{rule}。",
        "这里是{place}：{rule}。",
    ),
    worlds_elsewhere=(
        "线索通向{place}，那里{rule}。",
        "最先起变化的是{place}，那里{rule}。",
        "兜兜转转，一切都落到{place}，那里{rule}。",
        "答案一直等在{place}，那里{rule}。",
    ),
    idea_titles=("{thing}", "{thing}与{emblem}", "{hero}与{emblem}"),
    idea_things=("这一切的缘由", "这一切唯一的例外", "能叫停这一切的办法", "这一切最早的证据", "记着这一切的那份底稿"),
    keyword_things=("那几个字真正的意思", "口信的另一半", "口信末尾的署名", "第一个读到它的人留下的回信"),
    collision_elements=(
        "{label}撞上{other}：闯进来{rival}",
        "在{label}里给{other}留的一扇门，走进来的是{rival}",
        "{label}的规矩，由一个只认{other}规矩的人来试：{rival}",
    ),
    wish_element="照你的意思写进去：{wish}",
    keyword_element="前后三次改变含义的“{keyword}”",
    understanding_idea=(
        (
            "你想要一个从“{idea}”里长出来的故事。原话一字不动，我追问的是：这件事会让谁付出什么代价？"
            "四周的压力都是新添的。"
        ),
        "我把“{idea}”读成一个不能再拖的选择。你的话原样留着，新的是压在它四周的人、规矩和期限，每个概念各走一条路。",
        "“{idea}”最诱人的是它没说出口的那一半。下面每个概念都用一种不同的口气来回答它，留下的悬念也各不相同。",
    ),
    understanding_invented=(
        "你把纸留成空白，我便从有东西可失去的人写起。下面这些概念从{first}写到{last}，人物、规矩和代价各不相同。",
        (
            "没有任何限定，我就去找只有一条怪规矩的地方，再放进一个守不住规矩的人，从{first}一路试到{last}，"
            "挑出最站得住的几个。"
        ),
        "没有现成的想法，我就让不相干的东西互相撞一撞，留下着了火的那几个，类型从{first}到{last}，口气也各有各的。",
    ),
    understanding_merge=(
        "你想把《{first}》和《{last}》放进同一个故事。我留下它们各自值得被选中的东西，去找那根能把两边连起来的铰链。",
        "《{first}》与《{last}》其实痛在同一处。下面每一版都换一个地方把它们接上，两边的要紧东西都保留下来。",
    ),
    understanding_wish="你提到的“{wish}”，每一个里都落实了。",
    understanding_fillers=(
        "它们各自转在一个难以两全的选择上，读起来像几条岔路。",
        "不妨先挑出你最舍不得放下的那一个，再告诉我它哪里还不够疼。",
        "人物、口气和结局都还可以改，先看哪一个让你想往下读。",
    ),
    suggestions=(
        "挑出那个连你自己都怕面对的选择，再要一个更冷或更暖的版本。",
        "说一件这个故事里绝不能发生的事，边界清楚了，下一轮会更准。",
        "问一问《{one}》会怎样收尾，看看你还想不想走到那里。",
        "把《{one}》的主角放进《{two}》的世界，看看哪里必须跟着变。",
        "用一句话说出《{one}》该让读者有什么感觉，下一轮就照着它写。",
        "给《{two}》出个反例：主角在什么情况下会干脆一走了之？",
    ),
    suggestion_weak="《{title}》：{advice}",
    suggestion_merge="把《{one}》与《{two}》合并：前者{strength_one}，后者{strength_two}。",
    fusions=(
        (
            "如果《{one}》和《{two}》本是同一个故事的两半呢？{hook_one}{hook_two}把它们连起来的是{element_one}，"
            "要把它们再次拆开的是{element_two}。"
        ),
        (
            "规矩取自《{one}》，心跳取自《{two}》。开场便是{element_two}。{hook_two}随后，"
            "另一个故事带着{element_one}闯了进来。"
        ),
        (
            "《{two}》成了《{one}》不为人知的前史。{hook_one}证明一切早已发生过的，"
            "是藏在{element_one}背后的{element_two}。"
        ),
        "白天是《{one}》，夜里是《{two}》。{hook_two}同一群人过着两半日子，而{element_one}绝不能遇上{element_two}。",
        "《{one}》里有人把《{two}》当小说来读。{hook_one}直到{element_two}出现在眼前，旁边就是{element_one}。",
        (
            "《{one}》收尾处正是《{two}》的开头，接缝谁也没看出来。{hook_one}{hook_two}扯动{element_two}，"
            "{element_one}就跟着松了。"
        ),
    ),
    fusion_links=(
        "《{title}》带来了{element}。",
        "还有从《{title}》里来的{element}。",
        "底下暗暗流着的，是《{title}》的{element}。",
    ),
    fusion_heroes=("站在两者之间的，是{a_hero}。", "要把它们撑在一起的，是{a_hero}。", "只有{a_hero}同时属于两边。"),
    fusion_element="{element}（取自《{title}》）",
    collided_genres="{one}×{two}",
    subtyped_genre="{genre}·{subtype}",
    styled_tone="{style}，{tone}",
    sized_length="约{number}字",
)

_WISHES = (
    Wish("幽默|搞笑|好笑|喜剧|轻松|诙谐|风趣", "好笑在痛处", "笑也是一种胆量", "一个总在最不该的时候变严肃的老笑话"),
    Wish("黑暗|阴暗|暗黑|沉重|压抑|恐怖|残酷", "更暗，没有轻易的出口", "视而不见的代价", "一桩造成长久伤害的好心"),
    Wish("爱情|恋爱|感情线|浪漫|甜|言情", "带着迟疑的温柔", "违背自己利益的爱", "全靠借来的东西讲完的一段情"),
    Wish("悬念|悬疑|紧张|刺激|反转|烧脑|推理", "绷得很紧", "压力之下的信任", "开场就明明白白写在眼前的反转"),
    Wish("希望|温暖|治愈|圆满|温馨|善良|暖", "内里是暖的", "倔强的盼头", "靠前面一个小小善举挣来的结局"),
    Wish("节奏|快一点|更快|爽|热血|动作", "短场景，走得快", "来不及准备好的决定", "总比预想早一步收住的场景"),
    Wish("女主|女性|女孩|姐妹|母亲", "贴着女主角写", "互相守着秘密的女人们", "一位用自己的错误推动情节的女主角"),
    Wish("家庭|亲情|父|兄|孩子|家人", "贴近饭桌的距离", "家是一个谜", "与大冲突互为缩影的一场家里的争吵"),
    Wish("友情|朋友|伙伴|兄弟", "有人同行的口气", "经得起考的友谊", "有成文规矩的一段友谊"),
    Wish("政治|社会|权力|阶层|公平|正义", "对权力看得明白", "现状让谁得利", "一个签字就决定一切的小吏"),
    Wish("自然|动物|大海|森林|环境|气候", "有风有天气", "与拥有不了的东西一起活", "像人物一样行事的一片风景"),
    Wish("现实|真实|接地气|日常|生活化", "落在日常细节里", "平常日子的分量", "用文书手续来写的每一件奇事"),
)

MATERIAL_ZH = Material(
    language="zh",
    genres=GENRES,
    situations=SITUATIONS,
    predicaments=PREDICAMENTS,
    wishes=_WISHES,
    phrases=_PHRASES,
)
