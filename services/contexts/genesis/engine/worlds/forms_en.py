"""Things of English worlds that can be pointed at: what they are called and what is told of them."""

from services.contexts.genesis.engine.worlds.material import EntryType, Form

FORMS_EN: dict[EntryType, tuple[Form, ...]] = {
    "LOCATION": (
        Form("{root} Stair", "Carved into a cliff of {stuff}; {makers} live at the bottom, where nobody has to climb."),
        Form(
            "{root} Weighhouse",
            "Cargoes of {good} are weighed here against {a_animal}, which is fed to keep the tariff stable.",
        ),
        Form(
            "Lower {root}",
            "A quarter of stilts and {plant} below the tide line, rented by the hour on maps and for life in fact.",
        ),
        Form("{root} Locks", "Seven sluices, five keepers and one feud; {good} waits there until somebody says sorry."),
        Form(
            "Cape {root}",
            "Wrecks are towed here to be taken apart for {stuff}; their figureheads serve as chimney pots.",
        ),
        Form(
            "{root} Orphan Orchard",
            "Trees without owners, pruned by {kin}; its {plant} may be picked by anyone who has been jilted.",
        ),
        Form(
            "{root} Halt", "A station without a line: {makers} meet there to see off whoever will not be coming back."
        ),
        Form(
            "Saltire {root}", "Two villages built across one another, sharing a well, a priest and {number} grievances."
        ),
        Form(
            "{root} Undercroft",
            "Vaults of {stuff} where {food} ripens beside mortgages, both guarded by the same cats.",
        ),
        Form(
            "{root} Lazaretto",
            "Ships are quarantined beneath its {building}; passengers leave with new trades and false ages.",
        ),
        Form(
            "Gallows {root}", "The scaffold rotted long ago; courting couples carve their names where the trapdoor was."
        ),
        Form(
            "{root} Ferry",
            "Runs on a chain, against the current, and never on a day of {weather}; its pilot is {a_maker}.",
        ),
        Form(
            "{root} Beacon",
            "Lit with {plant} for storms and with {good} for weddings, so that sailors confuse the two.",
        ),
        Form(
            "{root} Bazaar",
            "Stalls change hands at midnight; by dawn yesterday's seller of {food} may be dealing in {objects}.",
        ),
        Form("Nether {root} Mill", "It grinds {stuff}, not grain, and its dust has dyed the miller's family {colour}."),
        Form("{root} Shrine", "{A_object} in a niche, rubbed shiny by gamblers; the parish pretends it is a saint."),
        Form(
            "{root} Bridge",
            "Houses overhang both rails, and deliveries of {good} are made by lowering a basket from a kitchen.",
        ),
        Form("{root} Hotel", "Room thirteen has been let to {a_maker} since before the {event}, at the old price."),
        Form(
            "{root} Quarry",
            "Abandoned half-way through a giant; {animals} nest in the ear, and children slide down the nose.",
        ),
        Form("Old {root} Exchange", "Brokers shout in a dead dialect, and {makers} on the steps translate for a cut."),
        Form(
            "{root} Allotments",
            "Plots no wider than a bed, where retired judges grow {plant} and settle cases over the fence.",
        ),
        Form(
            "{root} Crossing",
            "Nine roads meet at a dry fountain; the {building} there has a door towards each of them.",
        ),
        Form("{root} Roof Walk", "Planks laid from gable to gable, for use in {weather}; whoever falls is fined."),
        Form(
            "{root} Sanatorium",
            "Patients breathe fumes of {plant} and bet on each other; its kitchens are famous for {food}.",
        ),
        Form(
            "{root} Tannery Row",
            "Stench keeps rents low and philosophers plentiful; {makers} subscribe to window boxes of {plant}.",
        ),
        Form(
            "{root} Observatory",
            "Telescopes were pawned, so astronomers describe galaxies from memory to paying honeymooners.",
        ),
        Form("{root} Slipway", "Keels of {stuff} have lain here half-planked since bankruptcy; pigeons captain them."),
        Form(
            "{root} Menagerie", "Cages stand open; {animals} prefer the catering, visitors occupy the benches inside."
        ),
        Form("{root} Cistern", "Columns salvaged from {number} chapels hold up a ceiling nobody has toasted twice."),
        Form("{root} Pleasure Pier", "Rotting carousels, a fortune-teller on strike, and {food} fried in dubious oil."),
        Form("{root} Gatehouse", "Customs officers rummage luggage for nostalgia and impound it in barrels."),
        Form("{root} Terraces", "Rice, rhubarb and rumours ripen at different altitudes; mules carry all three."),
        Form("{root} Archive Caves", "Scrolls hibernate among bats; librarians descend with mittens and dowsing rods."),
        Form("{root} Hippodrome", "Chariots gave way to flea circuses, betting did not."),
        Form("{root} Glassworks", "Furnaces never cool; apprentices nap in the annealing oven's afterglow."),
        Form(
            "{root} Pawnbrokers' Arcade",
            "Three brass globes per doorway, skylights of {stuff}, and violins awaiting redemption.",
        ),
        Form("{root} Reservoir", "A drowned hamlet chimes beneath sailing regattas whenever valves open."),
        Form("{root} Catacomb Café", "Skulls prop menus; espresso is black, gossip blacker, tipping compulsory."),
        Form(
            "{root} Beehive Flats", "Hexagonal tenements humming with looms, landladies and, since spring, actual bees."
        ),
        Form(
            "{root} Breaker's Yard", "Locomotives rust beside confessionals; spare parts for both are interchangeable."
        ),
        Form("{root} Velodrome", "Banked planks of {stuff}, haunted by pacemakers and a ham sandwich."),
        Form("{root} Punchbowl", "A hollow where duels, picnics and baptisms must be booked consecutively."),
        Form("{root} Spillway", "Surplus moonlit water, courting anglers, and a plinth lacking its general."),
        Form("{root} Drying Sheds", "Nets, noodles and sermons hang side by side there until the wind turns."),
        Form("Half {root}", "Its builder ran out of {stuff}; tenants enter by the balconies and call that a view."),
        Form("{root} Copper Door", "The wall fell down, the door did not, and {makers} still queue to go through it."),
        Form("{root} Money Pond", "Wishes are paid for in silver; whoever fishes them out pays a second tax."),
        Form(
            "{root} Bellows Lane", "Two façades lean closer yearly, so neighbours who quarrelled cannot avoid kissing."
        ),
        Form("{root} Salt Flats", "Footprints keep till {season}; elopers learn to walk backwards."),
        Form(
            "{root} Paper Cemetery",
            "Here lie contracts, buried with honours; headstones give the clause that killed them.",
        ),
        Form("{root} Dye Vats", "{Number} years of {colour}, never emptied; a dog that fell in founded a breed."),
    ),
    "ORGANIZATION": (
        Form(
            "{root} Bench",
            (
                "Retired {makers} who arbitrate in doorways; their rulings are shouted down the street "
                "and so become final."
            ),
        ),
        Form(
            "Sisterhood of {root}",
            "Lends money to widows at no interest and collects, in return, whatever they know of {kin}.",
        ),
        Form(
            "{root} Assay Office",
            (
                "Tests {good} by taste and burns {a_object} into every crate as its mark; bribed so "
                "openly that there is a price list."
            ),
        ),
        Form(
            "Fraternity of the {root} Rope", "Porters sworn never to ask what is in a box; they strike if one rattles."
        ),
        Form(
            "{root} Night School", "Teaches forged handwriting as calligraphy; half of the town hall took its diploma."
        ),
        Form(
            "Society of {root} Walkers",
            "They pace every boundary in {season}, in {colour} gaiters, and report which stones have wandered.",
        ),
        Form("{root} Fire Company", "Paid per blaze, and therefore led by {a_maker} of proven patience."),
        Form(
            "{root} Mutual", "An insurance against {fear}; its inspectors are the only people who enter every bedroom."
        ),
        Form(
            "Chapter of {root}",
            "Monks who gave up prayer for bookkeeping and are consulted, in whispers, before weddings.",
        ),
        Form(
            "{root} Understudy Club",
            "A league of doubles, hired to attend trials, christenings and duels on somebody's behalf.",
        ),
        Form("{root} River Watch", "{Number} constables, one boat, and a choir that outsiders underestimate."),
        Form(
            "Committee for {root} Weights", "Decides yearly how heavy a pound is; riots have been avoided by an ounce."
        ),
        Form("{root} Lodge", "Meets behind the {building}; its handshake takes so long that members avoid each other."),
        Form("Bureau of {root} Errands", "Messengers who deliver bad news by appointment, with {food}."),
        Form("{root} Salvage Court", "Awards whatever drifts ashore, cargo or stranger, to the best-argued claim."),
        Form(
            "Guild of {root} Keyholders",
            "Every family leaves a spare key with it, and none has dared to ask who holds the Guild's.",
        ),
        Form("{root} Philharmonic Militia", "Drills in waltz time, surrenders in minor keys, and bills for encores."),
        Form(
            "Institute of {root} Errata",
            "Publishes corrections to reality quarterly; subscribers receive a red pencil.",
        ),
        Form("{root} Beekeepers' Soviet", "Votes by waggle, swarms on deadlines, exports candles and ultimatums."),
        Form(
            "{root} Lost Property Trust",
            "Restores umbrellas, spouses and confidence to claimants bearing plausible anecdotes.",
        ),
        Form("League of {root} Godmothers", "Sponsors cradles, topples ministers, knits throughout."),
        Form("{root} Quarantine Board", "Detains ideas as well as cargo, fumigating both with {plant}."),
        Form("{root} Almanac Company", "Predicts {weather} retrospectively and sues meteorites."),
        Form("Confraternity of {root} Plumbers", "Knows which cellars connect; initiates swallow a washer."),
        Form("{root} Debt Orchestra", "Performs outside insolvent households until neighbours contribute."),
        Form("{root} Census Theatre", "Enumerates citizens by casting them in crowd scenes."),
        Form("{root} Gazette", "Prints tomorrow's corrections today, undercutting every rival newspaper."),
        Form("{root} Velvet Union", "Upholsterers with access to whatever slips between cushions."),
        Form("Ladies' Cartographic Circle of {root}", "Embroiders frontiers and unpicks them for adequate donations."),
        Form("{root} Foundling Navy", "Orphans in borrowed oilskins, undefeated at salvage and whist."),
        Form("{root} Bureau of Kinship", "Matches strays with relatives and accepts no returns."),
        Form("Wakeful Company of {root}", "Half of it is {makers}, half insomniacs; only the second half is punctual."),
        Form("{root} Shadow Gate", "Visitors declare the length of theirs and account for any loss on departure."),
        Form("Paviours of {root}", "For each mile they mend they leave one hole, that their children may eat."),
        Form("{root} Begging College", "Accepts anecdotes first, {food} when pressed."),
        Form("Proxies of {root}", "They write the letters others lack nerve for, and weep on commission."),
    ),
    "LAW": (
        Form(
            "{root} Threshold Statute", "Nobody may be arrested while holding {food}; bakeries have bars on the inside."
        ),
        Form(
            "Widow's Clause of {root}",
            "Grants a grieving wife the last word in any contract her husband left unsigned.",
        ),
        Form(
            "{root} Tithe of Hours",
            "One evening in ten is owed to the {building}; the wealthy send {makers} in their stead.",
        ),
        Form(
            "Edict of {root} Mouths",
            "Rations {good} by household, counting lodgers, {animals} and, since a famous trial, portraits.",
        ),
        Form("{root} Salt Oath", "Sworn with the tongue on {stuff}; breaking it costs the use of one's family name."),
        Form("{root} Lantern Act", "After dusk every face must be lit, so conspirators carry the brightest lamps."),
        Form(
            "Code of {root} Doors", "A door left open is an invitation, a closed one an insult; hinges are regulated."
        ),
        Form("{root} Moratorium", "During {season} no debt can be collected, nor any denied."),
        Form(
            "Law of the {root} Second Child", "Heirs are drawn by lot from {a_object}; elder brothers become {makers}."
        ),
        Form("{root} Hush Order", "Forbids naming the {event} within earshot of {kin}; mimes have done well by it."),
        Form("Charter of {root} Trades", "Nobody may practise what their father practised, except {makers}."),
        Form(
            "{root} Mirror Rule", "Accuser and accused swap clothes before the hearing and sit in each other's place."
        ),
        Form(
            "Poll of {root} Beasts",
            "Whoever owns {a_animal} pays for every person it has bitten, sniffed or followed home.",
        ),
        Form("{root} Last Loaf Ordinance", "The final portion of {food} in any shop belongs to whoever needs to ask."),
        Form(
            "{root} Umbrage Act", "Insults must be countersigned, dated and displayed for appeal beside the {building}."
        ),
        Form("{root} Mirage Decree", "Whatever three travellers have glimpsed simultaneously pays property rates."),
        Form("Ordinance of {root} Echoes", "Shouting contracts across ravines is binding at the seventh repetition."),
        Form("{root} Dowry Ceiling", "Limits trousseaus to one mule's burden, whence the enormous mules."),
        Form("{root} Soot Assize", "Chimneys are arraigned annually; smoke may be represented by counsel."),
        Form("Canon of {root} Left Hands", "Treaties require ambidextrous signatories or a nominated toddler."),
        Form("{root} Sleep Tariff", "Slumber beyond dawn incurs excise, payable in {good}."),
        Form(
            "{root} Riddle Warrant",
            "Searches are lawful only if the householder fails to guess the constable's conundrum.",
        ),
        Form("Compact of {root} Wells", "Poisoning, hoarding or serenading them carries identical penalties."),
        Form("{root} Nickname Registry Act", "Aliases expire unless insulted at least quarterly."),
        Form("{root} Window Levy", "A pane is taxed to whichever household it looks into."),
        Form(
            "{root} Perjury of Dreams", "Goods acquired asleep are dutiable; losses incurred asleep are not refunded."
        ),
        Form(
            "Rule of {root} Stairs",
            "Whoever carries {good} yields to whoever carries a child, who yields to whoever is crying.",
        ),
        Form("{root} Joint Table Act", "Weddings and funerals falling together share one bill and one orchestra."),
        Form(
            "Statute of {root} Hearsay", "Scandalmongers must copy out their story until it matches the first version."
        ),
        Form(
            "{root} Lateness Duty",
            "Tardy parties owe their host the minutes, stood in a queue on their behalf by {a_maker}.",
        ),
    ),
    "CONCEPT": (
        Form("{root}-debt", "What one owes to somebody who has seen one cry; it is repaid by looking away."),
        Form(
            "{root} reckoning", "Counting a life in things returned instead of years; {makers} reach a hundred early."
        ),
        Form("thin {root}", "The hour when a bargain still smells of {plant} and may be called off without shame."),
        Form("{root}-right", "A claim that grows by not being mentioned; whole estates have changed hands in silence."),
        Form("second {root}", "The name under which a person is gossiped about, as binding as the first."),
        Form("{root} luck", "Fortune that arrives addressed to a neighbour and has to be delivered."),
        Form("going {root}", "Leaving without dying and being mourned all the same; the mourners keep the furniture."),
        Form("{root}-kin", "People bound by a shared embarrassment, closer than cousins, not invited together."),
        Form("{root} yes", "Consent given in order to be refused later, in front of witnesses."),
        Form("{root} silence", "A pause in which both sides of a quarrel count the same {objects}."),
        Form("{root} ink", "Anything written in anger and kept; it is admitted as evidence of love."),
        Form("{root}-weight", "The heaviness of a secret, traded by {makers} in units of {good}."),
        Form("{root} arithmetic", "Reckoning favours in fractions, so that friendship always leaves a remainder."),
        Form("{root} weather", "Moods contagious enough to be forecast by housekeepers."),
        Form("{root} hunger", "Craving for a dish one's ancestors described too vividly."),
        Form("sour {root}", "Victory whose beneficiaries have already emigrated."),
        Form("{root} courtesy", "Cruelty performed with both hands and a curtsy."),
        Form("{root} tax", "The portion of any happiness set aside for envious cousins."),
        Form("{root} geometry", "Seating plans treated as prophecy."),
        Form("upstairs {root}", "Remorse arriving punctually on the staircase, hat in hand."),
        Form("{root} distance", "How far apart two people are who share a wall."),
        Form("{root} credit", "Reputation pledged at the {building} after dark and redeemed before church."),
        Form("empty {root}", "The place laid for whoever is not coming, served first, cleared last."),
        Form("{root} interest", "The profit of having been cheated, tasted years afterwards."),
        Form("{root} thaw", "Sudden formality between friends, the last stage but one."),
        Form("{root} lateness", "Going although it is no use; {makers} consider it manners."),
    ),
    "EVENT": (
        Form("{root} Flood", "Water took the records, not the people, and for {number} days anyone could be anybody."),
        Form("Bread Winter of {root}", "{Makers} fed {city} on {food} and IOUs that are still presented at banquets."),
        Form("{root} Defection", "An entire garrison changed sides for {food}, and back again for dessert."),
        Form("Great {root} Auction", "The town sold its streets one by one to pay a ransom for {a_maker}."),
        Form("{root} Eclipse", "For eleven minutes thieves returned things; economists have studied it since."),
        Form("Siege of the {root} Hens", "{Animals} gave the alarm, and the attackers, ashamed, opened a restaurant."),
        Form("{root} Schism", "A misprint in a hymn divided fathers from sons until {season}."),
        Form(
            "Year of {root} Smoke",
            "A hillside of {plant} burned from thaw to frost; brides wore veils against the soot.",
        ),
        Form("{root} Walkout", "Every {maker} left by the same gate, singing, and {land} learned what they did."),
        Form("Collapse of the {root} Gallery", "A crowd watching {art} fell one storey and went on applauding."),
        Form("{root} Amnesty", "Prisoners were freed by mistake; nobody could afford to admit it."),
        Form(
            "Wreck of the {root} Constance", "She carried {good}, {number} passengers and the only key to the treasury."
        ),
        Form(
            "{root} Partition",
            "A surveyor's ruler cut kitchens in half; families cook on one side and eat on the other.",
        ),
        Form(
            "Night of {root} Keys",
            "All locks in {city} were changed at once, by whom is argued over every christening.",
        ),
        Form("{root} Mint Robbery", "Bandits melted the bullion into cutlery and opened a canteen on the proceeds."),
        Form("{root} Locust Summer", "Harvest vanished in an hour; recipes featuring locusts did not."),
        Form("{root} Balloon Disaster", "Seven aeronauts, one hamper, and a trajectory still taught in geometry."),
        Form("Trial of the {root} Geese", "Acquitted of arson, they sued, and own the riverside yet."),
        Form("{root} Printing Riots", "Compositors barricaded boulevards with encyclopaedias up to volume M."),
        Form("{root} Abdication", "Crown, sceptre and overdraft were left upon a washstand."),
        Form("{root} Frost Fair", "Ice bore elephants, bankers and a cathedral of gingerbread before cracking."),
        Form("Plot of the {root} Pastry Cooks", "Conspirators hid gunpowder in éclairs; greed foiled them."),
        Form("{root} Census Panic", "Officials counted ghosts by accident and conscripted several."),
        Form("{root} Tunnel Cave-in", "Diggers emerged abroad, liked it, and sent for their families."),
        Form(
            "{root} Wrong Weddings",
            "{Number} carriages mistook their gates in {weather}, and no family asked for an exchange.",
        ),
        Form("Dumb Year of {root}", "Singers downed voices; commerce was conducted by banging on {good}."),
        Form("{root} Salt Lawsuit", "It ran {number} years over a pinch; the victors had lost their taste for it."),
        Form("{root} Low Tide", "Sea drew off and uncovered an avenue nobody admits to having paved."),
        Form(
            "Great {root} Confession",
            "All the town owned up to one crime that had not been committed, to share the {food}.",
        ),
        Form("{root} Milestone Affair", "Somebody moved a stone three paces, and {land} gained a {building}."),
    ),
    "ITEM": (
        Form("{root} Ledger", "Bound in {stuff}; entries appear in {number} hands, and the last is always today's."),
        Form("{root} Spoon", "Won at a wake, it obliges its owner to feed whoever asks in rhyme."),
        Form("{root} Compass", "Points towards {city} from anywhere, wrong by exactly one street."),
        Form("Needle of {root}", "It stitched the first flag and the shrouds after; {makers} refuse to touch it."),
        Form("{root} Mask", "Carved from {stuff} to show no feeling, it has been laughed at by generations of judges."),
        Form(
            "{root} Bell", "Cracked by {weather} and rung only to announce good news, so that nobody knows its sound."
        ),
        Form("Map of {root} Debts", "Streets drawn as wide as what is owed along them; {kin} burn a corner yearly."),
        Form("{root} Chair", "Whoever sits in it must tell the truth about {food}; the rest is up to them."),
        Form("{root} Coat", "Lined with letters never sent; it is worn to hearings and swapped at {season}."),
        Form(
            "Key of {root}",
            "Opens nothing that has been found, though {number} locksmiths have died richer for trying.",
        ),
        Form("{root} Glass", "A lens ground from {stuff}, through which {a_maker} can tell {weather} and lies."),
        Form("{root} Dice", "Made of {stuff}, weighted towards mercy and therefore banned from wars."),
        Form("{root} Cradle", "Rocked by every ruler's mother, once; its creak has been set to music."),
        Form("{root} Seal", "Shaped like {a_animal}; documents stamped with it are valid in {season} only."),
        Form("Whistle of {root}", "Pitched so that {animals} come and creditors leave."),
        Form("{root} Quilt", "Each square is a settled quarrel; {kin} add to it under protest."),
        Form("{root} Astrolabe", "Calibrated for a sky that has since been rearranged; navigators weep and use it."),
        Form("{root} Teacup", "Chipped in a famous refusal, insured above its weight in rubies."),
        Form("{root} Lute", "Strung with piano wire, it accuses its player by slipping flat."),
        Form("{root} Almanac", "Its margins predict toothaches accurately, eclipses hardly ever."),
        Form("Gavel of {root}", "Turned from a gallows post; carpenters cross themselves at its thud."),
        Form("{root} Lantern", "Burns whale fat and denial, illuminating exclusively the holder's rival."),
        Form("{root} Tapestry", "Unpicked nightly by moths of conviction, rewoven by subscription."),
        Form("{root} Snuffbox", "Contains a duchess's final sneeze, notarised."),
        Form("{root} Hourglass", "Its sand was filched from a duelling ground and runs uphill on anniversaries."),
        Form("{root} Periwig", "Conferred upon blabbermouths, itching in proportion to indiscretion."),
        Form("{root} Abacus", "It lacks a bead; the missing one is worth a quarter's revenue."),
        Form("{root} Ladder", "Nine rungs, of which the seventh has yet to bear a liar."),
        Form("{root} Letterbox", "Of {stuff}; whatever is posted reaches the person its author hates most just then."),
        Form("{root} Door Knocker", "Once invites, twice apologises; no hand has dared the third."),
        Form("{root} Counterweight", "Immovable by reason, it floats in {season}."),
        Form("{root} Jug", "Filled with rain, it pours the smell of {food}."),
    ),
    "CULTURE": (
        Form(
            "{root} Supper",
            "Strangers are seated by lot and served {food}; whoever recognises a neighbour must stay silent.",
        ),
        Form("Night of {root} Doors", "Houses stand open and empty; one steals {a_object}, and returns it with jam."),
        Form("{root} Races", "{Makers} run carrying {animals}, and defeat is thought the more elegant result."),
        Form("Feast of {root} Mending", "Everything broken is put in the street with a label saying by whom."),
        Form("{root} Drowning", "A straw {maker} is thrown off the bridge with the year's worst rumours sewn in."),
        Form("{root} Silence", "From dusk to dusk no word is spoken; it ends with a roar and a rise in prices."),
        Form("Blessing of the {root} Tools", "{Makers} kiss what they earn by; surgeons go first, publicans last."),
        Form("{root} Betrothal", "Couples exchange keys to things that do not exist and keep house on trust."),
        Form("Week of {root} Names", "Titles are shelved, surnames swapped, and {a_maker} presides over the court."),
        Form("{root} Wake", "The living attend their own, in {colour}, and are corrected by friends."),
        Form("{root} Procession", "{Art} and {good} pass beneath the windows in order of regret."),
        Form("Burning of {root} Letters", "Held in {season}; whoever reads one first must marry the writer or {deed}."),
        Form("{root} Fair of Faults", "Vices are displayed in booths, judged by {kin} and sold for charity."),
        Form("{root} Weighing", "Newborns go on one pan, {plant} on the other, and the difference is planted."),
        Form("Day of the {root} Fool", "One clerk, drawn by lot, may sign anything until sunset."),
        Form("{root} Counting", "Lamps are carried up to the {building}, one for each debt forgiven."),
        Form(
            "{root} Lantern Regatta",
            "Candlelit tubs drift downstream carrying confessions that anglers hook and adjudicate.",
        ),
        Form("{root} Pumpkin Parliament", "Carved delegates legislate for an evening; their statutes rot on time."),
        Form("Fortnight of {root} Beards", "Razors are impounded, barbers compose operas, spouses emigrate."),
        Form("{root} Stair Dance", "Couples waltz down every flight in town, backwards, balancing {food}."),
        Form("{root} Echo Contest", "Yodellers compete for the valley's reply, judged by deaf veterans."),
        Form("{root} Thimble Harvest", "Needleworkers scatter thimbles in stubble; gleaners trade them for kisses."),
        Form("{root} Apology Market", "Stallholders wrap contrition in newspaper, haggling encouraged."),
        Form("Masque of {root} Trades", "Undertakers play infants, infants magistrates, magistrates furniture."),
        Form("{root} Ash Breakfast", "Porridge is eaten amid embers to commemorate a kitchen's martyrdom."),
        Form("{root} Bell Strike", "Ringers down ropes at noon; lovers, unsynchronised, collide."),
        Form(
            "{root} Borrowed Fire",
            "At new year no hearth may be lit from its own coals; streets become sociable by force.",
        ),
        Form("Rush for {root} Seats", "Banquets have no head of table, and {kin} brawl for the foot."),
        Form("{root} Shoe Exchange", "Leave in a neighbour's pair, finish the neighbour's chores, be home for {food}."),
        Form("{root} Swallowing of Bills", "Debts are branded on biscuits and eaten before the creditor."),
        Form("Dark Hour of {root}", "Lamps out, each voice says one thing; recognising it is the sole indecency."),
        Form("{root} Paper Fish", "Set afloat with an enemy's merits written along the belly."),
        Form("Backward Week of {root}", "Pedestrians reverse; whoever is bumped must be fed {food}."),
        Form("{root} Listening Jar", "Infants are held to an empty pot and nicknamed after whatever seems to answer."),
        Form(
            "Shearing of {root} Coats",
            "A snippet of {colour} hem goes to everyone who helped since last time; the kind wear rags.",
        ),
        Form(
            "{root} Washing of Names",
            "The reformed ink theirs upon a palm; {a_maker} scrubs until the crowd is satisfied.",
        ),
    ),
    "SPECIES": (
        Form("{root} Heron", "Stands in doorways during {weather}; households too poor to feed one borrow its shadow."),
        Form("{root} Moth", "Eats {colour} cloth alone, and has decided the uniforms of three armies."),
        Form("{root} Thistle", "Roots follow cellars; surveyors read from it where walls were."),
        Form("Singing {root} Carp", "It clicks before tremors, so that taverns keep a tank beside the till."),
        Form("{root} Mule", "Bred for the {shape}, obedient to one voice, inherited together with that voice's tunes."),
        Form("{root} Lichen", "Grows a ring each {span}; courts date forgeries by it."),
        Form("Grey {root} Otter", "Steals {objects} and arranges them by size; divers know its hoards."),
        Form("{root} Wasp", "Nests in {stuff} and stings only the hurried, which has slowed a whole town."),
        Form("{root} Briar", "Blossoms wherever somebody has spilled {food}; inns are ringed with it."),
        Form("{root} Rook", "Repeats the last word of arguments and is hanged for perjury."),
        Form("Blind {root} Eel", "Finds its way home through wells; messages are tied to it in wartime."),
        Form("{root} Goat", "Gives {colour} milk after climbing; cheesemakers pay climbers."),
        Form("{root} Bustard", "Struts through auctions; its nod has bankrupted viscounts."),
        Form("{root} Truffle", "Migrates overnight, pursued by sows, gourmets and notaries."),
        Form("{root} Marmot", "Whistles solfège; conservatories audition burrows."),
        Form("Velvet {root} Beetle", "Pollinates upholstery, to the despair of sofas."),
        Form("{root} Samphire", "Glows beneath keels, flattering smugglers' complexions."),
        Form("{root} Terrier", "Trained to retrieve contraband and alibis."),
        Form("{root} Orchid", "Mimics epaulettes, luring cadets into ravines."),
        Form("{root} Yak", "Combed for tweed, consulted about blizzards."),
        Form("{root} Sparrow", "Nests under roofs where lies are told and sets rents accordingly."),
        Form("{root} Stag", "Returns its antlers to one tree each winter; {makers} wait below to haggle."),
        Form("{root} Frog", "Croaks like an abacus, keeping creditors awake."),
        Form("{root} Creeper", "Climbs towards quarrels, so that old marriages are the greenest."),
        Form("{root} Perch", "Often holds a ring; fishmongers enquire politely before gutting."),
        Form("{root} Toadstool", "Shoes that crush one cannot lose their way for three days."),
    ),
    "TECHNOLOGY": (
        Form("{root} Pump", "Lifts brine {number} fathoms on the strength of {animals} and bad temper."),
        Form("{root} Loom", "Its cards are cut by {makers}; one misplaced hole wove a scandal."),
        Form("{root} Signal", "Shutters of {stuff} along the ridge pass a sentence to the sea in an hour."),
        Form("{root} Press", "Prints on {stuff} and jams at adjectives, whence the local style."),
        Form("{root} Kiln", "Fired with {plant}, it hardens {stuff} until it rings like a cup."),
        Form("{root} Lift", "A balance of water and {makers}, going up whenever the fatter party comes down."),
        Form("{root} Clock", "Strikes only when somebody is late, by arrangement with employers."),
        Form("{root} Filter", "Layers of {stuff} and {plant} that turn the harbour drinkable and the filters rich."),
        Form("{root} Diving Chair", "Lets {a_maker} stay below for {number} breaths, with a bell for regrets."),
        Form("{root} Ear", "A horn of {stuff} sunk in the ground, through which diggers are heard a mile off."),
        Form("{root} Semaphore Organ", "Hydraulic pipes broadcast grain prices in four-part harmony."),
        Form("{root} Ice Engine", "Compresses winter into bricks, radiating arguments as waste."),
        Form("{root} Typewheel", "Spins alphabets of {stuff}, omitting vowels for thrift."),
        Form("{root} Funicular", "Counterbalanced by pudding deliveries on alternate gradients."),
        Form("{root} Barometer Array", "Mercury columns wired to gongs alarm picnickers across counties."),
        Form("{root} Dredge", "Chews sandbanks, belching bottles, bones and ordnance."),
    ),
    "OTHER": (
        Form(
            "{root} Account",
            "An unclaimed fortune in {good}; {number} impostors have been disproved and three adopted.",
        ),
        Form("{root} Draught", "Air from nowhere, smelling of {food}, that precedes resignations."),
        Form("{root} Wager", "Two families bet on {weather} a century ago; neither remembers which side is theirs."),
        Form("{root} Vacancy", "A post nobody has filled since the {event}, with its salary paid out in {food}."),
        Form("{root} Rumour", "It changes one detail {a_span} and has outlived all whom it concerned."),
        Form("{root} Gap", "A day missing from every diary in {city}, blamed on {fear}."),
        Form("{root} Hum", "A tone detectable beneath pavements, in B flat, denied by surveyors."),
        Form("{root} Stain", "Spreads across frescoes toward whoever owns the scaffolding."),
        Form("{root} Lottery Ticket", "Unclaimed since the draw; rumour assigns it to a scarecrow."),
        Form("{root} Footprints", "They cross wet cement diagonally and stop at a blank façade."),
        Form("{root} Recipe", "Seventeen versions circulate, each omitting poison differently."),
        Form("{root} Bequest", "Bachelors inherit it, marry hastily, and litigate."),
        Form("{root} Missing Step", "Everyone stumbles at it, though masons count the flight complete."),
        Form("{root} Nod", "A gesture understood by {makers} alone, and already twice mistaken for a coup."),
        Form("{root} Interval", "Eleven seconds at dusk when no dog barks; couples time proposals by it."),
    ),
}

BUILT_PLACES_EN: tuple[Form, ...] = (
    Form("{root} Ring", "Cabins stacked {number} deep; {makers} trade bunks for {good} and secrets for silence."),
    Form("{root} Sump", "Everything lost drains to it, and dredging rights pass among {kin}."),
    Form(
        "{root} Gallery", "A window of {stuff} and scratches, where wedding parties queue for {number} minutes of view."
    ),
    Form("{root} Hatch", "Welded after the {event}; people still leave {food} in front of it."),
    Form("{root} Stack", "A chimney of berths round the {building}, warm, loud and let by the night."),
    Form("{root} Garden", "Trays of {plant} under {colour} lamps; to cry there is a tenant's right."),
    Form("{root} Junction", "Six corridors, one vending booth, and {a_maker} who knows who passed."),
    Form("{root} Shaft", "The lift was stolen for {stuff}; couriers rappel with {good}."),
    Form("{root} Commons", "A canteen, court and chapel by turns, smelling permanently of {food}."),
    Form("{root} Locker", "Effects of the departed, shelved by shoe size and auctioned in {season}."),
    Form("{root} Lock", "Pressure takes a quarter of an hour to settle, and most engagements are made in it."),
    Form("Old {root} Bridge", "Dials are dead but for one {colour} lamp; {makers} still stand watch over it."),
    Form("{root} Ramp", "Gravity changes sides half-way up; porters of {good} somersault there on principle."),
    Form("{root} Tank", "Holds {number} years of sweat, labelled by quarrel."),
    Form("Dim {root}", "Its lights were left unmended, that the truth might have an address."),
    Form("{root} Outer Pier", "It runs out to where walls stop; pensioners sit counting specks."),
    Form("{root} Turnstile", "Admits one at a time, asks each why, keeps a tally of the answers."),
    Form("{root} Loft", "Under the hull plates, {animals} overhead, rent payable in {food}."),
)

# What there is besides where something impossible is practised; {power} is its name, {matter} what it works on.
ART_FORMS_EN: dict[EntryType, tuple[Form, ...]] = {
    "ORGANIZATION": (
        Form(
            "{root} College",
            "Admits whoever fails its entrance test gracefully; {makers} teach {power} there while the masters watch.",
        ),
        Form("Wardens of {root}", "They confiscate {matter} from the careless and are suspected of hoarding it."),
        Form("{root} Dispensary", "Sells {power} by the spoon to mourners, on prescription of {kin}."),
        Form(
            "{root} Examiners", "Three of them, blindfolded; candidates in {power} must convince them to open a window."
        ),
        Form("{root} Conservatoire", "Rehearses {power} behind padded doors; graduates busk, brood or govern."),
        Form("Insurers of {root}", "Underwrite damage by {power}, excluding irony."),
        Form(
            "{root} Pledge House",
            "Advances coin against {power} for one season; it is always returned a little shorter.",
        ),
        Form("Eavesdroppers of {root}", "Those without a gift for {power}, gathered to overhear those with one."),
    ),
    "LAW": (
        Form("{root} Abstinence", "Whoever practises {power} may not inherit, testify or bake."),
        Form("{root} Witness Law", "{Power} used unseen counts as theft; every practitioner travels with {a_maker}."),
        Form("Licence of {root}", "Permits {power} on weekdays, in {colour} gloves, for sums below {a_coin}."),
        Form("{root} Ban", "Outlaws {power} within sight of the {building} and has moved all windows."),
        Form("{root} Dosage Act", "Prescribes {power} in thimblefuls, pharmacists permitting."),
        Form("{root} Amnesty on {matter}", "Hoarders may surrender their stock anonymously, at dusk, humming."),
        Form("{root} Daylight Clause", "Contracts touched by {power} must be read aloud at noon by {a_maker}."),
    ),
    "ITEM": (
        Form("{root} Vessel", "A jar of {stuff} in which {matter} keeps for a lifetime, though seldom its owner's."),
        Form("{root} Glove", "Hides the marks that {power} leaves; fashion copied it within a month."),
        Form("{root} Primer", "The sole textbook of {power}, its ninth page eaten by {animals}."),
        Form("{root} Stopper", "Holds back {matter} wherever it is placed; midwives and gamblers outbid each other."),
        Form("{root} Barometer", "Forecasts surges of {power} by fogging over with remarks."),
        Form("{root} Muzzle", "Fits over {matter}; archbishops commissioned several."),
        Form("{root} Thimble", "Measures {power} to the drop, and leaks in the presence of {kin}."),
    ),
}
