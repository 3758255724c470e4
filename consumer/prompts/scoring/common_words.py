"""Words that tell nothing about a topic: those that set a task, and those of everyday prose."""

from __future__ import annotations

TASK_WORDS = """
titel thema themen prompt meta metaprompt aufgabe ziel anweisung anweisungen beschreibung
beschreibe beschreiben erkläre erklären erläutere erläutern analysiere analysieren analyse
diskutiere diskutieren diskussion untersuche untersuchen untersuchung erstelle erstellen schreibe
verfasse verfassen bericht einleitung hauptteil schluss schlussfolgerung zusammenfassung überblick
umfassend umfassende umfassenden umfassender detailliert detaillierte detaillierten aspekt aspekte
folgende folgenden sollte sollten abdecken nenne gib geben welche welcher einschließlich
verschiedene verschiedenen verschiedener wichtig wichtige wichtigsten bedeutung definition
wissenschaftlich wissenschaftliche fundiert fundierten fundierte technisch technische präzise
präzisen verständlich verständlicher locker lockerer kreativ metaphorisch inspirierend sprache stil
definiere beispiel beispiele bewerte vergleiche entwickle entwerfe stelle gehe text rolle
auswirkung auswirkungen system systeme entwicklung entwicklungen abschnitt explain describe analyse
analyze analysis discuss discussion report overview write create title topic introduction
conclusion following aspects example examples
formuliere hey hallo klar dein deine deinen deinem deiner bist hast kannst musst könntest würdest
lass tauche eintauchen stell bereit locker entspannt plaudern quatschen nutze verwende verwendet
wähle achte erörtern beleuchten betrachten erkunden entdecken identifizieren erzähl erzähle
faszinierend faszinierende spannend spannende inspirieren leitfaden anleitung einführung einsteiger
anfänger fortgeschrittene leser perspektive sicht akademisch interdisziplinär kriterien kategorien
details abdeckt sicherstellen gewährleisten insbesondere schließlich darunter darüber darauf dafür
indem deren denen einige vielleicht gleichzeitig völlig egal hilfreich wrapper semantische felder
feldextraktion vollständigkeit kohärent optimierung casual field completeness kurzgeschichte
imagine explore discover dive exciting fascinating guide beginner beginners please reader
perspective criteria detailed comprehensive
"""
"""Words that set a task and name no topic; prompts share them whatever they are about."""

COMMON_WORDS = """
situation information organisation kommunikation funktion reaktion aktion interaktion integration
kombination position tradition nation national internationale traditionell rational funktional
professionell konventionell regional personell sensationell dimension tension wissenschaftlich
gesellschaftlich wirtschaftlich grundlegend grundlage hintergrund gründe verstehen verständnis
verstand bestand zustand umstand gegenstand stand ständig widerstand kontrolle kontrollieren
strategie strategisch element elemente implementieren management stabilität stabil mobilität
flexibilität sensibilität faktor faktoren sektor beziehung beziehungen beziehen bezieht
einbeziehung erziehung unterschied unterschiede unterschiedliche unterscheiden entscheidend
erscheint technologie biologie ideologie logisch biologische ökologische technologische versuchen
untersucht suchen interesse interessen interessant intern interne internet kontext kontrast
möglichkeit möglichkeiten zentral zentrale konzept konzentrieren konzentration entfernt entfernung
besser verbessern zugrunde neu neue welt arbeit mitarbeiter zusammenarbeit entwicklung entwickeln
verändern veränderung wachsen offenheit sicherheit persönlichkeit deutlich natürlich natürliche
komponente komponenten technik techniken komplex komplexe plötzlich ursprünglich letztendlich
different difference reference experience development statement movement environment requirement
understanding interaction function operation creation relation relationship rational additional
national traditional potential essential important particular possible available character
structure structural individual industrie kritisch politisch praktisch theoretisch systematisch
typisch spezifisch analytisch finanziell definieren kombinieren präsentieren reagieren
funktionieren existieren bekommen bekommt gewinnen liegen macht stark starker arten ablauf hand
genau wirklich selbst allem eigen eigene gehen kommen machen lassen stehen bringen leben finden
sehen sagen wissen wollen dürfen bleiben halten zeigen welt mensch menschen leute jahr jahre zeit
tag frage fragen grund gründe teil seite weise art ort sache dinge fall recht weg ende anfang viele
vielen wenige alle ganz groß großen kleine neuen neue alten gute guten schlecht erste ersten letzte
andere anderen heute früher später oft selten meist eigentlich besonders umfasst umfassen bietet
bieten ermöglichen einfluss einflüsse folge folgen wirkung ursache ursachen maßnahme maßnahmen
ergebnis ergebnisse problem probleme lösung lösungen ziel ziele vorteil nachteil modern moderne
modernen aktuell aktuelle wirksam bestimmt bestimmen people person world year years time way ways
thing things place part case reason reasons make makes take takes give gives come comes find need
needs mean means want work works many much long good great small large little first last today
often really especially question answer result results effect effects cause causes change changes
rule rules recent modern current
struktur geschichte historisch herausforderung herausforderungen chance chancen risiko risiken
potenzial potenziale potenziell anwendung anwendungen anwendungsbereich anwendungsbereiche methode
methoden verfahren ansatz ansätze prinzip prinzipien merkmal merkmale eigenschaft eigenschaften
prozess prozesse mechanismus mechanismen dynamik zukunft innovation fortschritt fortschritte trend
trends erkenntnis erkenntnisse idee ideen form formen gedanke gedanken tiefe muster fähigkeit
bereich bereiche schritt punkt umgang einsatz zugang wert werte nutzen beginnen führen erreichen
unterstützen helfen erkennen schaffen entstehen bestehen erfordern basieren bedeuten beeinflussen
betrachtung übersicht auswahl reise abenteuer geheimnis geheimnisse symphonie melodie tanz magie
fantasie vorstellungskraft klassisch jenseits bringen gewonnen gestaltet besonderer
challenge challenges opportunity opportunities risk risks application applications method methods
approach approaches principle principles feature features property properties process processes
future progress history form forms idea ideas thought thoughts pattern patterns depth ability
area areas step point use access value values begin lead reach help create based basis secret
"""
"""Words of everyday prose whatever it is about; sharing them with a prompt tells little."""
