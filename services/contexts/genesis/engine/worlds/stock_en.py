"""Nouns of English worlds: what is traded, eaten, grown, made, feared; and the sounds that names are made of."""

from services.contexts.genesis.engine.worlds.material import Era, Flavour, items

POOLS_EN = {
    # Uncountable or plural: "a cartload of …".
    "good": items("""
        smoked eel, lamp oil, goose feathers, raw amber, beeswax, sailcloth, rope, vinegar, window glass, dried plums,
        copper wire, linseed, fishing weights, soap, second-hand boots, church candles, playing cards, salt blocks,
        mustard seed, horsehair, unbleached linen, whetstones, cork, dyed wool, pumice, barrel staves, pickled
        walnuts, almanacs, sponges, alum, door hinges, turpentine, cuttlebone, saffron, ice, charcoal, hymn books,
        chalk, lead type, porcelain teeth, bootlaces, honeycomb, tin plate, peat bricks, sealing wax, oyster shell,
        cart axles, dried lavender, bone buttons, graphite, sheepskin, terracotta pipe, quicklime, molasses, fiddle
        strings, indigo, mattress straw, spectacles, gunny sacks, cocoa husks, mirrors, hempseed, roof tiles, kites
    """),
    # Uncountable or plural.
    "food": items("""
        barley soup, quince jam, eel pie, rye crusts, burnt sugar, goat curd, boiled chestnuts, pickled herring, onion
        cake, cold dumplings, pepper broth, plum brandy, sour cherries, oat biscuits, nettle tea, blood sausage, fig
        paste, roasted beets, lentil stew, sugared violets, mutton fat, fried anchovies, pear cider, black bread, bean
        curd, marrow toast, crayfish tails, mushroom ketchup, saffron rice, gingerbread, turnip mash, elderflower
        syrup, smoked cheese, limpets, apricot stones, rosehip soup, pancakes, duck eggs, horseradish, kelp noodles
    """),
    "animal": items("""
        heron, stoat, mule, jackdaw, otter, hedgehog, goat, tortoise, kestrel, carp, badger, cormorant, donkey, viper,
        hare, magpie, ferret, snail, owl, gander, bat, toad, marten, starling, greyhound, ibis, lynx, porcupine,
        rooster, moth, cricket, eel, bullock, pelican, shrew, jackal, plover, gecko, mastiff, swift, boar, raccoon,
        gull, newt
    """),
    # Mass or plural.
    "plant": items("""
        buckwheat, sea holly, quince trees, blue flax, marsh reed, nettles, dwarf pine, wild garlic, mulberries,
        thistles, sorrel, black poplars, ivy, clover, stone moss, hops, sugar beet, foxgloves, bramble, crab apples,
        rye, samphire, willows, bitter vetch, tobacco, juniper, cabbages, hawthorn, horsetail, wormwood, larches,
        poppies, bindweed, chicory, bulrushes, medlars, oleander, lichen, tansy, gorse, alders, sunflowers, fennel,
        mistletoe
    """),
    # Regular nouns: an "s" makes the plural.
    "maker": items("""
        net-mender, ferryman's widow, glazier, bell-ringer, midwives' clerk, beekeeper, knife-grinder, stonecutter,
        tax counter, gravedigger, bookbinder, ropewalker, well-digger, letter-writer, cooper, dyer, chimney sweep,
        baker, schoolmaster, bonesetter, lock-picker, drover, puppeteer, pilot, seamstress, rat-catcher, cartwright,
        toll keeper, map-copyist, pearl diver, wet nurse, organ tuner, translator, lamplighter, surveyor, hangman,
        brewer, barber, ferry owner, glass-blower, weaver, plasterer, thatcher, wheelwright, piano mover,
        fortune-teller, sexton, cheesemonger, carter, tinsmith, understudy, notary, quilter, stilt-walker, laundress,
        auctioneer, dredger
    """),
    "stuff": items("""
        slate, tin, felt, basalt, birch bark, brick, oiled paper, limestone, pewter, whalebone, clay, bronze, cedar,
        flint, wicker, plaster, cast iron, horn, sandstone, tar, driftwood, zinc, canvas, marble dust, oak, nickel,
        loam, shale, coral, rawhide, enamel, reed thatch, granite, obsidian, gutta-percha, chalkstone
    """),
    "object": items("""
        brass thimble, left shoe, hand mirror, empty cradle, cracked whistle, tin cup, walking stick, ladle, borrowed
        umbrella, wooden spoon, blank ledger, folding chair, house key, wedding comb, fishing float, inkwell,
        snuffbox, doorknob, paper crown, spinning top, sewing needle, brass scale, teapot, clay pipe, birdcage,
        sundial, oar, pincushion, candle stub, hammer, belt buckle, chess rook, milk jug, magnifying lens, bell
        clapper, hairpin, rolling pin, dog collar, tuning fork, compass needle, glove, harness bell, shaving bowl,
        bootjack, broom
    """),
    # Bare infinitives: what somebody may be made to do.
    "deed": items("""
        shave a goat, count the rafters, walk backwards to the market, name every aunt, swallow a spoonful of ash,
        carry a door across town, sing the tide table, sleep in the granary, return a stolen egg, apologise to a
        horse, repaint a neighbour's shutters, hold a lit match in silence, recite seven recipes, plant a hedge, mend
        a rival's roof, bury a coat, sweep the ferry steps, learn a stranger's dialect, give up salt, drink from a
        boot, spell a surname aloud, milk before sunrise, wear one sleeve, thread forty needles, lend out a bed, burn
        a letter unread, dig a ditch towards the sea, bow to the oldest tree, weigh every child, trade hats, whistle
        at a funeral, fast until rain
    """),
    # Mass, plural or with an article of their own: what people fear.
    "fear": items("""
        drowning, twins, unpaid debts, open windows, left-handed priests, silence at table, comets, red hair, echoes,
        inherited furniture, locked barns, fog, a full granary, unsigned letters, barren mares, stairs, strangers'
        keys, counting aloud, dry wells, uninvited guests, portraits, moths, forgetting a surname, a sudden thaw,
        empty cradles, thunder in winter, being thanked twice, unfinished walls, sleepwalkers, good luck
    """),
    "virtue": items("""
        thrift, patience, a straight furrow, discretion, good handwriting, punctuality, stubbornness, clean hands, a
        long memory, modesty, hospitality, steady nerves, quick arithmetic, loyalty to cousins, plain speech, cunning,
        a light step, gratitude, obedience, mercy, neat stitching, exact change, a deep voice, forgiveness, sobriety,
        curiosity
    """),
    "shape": items("""
        gorge, salt pan, saddle of hills, drowned valley, plateau, chain of lagoons, basin, sunken forest, spit of
        shingle, crater, delta, ridge, peat moor, fault scarp, terrace, cirque, headland, ravine, dune field,
        floodplain, karst field, caldera, tidal flat, escarpment, col, isthmus, steppe, glacier tongue, causeway,
        bight
    """),
    "building": items("""
        granary, bathhouse, customs shed, tannery, watchtower, boathouse, almshouse, brewery, ropewalk, fish market,
        observatory, smokehouse, dovecote, orphanage, mint, lime kiln, playhouse, infirmary, weighhouse, stable,
        kennel, cistern, drying loft, reading room, slaughterhouse, chandlery, post office, seminary, mill, icehouse
    """),
    "weather": items("""
        hail, ground fog, black ice, a dry east wind, sleet, dust storms, sea fret, heat lightning, early frost, warm
        rain, drizzle, a northerly gale, snowmelt, drought, hoarfrost, spring tides, salt haze, thunder, dust devils
    """),
    "season": items("""
        the herring weeks, the thaw, lambing time, the short dark, pruning time, the mosquito month, the apple
        fortnight, first ice, the wool fair, stubble time, mud season, the hungry gap, swallow time, nutting time,
        slaughter month, sowing time, the dog days, candle season, the long dusk, the empty month
    """),
    "number": items("""
        seven, nine, eleven, thirteen, seventeen, nineteen, twenty-two, thirty, thirty-six, forty, forty-four,
        fifty-one, sixty, seventy-seven, ninety, a hundred and two, two hundred, three hundred, five hundred, six
    """),
    "colour": items("""
        ochre, lead-white, rust-red, bottle-green, sulphur-yellow, plum-coloured, bone-white, tar-black, slate-blue,
        madder-red, oxblood, mauve, cornflower-blue, copper-red, ash-grey, ivory, vermilion, olive, sepia, lilac
    """),
    "kin": items("""
        grandmothers, younger sons, sisters-in-law, godfathers, orphans, foster brothers, second wives, widowers,
        cousins, stepdaughters, eldest aunts, sons-in-law, twins, adopted heirs, great-uncles, bachelors
    """),
    "span": items("spring, summer, autumn, winter, month, fortnight"),
    "art": items("""
        shadow plays, rope songs, tile painting, whistled poetry, knot-writing, stilt dances, kite duels, embroidered
        lawsuits, bread sculpture, door carving, choral insults, hand puppetry, bell-changing, sand calligraphy, lace
        maps, boot-stamping, glass harmonica, riddling, tattooed genealogies, wrestling in verse
    """),
}

ERA_POOLS_EN: dict[Era, dict[str, tuple[str, ...]]] = {
    "old": {
        "maker": items("""
            falconer, chandler, scrivener, armourer, fletcher, apothecary, herald, tithe collector, charcoal burner,
            pardoner, fuller, swineherd, bailiff, minstrel, pewterer, saddler
        """),
        "good": items("""
            vellum, arrow shafts, saddle leather, chainmail links, beaver pelts, incense, oxhides, parchment,
            horseshoes, tapestry wool, mead, furs
        """),
    },
    "now": {
        "maker": items("""
            bus driver, hairdresser, estate agent, radio host, driving instructor, night porter, pharmacist, plumber,
            crossing guard, caterer, taxi dispatcher, locksmith, swimming teacher, caretaker, florist, electrician
        """),
        "good": items("""
            used radios, frozen peas, bus tickets, printer paper, batteries, tinned peaches, paperbacks, garden hoses,
            spare tyres, vinyl records, umbrellas, light bulbs
        """),
        "animal": items("poodle, pigeon, hamster, alley cat, parakeet, urban fox"),
        "building": items("""
            bus depot, launderette, car park, public pool, community hall, chip shop, signal box, multi-storey garage,
            garden centre, bowling alley
        """),
        "object": items("""
            bicycle pump, thermos flask, library card, torch, alarm clock, parking ticket, hairdryer, tape measure,
            telephone receiver, bus timetable
        """),
    },
    "next": {
        "maker": items("""
            hull inspector, air broker, algae farmer, salvage diver, memory clerk, drone herder, pump mechanic,
            ballast engineer, gene archivist, relay operator, solar rigger, water auditor, docking pilot, code
            midwife, rust painter
        """),
        "good": items("""
            oxygen vouchers, filter membranes, algae flour, recycled copper, coolant, battery salts, spare lungs, seed
            capsules, hull paint, memory film, rivets, distilled water
        """),
        "building": items("""
            pump hall, coolant works, docking ring, seed bank, filter station, server crypt, algae house, gravity gym,
            recycling dome, antenna field
        """),
        "object": items("""
            pressure gauge, oxygen mask, circuit breaker, ration chip, headset, spanner, identity tag, data spool,
            helmet visor, dosimeter
        """),
        "animal": items("lab rat, service hound, cleaning crab, tank carp, cockroach, relay pigeon"),
    },
}

FLAVOURS_EN = (
    Flavour(
        eras=("old",),
        firsts=items("""
            Hal, Tarn, Skel, Brann, Orr, Vest, Grim, Kelv, Sund, Rask, Thorn, Ald, Fenn, Hest, Yst, Torv, Lind, Mork,
            Vidd, Karr, Sten, Ulv, Bjar, Nord, Eld, Havr, Jorn, Sig
        """),
        middles=("", "e", "a", "o", "er", "en", "ar", "il", "un", "is"),
        ends=items("""
            vik, mark, sund, holm, gard, heim, stad, nes, fell, dal, thwaite, lund, borg, haven, skar, tun, vang,
            berg, moor, ness, by, garth, rike, strand
        """),
    ),
    Flavour(
        eras=("old", "now"),
        firsts=items("""
            Cal, Mar, Sol, Vel, Bel, Tor, Cas, Lor, Mon, Per, San, Val, Fior, Alm, Ser, Cor, Riv, Est, Olm, Ner, Gal,
            Tess, Brun, Orl
        """),
        middles=("a", "e", "i", "o", "an", "el", "ar", "en", "ol", "ia"),
        ends=items("""
            ria, mena, sante, vero, lucca, dora, zano, nessa, tino, bria, rossa, viana, celle, meda, lanza, cora,
            fina, gona, penta, trava, muro, sella, pace, bruna
        """),
    ),
    Flavour(
        eras=("old",),
        firsts=items("""
            Khor, Shah, Zar, Tash, Bakh, Dar, Mir, Sam, Yaz, Kesh, Nur, Tal, Azr, Qar, Hirm, Zand, Ferg, Ost, Kand,
            Jul, Varz, Ish
        """),
        middles=("a", "i", "u", "an", "ar", "en", "o", "im"),
        ends=items("""
            bad, kand, dara, lesh, mir, zan, gur, tepe, lar, kuh, saray, naz, vand, rud, bazar, shan, qul, gah, zor,
            desht, marv, rez
        """),
    ),
    Flavour(
        eras=("now", "old"),
        firsts=items("""
            Ash, Bram, Copp, Dun, Elder, Farr, Gorse, Hazel, Ingle, Kett, Lamb, Mallow, Nettle, Oat, Pike, Quill,
            Rook, Sedge, Thistle, Umber, Wick, Yarrow, Crane, Dray, Tansy, Plover
        """),
        middles=("", "er", "le", "en", "ing", "am"),
        ends=items("""
            wick, ford, combe, leigh, mere, hollow, stoke, bury, holt, croft, gate, march, reach, fold, hythe,
            minster, bridge, ham, worth, dene, cross, shaw, burn, stow
        """),
    ),
    Flavour(
        eras=("next", "now"),
        firsts=items("""
            Kest, Vant, Orro, Dex, Brev, Tann, Solv, Ply, Marr, Ket, Zeph, Hux, Jar, Cend, Lum, Vok, Trest, Ald, Nyx,
            Perr, Quor, Ost, Yev, Hask
        """),
        middles=("a", "i", "o", "u", "an", "er", "el", "is"),
        ends=items("""
            ton, lix, dar, neth, vine, nova, ket, rum, bane, ris, mora, dent, lux, cal, very, rand, desk, mid, noth,
            tant, gate, port, line, dock
        """),
    ),
    Flavour(
        eras=("next", "old"),
        firsts=items("""
            Ao, Lua, Mahi, Nali, Pel, Kau, Tae, Rua, Ona, Ila, Wai, Hele, Moa, Sina, Tui, Vai, Fale, Anu, Lei, Ori,
            Ema, Uso
        """),
        middles=("", "la", "no", "ri", "ma", "ki", "su"),
        ends=items("""
            nui, loa, hana, tua, rangi, kea, pua, waru, fan, tele, noa, mira, hau, lani, vero, tika, suna, poko, lume,
            dao, rei, moto
        """),
    ),
)
