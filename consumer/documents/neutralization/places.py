"""Towns that stand for themselves behind a postcode, and words that only look like streets."""

from __future__ import annotations

CITIES = (
    "Berlin Hamburg München Muenchen Köln Koeln Frankfurt Stuttgart Düsseldorf Duesseldorf Leipzig"
    " Dortmund Essen Bremen Dresden Hannover Nürnberg Duisburg Bochum Wuppertal Bielefeld Bonn"
    " Münster Mannheim Karlsruhe Augsburg Wiesbaden Mönchengladbach Gelsenkirchen Aachen"
    " Braunschweig Kiel Chemnitz Magdeburg Halle Freiburg Krefeld Mainz Lübeck Erfurt Oberhausen"
    " Rostock Kassel Hagen Potsdam Saarbrücken Hamm Ludwigshafen Mülheim Oldenburg Osnabrück"
    " Leverkusen Darmstadt Heidelberg Solingen Regensburg Paderborn Ingolstadt Würzburg Fürth Ulm"
    " Heilbronn Pforzheim Wolfsburg Göttingen Bottrop Reutlingen Koblenz Bremerhaven Erlangen"
    " Bergisch_Gladbach Jena Trier Wien Graz Linz Salzburg Innsbruck Klagenfurt Villach Wels Zürich"
    " Zuerich Genf Basel Bern Lausanne Winterthur Luzern St[.]_Gallen Lugano Vaduz"
)
_NO_STREETS = (
    "arbeitsplatz parkplatz stellplatz sitzplatz spielplatz lagerplatz speicherplatz standplatz"
    " steckplatz bauplatz listenplatz tabellenplatz sportplatz campingplatz flugplatz golfplatz"
    " umweg rückweg rechtsweg lösungsweg dienstweg ausweg mittelweg hinweg heimweg arbeitsweg"
    " bremsweg förderweg federweg hubweg rundweg wanderweg radweg gehweg fußweg rettungsweg"
    " fluchtweg transportweg verkehrsweg stellweg schaltweg fertigungsstraße produktionsstraße"
    " montagestraße bundesstraße landesstraße kreisstraße supermarkt arbeitsmarkt aktienmarkt"
    " binnenmarkt baumarkt kapitalmarkt finanzmarkt energiemarkt strommarkt gasmarkt"
    " wettbewerbsmarkt wohnungsmarkt stellenmarkt ausbildungsmarkt immobilienmarkt geldmarkt"
    " dichtring kolbenring sicherungsring o-ring v-ring spannring stellring haltering distanzring"
    " zeile kopfzeile fußzeile tabellenzeile befehlszeile leerzeile textzeile kommandozeile"
    " datenzeile überschriftszeile titelzeile schriftzeile firewall schutzwall blickwinkel"
    " neigungswinkel drehwinkel öffnungswinkel steigungswinkel anstellwinkel blechwinkel monitoring"
    " engineering string hering rating clearing rendering sponsoring bring spring during offering"
    " ordering entering considering hearing bearing boring caring covering gathering lettering"
    " measuring meeting numbering restructuring manufacturing scoring sharing spelling storing"
    " structuring wiring spring wellness-ring bleistift lehrgraben bahnsteig einstieg ausstieg"
    " aufstieg abstieg umstieg anstieg anstiegs bürgersteig wurfring keiner jahrmarkt flohmarkt"
    " abschleppweg instr constr substr datenpfad pfad dateipfad suchpfad lernpfad klickpfad"
    " rechtsausweg wall firewall platz weg ring markt winkel straße"
)
NO_STREETS = frozenset(_NO_STREETS.split())
"""Words of everyday business that end like streets."""
