"""English words of the prompt reader: what means a value, and what is only drawn as one."""

from __future__ import annotations

# kind -> value -> comma-separated phrases with the same meaning (the value itself is always one of them)
SAME: dict[str, dict[str, str]] = {
    "place": {
        "kitchen": "", "living room": "lounge, sitting room", "bedroom": "", "bathroom": "washroom, restroom",
        "office": "", "corridor": "hallway, hall way, passage", "church": "chapel, nave", "bar": "pub, tavern, saloon",
        "restaurant": "diner, cafe, bistro, canteen", "factory": "mill, factory floor", "cannery": "cannery floor",
        "classroom": "school room, schoolroom", "hospital ward": "ward, hospital room", "cell": "prison cell, jail cell",
        "stairs": "staircase, stairwell, stairway, steps", "attic": "loft", "cellar": "basement", "library": "reading room",
        "shop": "store, general store", "workshop": "garage, shed", "train": "railway carriage, carriage, train car",
        "street": "city street", "alley": "alleyway, back alley, lane", "square": "village square, town square, plaza",
        "yard": "courtyard, farmyard, cannery yard, factory yard", "road": "country road, dirt road, track, path, roadside",
        "car": "car interior, in a car, in the car, inside the car, inside a car", "station": "train station, station platform, platform, railway station",
        "rooftop": "roof, roof top", "garden": "backyard, back yard, park", "orchard": "apple orchard", "field": "meadow, cornfield, wheat field",
        "forest": "wood, woods, woodland, jungle", "river": "river bank, riverbank, stream, creek", "beach": "shore, seaside, coast",
        "harbour": "harbor, pier, dock, docks, quay, jetty, port, marina", "desert": "dunes, wasteland", "mountain": "mountain pass, summit, mountainside",
        "cemetery": "graveyard, churchyard",
    },
    "time": {
        "dawn": "sunrise, daybreak, first light, early morning", "day": "daytime, daylight, morning, afternoon, noon, midday",
        "dusk": "sunset, twilight, golden hour, evening, magic hour", "night": "nighttime, midnight, night time, after dark",
    },
    "weather": {
        "clear": "sunny, clear sky, bright sun", "rain": "raining, rainy, drizzle, downpour, rainfall", "snow": "snowing, snowfall, blizzard, snowy",
        "fog": "foggy, mist, misty, haze, hazy", "storm": "stormy, thunderstorm, tempest", "ash": "ashes, ashfall, falling ash, volcanic ash",
    },
    "size": {
        "EWS": "extreme wide shot, extreme wide, extreme long shot, establishing shot, establishing, very wide shot",
        "WS": "wide shot, wide, long shot, wide angle shot, master shot, wide view", "FS": "full shot, full body, full figure, full body shot, full length",
        "MWS": "medium wide shot, medium wide, medium long shot, cowboy shot, american shot, three quarter shot",
        "MS": "medium shot, mid shot, medium, waist shot, waist up, two shot, midshot",
        "MCU": "medium close up, medium closeup, medium close shot, chest up, bust shot", "CU": "close up, closeup, close shot, close on, close up shot",
        "ECU": "extreme close up, extreme closeup, big close up, tight close up, macro shot", "INS": "insert shot, insert, detail shot, cutaway, insert of",
    },
    "angle": {
        "eye": "eye level, eye height, straight on", "low": "low angle, from below, low shot, looking up at", "high": "high angle, from above, high shot, crane shot",
        "top": "overhead angle, overhead, overhead shot, top shot, bird's eye, birds eye, bird's eye view, god's eye, top down, top view",
        "worm": "worm angle, worm's eye, worms eye, ground level", "dutch": "dutch angle, dutch tilt, dutch, canted, canted angle, oblique angle, tilted",
        "ots": "over shoulder, over the shoulder, over her shoulder, over his shoulder, over shoulder shot",
        "profile": "profile angle, profile, profile shot, side view, in profile", "reverse": "reverse angle, reverse shot, reverse, countershot",
    },
    "person": {
        "woman": "lady, girl teenager, women, mother, wife, sister, actress, queen, waitress, nurse, widow, grandmother, ladies, aunt",
        "man": "men, guy, gentleman, father, husband, brother, actor, king, foreman, waiter, priest, soldier, policeman, grandfather, fisherman, gentlemen, uncle, monk, farmer",
        "child": "kid, boy, girl, children, kids, boys, girls, son, daughter, toddler", "person": "people, figure, somebody, someone, character, persons, figures, stranger, worker, driver, doctor, teacher, student, detective, guard, workers, soldiers, guests, bartender, barman, cook, officer",
    },
    "crowd": {"crowd": "crowds, mob, audience, group of people, extras, passers by, villagers"},
    "nobody": {"nobody": "no one, no people, empty set, deserted, unpeopled, empty"},
    "pose": {
        "stand": "standing, stands, stood, waits, waiting, wait", "walk": "walking, walks, walked, strolls, strolling, enters, entering, crosses, crossing, approaches, steps in, comes in, wanders, leaves, exits, enter, arrives",
        "run": "running, runs, ran, sprints, sprinting, flees, fleeing, chases, rushes, races", "sit": "sitting, sits, sat, seated, sits down",
        "reach": "reaching, reaches, takes, taking, grabs, grabbing, picks up, holds, holding, gives, hands, pours, opens, lifts, offers, works, working, cooks, cooking, counts, packs, eats, drinks, writes, reads",
        "lie": "lying, lies, lying down, asleep, sleeping, sleeps, unconscious, dead", "kneel": "kneeling, kneels, kneels down, crouches, crouching, crouched, prays, praying",
        "point": "pointing, points, points at, aims, aiming, waves, waving",
    },
    "position": {
        "left": "on the left, frame left, camera left, at left, screen left, to the left", "right": "on the right, frame right, camera right, at right, screen right, to the right",
        "centre": "center, in the middle, in the centre, in the center", "foreground": "in the foreground", "background": "in the background, in the distance",
    },
    "facing": {"away": "from behind, back to camera, back to us, turned away, walks away, facing away, her back, his back", "camera": "facing camera, looks at camera, facing us"},
    "damage": {
        "intact": "undamaged", "damaged": "broken, cracked, wrecked, run down, debris, dilapidated, smashed",
        "ruined": "ruin, ruins, in ruins, destroyed, bombed, collapsed, rubble, devastated, demolished, burnt out, abandoned",
    },
    "look": {
        "warm": "warm light, warm palette, warm tones, candlelit, golden", "cold": "cold light, cold palette, cool, cool tones, bluish, icy",
        "noir": "film noir, black and white, monochrome, b w", "faded": "desaturated, bleak, washed out, muted, bleach bypass", "vivid": "saturated, colourful, colorful, technicolor, bright colours",
        "neutral": "natural, neutral palette",
    },
    "pattern": {"plain": "", "striped": "stripes, stripe, pinstripe, pinstriped", "checked": "plaid, tartan, check, chequered, checkered, gingham", "dotted": "dots, polka dot, polka dots, spotted"},
    "stage": {"clean": "", "wet": "soaked, drenched, damp", "dirty": "stained, muddy, filthy, grimy, bloody", "torn": "ripped, tattered, ragged, frayed", "scorched": "burnt, burned, singed, charred", "snowy": "snow covered, snow on"},
    "domain": {"croquis": "costume croquis, fashion sketch, costume sketch, costume drawing, fashion figure, costume design, costume plate",
               "garment": "garment flat, flat lay, flatlay, garment alone, on a hanger, flat garment"},
    "garment": {
        "coat": "overcoat, trenchcoat, greatcoat, long coat", "jacket": "blazer, parka, bomber jacket", "cloak": "cape, mantle, poncho", "robe": "cassock, kimono, habit, bathrobe",
        "shirt": "blouse, tunic, tee, t shirt", "sweater": "jumper, pullover, knit, cardigan, knitwear", "vest": "waistcoat, gilet", "dress": "gown, frock, ball gown",
        "skirt": "kilt", "trousers": "pants, jeans, slacks, breeches, leggings", "shorts": "", "suit": "tuxedo, three piece suit", "uniform": "military uniform, livery",
        "armour": "armor, breastplate, chainmail", "apron": "pinafore", "scarf": "shawl, neckerchief, muffler", "hat": "fedora, top hat, bowler, bonnet, sunhat, bowler hat",
        "cap": "beret, beanie, flat cap, kepi", "hood": "cowl", "helmet": "", "gloves": "glove, mittens, gauntlets", "boots": "boot, wellingtons", "shoes": "shoe, sneakers, sandals, heels",
    },
    "colour": {
        "red": "crimson, scarlet, vermilion", "rust": "rusty, terracotta, copper", "orange": "amber", "yellow": "lemon", "mustard": "ochre, saffron", "green": "emerald", "olive": "khaki, moss",
        "teal": "turquoise, cyan", "blue": "cobalt, azure, sky blue", "navy": "dark blue, midnight blue, indigo", "purple": "violet, mauve, lilac", "pink": "rose, magenta", "burgundy": "maroon, wine red, oxblood, dark red",
        "brown": "chestnut, chocolate", "beige": "tan, cream, sand coloured, oatmeal, camel, ecru", "white": "ivory, off white", "silver": "", "grey": "gray, charcoal", "black": "", "gold": "gilded",
    },
    "prop": {
        "table": "", "chair": "", "stool": "", "bench": "", "sofa": "couch, settee", "armchair": "", "bed": "cot, bunk", "desk": "", "shelf": "shelves, shelving", "bookcase": "bookshelf",
        "cupboard": "wardrobe, cabinet, closet", "counter": "worktop", "stove": "oven, cooker", "fridge": "refrigerator, icebox", "sink": "basin", "lamp": "street lamp, streetlight, lamppost, lights", "lantern": "oil lamp, torch",
        "candle": "candlestick", "fire": "campfire, bonfire, fireplace, flames", "mirror": "", "painting": "", "clock": "wristwatch", "screen": "television, tv, monitor, computer, laptop", "telephone": "phone, mobile, smartphone",
        "piano": "", "book": "notebook, diary", "letter": "note, envelope, paper", "bottle": "flask", "jar": "pot, tin", "cup": "mug, glass", "plate": "dish, bowl", "knife": "dagger, sword", "gun": "pistol, revolver, rifle",
        "apple": "fruit", "bag": "handbag, backpack", "suitcase": "trunk, luggage", "box": "parcel, package", "crate": "", "barrel": "keg, cask", "basket": "", "bucket": "pail", "ladder": "", "rope": "", "wheel": "",
        "bicycle": "bike", "car": "automobile, taxi, police car", "truck": "lorry, pickup, van", "boat": "ship, rowing boat", "cart": "wagon", "fence": "railing", "gate": "", "door": "doorway, doors", "sign": "signpost",
        "statue": "sculpture, monument", "fountain": "", "tent": "", "tree": "", "bush": "shrub, hedge", "rock": "stone, boulder", "log": "", "flowers": "flower, bouquet, roses", "grave": "tombstone, headstone, gravestone, tomb",
        "cross": "crucifix", "umbrella": "parasol", "flag": "banner", "map": "", "sack": "", "machine": "machinery, conveyor, engine", "dog": "hound, puppy", "horse": "mare, pony",
    },
}  # fmt: skip

# kind -> value -> phrases that are another thing, drawn as this one and reported as such
LIKE: dict[str, dict[str, str]] = {
    "place": {
        "hospital ward": "hospital, clinic, infirmary, sickroom, surgery, morgue", "alley": "backstreet, gutter", "factory": "warehouse, plant, hangar, foundry, power station, laboratory, lab",
        "office": "police station, precinct, studio, newsroom, bank, agency, control room, bridge", "living room": "house, home, flat, apartment, salon, mansion, villa, parlour, parlor, hotel, room, cottage, cabin",
        "bedroom": "hotel room, motel room, motel, dormitory, nursery", "corridor": "tunnel, hall, lobby, airport, metro, subway, vault, spaceship, museum, elevator, lift", "church": "cathedral, temple, monastery, abbey, mosque, crypt, theatre, theater, castle, palace, throne room, great hall",
        "bar": "nightclub, club, casino, disco, inn", "restaurant": "dining room, ballroom, cafeteria", "classroom": "school, courtroom, university, lecture hall", "cell": "prison, jail, dungeon, cage", "cellar": "bunker, cave, sewer, mine",
        "library": "archive, study, bookshop, bookstore", "shop": "supermarket, market, pharmacy, bakery, boutique, grocery", "workshop": "barn, stable, forge, smithy, atelier, hut", "train": "bus, tram, aeroplane, airplane, plane, submarine",
        "street": "city, avenue, boulevard, town, downtown, neighbourhood, suburb, sidewalk, pavement, crossroads, bridge", "square": "village, marketplace, fairground, playground", "yard": "parking lot, car park, construction site, farm, camp, scrapyard, gas station",
        "road": "highway, motorway, freeway", "rooftop": "balcony, terrace, skyline", "garden": "lawn, greenhouse, zoo", "orchard": "vineyard, plantation, grove", "field": "battlefield, plain, prairie, moor, savannah, stadium, countryside, landscape",
        "forest": "swamp, marsh, clearing", "river": "lake, canal, waterfall, pond", "beach": "island, sea, ocean, cliff", "desert": "planet, moon, mars, quarry", "mountain": "valley, canyon, hill, glacier, volcano, ridge",
    },
    "person": {"person": "robot, alien, ghost, zombie, skeleton, mannequin, monster, knight, angel", "man": "cowboy, wizard, pirate, sailor, clown", "woman": "witch, bride, nun, mermaid, princess", "child": "baby, infant, elf, dwarf"},
    "weather": {"fog": "smoke, smoky, dust, dusty, sandstorm, steam", "storm": "hurricane, tornado, lightning, windy, wind", "rain": "hail, wet weather, sleet", "clear": "overcast, cloudy, hot"},
    "garment": {"coat": "raincoat, trench, duster, fur, labcoat, lab coat", "jacket": "hoodie, leather", "dress": "sari, costume", "suit": "tailcoat, jumpsuit, overalls, dungarees, spacesuit", "hat": "crown, turban, tiara, veil, wig", "scarf": "tie, necktie, bow tie, necklace, collar", "boots": "spurs", "shirt": "corset, bodice, swimsuit", "trousers": "tights, stockings"},
    "colour": {"blue": "denim", "brown": "wooden", "grey": "metallic, steel", "gold": "brass, bronze"},
    "prop": {"table": "altar, workbench, belt, conveyor belt", "lamp": "chandelier, neon", "telephone": "radio, microphone", "box": "chest, coffin, gift", "cup": "goblet, teapot, kettle, wine", "plate": "food, bread, meal, cake, pizza", "jar": "vase, honey, jam", "knife": "axe, spear, scissors, hammer, tool, tools, spoon, fork",
             "gun": "weapon, cannon", "painting": "poster, photograph, photo, television set", "screen": "projector", "book": "newspaper, magazine", "letter": "money, ticket, key, card, passport", "truck": "tractor, tank, ambulance, fire engine, minivan", "car": "limousine, motorbike, motorcycle, scooter",
             "boat": "canoe, raft, yacht", "dog": "cat, wolf, fox, rabbit, pig, sheep, goat", "horse": "cow, camel, donkey, deer, bull, dragon, unicorn, elephant, lion", "machine": "reactor, furnace, vat, boiler, generator", "apple": "pear, egg, ball", "rope": "chain, wire, cable, snake", "flowers": "plant, leaf, grass", "sack": "corpse, body, doll"},
    "look": {"warm": "sepia, cosy, cozy", "cold": "moonlit, clinical", "noir": "gritty, shadowy", "faded": "vintage, grim, gloomy", "vivid": "pop, psychedelic"},
    "damage": {"damaged": "derelict, decayed", "ruined": "post apocalyptic, apocalyptic, war torn, flooded"},
}  # fmt: skip

NUMBERS = {
    "a": 1, "an": 1, "one": 1, "single": 1, "lone": 1, "two": 2, "both": 2, "couple": 2, "pair": 2, "three": 3, "trio": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 9, "dozen": 9, "several": 4, "few": 3, "some": 3, "many": 6, "dozens": 9, "hundreds": 9,
}  # fmt: skip
SHE, HE = frozenset(("she", "her", "herself", "hers", "elle")), frozenset(("he", "his", "him", "himself", "il", "lui"))
NEGATIONS = frozenset(("no", "without", "not", "never", "neither", "nor", "minus", "except", "sans", "pas", "aucun", "aucune", "ni", "non", "isn't", "aren't", "free"))
STOP = frozenset(
    """a about above across after again against all almost along already also always am among an and another any are around as at away back be
    because been before being below beneath beside besides between beyond both but by came can close come comes could did do does doing down during each either else
    ends even ever every everything far few finally find finds first for from full gets getting go goes going gone got had has have having he her here hers him his how i if in inside
    into is it its itself just keep keeps kind last later least let like little look looking looks made make makes making many may me middle moment moments more most much must my
    near nearly new next now of off often on once one only onto or other others our out outside over own part past put puts quite rather real really same say says scene second see seen
    set shot shots should show shown showing shows side small so some something soon still such than that the their them themselves then there these they thing this those though three
    through throughout time to together too toward towards turn turned turns two under until up upon us use used using very view was we wear wearing wears were what when where which while
    who whole whom whose why will with within worn would yet you your young big large long short tall high low great tiny huge beautiful pretty nice good lit light lights dressed
    mm lens camera frame image picture photo film cinematic movie style storyboard previs render starts begins tries seems watches stares smiles talks speaks calls
    int ext continuous same present flashback behind front top bottom edge corner end wall walls floor ceiling
    le la les l un une des du de d au aux et ou dans sur sous avec pour par en est sont se sa son ses leur leurs ce cette ces qui que ne y il elle ils elles on nous vous plus tres entre
    vers chez contre depuis pendant devant derriere porte portant portent tout toute tous toutes deux trois petit petite grand grande jeune vieux vieille""".split()
)
