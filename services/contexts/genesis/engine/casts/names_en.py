"""English names: given names, and what surnames are put together from."""

from services.contexts.genesis.engine.casts.naming_material import NameMaterial

_GIVEN_WOMEN = """
    Agatha Alma Ansel Avis Beatrix Bettina Blythe Briony Calla Cecily Clemency Cora Cosima Delphine Dinah Dorothea
    Edith Elspeth Enid Esme Etta Fenella Flora Freya Gemma Greta Gwendolen Hester Hilda Honor Ida Imogen Ines Iris
    Isolde Jemima Joan Juno Keziah Lavinia Leonie Lettice Linnet Lorna Lucasta Mabel Marit Maud Mercy Minna Mirabel
    Nell Nerys Odette Olwen Orla Ottoline Pearl Perpetua Petra Philippa Posy Quilla Ruth Rosalind Rowena Sabine
    Selma Sidony Solveig Sunniva Tabitha Tamsin Thea Thora Una Ursula Verity Vesna Wilhelmina Winifred Ysolde Zelda
"""
_GIVEN_MEN = """
    Abel Alaric Alban Ambrose Anselm Archer Arlo Aubrey August Barnaby Bartholomew Basil Bertram Caspar Cedric
    Clement Conrad Corin Cuthbert Cyril Dermot Dunstan Edgar Edmund Elias Emeric Evander Ezra Fabian Felix Fergus
    Gareth Gideon Godfrey Gregor Hamish Harris Hector Hugo Humphrey Ignatius Isidore Ivo Jasper Jonah Joss Kester
    Lambert Leander Linus Lorcan Ludo Magnus Malachi Matthias Merrick Milo Mungo Nathaniel Niall Noel Octavian
    Osric Otto Perrin Piers Quentin Rafe Reuben Roland Rufus Rupert Saul Silas Simeon Tobias Torquil Ulric Vaughan
    Walter Wilfred Xavier Yorick Zachary
"""
_OLD_FIRST = """
    Al Am Ar Bel Bran Cal Cor Dar Del Dor El Er Fen Gal Hal Hes Il Is Jor Kel Lor Mar Mel Mor Ner Nor Ol Or Per Quil
    Ras Ros Sar Sel Sor Tal Ter Tor Ul Val Ver Wil Yar Yes Zan Zer
"""
_OLD_WOMEN = "a aith alys ana anthe eda elle enna eth ia ilde ina inne isa itha ona ora owen une wyn ysse"
_OLD_MEN = "an ard as bert dan dred en eric ic idan in ion mond mund o oc oran ric rik uin und us"
_SURNAME_FIRST = """
    Alder Apple Ash Barley Beck Birch Black Bram Briar Bridge Clay Copper Corn Crane Dun Elder Fair Fal Fern Fox
    Frost Gold Grey Hart Hasel Haw Heron Holl Ing Kettle Lang Lark Lin Lock Marl May Mill Moor Nettle Oak Orch
    Penny Pike Quick Raven Red Rook Rush Salt Sedge Shear Slate Sparrow Stan Stone Thistle Thorn Tiller Under Wake
    Whit Wick Winter Wren Yarrow
"""
_SURNAME_LAST = """
    bank bourne bridge brook burn by combe cote croft dale den field ford gate grave holm hurst land lea ley lock low
    man mead mere more ridge row shaw side stead ton ward water way well wick wood worth
"""
_FAR_GIVEN = """
    Adaeze Aiko Amara Anouk Asel Bao Calix Chidi Dara Dilnoza Ekon Emre Farida Goran Hanae Ilya Imani Ishaan Jaya
    Kaito Kalina Lael Leilani Makena Mikal Nadir Nilufar Noor Oren Priya Quilan Rasha Ravi Saoirse Sefa Sunil Tadeo
    Tavi Temir Umay Vikram Wren Xiomara Yara Yusra Zadie Zoltan
"""
_FAR_FIRST = """
    Ab Adar Ak Bel Cas Dav Eri Far Gal Hak Iv Jan Kov Lind Mak Mor Nak Ober Oy Pav Quen Ras Sal Sor Tak Tan Uch Var
    Vel Wes Yil Zam
"""
_FAR_LAST = "ade ain akis ani anov ashi dra een elo enko esh ez iden ili ima ins ira ola onen oro ova um uri"


def _joined(firsts: str, lasts: str) -> tuple[str, ...]:
    """Return every beginning with every end, except where the same letter would meet itself."""
    return tuple(f"{one}{two}" for one in firsts.split() for two in lasts.split() if one[-1] != two[0])


_SURNAMES = _joined(_SURNAME_FIRST, _SURNAME_LAST)

NAMES_EN = {
    "old": NameMaterial(
        women=_joined(_OLD_FIRST, _OLD_WOMEN),
        men=_joined(_OLD_FIRST, _OLD_MEN),
        families=_SURNAMES,
        family_first=False,
    ),
    "present": NameMaterial(
        women=tuple(_GIVEN_WOMEN.split()),
        men=tuple(_GIVEN_MEN.split()),
        families=_SURNAMES,
        family_first=False,
    ),
    "far": NameMaterial(
        women=tuple(_FAR_GIVEN.split()),
        men=tuple(_FAR_GIVEN.split()),
        families=_joined(_FAR_FIRST, _FAR_LAST),
        family_first=False,
    ),
}
"""By the flavour of a world: long ago or elsewhere, the present, far ahead."""
