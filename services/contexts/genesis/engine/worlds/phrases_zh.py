"""Chinese sentences round a confirmed concept, a wish, a glossary, and the proposal itself."""

from services.contexts.genesis.engine.worlds.material import ConceptForms, EntryType, Form, Frames, items

CONCEPT_ZH = ConceptForms(
    places=(
        "中心是{city}，{place}。",
        "故事从{city}讲起：{place}。",
        "来的人都先到{city}，那是{place}。",
        "{city}是{place}，别处远近都从这里量。",
    ),
    towns=(
        "这就是{place}；{maker}租着它的{building}，{animal}占着屋顶。",
        "过客看见的是{place}，本地人看见的是{good}、{weather}和{body}的后墙。",
        "{founder}在{stuff}上建的，地契里怎么写，如今还怎么叫：{place}。",
        "{place}，哪个{maker}都这么说；酒馆{number}家，老实的{building}只一座。",
        "城徽画着{animal}和{object}，真正的招牌却是：{place}。",
        "人为{food}来，为官司留；说到底，{place}。",
    ),
    plain_towns=(
        "{stuff}砌的城，{number}座桥，{maker}的票数压过所有人，{food}关乎脸面。",
        "满城{good}和{plant}味，{building}烧过两回，两回都上了保。",
        "{founder}照一样东西画的街图，那是{object}，从高处才看得懂。",
        "{land}的港口、公堂兼当铺，墙是{stuff}，秘密是{kin}。",
        "街从{building}往外编号，没有谁承认自己住在{number}号以外。",
        "晴夜里{animal}排队过正街，车马都让。",
    ),
    rules=(
        "{rule}：{land}没人记得是谁定的，也没人疑心。",
        "{rule}。这话刻在{city}的{building}上，什么天气也没磨掉。",
        "{rule}；孩子还没认字，{maker}先教这一句。",
        "{rule}。别国立在石头上，{land}立在这句话上。",
        "{rule}，{people}便绕着例外过日子。",
    ),
    premises=(
        "整个{land}都得给一件事腾地方：“{premise}”。",
        "“{premise}”，在{city}这不是故事，是判例。",
        "{land}的条文都拿一桩案子试过：“{premise}”。",
        "这里通行什么，看一句话和它的代价便知：“{premise}”。",
    ),
    bodies=(
        "什么算发生过，由它来定；走廊里一股{food}和封存的{good}味。",
        "{event}以后设来存档，后来存起人来。",
        "里头的官差都是告假的{maker}，没有两个读的是同一套章程。",
        "状子要压在{building}的一样东西底下，那是{object}，若有回音，也在{season}。",
        "从{maker}的会馆里长出来，头儿至今在{kin}当中抽签。",
        "{city}有三成归它，多半是楼梯，欠账拿{good}还。",
    ),
    elements=(
        Form("{root}信物", "{element}：{maker}拿给来客看，每回讲的都不一样。"),
        Form("{root}遗物", "{element}。收在{building}，保了{number}{coin}，{kin}看得最勤。"),
        Form("{root}展品", "{element}：三个衙门都说归自己，{body}年年替它拍照。"),
        Form("{root}遗赠", "{element}。留给{city}，条件是谁也不许解释。"),
        Form("{root}凭据", "{element}：{maker}对着它起誓，讼师绕着那间屋走。"),
        Form("{root}奇物", "{element}。看第二眼要付{food}。"),
        Form("{root}余件", "{element}；{event}过后与杂物一同登记，编号挨着{object}。"),
        Form("{root}当品", "{element}：{founder}当的，没赎，到{season}掸一回灰。"),
    ),
    titles=(
        Form("{root}谣", "酒馆里都叫它《{title}》，{number}段，有一段没人肯唱。"),
        Form("{root}蒙书", "孩子认字念的是《{title}》，结尾由{kin}口授。"),
        Form("{root}单张", "《{title}》，印在{colour}纸上，禁过两回，如今还钉在{building}墙上。"),
        Form("{root}偶戏", "戏名《{title}》，{maker}逢{season}演一场，坏人那角空着。"),
        Form("{root}祝酒辞", "“敬《{title}》！”{maker}站着喝，不说缘故。"),
        Form("{root}壁画", "底下题着《{title}》，风向一变，脸便重画。"),
    ),
    conflicts=(
        Form("{root}疑案", "{conflict}在{city}，说到这里人便压低声音，改谈{good}。"),
        Form("{root}公案", "{conflict}{body}立了卷，又极小心地弄丢了。"),
        Form("{root}难题", "{conflict}{building}门口有人开了盘口。"),
        Form("{root}私语", "{conflict}不在场的{maker}都这么讲。"),
        Form("{root}讼事", "{conflict}已经累退了两位讼师。"),
        Form("{root}痛处", "{conflict}一提起，{kin}便离席。"),
    ),
    motifs=(
        "招牌、寿衣、钱币上反复出现的都是一样：{motif}。",
        "{root}的画匠领的牌只准画一个题目：{motif}。",
        "别处人胸前挂的，{people}都画在袖口：{motif}。",
        "家家枕头上绣着，没人记得缘由：{motif}。",
    ),
    values=(
        "一切争执底下，吵的都是同一件：{value}。",
        "{building}的绣幅上写着：“{value}”。",
        "两派人为一句话分了家：{value}。",
        "{maker}说，归根到底是这个：{value}。",
    ),
)

MEANINGS_ZH: dict[str, tuple[str, ...]] = {
    "people": (
        "生在{land}，或在那里缴足三年税的人",
        "{land}的居民，活着的与只在册上的都算",
        "管{land}叫家、又抱怨个没完的人",
        "{land}本地人；他们自己出了门才这么说",
        "{event}以前就住在{river}边上的人家",
    ),
    "coin": (
        "小钱，打了孔，{maker}好串在身上",
        "{stuff}做的钱，值一碗{food}",
        "记账的单位；{colour}的是假货，照样流通",
        "{city}铸的钱，值多少看{body}的胆量",
        "零钱；也指欠死人的那份",
    ),
    "law": (
        "头一回由{maker}援引、此后天天有人引的条文",
        "人人背得到逗号为止的法",
        "{weather}天里通过、从没废掉的令",
        "{body}的权柄就靠这一条",
        "差役在{building}门前念的那段",
    ),
    "custom": (
        "{land}饶过自己的节",
        "年年{season}要守的礼",
        "{maker}照常上工的假日",
        "旧俗，比所有给它找的缘由都老",
        "喜庆；缺席可作休妻的理由",
    ),
    "event": (
        "纪年由此算起的大难",
        "老人说“从前”“后来”，分的就是它",
        "{land}史册上的转折",
        "是祸是福，看祖父站哪边",
        "大半官司都卡在这个日子上",
    ),
    "body": (
        "人们求它，也躲它",
        "{city}的衙门，招怕、招笑、招人听话",
        "生、婚、葬都要盖它的戳",
        "换几朝都还在的那间屋",
        "在{maker}看来，这便是权",
    ),
    "power": (
        "摆布{matter}的本事，也指靠它吃饭的人",
        "逆着{matter}的性子做得到的事",
        "一门修行，一样行当，在{root}是一桩罪",
        "对{matter}的掌握，按步计数",
        "拿自己来付账的手艺",
    ),
    "river": (
        "{land}靠它辨方向",
        "界线、粮仓和坟场",
        "{city}喝它，也往里倒",
        "{land}最老的一个名字",
        "人人都说自己住在上游",
    ),
    "city": (
        "状子的尽头",
        "管着{land}的，都坐在那里",
        "自以为是整个{land}的城",
        "生人最先看见、最后看懂的地方",
        "{body}的家",
    ),
    "founder": (
        "开基的人，圣徒还是骗子，看立的哪座碑",
        "谁也不像的祖宗",
        "开头的人，开得不大情愿",
        "每条街都叫过一回的名字",
        "凭一件事留名，为余下的事挨骂",
    ),
    "thing": (
        "传家物，归最用不着它的人",
        "人人讲起、谁手里也没有的宝",
        "多数誓是对着它发的",
        "熬过{number}任主人的东西",
        "若是真的，便是凭证",
    ),
}

FRAMES_ZH = Frames(
    understandings=(
        "我为{story}搭起{land}：先立规矩，再看谁替它付账。{names}都从你定下的构思里长出来，{people}的日子绕着同一条法则转，五个维度互相牵制，谁也不能单独改。",
        "{story}要一个会压到人身上的世界，所以{land}从一条法则讲起。{names}给冲突安了门牌，{city}给它们一条街；历史、风俗与权力各有说法，没有一样是白给的。",
        "读过{story}，我把世界落在{land}。地势决定谁先吃饭，{event}决定谁欠谁，{law}决定怎么还；{names}等着有人走进去，词汇表里的每个词都在正文里用过。",
    ),
    understandings_of_one=(
        "我只重写了{land}的“{dimension}”，好让它更贴{story}；其余各面一字未动，你中意的仍在原处，名字与说法都照旧，{law}与{city}也还是原来的样子，读起来应当接得上，不露缝。",
        "“{dimension}”按{story}重新想过一遍。{land}别的部分照原样留着，词汇表和条目都没有改，新写的这一面沿用已有的地名、人名与年份，{people}仍旧是那些人，可以直接拿来比较。",
    ),
    understandings_revised=(
        "你说“{wish}”。我照此改了{land}，没人抱怨过的地方一概没动：条目、规矩与词汇只在与这句话相干处更换，其余逐字保留。",
        "“{wish}”：凡与{land}相干之处都已照办，{city}与{law}若不涉及便仍是原样。其余部分逐字保留，读起来与先前一致。",
    ),
    fillers=(
        "凡要付代价的地方，都给情节留了空子。",
        "名字与词语都收进词汇表，往后可以前后一致地用。",
    ),
    suggestions=(
        "挑一条律法，比如{law}，说说故事里谁会因它被破而得利。",
        "若有一面还嫌眼熟，可以单独要求重写“{dimension}”。",
        "说一样{land}绝不能有的东西，缺口定了，其余才可信。",
        "哪个名字不顺耳就改，{city}、{event}会处处跟着变。",
        "告诉我第一场戏该在哪里开：{place_name}还没有人占。",
        "说说{people}以什么为耻，我让它显在风俗和律法里。",
        "这个世界若站得住，就确认它，去写不得不住在里面的人。",
    ),
    included=(
        Form("{root}{thing}", "{land}争得最凶的就是{term}：{maker}嫌少，{kin}嫌多。"),
        Form("{root}的{thing}", "{land}把{term}留在这里，由{maker}看着，收{food}作费。"),
        Form("{root}一带的{thing}", "要{term}的人{season}里来，带着{good}好换。"),
    ),
    included_sentences=(
        "这里头也有{term}，{people}学会了与它同住。",
        "也不缺{term}：在{root}，日子就绕着它排。",
        "还有{term}，同{weather}一样躲不开。",
    ),
    remarks=(
        "有句要求在这里成了俗话：“{wish}”。",
        "{city}的{building}上有人用粉笔写着：“{wish}”。",
        "{body}一字不改地议定：“{wish}”。",
    ),
    renamed=(
        "从前各有叫法的，如今都叫{new}。",
        "这里的人说{new}，说得郑重。",
    ),
    traits=(
        "{who}一天比一天{trait}。",
        "来客都说，住得越久，越觉得{who}{trait}。",
    ),
    untraits=(
        "{who}从前的{trait}，如今不见了。",
        "{who}也曾{trait}，这毛病已经改掉了。",
    ),
    uses=(
        "平日说话，三句不离{term}。",
        "这里没有谁不是在{term}底下长大的。",
        "对{maker}来说，{term}一出便没得说了。",
        "生人最先听说的便是{term}。",
        "至于{term}，一条街一个说法。",
        "据说它与{term}一样老。",
    ),
    lengthenings=(
        "在{root}，讲法里还多出一个{maker}和{number}只{animal}。",
        "{building}上有道{colour}印子，记的就是这个。",
        "{maker}不等人问就添一句：与{food}有关。",
        "{root}与{root2}之间，同样的话说的是{good}。",
        "{kin}知道更长的版本，里面有{object}。",
        "到{season}更甚。",
        "贩{stuff}的人另有看法。",
        "只有{weather}拦住过它。",
    ),
    last_joint="和",
)

BANS_ZH = (
    items("魔法、法术、巫术、咒语、法师、巫师、女巫、巫婆、魔力、施法、术士、咒、灵力、法力、道术、超自然、国师、符箓"),
    items(
        "宗教、信仰、神、庙、祭司、主祭、祈祷、菩萨、圣徒、极乐、香客、僧、经房、念经、神像、神谕、道童、庙祝、教父、香火、经堂、经书"
    ),
    items("战争、打仗、军队、军、士兵、兵、仗、围城、攻城、守军、哗变、火枪、将军、老兵、停战、倒戈、征服、决战"),
    items("科技、技术、机器、引擎、算机、机械、装置、机器人、电脑、器械、工程师"),
    items("死亡、死者、死、尸、葬、坟、丧、墓、寿衣、守灵、殡、遗孀、寡妇、亡夫、绞架、吊客"),
    items("暴力、血腥、凶杀、血、杀、绞架、决斗、刑、武器、刽子手、火枪"),
    items("爱情、恋爱、浪漫、情书、亲事、婚、新娘、情人、谈情、求婚、相爱"),
    items("龙"),
    items("奴隶、奴"),
    items("君主、国王、王室、女王、王座、王冠、王朝、皇帝、亲王、公主、王子、公爵"),
    items("酒、饮酒、酒精、酒馆、酿酒师、李子酒、梨酒、醪糟、酒坊、敬酒"),
    items("瘟疫、疫病、疾病、疫、病、检疫所、疗养院"),
)

DIMENSION_NAMES_ZH: dict[str, tuple[str, ...]] = {
    "geography": ("地理", "地形", "地图", "地势"),
    "history": ("历史", "往事"),
    "culture": ("文化", "风俗", "习俗"),
    "rules": ("法则", "规则", "规矩", "律法"),
    "society": ("社会", "阶层", "政治"),
    "economy": ("经济", "贸易", "货币"),
    "technology": ("技术", "科技", "机器"),
    "faith": ("信仰", "宗教"),
}

KINDS_ZH: dict[str, tuple[str, ...]] = {
    "land": ("国家", "王国", "大陆", "世界", "帝国", "国", "国度"),
    "city": ("城市", "城", "都城", "首都", "京城", "城镇", "港口", "主城"),
    "river": ("河", "大河", "河流", "江"),
    "founder": ("创始人", "开国者", "奠基人"),
    "people": ("人民", "居民", "百姓", "族人"),
    "coin": ("货币", "钱", "钱币"),
    "body": ("组织", "行会", "议会", "衙门", "机构"),
    "law": ("法律", "律法", "法令"),
    "custom": ("节日", "习俗", "风俗"),
    "event": ("事件", "大事", "灾难"),
    "thing": ("宝物", "信物", "物品"),
    "power": ("力量体系", "魔法体系", "魔法", "力量"),
}

THINGS_ZH: dict[EntryType, tuple[str, ...]] = {
    "SPECIES": items("龙、兽、动物、鸟、马、狼、鲸、怪物、妖、花、植物、族"),
    "LOCATION": items(
        "城、镇、村、岛、森林、塔、堡、市场、港、山、沙漠、湖、客栈、图书馆、庙、监狱、学校、海、洞、花园、灯塔、废墟"
    ),
    "ORGANIZATION": items("行会、教团、议会、教派、军队、帮、法院、公司、警察、部、门派、宗门、联盟、家族"),
    "ITEM": items("剑、戒指、书、王冠、护符、地图、钥匙、武器、镜、石、信、刀、宝"),
    "CULTURE": items("节、宴、仪式、习俗、传统、歌、舞、婚礼、游戏"),
    "LAW": items("法、律、规则、禁令、税、条约、令"),
    "EVENT": items("战争、战役、瘟疫、洪水、叛乱、革命、饥荒、加冕、起义"),
    "TECHNOLOGY": items("飞艇、机器、火车、引擎、机器人、电脑、印刷、枪、船、望远镜"),
}

COUNTED_ZH: dict[str, tuple[str, ...]] = {
    "levels": ("等级", "级", "境界", "境", "层", "阶"),
    "LOCATION": ("地点", "地方", "城", "地名"),
    "ORGANIZATION": ("组织", "势力", "行会", "门派", "机构"),
    "LAW": ("律", "法"),
    "CULTURE": ("节", "风俗", "习俗"),
    "EVENT": ("事件",),
    "ITEM": ("物品", "宝物", "道具"),
    "SPECIES": ("物种", "生物", "动物"),
    "TECHNOLOGY": ("技术", "机器", "发明"),
    "entries": ("条目", "设定"),
    "terms": ("术语", "词"),
}
