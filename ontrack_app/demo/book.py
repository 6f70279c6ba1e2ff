"""What the two demo companies are, sell and write: facts only, no doing."""

from dataclasses import dataclass, field

from ontrack_app.services.tenants import CompanyFacts

Item = tuple[str, str, str, str, str, str]  # code, name, kind, unit, price, cost


@dataclass(frozen=True)
class Book:
    """Everything that one demo company is made of."""

    slug: str
    name: str
    facts: CompanyFacts
    brand: dict[str, str]
    taxes: tuple[tuple[str, str, str], ...]
    on_lines: tuple[str, ...]
    staff: dict[str, str]
    customers: tuple[tuple[str, str, str], ...]
    works: tuple[tuple[str, tuple[str, ...], int], ...]
    items: tuple[Item, ...]
    sources: tuple[str, ...]
    region: str
    country: str
    callers: tuple[str, ...]
    manager: tuple[str, str] = ("", "")
    buildings: tuple[tuple[str, str, str], ...] = field(default=())
    taken: tuple[tuple[str, str], ...] = ()
    invited: tuple[str, str, str] | None = None


SUMMIT = Book(
    slug="summit-roofing",
    name="Summit Roofing",
    facts=CompanyFacts(
        legal_name="Summit Roofing LLC", timezone="America/Chicago", currency="USD", locale="en_US", country="US",
        phone="630 555-0142", email="office@summit-roofing.example", street="1200 W Ogden Ave", city="Naperville",
        region="IL", postal_code="60563",
        document_terms="Prices hold until the date above. Rotten decking found under the old roof is agreed with you before it is replaced. 10 years on our labor.",
    ),
    brand={"mark": "SR"},
    taxes=(("TAX", "Sales tax", "7.75"),),
    on_lines=(),
    staff={"admin": "Rosalind Grau", "office": "Dana Whitfield", "crew": "Marco Villanueva", "crew2": "Anton Kowalczyk"},
    customers=(
        ("Wendell Featherstonehaugh", "2207 Old Orchard Lane", "Naperville 60565"), ("Annika Söderström-Blake", "1416 Asbury Ave", "Evanston 60201"),
        ("Tobias Applewhite-Ferrante", "310 Wing Street", "Elgin 60123"), ("Imogen Robillard", "6044 S Kimbark Ave", "Chicago 60637"),
        ("Gustavo Echeverría", "233 Larch Street", "Elmhurst 60126"), ("Skokie Animal Hospital", "4120 Dempster Street", "Skokie 60076"),
        ("Christopher Vandenberghe-Okafor", "9 Cobblestone Way", "St. Charles 60174"), ("Mei-Ling Hartmann", "516 Forest Avenue", "Oak Park 60302"),
        ("Rosario Bros. Bakery", "2710 W Grand Ave", "Chicago 60612"), ("Eleanor Whitcombe", "41 Sycamore Circle", "Lisle 60532"),
        ("St. Brendan’s Parish", "1300 Jefferson Street", "Joliet 60435"), ("Harriet Oyelaran", "18 Prairie Moon Court", "Aurora 60506"),
        ("Odette Marchetti", "77 Oakcrest Drive", "Wheaton 60187"), ("Prairie Crossing Homeowners Association", "1 Harris Road", "Grayslake 60030"),
        ("Władysława Szczepańska-Horne", "25 Walnut Street", "Batavia 60510"), ("Fox Valley Dental", "905 Sheridan Road", "Geneva 60134"),
        ("Bartholomew Lindqvist-Moore", "12 Blackhawk Court", "Naperville 60540"), ("Tri-Cities Orthodontics, P.C.", "640 N Farnsworth Ave", "Aurora 60505"),
        ("Percival Hargreaves", "831 Spring Ave", "Naperville 60540"), ("Ines Delgado-Ruiz", "58 Garfield Street", "Downers Grove 60515"),
        ("Naperville Park District", "320 W Jackson Ave", "Naperville 60540"), ("Solomon Achterberg", "7 Mill Race Lane", "Yorkville 60560"),
        ("Clementine Duvall", "402 Ridge Road", "Wilmette 60091"), ("Hollis & Ward Architects", "88 S Dearborn Street", "Chicago 60603"),
    ),
    works=(
        ("Roof replacement, architectural shingle", ("TEAR", "SHIN", "ICE", "RIDGE", "HAUL"), 30), ("Hail damage, second opinion", ("INSP", "PATCH"), 2),
        ("Gutter replacement, front elevation", ("GUTT", "DOWN"), 90), ("Leak at chimney flashing", ("FLASH", "SEAL", "LAB"), 4),
        ("Flat roof patch, TPO", ("TPO", "LAB"), 8), ("Ridge vent and two skylights", ("VENT", "SKY", "LAB"), 24),
        ("Soffit and fascia, storm damage", ("SOFF", "LAB"), 60), ("Emergency tarp, then repair", ("TARP", "PATCH"), 3),
        ("Cedar shake to asphalt", ("TEAR", "SHIN", "DECK", "HAUL"), 26), ("Attic ventilation assessment", ("INSP", "VENT"), 12),
    ),
    items=(
        ("TEAR", "Tear-off of 2 layers, haul and dump", "labour", "sq", "118", "64"), ("SHIN", "Architectural shingle, Class 4 impact", "material", "sq", "286.40", "171.50"),
        ("ICE", "Ice and water shield, eaves and valleys", "material", "sq", "142.50", "81"), ("RIDGE", "Ridge vent and hip caps", "material", "ft", "11.75", "5.90"),
        ("DRIP", "Drip edge and step flashing, aluminum", "material", "ft", "6.85", "2.95"), ("STEEP", "Steep charge, 8/12 pitch", "labour", "sq", "64", "38"),
        ("DECK", "Decking, 1/2 in CDX, per sheet", "material", "ea", "137.7778", "74"), ("HAUL", "Dumpster, 20 yard, two weeks", "fee", "ea", "640", "485"),
        ("GUTT", "Seamless gutter, 5 in aluminum", "material", "ft", "14.35", "7.90"), ("DOWN", "Downspout with elbows", "material", "ea", "96", "44"),
        ("FLASH", "Chimney flashing, copper", "material", "ea", "780", "410"), ("SEAL", "Sealant and masonry cap", "material", "ea", "145", "58"),
        ("TPO", "TPO membrane, 60 mil", "material", "sq", "412.25", "236"), ("VENT", "Solar attic fan, installed", "service", "ea", "685", "402"),
        ("SKY", "Fixed skylight, 22 x 46, with flashing kit", "material", "ea", "1140", "735"), ("SOFF", "Vented soffit and fascia, aluminum", "material", "ft", "18.60", "9.70"),
        ("TARP", "Emergency tarp, same day", "service", "ea", "495", "190"), ("PATCH", "Shingle repair, up to one square", "service", "ea", "420", "210"),
        ("INSP", "Inspection with photo report", "service", "ea", "185", "70"), ("LAB", "Roofer, journeyman", "labour", "h", "96", "51.25"),
        ("LEAD", "Lead roofer", "labour", "h", "118", "64"), ("PERM", "Permit and filing", "fee", "ea", "145", "145"),
        ("MAG", "Magnet sweep and walk-through", "service", "ea", "90", "40"), ("GUARD", "Gutter guard, stainless mesh", "material", "ft", "12.20", "6.10"),
    ),
    sources=("Website", "Referral", "Hail page", "Google", "Yard sign", "Repeat client"),
    region="IL",
    country="US",
    callers=("Abigail Renner", "Terrence Okoye", "Lupe Carrasco", "Jonas Weatherby", "Priscilla Tan", "Dmitri Volkov", "Hannah Leclair", "Curtis Boone", "Amara Nwosu", "Felix Grunwald", "Joanne Castellano", "Rahul Deshmukh", "Peg Halloran", "Silas Montgomery", "Yolanda Pruitt", "Nils Abrahamsen", "Corinne Vasquez", "Walt Zimmerman", "Deborah Achebe", "Ivo Marek", "Tamsin Holloway", "Reggie Fontaine", "Marisol Quiroga", "Edwin Prescott"),
    manager=("Lakeshore Residential Management LLC", "Priya Raghunathan"),
    buildings=(("Harbor Point, building 1", "400 Sheridan Road", "Waukegan 60085"), ("Harbor Point, building 2", "402 Sheridan Road", "Waukegan 60085"),
               ("Larchmont Court", "1550 Ridge Avenue", "Evanston 60201"), ("The Alder", "2110 N Clark Street", "Chicago 60614")),
    invited=("Curtis Abernathy", "curtis.abernathy@mail.example", "office"),
)  # fmt: skip

RIVARD = Book(
    slug="rivard-plomberie",
    name="Rivard Plomberie",
    facts=CompanyFacts(
        legal_name="Rivard Plomberie inc.", timezone="America/Toronto", currency="CAD", locale="en_CA", country="CA",
        phone="514 555-0138", email="office@rivard-plomberie.example", street="4217 rue Saint-Hubert", city="Montréal",
        region="QC", postal_code="H2J 2W6",
        document_terms="Prices in Canadian dollars, taxes as shown. Régie du bâtiment licence 5791-2284-01. One year on labour, the maker’s warranty on parts.",
    ),
    brand={"mark": "RP", "color": "#35599f", "line": "RBQ 5791-2284-01"},
    taxes=(("GST", "GST", "5"), ("QST", "QST", "9.975")),
    on_lines=("GST", "QST"),
    staff={"admin": "Sylvie Rivard", "office": "Mathieu Lacasse", "crew": "Étienne Charbonneau", "crew2": "Fatou Diallo"},
    customers=(
        ("Geneviève Archambault-Desrosiers", "4217 rue Saint-Hubert, app. 3", "Montréal H2J 2W6"), ("Boulangerie Aux Deux Blés", "1871 avenue du Mont-Royal E", "Montréal H2H 1J3"),
        ("Jean-Christophe Thibodeau", "88 rue de l’Église", "Verdun H4G 2M4"), ("Noémie Beauséjour", "305 boulevard Gouin O", "Montréal H3L 1J5"),
        ("Clinique dentaire Rosemont", "2915 rue Masson", "Montréal H1Y 1X2"), ("Marguerite Lafrenière", "14 place d’Armes", "Longueuil J4H 3Z1"),
        ("Youssef Benhaddou", "760 rue Jarry E", "Montréal H2P 1W2"), ("Garderie Les Petits Canards", "52 rue Fleury O", "Montréal H3L 1T2"),
        ("Alistair McGillivray", "611 chemin Côte-Saint-Antoine", "Westmount H3Y 2K8"), ("Chantal Desrosiers-Pham", "1290 rue Ontario E", "Montréal H2L 1R6"),
        ("Restaurant Chez Ulysse", "405 rue Roy E", "Montréal H2L 1E2"), ("Ludovic Charest", "27 rue des Érables", "Laval H7L 3B1"),
        ("Coopérative Les Tisserands", "3450 rue Drolet", "Montréal H2X 3H6"), ("Bernadette Quintal", "918 rue Rachel E", "Montréal H2J 2H9"),
        ("Atelier Nordique", "5455 avenue de Gaspé", "Montréal H2T 3B3"), ("Thierry Vaillancourt", "66 rue Principale", "Saint-Lambert J4R 1C4"),
        ("Sœurs de la Providence", "1431 rue Fullum", "Montréal H2K 3M2"), ("Yvette Robitaille", "203 rue Beaubien E", "Montréal H2S 1R4"),
        ("Oscar Fontainebleau-Singh", "740 avenue Bloomfield", "Outremont H2V 3S3"), ("Résidence Le Grand Chêne", "3900 rue Hochelaga", "Montréal H1W 1K2"),
    ),
    works=(
        ("Water heater, 60 gallons", ("HEAT60", "REMOVE", "MASTER", "VALVE"), 1), ("Kitchen sink and faucet", ("FAUCET", "MASTER"), 2),
        ("Leak under the bathroom floor", ("LEAK", "MASTER", "PEX"), 3), ("Backwater valve, basement", ("BACK", "MASTER", "PERM"), 1),
        ("Frozen pipe repair", ("PEX", "MASTER"), 6), ("Toilet replacement, two", ("TOILET", "APPR"), 2),
        ("Drain camera and cleaning", ("CAMERA", "DRAIN"), 1), ("Bathroom rough-in", ("PEX", "MASTER", "APPR", "PERM"), 16),
    ),
    items=(
        ("HEAT60", "Electric water heater, 60 gallons, 10-year tank", "material", "ea", "1284", "896"), ("HEAT40", "Electric water heater, 40 gallons, 6-year tank", "material", "ea", "862", "604"),
        ("REMOVE", "Remove and dispose of old tank", "service", "ea", "118", "64"), ("MASTER", "Master plumber", "labour", "h", "128", "66.50"),
        ("APPR", "Apprentice", "labour", "h", "74", "38.25"), ("COPPER", "Copper type L, 3/4 in, with fittings and hangers", "material", "ft", "14.35", "7.90"),
        ("PEX", "PEX 1/2 in, with fittings", "material", "ft", "4.1250", "1.90"), ("VALVE", "Thermostatic mixing valve and expansion tank, kit", "material", "kit", "342", "198.40"),
        ("PERM", "Permit and Régie du bâtiment notice", "fee", "ea", "145", "145"), ("PAN", "Drain pan, leak sensor and automatic shut-off", "material", "ea", "389", "212"),
        ("FAUCET", "Kitchen faucet, single lever, installed", "service", "ea", "465", "251"), ("TOILET", "Toilet, 4.8 L, installed", "service", "ea", "545", "310"),
        ("LEAK", "Leak search with thermal camera", "service", "ea", "240", "90"), ("BACK", "Backwater valve, 4 in, with access box", "material", "ea", "1875", "1040"),
        ("CAMERA", "Drain camera with recording", "service", "ea", "285", "95"), ("DRAIN", "Drain cleaning, up to 100 ft", "service", "ea", "320", "120"),
        ("RELIEF", "Vacuum relief valve, 3/4 in brass", "material", "ea", "46.50", "21.10"), ("EMERG", "Emergency call, evenings and weekends", "fee", "ea", "175", "0"),
    ),
    sources=("Website", "Referral", "Google", "Repeat client", "Facebook"),
    region="QC",
    country="CA",
    callers=("Amélie Fortin", "Hugo Bélanger", "Rania Haddad", "Marc-Antoine Cyr", "Josée Pelletier", "Duc Tran", "Ghislaine Morneau", "Patrick O’Hearn", "Solange Tremblay", "Karim Belkacem", "Odile Gervais", "Vincent Lapointe", "Nadia Kowalska", "Réal Castonguay", "Émilie Savard", "Tomás Herrera", "Ginette Paquin", "Samuel Adebayo", "Louise Charpentier", "Alexis Boivin", "Maude Gendron", "Pierre-Luc Dubé", "Irina Petrova", "Claudette Roy"),
    manager=("Gestion Immobilière Belvédère", "Luc Tessier"),
    buildings=(("Tour Belvédère", "1200 rue Sherbrooke E", "Montréal H2L 1M1"), ("Les Jardins Mercier", "8100 rue Hochelaga", "Montréal H1L 2K9"), ("Condos du Canal", "2365 rue Saint-Patrick", "Montréal H3K 1B4")),
    taken=(("office", "visits:correct"),),
    invited=("Maude Pelletier", "maude.pelletier@mail.example", "crew"),
)  # fmt: skip
BOOKS = (SUMMIT, RIVARD)
