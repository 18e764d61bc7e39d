"""All the built-in author knows about themes in Chinese, written in its own right and not translated."""

from services.contexts.genesis.engine.themes.axes_zh import AXES
from services.contexts.genesis.engine.themes.material import Facet, Phrases, Technique, ThemeMaterial
from services.contexts.genesis.engine.themes.more_axes_zh import MORE_AXES
from services.contexts.genesis.engine.themes.more_paths_zh import MORE_ARCS, MORE_CONFLICTS, MORE_SYMBOLS
from services.contexts.genesis.engine.themes.paths_zh import ARCS, CLOSERS, CONFLICTS, SYMBOLS
from services.contexts.genesis.engine.themes.tones_zh import TONES

_SCENES = (
    "在{place}看得最清楚：那里{rule}。",
    "在{rival}看来，这事说到底是{stake}的事，{hero}也没法说不对。",
    "到了{body}跟前，{hero}管它叫“{idea}”，对方请把这几个字写下来。",
    "“{conflict2}”，而两边都说对方感情用事。",
    "{hero}愿拿{stake}换一个平常的晚上，竟真有人来问价。",
    "最后开口的，是一个谁也没请来的细节：{element}。",
    "{body}的簿子上有一条铅笔记的，{hero}的名字被擦掉了。",
    "{rival}从{thing}旁边走过，看也没看，{hero}就是这样明白的。",
    "外人来到{place}，听到的是个无害的讲法，开头先说{element}。",
    "旁人随口一句“{idea}”，{hero}把杯子放下了。",
    "{place}家家都有个亲戚，曾经站在{hero}如今站的地方。",
    "有一夜，{hero}和{rival}各替对方的道理说话，两人都睡得很好。",
)

_TECHNIQUES = (
    Technique("一事两说", "同一件事讲两遍，讲的人彼此疼爱，留意到的却不一样。"),
    Technique("物件清单", "每部末尾列一张短单子，单子上少掉的就是情节。"),
    Technique("不寄的信", "章与章之间插着不会寄出的信，涂改都留着。"),
    Technique("迟来的名字", "要紧的人物半本书里只叫差事，名字在闲话里带出来。"),
    Technique("旁人的半句", "看热闹的只说半句话，渐渐地，那半句更真。"),
    Technique("一部一日", "时间走得匀：每部只写一天，中间隔着好几年不提。"),
    Technique("首尾押韵", "第一场和末一场用同样的动作，次序倒过来，换了人做。"),
    Technique("看错的见证", "大场面交给一个看得极仔细、却全看错了的人来看。"),
    Technique("造反的注脚", "注解起先帮忙，后来长出了嗓子，最后跟正文唱反调。"),
    Technique("一章一屋", "每章不出一间屋子，换场只靠门。"),
    Technique("转了三手的话", "定局的那番话经三个人传到读者耳边，一人添一个字。"),
    Technique("渐渐收窄", "句子越来越短，看得见的地方越来越小，末了只剩一张桌子。"),
    Technique("没有问号", "人物用陈述句发问，全书问号只归叙述者，用两次。"),
    Technique("借来的格式", "有一章写成表格、菜谱或时刻表，写到一半把格式撑破。"),
    Technique("靠不住的日历", "日子都写得齐全，只在一处彼此对不上。"),
    Technique("不写天色", "从不描写天，看人手里拿着什么就知道了。"),
    Technique("只见背影", "要紧的会面都从身后看，看肩膀、下摆和鞋跟。"),
    Technique("远近轮换", "贴身的一章和俯瞰的一章轮着来，慢慢换了主人公。"),
    Technique("用旧的形容词", "有个心爱的词越用越少，少到读者发觉它不见了。"),
    Technique("数过头的清单", "列举总多出一行，多出来的那行是招认。"),
    Technique("两个开头", "写到三十页，小说客客气气地从另一家门口重新开始。"),
    Technique("先闻其声", "每间屋子先听见响动，再知道里头是谁。"),
    Technique("没收住的章尾", "每章最后一个动作都没做完，后面某章顺手替它做了。"),
    Technique("我们来讲", "讲述的是“我们”，不断有人从里头走出来。"),
)

_TABOOS = (
    "不许为了点题弄死一只动物。",
    "真相不靠日记得来。",
    "凡印得上杯子的句子，一概不写。",
    "乡下不等于干净，城里不等于坏。",
    "略去那番原谅了一切的长谈。",
    "男人这样会被夸的事，不许拿来罚女人。",
    "不拿镜子来交代长相。",
    "不用亲吻当句号。",
    "梦里不许比做梦的人知道得多。",
    "谁也不能把主题说出口，有智慧的老人尤其不行。",
    "第一章以后，巧合不许帮任何人的忙。",
    "不能为了一场戏让对手变笨。",
    "不写给人人发赏的尾声。",
    "孩子不是用来象征希望的。",
    "坏人不解说，好人不喊口号。",
    "吃过苦不是资格。",
    "穷和病不是布景。",
    "心情不好的时候不许下雨。",
    "不许有人单靠爱情就变好。",
    "不拿俏皮话躲开该有的感情。",
)

_PHRASES = Phrases(
    untitled="未名之作",
    unknown_hero="主角",
    unknown_thing="那件要紧的事",
    unknown_stake="赎不回来的那一样",
    unknown_rival="对头",
    unknown_body="管事的人",
    unknown_place="当地",
    unknown_conflicts=("伸手帮忙的人，总要被问一句凭什么", "两边要的是同一样东西，而它分不开"),
    unknown_elements=("一件暂时没人用得着的东西", "墙上一枚空着的钉子"),
    leads=(
        "《{title}》里有一句：“{told}。”",
        "照《{title}》的原话：“{told}。”",
        "先记住《{title}》写着“{told}”。",
        "由《{title}》这一句进门：“{told}。”",
        "“{told}”，《{title}》这样写，事情也就这样开头。",
        "《{title}》定的音是“{told}”。",
        "《{title}》顺口提到“{told}”，钥匙就在这里。",
        "底下垫着《{title}》的一句：“{told}。”",
    ),
    note_names=("依你所说", "照你的意思", "你的原话"),
    notes=(
        "“{wish}”：每场戏写什么、先写什么，都由这句话来定。",
        "“{wish}”是一把尺，哪场戏该留，拿它来量。",
        "从开头起，讲法就守着这一条：“{wish}”。",
        "同一场戏若有两种写法，取离“{wish}”更近的那一种。",
        "“{wish}”，照你的原话，{hero}先看见什么就由它决定。",
    ),
    included=(
        Facet(
            "{term}",
            "给{term}单留一份戏：它压在{hero}的选择上，拿掉就缺一块。",
            "还来得及回头的当口，{hero}遇上了{term}。",
        ),
        Facet(
            "{term}",
            "道理在这里有了血肉，{term}把它摆到了没开口要过它的人面前。",
            "{term}一进来，{hero}再不能把《{title}》当成别人的事。",
        ),
    ),
    included_turns=("从这里起，{term}也插了一手。", "压垮秤杆的正是{term}。", "这时进来的是{term}，一直待到了最后。"),
    trait_turns=(
        "从第一页起，{who}就是{trait}的，这只看得见，不说出来。",
        "撑着{who}走过中段的，是{trait}；为此付的价钱也要写明白。",
    ),
    untrait_turns=(
        "{who}身上再没有从前那股劲，换来的是一份要现学的耐心。",
        "从前的做派{who}已经放下了，旁人过了好一阵才信。",
    ),
    motive_turns=(
        "{who}所做的一切自有理由，连对头也得承认。",
        "{who}的理由比这场争执更早，也站得住。",
    ),
    age_turns={
        "years": "这里的{who}是{years}岁，每个选择都按这个岁数来称。",
        "older": "这里的{who}年长一些，背后的事多了，补救的时间少了。",
        "younger": "这里的{who}更年轻，有些事还是生平头一回做。",
    },
    named_hero="{role}{new}",
    renamed_turns=("从此它叫{new}。", "它的名字是{new}。"),
    longer_sentences=(
        "这件事走得慢，慢也写得出来。",
        "没有一个字说出口，站在街上却全看得见。",
        "第二回发生的时候，人人装作是头一回。",
        "事后总要有人收拾，而那个人知道得最多。",
        "起先算是帮忙，到月底就上了账。",
        "最早拿它说笑的人，想得最久。",
    ),
    longer_premises=(
        "本是一个人的麻烦，不出七天就进了家家户户的厨房，而每间厨房讲的都不一样。",
        "出路是有的，一开头就知道，只是要经过那扇本该一直关着的门。",
        "拖得越久，就越没人记得最初是谁的主意。",
    ),
    understanding=(
        (
            "《{title}》定下来了。我往底下找它真正在争什么，下面几个主题从“{first}”写到“{last}”，各有各的价钱，"
            "也各有一个不好回答的问题。"
        ),
        (
            "从《{title}》和{hero}出发，我问的是这个故事究竟在跟谁讲理。下面的主题由“{first}”到“{last}”，"
            "每个都能撑起整本书。"
        ),
        "《{title}》底下不止埋着一场争论。这里从“{first}”挖到“{last}”，人物、冲突和象征物都照着概念原样来用。",
    ),
    understanding_wish="你提到的“{wish}”，每一个里都落实了。",
    understanding_fillers=(
        "其中没有一个能靠聪明混过去，读者大概会两边都站一站。",
        "不妨先挑那个让你忍不住要反驳的，再告诉我你想怎么驳。",
        "意象和追问都可以单独换，先看哪一个让你放不下。",
    ),
    understanding_revised=(
        "你的意见是“{wish}”。凡《{title}》里被它碰到的地方我都改了，改完又从头对过一遍，免得前后打架。",
        "“{wish}”，我照着这句话把《{title}》逐句走了一遍，该动的都动了，动过的地方读起来仍是一口气。",
    ),
    understanding_kept=(
        "凡没有提到的部分一律照旧，编号也没有变，接着往下改不会乱。",
        "你没说不好的地方，我一个字也没有去碰，原先喜欢的句子都还在老位置上。",
        "其余的字句原样不动，先前的版本也还留在记录里，随时可以拿回来比一比。",
    ),
    suggestions=(
        "挑一个你两边都辩得赢的主题：“{first}”对“{second}”。",
        "说说哪一条禁忌你最想犯，书往往就在那里。",
        "把“{core}”要一个更暗或更轻松的版本，放在一起比一比。",
        "从《{title}》里指一个主题必须解释的瞬间，下一轮就从它写起。",
        "把意象“{motif}”挪到另一个主题里试试。",
    ),
    revision_suggestions=(
        "若是合意就确认，先前的版本照样留在记录里。",
        "指出你最不喜欢的那一句，下一个就改它。",
        "试着要一版没有“{element}”的，看看会不会想念它。",
        "说一件{hero}绝不会做的事，边界清楚了，下一轮会更准。",
    ),
)

MATERIAL_ZH = ThemeMaterial(
    language="zh",
    axes=(*AXES, *MORE_AXES),
    arcs=(*ARCS, *MORE_ARCS),
    conflicts=(*CONFLICTS, *MORE_CONFLICTS),
    symbols=(*SYMBOLS, *MORE_SYMBOLS),
    closers=CLOSERS,
    scenes=_SCENES,
    techniques=_TECHNIQUES,
    taboos=_TABOOS,
    tones=TONES,
    phrases=_PHRASES,
)
