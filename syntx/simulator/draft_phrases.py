"""The sentences drafts are put together from; X is the topic, the other gaps as in answers.

An opening sets the phrasing pattern, in the voice of its style; the rest carries the style.
"""

from __future__ import annotations

VOICES = {"casual": "du", "kreativ": "du", "technisch": "sie", "akademisch": "sie"}

OPENINGS = {
    ("question", "du"): (
        "Warum {P} bei {X} eigentlich die {G} so oft die {T}, und was hat das mit dir zu tun?",
        "Was passiert, wenn {X} plötzlich keine {T} mehr hat, und wen {V} das zuerst?",
        "Woran merkst du, dass {X} mehr ist als eine {A}e {T}, und wann kippt es?",
        "Wie viel {T} steckt in {X}, wenn man die {G} einmal beiseitelässt?",
        "Wem gehört {X} heute: den {A}en {G} oder denen, die eine {T} suchen?",
    ),
    ("question", "sie"): (
        "Welche {T} {V} {X} am stärksten, und an welchen {G} lässt sich das belegen?",
        "Inwiefern hängt {X} von einer {A}en {T} ab, und wo endet dieser Zusammenhang?",
        "Wodurch unterscheidet sich die {T} in {X} von dem, was die {G} gewöhnlich annehmen?",
        "Unter welchen Bedingungen {V} {X} die {A}e {T}, und welche {G} widersprechen dem?",
        "Welche Ursachen hat die {T} rund um {X}, und wie verlässlich sind die {G} dazu?",
    ),
    ("scenario", "du"): (
        "Angenommen, du wachst auf und {X} bestimmt von heute an jede {T} in deiner Stadt.",
        "Angenommen, drei {A}e Fremde streiten im Zug über {X} und fragen ausgerechnet dich.",
        "Ein kleines Szenario: Deine {T} hängt für eine Woche an {X}, und die {G} wissen davon.",
        "Angenommen, niemand erinnert sich mehr an {X}, nur du hast noch eine {A}e {T} davon.",
        "Angenommen, {X} wäre ein Ort mit {A}en {G}, und du hättest dort eine {T} zu erledigen.",
    ),
    ("scenario", "sie"): (
        "Angenommen, eine Kommission prüft {X}, und ihr fehlt dafür jede {A}e {T}.",
        "Gegeben ist folgendes Szenario: Bei {X} fällt die {T} aus, während die {G} weiterlaufen.",
        "Angenommen, zwei Einrichtungen bewerten {X} nach der {T} und kommen zu anderen {G}.",
        "Im folgenden Szenario stößt {X} auf eine {A}e {T}, mit der die {G} nicht gerechnet haben.",
        "Angenommen, die {T} verdoppelt sich binnen eines Jahres, und {X} muss darauf antworten.",
    ),
    ("comparison", "du"): (
        "Vergleiche {X} so, wie es früher war, mit der {A}en {T} von heute.",
        "Zieh einen Vergleich: hier {X}, dort die {T} deiner Großeltern und ihre {G}.",
        "Vergleiche zwei Menschen, die {X} lieben, doch nur einer glaubt an die {A}e {T}.",
        "Mach einen Vergleich zwischen {X} und einer {T}, die jeder kennt, bis hin zu den {G}.",
        "Vergleiche {X} an einem guten Tag mit {X} an einem Tag ohne jede {T}.",
    ),
    ("comparison", "sie"): (
        "Vergleichen Sie {X} mit einer {A}en {T} anhand von drei nachprüfbaren Merkmalen.",
        "Erstellen Sie einen Vergleich zweier Ansätze zu {X}: einer stützt sich auf die {T}, "
        "der andere auf die {G}.",
        "Vergleichen Sie, wie {X} vor und nach der {A}en {T} beschrieben wurde.",
        "Stellen Sie im Vergleich dar, welche {G} {X} begünstigen und welche {T} es hemmt.",
        "Vergleichen Sie die {T} in {X} mit der {T}, die in verwandten Gebieten üblich ist.",
    ),
    ("instruction", "du"): (
        "Erzähl mir von {X}, und fang bei der {A}en {T} an, die alle übersehen.",
        "Nimm {X} auseinander wie ein altes Radio, und leg jede {T} einzeln auf den Tisch.",
        "Beschreibe {X} für jemanden, der nur die {G} kennt und keine {T} davon hat.",
        "Schreib auf, was an {X} dich überrascht, von der {T} bis zu den {A}en {G}.",
        "Zeig mir drei Seiten von {X}, und eine davon soll die {A}e {T} sein.",
    ),
    ("instruction", "sie"): (
        "Beschreiben Sie {X} in vier Abschnitten, beginnend mit der {A}en {T}.",
        "Ordnen Sie {X} ein, benennen Sie die {T} und grenzen Sie die {G} davon ab.",
        "Legen Sie dar, wie {X} aufgebaut ist und welche {T} die {G} dabei übernehmen.",
        "Analysieren Sie {X} mit Blick auf die {T}, die {A}en {G} und deren Folgen.",
        "Fassen Sie zusammen, worauf {X} beruht, und bewerten Sie die {A}e {T}.",
    ),
    ("thesis", "du"): (
        "These: {X} lebt nur von der {T}, alles andere reden sich die {G} ein.",
        "Eine freche These: Ohne {A}e {T} wäre {X} schon morgen vergessen.",
        "These: Wer {X} versteht, braucht keine {T} mehr, bloß mutige {G}.",
        "Meine These zu {X} lautet so: Die {A}e {T} {V} alle, am meisten die {G}.",
        "These: {X} ist ein Spiegel, und was wir darin sehen, ist unsere {A}e {T}.",
    ),
    ("thesis", "sie"): (
        "These: {X} ist ohne eine {A}e {T} weder erklärbar noch gestaltbar.",
        "Geprüft werden soll die These, dass {X} die {T} stärker {V} als die {G}.",
        "These: Die {T} in {X} beruht auf {A}en {G} und nicht auf Absicht.",
        "Ausgangspunkt ist die These, {X} habe seine {A}e {T} längst verloren.",
        "These: Erst die {T} macht {X} zu einer Frage, an der die {G} sich messen lassen.",
    ),
    ("dialogue", "du"): (
        "Mara: Für mich ist {X} bloß eine {A}e {T}.\nJonas: Und die {G}, zählen die gar nicht?",
        "A: Ich habe genug von {X}, mir fehlt die {T}.\nB: Dann hast du die {A}en {G} verpasst.",
        "Lena: Kannst du {X} ohne die {T} denken?\nTom: Klar, solange die {G} mitmachen.",
        "Oma: Früher kam {X} ohne diese {T} aus.\nEnkel: Dafür {P} heute die {G} alles.",
    ),
    ("dialogue", "sie"): (
        "A: Die {T} in {X} ist hinreichend belegt.\nB: Die {A}en {G} sprechen dagegen.",
        "Gutachterin: {X} {V} die {A}e {T}.\nGutachter: Das zeigen die {G} gerade nicht.",
        "A: Wir sollten {X} an der {T} messen.\nB: Damit übergehen Sie die {A}en {G}.",
        "Leiterin: Ohne {T} bleibt {X} beliebig.\nMitarbeiter: Die {G} {P} das seit Jahren.",
    ),
}

MIDDLES = {
    "technisch": (
        "Nennen Sie die Parameter, von denen die {T} abhängt, und ihre Toleranz.",
        "Gehen Sie auf die Spezifikation der {A}en {T} ein und geben Sie Grenzwerte an.",
        "Führen Sie die Schrittfolge auf, mit der die {G} zur {A}en {T} gelangen.",
        "Das Funktionsprinzip der {T} soll so präzise erklärt sein, dass die {G} es nachbauen.",
        "Jede Messgröße zur {T} braucht eine Einheit und eine {A}e Begründung.",
        "Unterscheiden Sie systematisch zwischen {T}, {T} und {A}en {G}.",
        "Als Kenngröße dient die {T}, als Eingangsgröße zählen die {G}.",
        "Technisch entscheidend ist, wie die {A}e {T} auf die {G} zurückwirkt.",
    ),
    "kreativ": (
        "Stell dir vor, die {T} könnte flüstern und erzählte den {G} von ihrer {A}en Kindheit.",
        "Male das in Bildern aus, die nach {T} riechen und nach {A}en {G} klingen.",
        "Erfinde eine {T}, die es nur hier gibt, und lass die {G} daran zweifeln.",
        "Es soll wirken wie ein Traum, in dem die {A}e {T} auf einmal Flügel hat.",
        "Gib der {T} eine Farbe, den {G} eine Stimme und deiner Fantasie keinen Zaun.",
        "Ein Hauch von Märchen darf dabei sein, solange die {A}e {T} wahr bleibt.",
        "Vielleicht liegt der Zauber in der {T}, vielleicht bei den {A}en {G}.",
        "Lass einen poetischen Satz über die {T} fallen, bevor die {G} antworten.",
    ),
    "akademisch": (
        "Erörtern Sie dabei den Forschungsstand zur {A}en {T} und seine Lücken.",
        "Der Diskurs über die {T} ist begrifflich zu klären, bevor die {G} gewichtet werden.",
        "Wägen Sie methodisch ab, ob die {G} als Beleg für die {A}e {T} taugen.",
        "Eine differenzierte Argumentation nimmt auch die {T} der Gegenseite ernst.",
        "Prüfen Sie kritisch, auf welchen {A}en {G} die herrschende {T} beruht.",
        "Zu fragen ist theoretisch wie praktisch, was die {T} für die {G} bedeutet.",
        "Begründen Sie, weshalb die {A}e {T} wissenschaftlich umstritten bleibt.",
        "Trennen Sie die {T} begrifflich von der {T}, auch wenn die {G} beides vermischen.",
    ),
    "casual": (
        "Mal ehrlich, die {A}e {T} interessiert doch keinen, oder etwa die {G}?",
        "Red locker darüber, warum die {T} nervt und die {G} trotzdem dabeibleiben.",
        "Lass den Quatsch mit der {T} weg und sag, was die {A}en {G} echt wollen.",
        "Na ja, und dann ist da noch diese krasse {T}, von der alle {G} schwärmen.",
        "Sag mal, wie du einem Kumpel die {A}e {T} beim Kaffee erklären würdest.",
        "Ein echtes Beispiel mit {T} reicht mir, die {G} denk ich mir dazu.",
        "Klingt easy, aber ich kapier die {T} hinter den {A}en {G} einfach nicht.",
        "Und bitte mal ohne Gelaber, was die {T} den {G} am Ende bringt.",
    ),
}

CLOSINGS = {
    "technisch": (
        "Schließen Sie mit einer Empfehlung, die sich an einer {A}en {T} überprüfen lässt.",
        "Geben Sie am Ende an, welche {T} noch zu messen wäre.",
        "Das Ergebnis soll für {G} ohne Vorwissen in {X} anwendbar sein.",
        "Halten Sie fest, wo die Angaben zur {T} unsicher sind.",
    ),
    "kreativ": (
        "Und am Schluss soll von {X} nur ein einziges {A}es Bild übrig bleiben.",
        "Ende dort, wo die {T} anfängt, sich selbst zu wundern.",
        "Lass die {G} das letzte Wort haben, leise und {A}.",
        "Der letzte Satz darf klingen wie eine Tür, hinter der eine {T} wartet.",
    ),
    "akademisch": (
        "Schließen Sie mit einer Einordnung, die über {X} hinaus Bestand hat.",
        "Am Ende soll deutlich werden, welche {T} offen bleibt und weshalb.",
        "Leiten Sie daraus eine {A}e Forschungsfrage ab, die {G} bearbeiten könnten.",
        "Ein knappes Fazit hält fest, was für und was gegen die {T} spricht.",
    ),
    "casual": (
        "Am Ende will ich wissen, ob du {X} deinen {G} empfehlen würdest.",
        "Und dann noch ein Satz, den ich mir zu {X} wirklich merke.",
        "Hau einfach raus, was dir zur {A}en {T} einfällt.",
        "Mehr brauch ich nicht, nur keine {T} aus dem Lehrbuch.",
    ),
}

LEADS = {
    "technisch": ("", "Gegenstand ist {X}. ", "Für eine präzise Beschreibung: "),
    "kreativ": ("", "Schließ kurz die Augen. ", "Ein Gedanke wie ein offenes Fenster: "),
    "akademisch": ("", "Zur wissenschaftlichen Klärung: ", "Vorausgeschickt sei ein Hinweis. "),
    "casual": ("", "Hey, kurze Sache. ", "Okay, pass auf. ", "Hey du, mal was anderes. "),
}

ENGLISH_OPENINGS = {
    "question": ("What makes {X} matter today, and who would notice if it were gone?",
                 "Why do people disagree about {X}, and what does each side overlook?"),
    "scenario": ("Suppose {X} became the only thing your town talks about for a year.",
                 "Suppose two strangers have to settle an argument about {X} by tomorrow."),
    "comparison": ("Compare {X} as it is described in books with how people live it.",
                   "Compare two opposite views of {X} and say where they meet."),
    "instruction": ("Describe {X} step by step, from its origins to its consequences.",
                    "Explain {X} to a careful reader who has never heard of it."),
    "thesis": ("Thesis: {X} is less about progress than about habit.",
               "Thesis: without {X}, most of what follows could not be understood."),
    "dialogue": ("Ann: I have never trusted {X}.\nBen: Then you have never looked closely.",
                 "Ann: Is {X} worth the effort?\nBen: Ask those who gave it up."),
}  # fmt: skip
ENGLISH_MIDDLES = (
    "Name at least two causes, and show how they act on each other.",
    "Use one concrete example from ordinary life and one that surprises.",
    "Say which assumption carries the most weight and why it may fail.",
    "Give room to those who are affected but seldom asked.",
    "Separate what is known from what is merely repeated.",
    "Point out where the usual explanation stops being helpful.",
    "Weigh the short term against what remains after ten years.",
)
ENGLISH_CLOSINGS = (
    "End with one sentence a reader would want to keep.",
    "Close with an open question that follows from your answer.",
    "Finish by saying what would change your mind.",
)
