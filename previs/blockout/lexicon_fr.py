"""French words of the prompt reader, without accents: readers fold them before looking them up."""

from __future__ import annotations

SAME_FR: dict[str, dict[str, str]] = {
    "place": {
        "kitchen": "cuisine", "living room": "salon, sejour", "bedroom": "chambre, chambre a coucher", "bathroom": "salle de bain, salle de bains", "office": "bureau", "corridor": "couloir",
        "church": "eglise, chapelle", "bar": "bistrot, taverne, troquet", "restaurant": "brasserie", "factory": "usine", "cannery": "conserverie", "classroom": "salle de classe, ecole",
        "hospital ward": "salle d'hopital, hopital", "cell": "cellule", "stairs": "escalier, escaliers", "attic": "grenier", "cellar": "cave", "library": "bibliotheque", "shop": "boutique, magasin, epicerie",
        "workshop": "atelier, hangar", "train": "wagon", "street": "rue", "alley": "ruelle, impasse", "square": "place du village, la place", "yard": "cour", "road": "route, chemin", "car": "dans la voiture, dans une voiture",
        "station": "gare, quai de gare", "rooftop": "toit, toits", "garden": "jardin, parc", "orchard": "verger", "field": "champ, prairie, champs", "forest": "foret, bois", "river": "riviere, fleuve", "beach": "plage",
        "harbour": "quai, jetee, ponton", "desert": "desert de sable", "mountain": "montagne", "cemetery": "cimetiere",
    },
    "time": {"dawn": "aube, aurore, lever du soleil, petit matin", "day": "jour, matin, apres midi, midi, journee", "dusk": "crepuscule, coucher du soleil, soir, coucher de soleil", "night": "nuit, minuit"},
    "weather": {"clear": "ensoleille, ciel clair, beau temps", "rain": "pluie, il pleut, pluvieux", "snow": "neige, il neige", "fog": "brouillard, brume", "storm": "orage, tempete", "ash": "cendre, cendres"},
    "size": {
        "EWS": "plan d'ensemble, plan general, tres large", "WS": "plan large, plan de demi ensemble", "FS": "plan moyen, plan en pied", "MWS": "plan americain", "MS": "plan taille, plan mi moyen",
        "MCU": "plan poitrine, plan rapproche", "CU": "gros plan", "ECU": "tres gros plan", "INS": "plan insert, plan de detail, plan de coupe",
    },
    "angle": {
        "low": "contre plongee", "high": "plongee", "top": "plongee totale, plongee zenithale, vue de dessus", "eye": "a hauteur d'yeux, hauteur d'homme", "dutch": "plan debulle, cadre penche, debulle",
        "ots": "amorce, en amorce, par dessus l'epaule", "profile": "de profil, profil", "reverse": "contrechamp, contre champ",
    },
    "person": {"woman": "femme, femmes, dame, mere, fille adulte", "man": "homme, hommes, monsieur, pere, pretre, soldat", "child": "enfant, enfants, garcon, fille, fillette", "person": "personne, personnes, personnage, personnages, gens, silhouette"},
    "crowd": {"crowd": "foule"},
    "nobody": {"nobody": "vide, aucune personne"},
    "pose": {"stand": "debout", "walk": "marche, entre, traverse, avance", "run": "il court, elle court, courent, s'enfuit", "sit": "assis, assise, s'assied, s'assoit", "reach": "prend, tend la main, saisit, tient", "lie": "couche, allonge, allongee, couchee, dort", "kneel": "a genoux, agenouille, agenouillee", "point": "montre du doigt, pointe, vise"},
    "position": {"left": "a gauche", "right": "a droite", "centre": "au centre, au milieu", "foreground": "au premier plan", "background": "a l'arriere plan, au fond"},
    "facing": {"away": "de dos", "camera": "de face"},
    "damage": {"damaged": "abime, endommage, casse", "ruined": "en ruine, en ruines, detruit, detruite, ruines"},
    "look": {"warm": "chaud, tons chauds", "cold": "froid, tons froids", "noir": "noir et blanc", "faded": "desature, delave", "vivid": "colore, sature"},
    "pattern": {"striped": "raye, rayee, a rayures, rayures", "checked": "a carreaux, carreaux", "dotted": "a pois, pois"},
    "stage": {"wet": "mouille, mouillee, trempe", "dirty": "boueux, boueuse", "torn": "dechire, dechiree", "scorched": "brule, brulee", "snowy": "enneige, enneigee"},
    "domain": {"croquis": "croquis de costume, dessin de costume", "garment": "vetement a plat, a plat"},
    "garment": {
        "coat": "manteau, pardessus", "jacket": "veste, blouson", "cloak": "cape", "shirt": "chemise, chemisier", "sweater": "chandail, tricot", "vest": "gilet", "dress": "robe", "skirt": "jupe", "trousers": "pantalon", "suit": "costume trois pieces, complet",
        "uniform": "uniforme", "armour": "armure", "apron": "tablier", "scarf": "echarpe, foulard", "hat": "chapeau", "cap": "casquette", "hood": "capuche", "helmet": "casque", "gloves": "gants", "boots": "bottes", "shoes": "chaussures, souliers",
    },
    "colour": {
        "red": "rouge", "rust": "rouille", "orange": "", "yellow": "jaune", "mustard": "moutarde", "green": "vert, verte", "blue": "bleu, bleue", "navy": "bleu marine", "purple": "violette", "pink": "rose pale", "burgundy": "bordeaux",
        "brown": "brun, brune, marron", "white": "blanc, blanche", "silver": "argente", "grey": "gris, grise", "black": "noir, noire", "gold": "dore, doree",
    },
    "prop": {
        "table": "", "chair": "chaise", "bench": "banc", "sofa": "canape", "armchair": "fauteuil", "bed": "un lit, le lit", "desk": "pupitre", "lamp": "lampe, lampadaire, reverbere", "lantern": "lanterne", "candle": "bougie, chandelle", "fire": "feu", "mirror": "miroir", "painting": "tableau",
        "clock": "horloge, pendule", "telephone": "", "book": "livre", "letter": "lettre", "bottle": "bouteille", "jar": "bocal, bocaux", "cup": "tasse, verre", "plate": "assiette", "knife": "couteau, epee", "gun": "pistolet, fusil", "apple": "pomme, pommes", "bag": "sac", "suitcase": "valise",
        "box": "boite, carton", "crate": "caisse, cageot", "barrel": "tonneau", "basket": "panier", "ladder": "echelle", "bicycle": "velo", "car": "voiture", "truck": "camion", "boat": "bateau, barque", "fence": "cloture", "gate": "portail", "tree": "arbre, arbres", "flowers": "fleurs",
        "grave": "tombe", "cross": "croix", "umbrella": "parapluie", "dog": "chien", "horse": "cheval", "machine": "", "statue": "",
    },
}  # fmt: skip

NUMBERS_FR = {
    "un": 1,
    "une": 1,
    "deux": 2,
    "trois": 3,
    "quatre": 4,
    "cinq": 5,
    "six": 6,
    "plusieurs": 4,
    "quelques": 3,
}
