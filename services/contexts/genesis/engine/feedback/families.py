"""What belongs together: whoever bans a thing bans the words that come with it."""

from typing import Final

_FAMILIES: Final = """
magic, magical, spell, spells, sorcery, sorcerer, sorceress, mage, mages, wizard, wizards, witch, witches,
witchcraft, enchantment, enchanted, enchant, charm, charms, incantation, hex, hexes, 魔法, 法术, 咒语, 法师,
巫师, 女巫, 巫术, 魔力, 施法, 咒文, 法力, 符咒

violence, violent, fight, fights, fighting, blood, bloody, murder, murders, murdered, kill, kills, killed,
killing, battle, battles, 暴力, 打斗, 血, 鲜血, 谋杀, 杀戮, 杀人, 搏斗, 厮杀

romance, romantic, love story, love affair, lover, lovers, kiss, kisses, 爱情, 恋爱, 恋人, 情侣, 情人, 吻,
浪漫

god, gods, goddess, goddesses, deity, deities, divine, temple, temples, 神, 神明, 神灵, 女神, 众神, 神祇, 神庙

death, deaths, dead, die, dies, died, dying, corpse, corpses, funeral, 死亡, 死, 死者, 死人, 尸体, 葬礼, 亡者

technology, technologies, machine, machines, computer, computers, robot, robots, device, devices, 科技, 技术,
机器, 电脑, 计算机, 机器人, 装置

war, wars, army, armies, soldier, soldiers, battlefield, 战争, 军队, 士兵, 战场, 打仗, 战事

dragon, dragons, wyvern, 龙, 巨龙, 飞龙

alien, aliens, extraterrestrial, 外星人, 异星, 外星

time travel, time traveller, time traveler, time machine, 穿越, 时间旅行, 时光机, 时空旅行

horror, monster, monsters, terror, nightmare, nightmares, 恐怖, 怪物, 惊悚, 噩梦

politics, political, politician, politicians, parliament, election, elections, 政治, 政客, 议会, 选举

ghost, ghosts, spirit, spirits, haunted, haunting, 鬼, 鬼魂, 幽灵, 幽魂, 闹鬼, 亡魂

religion, religious, church, churches, priest, priests, prayer, prayers, 宗教, 教会, 教堂, 牧师, 祈祷, 神父

prophecy, prophecies, prophet, prophets, chosen one, oracle, 预言, 先知, 天选之人, 神谕

king, kings, queen, queens, prince, princess, royal, royalty, throne, 国王, 女王, 王子, 公主, 王室, 王位, 皇帝,
皇室

child, children, kid, kids, 孩子, 儿童, 小孩

animal, animals, pet, pets, 动物, 宠物

money, coin, coins, debt, debts, bank, banks, 金钱, 钱, 债, 债务, 银行

sea, ocean, oceans, ship, ships, sailor, sailors, 大海, 海洋, 海, 船, 水手

vampire, vampires, werewolf, werewolves, zombie, zombies, 吸血鬼, 狼人, 僵尸, 丧尸
"""
"""A paragraph a family."""

FAMILIES: Final = tuple(
    frozenset(word.strip() for word in family.replace("\n", " ").split(","))
    for family in _FAMILIES.strip().split("\n\n")
)


def family_of(term: str) -> frozenset[str]:
    """The words that go with a term, itself among them, in lower case."""
    own = term.strip().casefold()
    bare = own.removesuffix("s")
    found = next((family for family in FAMILIES if own in family or bare in family), frozenset[str]())
    return found | {own}
