"""The fixed prompts that relevance is measured against: an answer on topic fits its own better."""

from __future__ import annotations

PROMPTS = (
    "Erkläre, warum Brotteig mit Sauerteig länger ruhen muss als mit Hefe, und was dabei in der "
    "Schüssel geschieht. Beschreibe auch, woran man den richtigen Zeitpunkt zum Backen erkennt.",
    "Analysiere die Folgen eines neuen Fahrradwegs für den Verkehr in einer mittelgroßen Stadt. "
    "Gehe auf Händler, Anwohner und Pendler ein und nenne Maßnahmen gegen Konflikte.",
    "Titel: Die Wanderung der Zugvögel. Stelle dar, wie Störche ihren Weg finden, welche Rolle das "
    "Magnetfeld spielt und welche Gefahren unterwegs lauern.",
    "Vergleiche die Geige mit dem Klavier als erstes Instrument für Kinder. Welche Vor- und "
    "Nachteile haben beide beim Üben, beim Gehör und beim gemeinsamen Musizieren?",
    "Erstelle einen umfassenden Bericht über die Entstehung der Hanse: Handelswege, Städtebünde, "
    "Waren und der Niedergang im siebzehnten Jahrhundert.",
    "Stell dir vor, eine Schule schafft die Hausaufgaben ab. Welche Wirkung hätte das auf Eltern, "
    "Lehrkräfte und Jugendliche, und was müsste sich im Unterricht ändern?",
    "Untersuche, wie Gletscher Täler formen. Beschreibe Moränen, Schmelzwasser und Gestein und "
    "diskutiere, was die Landschaft über frühere Kaltzeiten verrät.",
    "Schreibe einen Ratgeber für den ersten Gemüsegarten: Boden, Aussaat, Gießen, Schädlinge und "
    "eine sinnvolle Fruchtfolge auf kleiner Fläche.",
    "Diskutiere, ob ein Pflegeroboter im Altenheim menschliche Nähe ersetzen darf. Berücksichtige "
    "Würde, Einsamkeit, Personalmangel und technische Grenzen.",
    "Wie funktioniert eine Impfung? Erläutere Antikörper, Gedächtniszellen und Auffrischungen so, "
    "dass es ein zehnjähriges Kind versteht.",
    "Verfasse ein Gespräch zwischen einer Schreinerin und ihrem Lehrling über Holzarten, Werkzeug "
    "und den Wert guter Handarbeit in Zeiten billiger Möbel.",
    "Bewerte die Aussichten einer gemeinsamen europäischen Eisenbahn: Spurweiten, Fahrpläne, "
    "Nachtzüge, Kosten und der Wettbewerb mit dem Flugzeug.",
)  # fmt: skip

TASK_WORDS = """
titel thema themen prompt meta metaprompt aufgabe ziel anweisung anweisungen beschreibung
beschreibe beschreiben erkläre erklären erläutere erläutern analysiere analysieren analyse
diskutiere diskutieren diskussion untersuche untersuchen untersuchung erstelle erstellen schreibe
verfasse verfassen bericht einleitung hauptteil schluss schlussfolgerung zusammenfassung überblick
umfassend umfassende umfassenden umfassender detailliert detaillierte detaillierten aspekt aspekte
folgende folgenden sollte sollten abdecken nenne gib geben welche welcher einschließlich
verschiedene verschiedenen verschiedener wichtig wichtige wichtigsten bedeutung definition
definiere beispiel beispiele bewerte vergleiche entwickle entwerfe stelle gehe text rolle
auswirkung auswirkungen system systeme entwicklung entwicklungen abschnitt
explain describe analyse analyze analysis discuss discussion report overview write create title
topic introduction conclusion following aspects example examples
"""
"""Words that set a task and name no topic; prompts share them whatever they are about."""

COMMON_WORDS = """
situation information organisation kommunikation funktion reaktion aktion interaktion integration
kombination position tradition nation national internationale traditionell rational funktional
professionell konventionell regional personell sensationell dimension tension
wissenschaftlich gesellschaftlich wirtschaftlich grundlegend grundlage hintergrund gründe
verstehen verständnis verstand bestand zustand umstand gegenstand stand ständig widerstand
kontrolle kontrollieren strategie strategisch element elemente implementieren management
stabilität stabil mobilität flexibilität sensibilität faktor faktoren sektor beziehung beziehungen
beziehen bezieht einbeziehung erziehung unterschied unterscheiden entscheidend erscheint
technologie biologie ideologie logisch biologische ökologische technologische versuchen untersucht
suchen interesse interessen interessant intern interne internet kontext kontrast möglichkeit
möglichkeiten zentral zentrale konzept konzentrieren konzentration entfernt
entfernung besser verbessern arbeit mitarbeiter zusammenarbeit entwicklung entwickeln verändern
veränderung wachsen offenheit sicherheit persönlichkeit deutlich natürlich plötzlich
ursprünglich letztendlich different difference reference experience development
statement movement environment requirement understanding interaction function operation creation
relation relationship rational additional national traditional potential essential important
particular possible available character structure structural individual industrie kritisch
politisch praktisch theoretisch systematisch typisch spezifisch analytisch finanziell definieren
kombinieren präsentieren reagieren funktionieren existieren
"""
"""Words of everyday prose whatever it is about; what they share with a prompt tells little."""
